from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.loopback import Fault

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment
    from tests.loopback.conftest import Ask

PREFIXES = ["/api/v2/aibridge", "/api/v2/ai-gateway"]
PREFIX = PREFIXES[0]
MODELS = f"{PREFIX}/openai/v1/models"
RESPONSES = f"{PREFIX}/openai/v1/responses"
MESSAGES = f"{PREFIX}/anthropic/v1/messages"
QUESTION = {"model": "any", "input": "hi"}
ANTHROPIC_QUESTION = {"model": "any", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
GOVERNANCE = "X-Coder-AI-Governance-Token"
PLAIN = "text/plain; charset=utf-8"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_token(ask: Ask, prefix: str) -> None:
    """Without a token the gateway says 400, in plain text, whatever the route."""
    answer = ask("GET", f"{prefix}/openai/v1/models")
    assert (answer.status, answer.text, answer.headers["content-type"]) == (
        400,
        "no authentication key provided\n",
        PLAIN,
    )
    assert ask("HEAD", f"{prefix}/anthropic/api/hello").status == 400


@pytest.mark.parametrize("prefix", PREFIXES)
def test_unknown_token(ask: Ask, prefix: str) -> None:
    """A token nobody issued is a 403, not a 401."""
    answer = ask("GET", f"{prefix}/openai/v1/models", {"Authorization": "Bearer AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"})
    assert (answer.status, answer.text, answer.headers["content-type"]) == (403, "unauthorized\n", PLAIN)


@pytest.mark.parametrize("end", ["expire", "revoke"])
def test_token_that_ended(ask: Ask, deployment: Deployment, end: str) -> None:
    """An expired and a revoked token are 403, and so is a provider's own key."""
    token = deployment.tokens.issue()
    headers = {"Authorization": f"Bearer {token.text}"}
    assert ask("GET", MODELS, headers).status == 200
    assert getattr(deployment.tokens, end)(token.id)
    assert ask("GET", MODELS, headers).text == "unauthorized\n"
    assert ask("GET", MODELS, {"X-Api-Key": "sk-ant-0000"}).status == 403


def test_both_prefixes_serve_the_same(ask: Ask, bearer: dict[str, str]) -> None:
    """The legacy and the canonical prefix give equal answers to equal requests."""
    for path in ("/openai/v1/models", "/nope/v1/models", "/openai/v1/completions"):
        legacy, canonical = (ask("GET", prefix + path, bearer) for prefix in PREFIXES)
        assert (legacy.status, legacy.body) == (canonical.status, canonical.body)


def test_deployment_without_the_canonical_prefix(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """An older deployment has no route for the newer prefix."""
    deployment.behave(prefixes=("aibridge",))
    assert ask("GET", MODELS, bearer).status == 200
    answer = ask("GET", f"{PREFIXES[1]}/openai/v1/models", bearer)
    assert (answer.status, answer.json) == (404, {"message": "Route not found."})


def test_not_licensed(ask: Ask, deployment: Deployment) -> None:
    """Without the licence every request is refused before its token is looked at."""
    deployment.behave(licensed=False)
    answer = ask("GET", MODELS)
    assert (answer.status, answer.json) == (403, {"message": "AI Gateway is a Premium feature. Contact sales!"})


def test_not_switched_on(ask: Ask, deployment: Deployment) -> None:
    """Licensed but switched off, the gateway is not mounted."""
    deployment.behave(enabled=False)
    answer = ask("GET", MODELS)
    assert (answer.status, answer.json) == (404, {"message": "aibridged handler not mounted"})


def test_own_keys_not_allowed(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """Where own keys are not allowed, the governance header is refused, and only that."""
    deployment.behave(byok=False)
    answer = ask("GET", MODELS, {GOVERNANCE: bearer["Authorization"].split()[1]})
    assert (answer.status, answer.json["message"]) == (403, "Bring Your Own Key (BYOK) mode is not enabled.")
    assert "--ai-gateway-allow-byok" in answer.json["detail"]
    assert ask("GET", MODELS, bearer).status == 200


def test_provider_that_is_switched_off(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """It answers in plain text, whatever the path below its name, and only to a token that is accepted."""
    deployment.behave(switched_off=frozenset({"openai", "of-nobody"}))
    for path in ("/openai/v1/models", "/openai/anything"):
        answer = ask("GET", PREFIX + path, bearer)
        assert (answer.status, answer.text) == (503, 'provider_disabled: AI provider "openai" is disabled\n')
    assert ask("GET", f"{PREFIX}/openai/v1/models", {"Authorization": "Bearer nonsense"}).status == 403
    assert ask("GET", f"{PREFIX}/of-nobody/v1/models", bearer).status == 404


def test_reports_about_clients_use(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """They are passed on, but not by an older deployment, which knows no such route."""
    path = "/anthropic/api/event_logging/batch"
    assert ask("POST", PREFIX + path, bearer, body={}).text != f"route not supported: POST {path}\n"
    deployment.behave(faults=frozenset({Fault.NO_EVENT_LOGGING}))
    assert ask("POST", PREFIX + path, bearer, body={}).text == f"route not supported: POST {path}\n"


def test_provider_that_is_not_configured(ask: Ask, bearer: dict[str, str]) -> None:
    """An unknown provider name is named with method and path, without the prefix."""
    answer = ask("GET", f"{PREFIX}/nope/v1/models", bearer)
    assert (answer.status, answer.text) == (404, "route not supported: GET /nope/v1/models\n")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/openai/v1/completions"),
        ("POST", "/anthropic/messages"),
        ("POST", "/anthropic/v1/v1/messages"),
        ("GET", "/openai"),
        ("GET", "/"),
    ],
)
def test_route_that_a_provider_does_not_have(ask: Ask, bearer: dict[str, str], method: str, path: str) -> None:
    """A path below a provider that is neither read nor passed on is not supported."""
    answer = ask(method, PREFIX + path, bearer, body={})
    assert (answer.status, answer.text) == (404, f"route not supported: {method} {path}\n")


def test_prefix_alone(ask: Ask, bearer: dict[str, str]) -> None:
    """The bare prefix is a route of no provider."""
    assert ask("GET", PREFIX, bearer).text == "route not supported: GET /\n"


def test_provider_name_is_not_its_wire(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """A provider called `bedrock` speaks Anthropic under its own name, and under no other."""
    deployment.behave(providers={"bedrock": "anthropic"})
    assert ask("POST", f"{PREFIX}/bedrock/v1/messages", bearer, body=ANTHROPIC_QUESTION).status == 200
    assert ask("POST", MESSAGES, bearer, body=ANTHROPIC_QUESTION).status == 404


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.CODERD_UNREACHABLE, 503, "could not connect to coderd\n"),
        (
            Fault.BUDGET_EXCEEDED,
            403,
            "AI budget of US$25.00 exceeded. Please contact an administrator for more details.\n",
        ),
        (Fault.UPSTREAM_UNREACHABLE, 502, "upstream proxy error\n"),
    ],
)
def test_faults_in_plain_text(
    ask: Ask, deployment: Deployment, bearer: dict[str, str], fault: Fault, status: int, body: str
) -> None:
    """The gateway's own troubles are plain text."""
    deployment.behave(faults=frozenset({fault}))
    answer = ask("POST", RESPONSES, bearer, body=QUESTION)
    assert (answer.status, answer.text, answer.headers["content-type"]) == (status, body, PLAIN)


def test_rate_limit(ask: Ask, deployment: Deployment) -> None:
    """Coder's own rate limit answers in its JSON shape."""
    deployment.behave(faults=frozenset({Fault.RATE_LIMITED}))
    answer = ask("GET", MODELS)
    assert (answer.status, answer.json) == (429, {"message": "You've been rate limited. Please try again later."})


@pytest.mark.parametrize(
    ("fault", "status", "openai", "anthropic"),
    [
        (Fault.UPSTREAM_REJECTS_KEY, 401, {"code": "invalid_api_key"}, {"type": "authentication_error"}),
        (Fault.UPSTREAM_RATE_LIMITED, 429, {"code": "rate_limit_exceeded"}, {"type": "rate_limit_error"}),
        (
            Fault.CIRCUIT_OPEN,
            503,
            {"message": "circuit breaker is open", "type": "server_error", "code": "service_unavailable"},
            {"message": "circuit breaker is open", "type": "overloaded_error"},
        ),
    ],
)
def test_faults_of_the_provider(
    ask: Ask,
    deployment: Deployment,
    bearer: dict[str, str],
    fault: Fault,
    status: int,
    openai: dict[str, str],
    anthropic: dict[str, str],
) -> None:
    """What goes wrong at the provider comes in the provider's shape, and says when to come back."""
    deployment.behave(faults=frozenset({fault}))
    first = ask("POST", RESPONSES, bearer, body=QUESTION)
    second = ask("POST", MESSAGES, bearer, body=ANTHROPIC_QUESTION)
    assert (first.status, second.status) == (status, status)
    assert first.json["error"].items() >= openai.items()
    assert second.json["type"] == "error"
    assert second.json["error"].items() >= anthropic.items()
    for answer in (first, second):
        assert answer.headers.get("retry-after") == (None if status == 401 else "30")


def test_order_of_the_checks(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """Of several troubles the earliest check answers; taking them away one by one shows the order."""
    token = bearer["Authorization"].split()[1]
    in_front = {Fault.SIGN_IN_REDIRECT, Fault.SIGN_IN_PAGE, Fault.UNAVAILABLE, Fault.SILENT, Fault.SERVER_DISCONNECTS}
    faults = frozenset(Fault) - in_front
    deployment.behave(licensed=False, enabled=False, byok=False, faults=faults)
    sent: dict[str, str] = {GOVERNANCE: "nonsense"}

    def said() -> str:
        answer = ask("POST", f"{PREFIX}/nope/v1/models", sent)
        return f"{answer.status} {answer.text.strip()}"

    assert "Premium feature" in said()
    deployment.behave(licensed=True)
    assert "rate limited" in said()
    deployment.behave(faults=faults - {Fault.RATE_LIMITED})
    assert "BYOK" in said()
    deployment.behave(byok=True)
    assert "not mounted" in said()
    deployment.behave(enabled=True)
    sent.clear()
    assert said() == "400 no authentication key provided"
    sent[GOVERNANCE] = "nonsense"
    assert said() == "503 could not connect to coderd"
    deployment.behave(faults=deployment.settings.faults - {Fault.CODERD_UNREACHABLE})
    assert said() == "403 unauthorized"
    sent[GOVERNANCE] = token
    assert "AI budget" in said()
    deployment.behave(faults=deployment.settings.faults - {Fault.BUDGET_EXCEEDED})
    assert said() == "404 route not supported: POST /nope/v1/models"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer {good}"}, 200),
        ({"Authorization": "bearer   {good}"}, 200),
        ({"X-Api-Key": " {good} "}, 200),
        ({GOVERNANCE: "{good}"}, 200),
        ({"Authorization": "Bearer {bad}", "X-Api-Key": "{good}"}, 403),
        ({"Authorization": "Bearer {good}", "X-Api-Key": "{bad}"}, 200),
        ({"Authorization": "Bearer {bad}", GOVERNANCE: "{good}"}, 200),
        ({"Authorization": "Bearer", "X-Api-Key": "{good}"}, 200),
        ({"Authorization": "Basic {good}", "X-Api-Key": "{good}"}, 200),
        ({"Authorization": "Bearer {good} again"}, 400),
        ({"Coder-Session-Token": "{good}"}, 400),
        ({"Cookie": "coder_session_token={good}"}, 400),
    ],
)
def test_where_the_token_is_taken_from(ask: Ask, deployment: Deployment, headers: dict[str, str], status: int) -> None:
    """The governance header beats a bearer authorization of two words, and that beats the API key header."""
    good = deployment.tokens.issue().text
    sent = {name: value.format(good=good, bad="AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB") for name, value in headers.items()}
    assert ask("GET", MODELS, sent).status == status


