"""The AI providers of a deployment, by the names that stand in the gateway's paths, and their models.

An administrator chooses those names; `openai` and `anthropic` are only the usual ones.
Administrators may list them. Who may not finds them by asking each usual name for its
models, as Coder's own client does: 404 means that there is none, and most other refusals
mean nothing about the name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from aibridge_cli.deployment.gateway_answers import Meaning, meaning
from aibridge_cli.deployment.refusals import refusal
from aibridge_cli.deployment.shapes import members
from aibridge_cli.deployment.urls import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aibridge_cli.deployment.answer import Answer
    from aibridge_cli.deployment.http import Client
    from aibridge_cli.secret import Secret

USUAL_NAMES = ("anthropic", "openai", "azure", "google", "openai-compat", "openrouter", "vercel", "bedrock")
"""Coder's types of providers that take a Coder token, after which providers are named at first.

Asked for where the providers may not be listed. Those of a type beside these want a sign-in of
the vendor's as well, or are newer than this program.
"""

ANTHROPIC_VERSION = {"anthropic-version": "2023-06-01"}
"""Anthropic refuses every request without this header."""

_ANTHROPIC_TYPES = frozenset(("anthropic", "bedrock"))
_ABSENT = "no-such-route"


class Provider(NamedTuple):
    """One provider.

    Args:
        name: What stands in the path.
        wire: `openai` or `anthropic`.
        kind: Coder's type, where it is known, else "".
        models: The models that it lists.
        answered: What its list of models was answered with.
    """

    name: str
    wire: str
    kind: str
    models: tuple[str, ...]
    answered: Meaning

    @property
    def switched_on(self) -> bool:
        """Whether no administrator switched it off."""
        return self.answered.code != "provider-disabled"


class Discovery(NamedTuple):
    """What was found.

    Args:
        providers: Those that are there.
        listed: Whether the deployment listed them, so that there are no others.
        unknown: Names about which nothing could be found out, with the reason.
        obstacle: Why nothing can be found out at all, or None.
    """

    providers: tuple[Provider, ...]
    listed: bool
    unknown: tuple[tuple[str, Meaning], ...] = ()
    obstacle: Meaning | None = None

    def of_wire(self, wire: str) -> tuple[str, ...]:
        """Return the names of the providers that speak `openai` or `anthropic` and are not switched off."""
        return tuple(provider.name for provider in self.providers if provider.wire == wire and provider.switched_on)

    def named(self, name: str) -> Provider | None:
        """Return the provider of that name, or None."""
        return next((provider for provider in self.providers if provider.name == name), None)


def wire_of(kind: str) -> str:
    """Return the wire of Coder's provider types: Anthropic's own and Bedrock speak Anthropic's."""
    return "anthropic" if kind in _ANTHROPIC_TYPES else "openai"


def discover(
    api: Client, gateway: Client, root: str, token: Secret, names: Mapping[str, str], *, thorough: bool = True
) -> Discovery:
    """Find the providers and ask each for its models.

    Args:
        api: The deployment, signed in.
        gateway: The origin of the gateway, which may be the same.
        root: The gateway's address.
        token: What the gateway is to accept.
        names: By wire the names that are in use.
        thorough: Whether the usual names are asked for even when those in use are there.

    Raises:
        TokenRejected: The deployment does not accept the token.
        GatewayError: No proper answer came.
    """
    kinds = _listed(api)
    found: dict[str, Provider] = {}
    unknown: list[tuple[str, Meaning]] = []
    for name, kind, wire in _asked(kinds, names):
        in_use = name in names.values()
        settled = {name for name, provider in found.items() if provider.switched_on} | dict(unknown).keys()
        if not thorough and not in_use and kinds is None and set(names.values()) <= settled:
            break
        provider = ask_models(gateway, root, token, name, wire, kind)
        answered = provider.answered
        if not answered.past_the_token or answered.code == "over-budget":
            if not found and not unknown:
                return Discovery((), kinds is not None, obstacle=answered)
            unknown.append((name, answered))
        elif answered.code != _ABSENT:
            found[name] = provider
    return Discovery(tuple(found.values()), kinds is not None, tuple(unknown))


def ask_models(gateway: Client, root: str, token: Secret, name: str, wire: str, kind: str = "") -> Provider:
    """Ask one provider for its models; no model is asked anything.

    Args:
        gateway: The origin of the gateway.
        root: The gateway's address.
        token: What it is to accept.
        name: The provider's name.
        wire: `openai` or `anthropic`.
        kind: Coder's type, where it is known.

    Raises:
        GatewayError: No proper answer came.
    """
    headers = {"Authorization": f"Bearer {token.reveal()}"}
    if wire == "anthropic":
        headers |= ANTHROPIC_VERSION
    path = root.removeprefix(origin_of(root))
    answer = gateway.get(f"{path}/{name}/v1/models", headers=headers, anonymous=True)
    answered = meaning(answer)
    answered = answered._replace(said=gateway.masked(answered.said))
    return Provider(name, wire, kind, _models(answer) if answered.good else (), answered)


def _listed(api: Client) -> dict[str, str] | None:
    """Return the types of all providers by name, or None where they may not be listed."""
    answer = api.get("/api/v2/ai/providers")
    if answer.status in (403, 404):  # a member, or a deployment that is too old
        return None
    if answer.status != 200:
        raise refusal(api, answer)
    return {
        item["name"]: item["type"]
        for item in members(answer)
        if isinstance(item.get("name"), str) and item.get("type") in USUAL_NAMES
    }


def _asked(kinds: Mapping[str, str] | None, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return names to ask for, with types and wires, those in use first."""
    if kinds is not None:
        return [(name, kind, wire_of(kind)) for name, kind in kinds.items()]
    asked = {name: (name, "", wire) for wire, name in names.items()}
    for name in USUAL_NAMES:
        asked.setdefault(name, (name, "", wire_of(name)))
    return list(asked.values())


def _models(answer: Answer) -> tuple[str, ...]:
    # both wires list `{"data": [{"id": …}]}`; what is of another shape lists nothing
    try:
        body: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ()
    listed = body.get("data") if isinstance(body, dict) else None
    items = listed if isinstance(listed, list) else []
    return tuple(
        item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"]
    )
