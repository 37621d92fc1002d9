"""The model that a client is set to: what decides it here, and whether its provider lists it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aibridge_cli.diagnosis.effective_findings import Ours, is_at, way_out

if TYPE_CHECKING:
    from aibridge_cli.changes.state import ClientState
    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.diagnosis.client_files import ClientFiles
    from aibridge_cli.diagnosis.effective import Effective, Value
    from aibridge_cli.diagnosis.finding import Level

_MARKED = re.compile(r"\[[a-z0-9]+\]$")
"""What a client takes for itself at the end of a model, a larger window say, and does not send."""


def models_in_use(effective: Effective, gateway_root: str) -> dict[str, tuple[Value, ...]]:
    """Return for each wire of a provider the model that is asked for, before those that lost to it.

    Args:
        effective: What the client will do.
        gateway_root: The gateway's own address; models of requests to others are theirs to know.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for outcome in effective.outcomes:
        if outcome.models and is_at(outcome.url, gateway_root):
            found.setdefault(outcome.wire.partition("-")[0], outcome.models)
    return found


def check_model(
    case: Case,
    profile: Profile,
    files: ClientFiles,
    configured: ClientState,
    wire: str,
    values: tuple[Value, ...] = (),
) -> str:
    """Return the model that a client is set to, after looking for it among those of the provider.

    Args:
        case: The examination.
        profile: The client.
        files: Its files.
        configured: How we configured it.
        wire: The provider's wire.
        values: What decides, before what lost, where the profile knows; else our own key does.

    Returns:
        "" where nothing names a model, and for one of ours that is not there.
    """
    value = values[0] if values else None
    model = _MARKED.sub("", value.text.reveal()) if value else files.model(wire)
    ours = [text.rpartition("=")[2] for text in configured.models if text.startswith(f"{wire}=") or "=" not in text]
    out = way_out(profile, case.facts, Ours(case.gateway, configured.way), value) if value else ""
    asked = f", which is asked for by {value.where}" if value and out else ""
    wins = " and wins over the one that `configure` was given" if asked and ours and model not in ours else ""
    provider = case.discovery.named(case.settings[wire]) if case.discovery else None
    if not model or provider is None or not provider.models:
        return model
    there = model in provider.models
    level: Level = "note" if wins else "ok"
    case.add(
        "client.model",
        level if there else _level(profile, value, model, ours),
        f"{value.where if value else 'its files'}, and the models of `{provider.name}`",
        (f"`{model}` is there" if there else f"`{provider.name}` lists no model `{model}`") + asked + wins,
        "" if there and not wins else _fix(profile, out),
        subject=profile.id,
    )
    return "" if model in ours and not there else model


def any_model(case: Case, wire: str) -> str:
    """Return a model that the provider of a wire lists, else a word in its place."""
    provider = case.discovery.named(case.settings[wire]) if case.discovery else None
    return provider.models[0] if provider and provider.models else "any"


def _level(profile: Profile, value: Value | None, model: str, ours: list[str]) -> Level:
    # what its own user wrote may be a short name, and only some profiles know which ones there are
    short = profile.settings[value.setting].short if value else ()
    return "problem" if model in ours or (short and model.lower() not in short) else "note"


def _fix(profile: Profile, out: str) -> str:
    return f"`aibridge models` lists them; {out or f'`aibridge configure {profile.id} --model ID` writes one'}"
