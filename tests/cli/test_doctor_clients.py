"""`aibridge doctor`: what stands in clients' files, and what they would send."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.clients.profile import Profile
from aibridge_cli.loopback import Deployment, Token
from tests.cli.claude_settings import change_settings
from tests.cli.findings import finding, green, problems
from tests.conftest import RunAibridge
from tests.shipped import writing_on_linux

FIX = ("doctor", "--fix", "--yes")


def test_a_client_that_is_not_configured(aibridge: RunAibridge, signed_in: Token) -> None:
    """Naming it says so, with the command that does it; then it is green."""
    done = aibridge("doctor", "claude-code", "--json")

    assert problems(done) == ["client.configured"]
    assert finding(done, "client.configured")["fix"] == "`aibridge configure claude-code`"
    aibridge("configure", "claude-code", "--yes")
    assert green(aibridge, "claude-code")


def test_a_client_that_cannot_be_configured(aibridge: RunAibridge, signed_in: Token) -> None:
    """The reason is told, and not a command that would be refused."""
    done = aibridge("doctor", "cursor", "--json")

    assert problems(done) == ["client.configured"]
    assert finding(done, "client.configured")["found"].startswith("it cannot be configured: ")
    assert "https://" in finding(done, "client.configured")["fix"]
    assert "aibridge configure cursor" not in done.out


def test_a_key_that_came_back(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A key that the client does not start beside is told with its reason, and `--fix` takes it out again."""
    aibridge("configure", "codex", "--yes")
    file = home / ".codex/config.toml"
    as_configured = file.read_text()
    file.write_text(f'profile = "work"\n{as_configured}')

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.came-back"]
    assert finding(done, "client.came-back")["looked_at"] == f"`{file}`"
    assert "newer ones do not start with it" in finding(done, "client.came-back")["found"]
    assert aibridge(*FIX).code == 0
    assert file.read_text() == as_configured
    assert green(aibridge)


