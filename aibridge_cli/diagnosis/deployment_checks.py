"""Is there a deployment, is it Coder, and does its gateway answer, as we see it and as others will."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.gateway_settings import PATHS, gateway_of, gateway_settings
from aibridge_cli.deployment.api import ask_for_build, build_in
from aibridge_cli.deployment.extra_headers import COMMAND, VARIABLE, needs_headers
from aibridge_cli.deployment.gateway_answers import Meaning, meaning
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.proxies import proxy_for
from aibridge_cli.deployment.trust import Unsecured
from aibridge_cli.deployment.urls import origin_of
from aibridge_cli.diagnosis.case import PROBE
from aibridge_cli.diagnosis.node import node_trust
from aibridge_cli.errors import AibridgeError, GatewayError
from aibridge_cli.facts import with_variables

if TYPE_CHECKING:
    from aibridge_cli.deployment.answer import Answer
    from aibridge_cli.diagnosis.case import Case

SKEW = 60
"""Seconds by which the clocks may differ: sign-ins in front of deployments allow about so much."""

_WANTED = "no-token"
"""What a gateway that is licensed and switched on says to a request without a token."""


def check_deployment(case: Case) -> None:
    """Look at the deployment itself."""
    _named(case)
    if not case.origin:
        case.skip("deployment.reachable", "no deployment is known")
        return
    _reached(case)
    if not case.reachable:
        case.skip("gateway.ready", "the deployment does not answer")
        return
    _proxy(case)
    _headers(case)
    node_trust(case)
    _gateway(case)


def _named(case: Case) -> None:
    looked_at = "`--url`, `CODER_URL`, `aibridge login`, the Coder CLI"
    try:
        case.origin = resolve_deployment(case.facts, case.url, insecure_http=case.insecure_http)
    except AibridgeError as error:
        case.add("deployment.named", "problem", looked_at, error.message, error.hint, subject="deployment")
        return
    case.add("deployment.named", "ok", looked_at, f"`{case.deployment}`, from {case.origin.source}")


def _reached(case: Case) -> None:
    from aibridge_cli.deployment.wire import Lost

    looked_at = f"GET {case.deployment}/api/v2/buildinfo"
    try:
        client = case.connect().__enter__()
    except GatewayError as error:
        case.add("deployment.reachable", "problem", "proxies, certificates and headers", error.message, error.hint)
        return
    with client:
        try:
            answer = ask_for_build(client)
            case.add("deployment.reachable", "ok", looked_at, "it answers")
            version = build_in(client, answer).version
        except (Lost, Unsecured) as error:
            case.add("deployment.reachable", "problem", looked_at, error.message, error.hint)
            return
        except GatewayError as error:
            case.add("deployment.coder", "problem", looked_at, error.message, error.hint)
            return
    case.reachable = True
    case.add("deployment.coder", "ok", looked_at, f"Coder {version}")
    _clock(case, answer)


def _clock(case: Case, answer: Answer) -> None:
    looked_at = "the `Date` of its answer"
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError:
        case.skip("deployment.clock", "its answers have no date")
        return
    skew = case.clock() - theirs
    if abs(skew) > SKEW:
        differs = f"{round(abs(skew) / 60)} min {'ahead of' if skew > 0 else 'behind'}"
        case.add(
            "deployment.clock",
            "problem",
            looked_at,
            f"the clock of this machine is {differs} the deployment's; tokens seem to end at other times",
            "set the clock of this machine",
        )
    else:
        case.add("deployment.clock", "ok", looked_at, "the clocks agree")


def _proxy(case: Case) -> None:
    looked_at = "`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`"
    proxy = proxy_for(case.facts, case.deployment)
    if proxy is None:
        case.add("deployment.proxy", "ok", looked_at, "it is reached directly")
    elif proxy.variable.lower() == "all_proxy" or not proxy.shown.startswith("http"):
        case.add(
            "deployment.proxy",
            "note",
            looked_at,
            f"it is reached through `{proxy.shown}` of `{proxy.variable}`; many clients know `HTTPS_PROXY` with an "
            "`http://` proxy only",
            "set `HTTPS_PROXY` as well, or put the deployment into `NO_PROXY` where it is reached directly",
        )
    else:
        case.add("deployment.proxy", "ok", looked_at, f"it is reached through `{proxy.shown}` of `{proxy.variable}`")


def _headers(case: Case) -> None:
    if not needs_headers(case.facts):
        return
    looked_at = f"GET {case.deployment}/api/v2/buildinfo without `{VARIABLE}` and `{COMMAND}`"
    without = with_variables(case.facts, **{VARIABLE: "", COMMAND: ""})
    try:
        with Client(without, case.deployment, limits=PROBE) as client:
            build_in(client, ask_for_build(client))
    except GatewayError as error:
        case.add(
            "deployment.headers",
            "problem",
            looked_at,
            f"only requests with these headers get through, which clients do not send by themselves: {error.message}",
            "have each client send them too, by its own setting for extra headers, or ask for a way past for programs",
        )
    else:
        case.add("deployment.headers", "note", looked_at, "the extra headers are not needed from here")


def _gateway(case: Case) -> None:
    try:
        case.settings = gateway_settings(case.facts, case.deployment)
    except AibridgeError as error:
        case.add("gateway.ready", "problem", "what is remembered about the gateway", error.message, error.hint)
        return
    root = case.gateway.root
    looked_at = f"GET {root}/{case.settings['openai']}/v1/models without a token"
    try:
        found = _anonymous(case, root)
        other = next(path for path in PATHS if path != case.settings["path"])
        alternative = None if case.settings["url"] else _anonymous(case, _embedded(case, other))
    except GatewayError as error:
        case.add("gateway.ready", "problem", looked_at, error.message, error.hint)
        return
    case.ready = found.code == _WANTED or found.past_the_token
    also = alternative is not None and alternative.code == _WANTED
    if case.ready:
        where = f"`{root}` is licensed and switched on" + (f"; `/api/v2/{other}` serves it too" if also else "")
        case.add("gateway.ready", "ok", looked_at, where)
    elif found.code == "no-such-prefix" and also:
        clients = " ".join(sorted({*case.clients_of("openai"), *case.clients_of("anthropic")}))
        case.gateway_repairs["path"] = other
        case.add(
            "gateway.ready",
            "problem",
            looked_at,
            f"the gateway is not at `{root}`, but at `{_embedded(case, other)}`",
            f"`aibridge configure {clients or 'CLIENT'} --gateway-path {other}`",
            fixable=bool(clients),
        )
    else:
        case.add("gateway.ready", "problem", looked_at, found.words, found.fix)


def _embedded(case: Case, path: str) -> str:
    return gateway_of(case.facts, case.deployment, {"path": path, "url": ""}).root


def _anonymous(case: Case, root: str) -> Meaning:
    with case.connect(root, signed_in=False) as client:
        path = f"{root.removeprefix(origin_of(root))}/{case.settings['openai']}/v1/models"
        found = meaning(client.get(path, anonymous=True))
        return found._replace(said=client.masked(found.said))
