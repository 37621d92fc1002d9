"""`aibridge explain`."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from aibridge_cli.changes.snapshot import Snapshot, take
from aibridge_cli.cli.as_configured import as_configured, prospect
from aibridge_cli.cli.checking import STAND_INS
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.explanation_page import page
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.rendered import RenderedProfile
from aibridge_cli.clients.ways import refuse_unsupported
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.diagnosis.explanation import Explained, explain_claims, explain_wanted
from aibridge_cli.diagnosis.outranking import outranking
from aibridge_cli.diagnosis.showing import shown
from aibridge_cli.documents.operations import ABSENT
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show
from aibridge_cli.secret import Secret

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog=f"Example: aibridge explain {example_client()}")
def explain(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="An id or another name of it.")],
    *,
    as_json: Json = False,
) -> None:
    """Explain each key of ours in a client's files: why it is there, and what was there before.

    For a client that is not configured: what would be set. Nothing is written.
    """
    facts = gather()
    state = open_store(facts).state()
    profile: Profile | None = None
    messages: list[str] = []
    try:
        profile = open_catalogue(facts).load(client)
    except AibridgeError as problem:
        if client not in state.clients:
            raise
        messages.append(f"warning: its profile cannot be read, so this is from our records alone: {problem.message}")
    name = profile.id if profile is not None else client
    data = _explained(facts, name, profile, messages)
    show(Result("explain", page(data, facts.home), data, tuple(messages)), as_json=as_json)


def _explained(facts: Facts, client: str, profile: Profile | None, messages: list[str]) -> dict[str, Any]:
    store = open_store(facts)
    state = store.state()
    was = state.clients.get(client)
    token: FoundToken | None = None
    rendered: RenderedProfile | None = None
    keys: list[Explained] = []
    documented = {} if profile is None else profile.documented
    if was is not None:
        ours = [target for target, entry in state.files.items() if any(each.client == client for each in entry.claims)]
        contents = {target: _look(target, messages).content for target in ours}
        keys += explain_claims(state, client, contents, store.image, documented)
    elif profile is not None:
        refuse_unsupported(profile)
    if profile is not None:
        try:
            if was is None:
                rendered, token = prospect(facts, profile)
            else:
                token = _token(facts, was.deployment)
                rendered = as_configured(facts, store, client, was, token or STAND_INS[0]).wanted[0].profile
        except AibridgeError as problem:
            messages.append(f"warning: what its profile wants now cannot be told: {problem.message}")
    if rendered is not None:
        snapshots = {path: _look(path, messages) for edit in rendered.edits for path in edit.candidates}
        claims = [(target, claim) for target, entry in state.files.items() for claim in entry.claims]
        mine = [(target, claim) for target, claim in claims if claim.client == client]
        keys += explain_wanted(rendered.edits, snapshots, documented, mine)
    secrets = (*(stand_in.value for stand_in in STAND_INS), *(() if token is None else (token.value,)))
    return {
        "id": client,
        "name": client if profile is None else profile.name,
        "profile": "" if profile is None else profile.source,
        "docs": "" if profile is None else profile.docs,
        "configured": None if was is None else {"credential": was.way, "deployment": was.deployment},
        "credential": was.way if was is not None else "" if rendered is None else rendered.way,
        "keys": [_as_data(key, secrets) for key in keys],
        "variables": _variables(rendered, secrets),
        "variables_from": "" if rendered is None else rendered.evaluate,
        "by_hand": [] if rendered is None else [[each.title, *each.steps] for each in rendered.manual],
        "outranked_by": [] if profile is None else outranking(profile, facts, resolve_paths(profile, facts)),
        "undo": "" if was is None else f"aibridge unconfigure {client}",
    }


def _look(path: str, messages: list[str]) -> Snapshot:
    try:
        return take(path)
    except AibridgeError as problem:
        words = f"warning: {problem.message}"
        messages += [words] if words not in messages else []
        return Snapshot(path, os.path.realpath(path))


def _token(facts: Facts, deployment: str) -> FoundToken | None:
    try:
        return resolve_token(facts, deployment)
    except AibridgeError:  # nothing here needs it but the masking of its value, which nobody has then
        return None


def _variables(rendered: RenderedProfile | None, secrets: tuple[Secret, ...]) -> dict[str, str]:
    if rendered is None or not rendered.evaluate:
        return {}
    return {
        name: str(value) if isinstance(value, Secret) else shown((name,), value, secrets)
        for name, value in rendered.env.items()
    }


def _as_data(key: Explained, secrets: tuple[Secret, ...]) -> dict[str, Any]:
    return {
        "path": key.path,
        "key": key.key,
        "kind": key.kind,
        "standing": key.standing,
        "value": None if key.value is ABSENT else shown(key.place, key.value, secrets),
        "before": None if key.before is ABSENT else shown(key.place, key.before, secrets),
        "before_unknown": key.problem,
        "why": key.why,
    }
