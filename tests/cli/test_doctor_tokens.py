"""`aibridge doctor`: tokens that are dead, of another kind or another deployment, and the fix that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.cli.findings import finding, green, problems
from tests.conftest import RunAibridge


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
    assert "ends in 1 hour," in finding(done, "token.ends")["found"]


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
