"""`aibridge doctor`: a deployment in every state, with the fix that makes it green."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.loopback import Deployment, Fault, Token
from tests.cli.findings import finding, green, problems
from tests.conftest import RunAibridge

CLIENTS = ("claude-code", "opencode")


def test_everything_works(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Each check says what it saw; nothing secret is shown, nothing is written, and no model is asked anything."""
    aibridge("configure", *CLIENTS, "--yes")
    deployment.clear()

    done = aibridge("doctor")

    assert done.code == 0
    assert done.out.startswith("nothing is in the way\n\nok       deployment.named ")
    assert "Coder v2.37.0+loopback" in done.out
    assert "ok       client.request        claude-code: it is served" in done.out
    assert signed_in.text not in done.out + done.err
    asked = {(request.method, request.path) for request in deployment.requests}
    assert not [path for method, path in asked if method == "POST" and not path.endswith("count_tokens")]


def test_the_shape_for_programs(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The JSON has every finding with the same keys, and the check that is the first cause."""
    deployment.behave(licensed=False)

    done = aibridge("doctor", "--json")

    assert (done.code, done.data["status"], done.data["command"]) == (3, "found", "doctor")
    words = "“AI Gateway is a Premium feature. Contact sales!”"
    data = done.data["data"]
    assert set(data) == {"deployment", "clients", "first_cause", "findings", "fixed"}
    assert (data["deployment"], data["clients"], data["fixed"]) == (deployment.url, [], [])
    assert data["first_cause"] == "gateway.ready"
    assert finding(done, "gateway.ready") == {
        "check": "gateway.ready",
        "subject": deployment.url,
        "level": "problem",
        "looked_at": f"GET {deployment.url}/api/v2/aibridge/openai/v1/models without a token",
        "found": f"the deployment's licence does not include the gateway: {words}",
        "fix": "an administrator of the deployment can look into it",
        "fixable": False,
    }
    assert [each["check"] for each in data["findings"]] == [
        "deployment.named",
        "deployment.reachable",
        "deployment.coder",
        "deployment.clock",
        "deployment.proxy",
        "gateway.ready",
        "token.found",
        "token.accepted",
        "token.ends",
        "token.scopes",
        "token.copies",
        "gateway.serves",
    ]


STATES: list[tuple[dict[str, Any], str, str]] = [
    ({"licensed": False}, "gateway.ready", "Premium feature"),
    ({"enabled": False}, "gateway.ready", "aibridged handler not mounted"),
    ({"prefixes": ()}, "gateway.ready", "Route not found"),
    ({"faults": {Fault.SIGN_IN_PAGE}}, "deployment.coder", "Sign in - Example & Co"),
    ({"faults": {Fault.SIGN_IN_REDIRECT}}, "deployment.coder", "https://sso.example.com/authorize"),
    ({"faults": {Fault.UNAVAILABLE}}, "deployment.coder", "trouble of its own (503)"),
    ({"faults": {Fault.SERVER_DISCONNECTS}}, "deployment.reachable", "closed the connection"),
    ({"faults": {Fault.RATE_LIMITED}}, "gateway.ready", "You've been rate limited"),
    ({"faults": {Fault.API_RATE_LIMITED}}, "deployment.coder", "limits how often it is asked"),
    ({"faults": {Fault.CODERD_UNREACHABLE}}, "gateway.serves", "could not connect to coderd"),
    ({"faults": {Fault.BUDGET_EXCEEDED}}, "gateway.serves", "AI budget of US$25.00 exceeded"),
    ({"faults": {Fault.UPSTREAM_REJECTS_KEY}}, "provider.openai", "your Coder token is fine"),
    ({"faults": {Fault.UPSTREAM_UNREACHABLE}}, "provider.openai", "upstream proxy error"),
    ({"faults": {Fault.UPSTREAM_RATE_LIMITED}}, "provider.openai", "Too many requests"),
    ({"faults": {Fault.CIRCUIT_OPEN}}, "provider.openai", "circuit breaker is open"),
    ({"required_header": ("X-Pass", "yes")}, "deployment.coder", "in front of"),
]


@pytest.mark.parametrize(("state", "check", "said"), STATES, ids=lambda value: str(value)[:50])
def test_each_state_of_a_deployment(
    state: dict[str, Any], check: str, said: str, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """The first cause is the check that the state concerns; without the state all is well."""
    if "faults" in state:
        state = {"faults": frozenset(state["faults"])}
    before = {name: getattr(deployment.settings, name) for name in state}
    deployment.behave(**state)

    done = aibridge("doctor", "--json")

    assert done.code == 3
    assert done.data["data"]["first_cause"] == check
    assert said in finding(done, check)["found"]
    assert signed_in.text not in done.out + done.err
    deployment.behave(**before)
    assert green(aibridge)


def test_nobody_is_signed_in(aibridge: RunAibridge) -> None:
    """Without a deployment there is one problem, and what follows from it is passed over."""
    done = aibridge("doctor", "--json")

    assert done.code == 3
    assert problems(done) == ["deployment.named"]
    assert {each["level"] for each in done.data["data"]["findings"]} == {"problem", "skipped"}
    assert finding(done, "gateway.serves")["found"] == "no deployment is known"


def test_nothing_listens_there(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that nobody listens on is told from a deployment that is none."""
    with Deployment() as gone:
        url = gone.url
    monkeypatch.setenv("CODER_URL", url)
    monkeypatch.setenv("CODER_SESSION_TOKEN", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["deployment.reachable"]
    assert "cannot be reached" in finding(done, "deployment.reachable")["found"]
    assert finding(done, "deployment.reachable")["fix"]


def test_headers_that_clients_do_not_send(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gets us through and not the clients is a problem of its own."""
    deployment.behave(required_header=("X-Pass", "let-me-in"))
    monkeypatch.setenv("CODER_HEADER", "X-Pass=let-me-in")

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "deployment.headers"
    assert "let-me-in" not in done.out + done.err
    deployment.behave(required_header=None)
    assert green(aibridge)


def test_fixing_needs_somebody_to_ask(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Without a terminal and without `--yes` nothing is written, as with `configure`."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(prefixes=("ai-gateway",))

    done = aibridge("doctor", "--fix")

    assert done.code == 2
    assert "there is no terminal to ask on" in done.err
    assert aibridge("doctor", "--yes").code == 2


def test_a_client_without_a_deployment(aibridge: RunAibridge) -> None:
    """There is nothing to hold it against."""
    done = aibridge("doctor", "claude-code", "--json")

    assert problems(done) == ["deployment.named"]
    assert finding(done, "client.configured")["level"] == "skipped"


def test_saying_no_writes_nothing(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question comes after the preview, and `n` leaves everything, what is remembered included."""
    aibridge("configure", "claude-code", "--yes")
    before = (home / ".claude/settings.json").read_bytes()
    deployment.behave(prefixes=("ai-gateway",))
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _stream: True)

    done = aibridge("doctor", "--fix", stdin="n\n")

    assert done.code == 3
    assert "Write this? [y/N]: " in done.err
    assert (home / ".claude/settings.json").read_bytes() == before
    assert "/api/v2/aibridge/" in aibridge("env", "--shell", "sh").out
