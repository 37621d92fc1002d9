"""Whether the deployment has the providers that clients are pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.deployment.gateway_answers import meaning
from aibridge_cli.deployment.providers import ANTHROPIC_VERSION, Discovery, discover
from aibridge_cli.errors import AibridgeError

if TYPE_CHECKING:
    from aibridge_cli.deployment.gateway_answers import Meaning
    from aibridge_cli.diagnosis.case import Case


def check_providers(case: Case) -> None:
    """Find the providers, and look for those of the wires that the clients at hand speak."""
    if case.token is None or not case.accepted or not case.ready:
        reason = "no token is accepted" if case.ready else "the gateway does not answer"
        if not case.deployment:
            reason = "no deployment is known"
        case.skip("gateway.serves", reason)
        return
    root = case.gateway.root
    looked_at = f"the models of each provider at {root}"
    try:
        with case.connect() as api, case.connect(root) as gateway:
            names = {wire: case.settings[wire] for wire in case.wires}
            discovery = discover(api, gateway, root, case.token.value, names, thorough=False)
    except AibridgeError as error:
        case.add("gateway.serves", "problem", looked_at, error.message, error.hint)
        return
    if discovery.obstacle is not None:
        obstacle = discovery.obstacle
        case.add("gateway.serves", "problem", looked_at, obstacle.words, _login(case, obstacle))
        return
    case.discovery = discovery
    case.add("gateway.serves", "ok", looked_at, "the gateway takes the token")
    for wire in case.wires:
        _wire(case, wire, discovery)
    _event_logging(case, discovery)


def _event_logging(case: Case, discovery: Discovery) -> None:
    """Say what a deployment that is older than clients' reports about their own use makes of them.

    Those of Anthropic's wire are passed on since January 2026; before, each is a 404 in the
    client's log: https://github.com/coder/aibridge/issues/153.
    """
    provider = discovery.named(case.settings["anthropic"])
    if provider is None or case.token is None or not case.clients_of("anthropic"):
        return
    url = f"{case.gateway.root}/{provider.name}/api/event_logging/batch"
    headers = {"Authorization": f"Bearer {case.token.value.reveal()}", **ANTHROPIC_VERSION}
    try:
        with case.connect(url) as gateway:
            answered = meaning(gateway.get(url.removeprefix(gateway.origin), headers=headers, anonymous=True))
    except AibridgeError:  # what is in the way was told with the models
        return
    if answered.code == "no-such-route":
        found = "an older Coder: 404s for `/api/event_logging` in clients' logs do no harm, and a newer one has none"
        case.add("gateway.event-logging", "note", f"GET {url}", found)


def _login(case: Case, obstacle: Meaning) -> str:
    return f"run `aibridge login {case.deployment}`" if obstacle.code == "token-refused" else obstacle.fix


def _wire(case: Case, wire: str, discovery: Discovery) -> None:
    name = case.settings[wire]
    check, looked_at = f"provider.{wire}", f"GET {case.gateway.root}/{name}/v1/models"
    unknown = dict(discovery.unknown).get(name)
    provider = discovery.named(name)
    if provider is not None and provider.answered.good:
        case.add(check, "ok", looked_at, f"`{name}` serves {len(provider.models)} models")
    elif provider is not None and provider.answered.code == "not-at-the-provider":
        # Bedrock lists none, and about Coder 2.30 OpenAI's list was asked for at a wrong path
        case.add(check, "note", looked_at, f"`{name}` is there and lists no models")
    elif provider is not None and not provider.switched_on:
        _other_name(case, wire, discovery, provider.answered.words, "ask for it to be switched on")
    elif provider is not None:
        case.add(check, "problem", looked_at, f"`{name}`: {provider.answered.words}", provider.answered.fix)
    elif unknown is not None:
        case.add(check, "problem", looked_at, f"`{name}`: {unknown.words}", unknown.fix)
    else:
        fix = (
            f"ask an administrator for its name, and name it: "
            f"`aibridge configure {' '.join(case.clients_of(wire)) or 'CLIENT'} --provider-name {wire}=NAME`"
        )
        _other_name(case, wire, discovery, f"the deployment has no provider `{name}`", fix)


def _other_name(case: Case, wire: str, discovery: Discovery, found: str, fix: str) -> None:
    """Note that the provider in use cannot serve, and offer another one of its wire, or else `fix`."""
    name, others, clients = case.settings[wire], discovery.of_wire(wire), case.clients_of(wire)
    check, looked_at = f"provider.{wire}", f"GET {case.gateway.root}/{name}/v1/models"
    needed = bool(clients) or any(wire in profile.speaks for profile in case.profiles)
    if not others:
        how = "" if discovery.listed else "; you may not list its providers, so one of an unusual name is not seen"
        case.add(check, "problem" if needed else "note", looked_at, found + how, fix if needed else "")
        return
    one = len(others) == 1
    if one and clients:
        case.gateway_repairs[wire] = others[0]
    case.add(
        check,
        "problem" if needed else "note",
        looked_at,
        f"{found}, but `{'`, `'.join(others)}`, which speaks {wire}'s wire" if one else f"{found}, but {_list(others)}",
        f"`aibridge configure {' '.join(clients) or 'CLIENT'} --provider-name {wire}={others[0] if one else 'NAME'}`",
        fixable=one and bool(clients),
    )


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
