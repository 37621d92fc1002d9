"""`aibridge doctor`: deployment, gateway, token and providers in every state, with the fix that makes it green."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.loopback import Deployment, Fault, Token
from tests.conftest import Ran, RunAibridge

CLIENTS = ("claude-code", "opencode")


def problems(done: Ran) -> list[str]:
    """The ids of the checks that found a problem, in their order."""
    return [finding["check"] for finding in done.data["data"]["findings"] if finding["level"] == "problem"]


def finding(done: Ran, check: str) -> dict[str, Any]:
    return next(each for each in done.data["data"]["findings"] if each["check"] == check)


def green(aibridge: RunAibridge, *words: str) -> bool:
    done = aibridge("doctor", *words, "--json")
    return done.code == 0 and problems(done) == []


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


def test_an_expired_token(aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token) -> None:
    """It is the first cause, though clients see a 403 of the gateway; a new sign-in makes all of it green."""
    aibridge("configure", "claude-code", "--yes")
    deployment.tokens.expire(signed_in.id)

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "token.accepted"
    assert "API key expired" in finding(done, "token.accepted")["found"]
    assert "403" not in finding(done, "client.request")["found"]
    assert "unauthorized" in finding(done, "client.request")["found"]
    assert f"aibridge login {deployment.url}" in finding(done, "token.accepted")["fix"]
    (home / ".config/coderv2/session").write_text(deployment.tokens.issue().text)
    assert green(aibridge)


def test_a_dead_variable_before_a_good_session(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale `CODER_SESSION_TOKEN` wins over the Coder CLI's session; unsetting it is the fix, and it works."""
    monkeypatch.setenv("CODER_SESSION_TOKEN", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")

    done = aibridge("doctor", "--json")

    assert problems(done)[0] == "token.accepted"
    fix = finding(done, "token.accepted")["fix"]
    assert fix.startswith("`unset CODER_SESSION_TOKEN`; the token of the Coder CLI's ")
    assert fix.endswith("is accepted")
    monkeypatch.delenv("CODER_SESSION_TOKEN")
    assert green(aibridge)


@pytest.mark.parametrize(
    ("token", "said"),
    [("sk-ant-made-up", "a key of an AI provider"), ("5f0c9a52-6b1e-4c58-9d3e-2f7a1b8c4d60", "a UUID")],
)
def test_what_is_no_coder_token(
    token: str, said: str, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's key or an agent's token is told by its shape, and goes nowhere."""
    monkeypatch.setenv("CODER_SESSION_TOKEN", token)

    done = aibridge("doctor", "--json")

    assert problems(done) == ["token.found"]
    assert said in finding(done, "token.found")["found"]
    assert token not in done.out + done.err


def test_a_token_of_another_deployment_is_named(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was passed over is worth a note, with whose it is."""
    monkeypatch.setenv("CODER_URL", "https://other.example.com")
    monkeypatch.setenv("CODER_SESSION_TOKEN", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")

    done = aibridge("doctor", "--url", deployment.url, "--json")

    assert finding(done, "token.passed-over")["level"] == "note"
    assert "it belongs to `https://other.example.com`" in finding(done, "token.passed-over")["found"]


def test_a_token_near_its_end_is_worth_a_note(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Less than a day without anybody who renews it is said, and is no failure."""
    (home / ".config/coderv2/session").write_text(deployment.tokens.issue(lifetime=3630).text)

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "token.ends")["level"] == "note"
    assert "ends in 60 minutes" in finding(done, "token.ends")["found"]


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


def test_a_provider_of_another_name_is_found_and_used(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """`--fix` shows what changes, writes the name into each client's file, and remembers it."""
    aibridge("configure", *CLIENTS, "--yes")
    deployment.behave(providers={"bedrock": "anthropic", "openai": "openai"})

    done = aibridge("doctor", "--json")
    assert done.data["data"]["first_cause"] == "provider.anthropic"
    assert finding(done, "provider.anthropic")["fixable"]
    assert finding(done, "provider.anthropic")["fix"] == (
        "`aibridge configure claude-code opencode --provider-name anthropic=bedrock`"
    )

    looked = aibridge("doctor", "--fix", "--dry-run")
    assert looked.code == 3
    assert '+    "ANTHROPIC_BASE_URL": "' + deployment.url + '/api/v2/aibridge/bedrock"' in looked.out
    assert "bedrock" not in (home / ".claude/settings.json").read_text()

    fixed = aibridge("doctor", "--fix", "--yes")
    assert fixed.code == 0
    assert "`~/.claude/settings.json` updated" in fixed.err
    assert json.loads((home / ".claude/settings.json").read_text())["env"]["ANTHROPIC_BASE_URL"].endswith("/bedrock")
    assert green(aibridge)
    aibridge("unconfigure", "--yes")
    assert not (home / ".claude").exists()


def test_several_providers_are_offered_and_none_is_guessed(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Which of two is meant only a person knows."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(administrator=True, providers={"east": "anthropic", "west": "anthropic"})

    done = aibridge("doctor", "--json")

    assert finding(done, "provider.anthropic")["found"].endswith("but `east`, `west`")
    assert not finding(done, "provider.anthropic")["fixable"]
    aibridge("configure", "claude-code", "--provider-name", "anthropic=west", "--yes")
    assert green(aibridge)


def test_a_name_that_nobody_could_guess(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A member is told to ask for the name, and naming it makes all of it green."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(providers={"prod-eu": "anthropic"})

    done = aibridge("doctor", "--json")

    assert "you may not list its providers" in finding(done, "provider.anthropic")["found"]
    assert "ask an administrator" in finding(done, "provider.anthropic")["fix"]
    aibridge("configure", "claude-code", "--provider-name", "anthropic=prod-eu", "--yes")
    assert green(aibridge)


def test_the_gateway_is_at_the_other_path(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A deployment that serves only the newer path is found there, and `--fix` goes over to it."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(prefixes=("ai-gateway",))

    done = aibridge("doctor", "--json")
    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert finding(done, "gateway.ready")["fix"] == "`aibridge configure claude-code --gateway-path ai-gateway`"

    assert aibridge("doctor", "--fix", "--yes").code == 0
    assert f"{deployment.url}/api/v2/ai-gateway/anthropic" in (home / ".claude/settings.json").read_text()
    assert green(aibridge)


def test_fixing_needs_somebody_to_ask(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Without a terminal and without `--yes` nothing is written, as with `configure`."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(prefixes=("ai-gateway",))

    done = aibridge("doctor", "--fix")

    assert done.code == 2
    assert "there is no terminal to ask on" in done.err
    assert aibridge("doctor", "--yes").code == 2


def test_what_is_remembered_is_broken(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A file of ours that somebody else wrote is named, and removing it helps."""
    folder = home / ".local/state/aibridge/gateways"
    folder.mkdir(parents=True)
    port = deployment.url.rpartition(":")[2]
    file = folder / f"http_127.0.0.1_{port}"
    file.write_text("something else\n")

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert str(file) in finding(done, "gateway.ready")["found"]
    os.remove(file)
    assert green(aibridge)


def test_a_provider_without_a_list_of_models(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Bedrock lists none, and versions about 2.30 asked at a wrong path: worth a note, and no failure."""
    aibridge("configure", "claude-code", "codex", "--yes")
    deployment.behave(faults=frozenset((Fault.NO_MODEL_LIST,)))

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "provider.openai")["level"] == "note"
    assert finding(done, "provider.openai")["found"] == "`openai` is there and lists no models"


def test_a_standalone_gateway(aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token) -> None:
    """The deployment is asked about the token, and the gateway of its own about all else."""
    deployment.behave(prefixes=())
    with Deployment() as standalone:
        standalone.tokens.adopt(signed_in.text)
        url = f"{standalone.url}/api/v2/ai-gateway"
        aibridge("configure", "claude-code", "--gateway-url", url, "--yes")

        assert green(aibridge)
        assert [request.path for request in standalone.requests if "count_tokens" in request.path]
        assert f"{url}/anthropic" in (home / ".claude/settings.json").read_text()
        assert aibridge("models", "--json").data["data"]["gateway"] == url


def test_standalone_gateway_that_is_gone(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """It is the gateway that does not answer, and going back to the deployment's own one helps."""
    with Deployment() as standalone:
        url = standalone.url
    aibridge("configure", "claude-code", "--gateway-url", url, "--yes")

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert url in finding(done, "gateway.ready")["found"]
    aibridge("configure", "claude-code", "--gateway-path", "aibridge", "--yes")
    assert green(aibridge)


def test_a_kept_token_that_is_dead_goes_before_a_good_session(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A token that was once passed in wins until `aibridge login`, which is the fix, and it works."""
    passed = deployment.tokens.issue("ci")
    aibridge("configure", "claude-code", "--token-stdin", "--yes", stdin=passed.text)
    deployment.tokens.revoke(passed.id)

    done = aibridge("doctor", "--json")

    assert problems(done)[0] == "token.accepted"
    assert (
        f"`aibridge login {deployment.url}` goes over to the token of the Coder CLI's"
        in (finding(done, "token.accepted")["fix"])
    )
    assert passed.text not in done.out
    assert aibridge("login", deployment.url).code == 0
    assert green(aibridge)


def test_another_copy_that_is_dead_is_worth_a_note(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A stale session of the Coder CLI would count if ours were gone."""
    aibridge("login", deployment.url)
    deployment.tokens.revoke(signed_in.id)

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "token.copies")["level"] == "note"
    assert "the token of the Coder CLI's" in finding(done, "token.copies")["found"]


def test_the_copy_that_clients_refer_to_is_gone(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """It is missed before the client does, and `--fix` makes it again, private."""
    aibridge("configure", "opencode", "--yes")
    (copy,) = (home / ".local/state/aibridge/tokens").iterdir()
    copy.unlink()

    done = aibridge("doctor", "--json")

    assert problems(done)[0] == "token.copies"
    assert finding(done, "token.copies")["found"] == "the copy that `opencode` reads is missing"
    assert aibridge("doctor", "--fix", "--yes").code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert green(aibridge)


def test_a_copy_that_is_another_good_token(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Two tokens that both work are no failure."""
    aibridge("configure", "opencode", "--yes")
    (copy,) = (home / ".local/state/aibridge/tokens").iterdir()
    copy.write_text(deployment.tokens.issue().text)

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "token.copies")["found"].endswith("is another token; it is accepted")
    assert finding(done, "client.token")["found"] == "it gets another token, which the gateway takes"


def test_a_token_that_may_not_do_everything(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Limits of a token are told; whether the gateway minds is seen further down."""
    limited = deployment.tokens.issue("limited", scopes=("workspace:read",))
    (home / ".config/coderv2/session").write_text(limited.text)

    done = aibridge("doctor", "--json")

    assert finding(done, "token.scopes")["found"] == "it may do only this: workspace:read"
    assert "the API token `limited` ends in" in finding(done, "token.ends")["found"]


def test_nobody_is_signed_in_any_more(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """The clients' helpers fail for the same reason, and name the same way out."""
    aibridge("configure", "claude-code", "--yes")
    (home / ".config/coderv2/session").unlink()

    done = aibridge("doctor", "--json")

    assert problems(done) == ["token.found", "client.helper"]
    assert finding(done, "client.helper")["found"] == "the command finds no token"
    assert finding(done, "client.helper")["fix"] == f"run `aibridge login {deployment.url}`"
    (home / ".config/coderv2/session").write_text(signed_in.text)
    assert green(aibridge)


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
