from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from aibridge_cli.deployment.answer import Answer
from aibridge_cli.deployment.gateway_answers import meaning
from aibridge_cli.deployment.http import Client, Limits
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment, Fault
from aibridge_cli.secret import Secret
from tests.conftest import MakeFacts

ONCE = Limits(retries=0)
PATH = "/api/v2/aibridge"
MODELS = f"{PATH}/openai/v1/models"
GOOD, NONE, WRONG = "good", "", "wrong"

# what is put on; the path; the token; extra headers -> the code, and part of what is said
ROWS: list[tuple[dict[str, Any], str, str, dict[str, str], str, str]] = [
    ({}, MODELS, GOOD, {}, "served", ""),
    ({}, MODELS, NONE, {}, "no-token", "no authentication key provided"),
    ({}, MODELS, WRONG, {}, "token-refused", "unauthorized"),
    ({"faults": {Fault.BUDGET_EXCEEDED}}, MODELS, GOOD, {}, "over-budget", "AI budget of US$25.00 exceeded"),
    ({"licensed": False}, MODELS, NONE, {}, "unlicensed", "AI Gateway is a Premium feature"),
    ({"byok": False}, MODELS, GOOD, {"X-Coder-AI-Governance-Token": "x"}, "own-key-refused", "--ai-gateway-allow-byok"),
    ({"enabled": False}, MODELS, GOOD, {}, "not-enabled", "aibridged handler not mounted"),
    ({"prefixes": ("aibridge",)}, "/api/v2/ai-gateway/openai/v1/models", GOOD, {}, "no-such-prefix", "Route not found"),
    ({}, f"{PATH}/nope/v1/models", GOOD, {}, "no-such-route", "route not supported: GET /nope/v1/models"),
    ({}, f"{MODELS}/unheard-of", GOOD, {}, "not-at-the-provider", "does not exist"),
    ({"faults": {Fault.UPSTREAM_REJECTS_KEY}}, MODELS, GOOD, {}, "provider-refuses-key", "Incorrect API key provided"),
    (
        {"faults": {Fault.UPSTREAM_REJECTS_KEY}},
        f"{PATH}/anthropic/v1/models",
        GOOD,
        {},
        "provider-refuses-key",
        "invalid x-api-key",
    ),
    ({}, f"{PATH}/anthropic/v1/models", GOOD, {}, "provider-refuses-request", "anthropic-version"),
    ({"faults": {Fault.RATE_LIMITED}}, MODELS, GOOD, {}, "rate-limited", "You've been rate limited"),
    ({"faults": {Fault.UPSTREAM_RATE_LIMITED}}, MODELS, GOOD, {}, "provider-limits", "Too many requests"),
    ({"faults": {Fault.UPSTREAM_UNREACHABLE}}, MODELS, GOOD, {}, "provider-unreachable", "upstream proxy error"),
    ({"faults": {Fault.CODERD_UNREACHABLE}}, MODELS, GOOD, {}, "control-plane-unreachable", "could not connect"),
    ({"faults": {Fault.CIRCUIT_OPEN}}, MODELS, GOOD, {}, "provider-rests", "circuit breaker is open"),
    (
        {"faults": {Fault.CIRCUIT_OPEN}},
        f"{PATH}/anthropic/v1/models",
        GOOD,
        {},
        "provider-rests",
        "circuit breaker is open",
    ),
    (
        {"switched_off": frozenset({"openai"})},
        MODELS,
        GOOD,
        {},
        "provider-disabled",
        'AI provider "openai" is disabled',
    ),
    ({}, f"{PATH}/openai/v1/responses", GOOD, {"Upgrade": "websocket"}, "no-sockets", "websocket"),
    ({}, f"{PATH}/openai/v1/responses", GOOD, {}, "request-not-understood", 'failed to create "/openai/v1/responses"'),
]