def test_token_in_the_query_does_not_count(ask: Ask, deployment: Deployment) -> None:
    """The gateway takes no token from the query, unlike Coder's own interface."""
    token = deployment.tokens.issue().text
    assert ask("GET", f"{MODELS}?coder_session_token={token}").status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_body_that_is_no_object(ask: Ask, bearer: dict[str, str], body: bytes) -> None:
    """A question that cannot be read is a 500 that names the route."""
    answer = ask("POST", RESPONSES, bearer, body=body)
    assert (answer.status, answer.text) == (500, 'failed to create "/openai/v1/responses" interceptor\n')


def test_websocket_is_sent_back_to_https(ask: Ask, bearer: dict[str, str]) -> None:
    """A client that wants to speak WebSocket gets 426 and falls back."""
    upgrade = {**bearer, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    assert ask("GET", RESPONSES, upgrade).status == 426
    assert ask("POST", RESPONSES, bearer, body=QUESTION).status == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "kind"),
    [
        ("GET", "/anthropic/v1/models", {"anthropic-version": "2023-06-01"}, 200, None),
        ("GET", "/anthropic/v1/models", {}, 400, "invalid_request_error"),
        ("POST", "/anthropic/v1/messages/count_tokens", {}, 400, "invalid_request_error"),
        ("POST", "/anthropic/api/event_logging/batch", {}, 200, None),
        ("GET", "/openai/v1/conversations", {}, 404, "invalid_request_error"),
        ("GET", "/openai/v1/conversations/conv_1", {}, 404, "invalid_request_error"),
        ("GET", "/openai/v1/responses/resp_1", {}, 404, "invalid_request_error"),
    ],
)
def test_what_is_passed_on(
    ask: Ask, bearer: dict[str, str], method: str, path: str, headers: dict[str, str], status: int, kind: str | None
) -> None:
    """Routes that the gateway passes on are answered by the provider, in its shape."""
    answer = ask(method, PREFIX + path, {**bearer, **headers})
    assert answer.status == status
    error: dict[str, Any] = answer.json.get("error", {})
    assert error.get("type") == kind