def test_a_client_of_another_deployment(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said whose it is, and nothing of it is sent to this one."""
    aibridge("configure", "claude-code", "--yes")
    with Deployment() as other:
        monkeypatch.setenv("CODER_URL", other.url)
        monkeypatch.setenv("CODER_SESSION_TOKEN", other.tokens.issue().text)

        done = aibridge("doctor", "--json")

        assert finding(done, "client.configured")["found"] == f"it is configured for `{deployment.url}`"


def test_an_address_elsewhere_gets_no_token(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A file that leads to another host is a problem, only the host is shown, and nothing is sent there."""
    aibridge("configure", "claude-code", "--yes")
    with Deployment() as other:
        leading = other.url.replace("://", "://user:hidden@") + "/anthropic?key=hidden"
        change_settings(home, env={"ANTHROPIC_BASE_URL": leading})

        done = aibridge("doctor", "--json")

        assert other.requests == []
        assert problems(done) == ["client.address"]
        assert f"leads to `{other.url}`" in finding(done, "client.address")["found"]
        assert "hidden" not in done.out
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


@pytest.mark.parametrize("path", ["/api/v2/api/experimental/aibridge/anthropic", "/api/v2/aibridge/anthropic/v1", ""])
def test_a_wrong_path_of_the_right_deployment(
    path: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Old paths, and a `/v1` too many, are told with the right one."""
    aibridge("configure", "claude-code", "--yes")
    change_settings(home, env={"ANTHROPIC_BASE_URL": deployment.url + path})

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.address"]
    assert "a wrong path of this deployment" in finding(done, "client.address")["found"]
    assert f"{deployment.url}/api/v2/aibridge/anthropic`" in finding(done, "client.address")["fix"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


@pytest.mark.parametrize("value", [None, 5])
def test_an_address_that_is_gone_or_no_address(
    value: object, aibridge: RunAibridge, home: Path, signed_in: Token
) -> None:
    """What the user or the client took out is written again by `--fix`."""
    aibridge("configure", "claude-code", "--yes")
    change_settings(home, env={} if value is None else {"ANTHROPIC_BASE_URL": value})

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.address"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_file_that_cannot_be_understood(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """It is named with line and column, and left alone."""
    aibridge("configure", "claude-code", "--yes")
    (home / ".claude/settings.json").write_text("{ broken")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.file"]
    assert "settings.json`:1:" in finding(done, "client.file")["found"]
    assert (home / ".claude/settings.json").read_text() == "{ broken"


def test_a_stale_copy_that_a_client_refers_to(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """After a sign-in that our copy missed, `--fix` brings it up to date."""
    aibridge("configure", "opencode", "--yes")
    deployment.tokens.revoke(signed_in.id)
    (home / ".config/coderv2/session").write_text(deployment.tokens.issue().text)

    done = aibridge("doctor", "--json")

    assert problems(done)[0] == "token.copies"
    assert "another token, which is refused" in finding(done, "token.copies")["found"]
    assert finding(done, "token.copies")["fixable"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_stale_token_in_a_clients_own_file(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A token that stands in a client's file does not follow a new sign-in; `--fix` has it follow."""
    aibridge("configure", "claude-code", "--credential", "file", "--yes")
    deployment.tokens.revoke(signed_in.id)
    new = deployment.tokens.issue().text
    (home / ".config/coderv2/session").write_text(new)

    done = aibridge("doctor", "--json")

    assert problems(done) == ["token.copies", "client.token"]
    assert finding(done, "token.copies")["subject"] == str(home / ".claude/settings.json")
    fixed = aibridge(*FIX)
    assert fixed.code == 0
    assert new not in fixed.out + fixed.err
    assert green(aibridge)


def test_the_variable_is_not_set_in_this_shell(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that reads a variable gets nothing where it is not set; evaluating `aibridge env` is the fix."""
    aibridge("configure", "codex", "--credential", "env", "--yes")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.token"]
    assert finding(done, "client.token")["found"] == "`CODER_AI_BRIDGE_TOKEN` is not set in this shell"
    assert finding(done, "client.token")["fix"] == '`eval "$(aibridge env codex)"`'
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    assert green(aibridge)
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")
    assert problems(aibridge("doctor", "--json")) == ["client.token"]


def test_a_model_that_is_not_there(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A model that we wrote must be there; one of the user's own may be a short name of the client's."""
    aibridge("configure", "claude-code", "--model", "made-up", "--yes")
    done = aibridge("doctor", "--json")
    assert problems(done) == ["client.model"]
    assert finding(done, "client.model")["found"] == "`anthropic` lists no model `made-up`"

    aibridge("configure", "claude-code", "--model", "loopback-anthropic-small", "--yes")
    assert green(aibridge)

    change_settings(home, model="opus")
    assert finding(aibridge("doctor", "--json"), "client.model")["level"] == "note"


def test_send_asks_for_one_token(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`--send` is the only way in which a model is asked, for as little as it gives."""
    aibridge("configure", "claude-code", "codex", "--yes")
    deployment.clear()

    assert green(aibridge, "--send")

    bodies = {
        request.path.rpartition("/")[2]: request.body
        for request in deployment.requests
        if request.path.endswith(("/messages", "/responses"))
    }
    assert bodies["messages"]["max_tokens"] == 1
    assert bodies["responses"]["max_output_tokens"] == 16
    assert bodies["messages"]["model"] == "loopback-anthropic-large"


SHIPPED = [profile for profile in writing_on_linux() if profile.requests]


@pytest.mark.parametrize("profile", SHIPPED, ids=lambda profile: profile.id)
def test_every_shipped_client_is_green_when_it_was_configured(
    profile: Profile,
    aibridge: RunAibridge,
    deployment: Deployment,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What `configure` writes for a client, with a model where it takes one, is what `doctor` wants to see."""
    models = [
        f"--model={wire}=loopback-{wire}-large"
        for wire in profile.speaks
        if profile.model != "none" and (profile.model == "required" or len(profile.speaks) == 1)
    ]
    done = aibridge("configure", profile.id, *models, "--yes")
    assert done.code == 0, done.err
    for name, template in profile.env.items():
        if template == "{token}":
            monkeypatch.setenv(name, signed_in.text)

    done = aibridge("doctor", "--json")

    assert problems(done) == [], done.out
    assert [each["check"] for each in done.data["data"]["findings"] if each["check"] == "client.request"]