@pytest.mark.parametrize(("state", "path", "token", "headers", "code", "said"), ROWS, ids=lambda value: str(value)[:40])
def test_each_answer_of_a_deployment_in_that_state(
    state: dict[str, Any],
    path: str,
    token: str,
    headers: Mapping[str, str],
    code: str,
    said: str,
    deployment: Deployment,
    make_facts: MakeFacts,
) -> None:
    """Every row of the gateway's table has a meaning of its own, with the deployment's own words."""
    if "faults" in state:
        state = {"faults": frozenset(state["faults"])}
    deployment.behave(**state)
    sent = {GOOD: deployment.tokens.issue().text, WRONG: "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB", NONE: ""}[token]
    credentials = {"Authorization": f"Bearer {sent}"} if sent else {}

    with Client(make_facts(), deployment.url, limits=ONCE) as client:
        found = meaning(client.get(path, headers={**credentials, **headers}, anonymous=True))

    assert found.code == code
    assert said in found.said
    assert found.good == (code == "served")
    assert bool(found.fix) or found.fault in ("none", "request")


def made(status: int, body: object, kind: str = "text/plain", **headers: str) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {"content-type": kind, **headers}, text.encode(), "https://coder.example.com/api")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (made(403, {"message": "AI Bridge is a Premium feature. Contact sales!"}), "unlicensed"),
        (made(403, {"message": "Forbidden."}), "forbidden"),
        (made(401, {"message": "You are signed out or your session has expired."}), "token-refused"),
        (made(500, "failed to acquire request handler\n"), "deployment-trouble"),
        (made(500, "internal server error checking user AI budget\n"), "deployment-trouble"),
        (made(500, "server closed\n"), "deployment-trouble"),
        (made(502, "invalid provider base URL\n"), "provider-unreachable"),
        (made(503, {"message": "AI Gateway is at capacity. Please try again later."}), "at-capacity"),
        (
            made(529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
            "provider-trouble",
        ),
        (made(404, {"error": {"message": "The model 'x' does not exist"}}), "not-at-the-provider"),
        (made(404, ["a list"]), "not-at-the-provider"),
        (made(418, "a teapot"), "unknown"),
        (made(302, "", location="https://sso.example.com/authorize?state=secret"), "redirect"),
        (made(200, "<!DOCTYPE html><title>Sign in</title>", "text/html"), "page"),
        (made(403, "<html><title>Access denied</title></html>", "text/html"), "page"),
    ],
)
def test_what_a_loopback_deployment_does_not_say(answer: Answer, code: str) -> None:
    """Older wordings, what stands in front, and what nobody foresaw have meanings too."""
    assert meaning(answer).code == code


def test_a_redirect_shows_its_target_without_its_query() -> None:
    """What a sign-in passes along in the address is not repeated."""
    found = meaning(made(302, "", location="https://sso.example.com/authorize?state=secret"))

    assert found.said == "https://sso.example.com/authorize"
    assert found.words.endswith(": “https://sso.example.com/authorize”")


def test_a_wait_that_was_asked_for_is_told() -> None:
    """`Retry-After` becomes part of what to do."""
    assert meaning(made(429, {"message": "slow down"}, **{"retry-after": "7"})).fix == "try again in 7 s"
    assert meaning(made(429, {"message": "slow down"})).fix == "try again in a minute"
    assert meaning(made(503, "circuit breaker is open")).fix == "try again later"


def test_only_what_the_gateway_looked_at_after_the_token_says_that_it_is_good() -> None:
    """An exceeded budget or a refusing provider proves the token; a missing licence proves nothing."""
    assert meaning(made(403, "AI budget of US$1.00 exceeded. Please contact an administrator\n")).past_the_token
    assert meaning(made(401, {"error": {"message": "invalid x-api-key"}})).past_the_token
    assert not meaning(made(403, {"message": "AI Gateway is a Premium feature."})).past_the_token
    assert not meaning(made(403, "unauthorized\n")).past_the_token
    assert meaning(made(418, "a teapot")).words == "the gateway answered 418: “a teapot”"


@pytest.mark.parametrize("fault", [Fault.SIGN_IN_REDIRECT, Fault.SIGN_IN_PAGE])
def test_what_stands_in_front_never_gets_that_far(fault: Fault, deployment: Deployment, make_facts: MakeFacts) -> None:
    """A sign-in in front of the deployment is an error of the connection already, and the token stays here."""
    deployment.behave(faults=frozenset((fault,)))
    token = Secret(deployment.tokens.issue().text)

    with (
        Client(make_facts(), deployment.url, token=token, limits=ONCE) as client,
        pytest.raises(GatewayError) as caught,
    ):
        client.get(MODELS)

    assert "CODER_HEADER" in caught.value.hint
