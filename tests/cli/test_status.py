"""One screen on deployment, token and clients."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_one_screen(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Deployment, user, token, its end and the clients are told, and the deployment is not asked."""
    aibridge("login")
    aibridge("configure", "codex", "droid", "--yes")
    deployment.clear()

    ran = aibridge("status")

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == f"deployment  {deployment.url} (from `aibridge login`)"
    assert lines[1] == "user        developer"
    assert lines[2].startswith("token       API token `aibridge-")
    assert lines[2].endswith("`, made by us (from `aibridge login`)")
    assert lines[3].startswith("ends        in 29 days (") or lines[3].startswith("ends        in 30 days (")
    assert lines[4:] == [
        "renewed     by `aibridge token`, before it ends",
        "clients     codex (helper)",
        "            droid (env)",
    ]
    assert deployment.requests == []


def test_for_programs(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The JSON has the same, and never the token."""
    aibridge("login")
    token = aibridge("token").out.strip()

    ran = aibridge("status", "--json")

    data = ran.data["data"]
    assert data["deployment"] == {"url": deployment.url, "source": "`aibridge login`"}
    assert data["session"].keys() == {
        "source", "user", "kind", "name", "id", "expires_at", "made_by_us", "renewed", "renewed_from", "store",
        "verified",
    }  # fmt: skip
    assert data["session"]["id"] == token.partition("-")[0]
    assert (data["clients"], data["problems"]) == ([], [])
    assert token.partition("-")[2] not in ran.out


def test_what_is_not_known(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Of a token that is not ours little is known without asking; `--verify` asks."""
    lines = aibridge("status").out.splitlines()
    assert lines[1:4] == [
        "user        not known; `--verify` asks",
        lines[2],
        "ends        not known; `--verify` asks",
    ]
    assert deployment.requests == []

    lines = aibridge("status", "--verify").out.splitlines()
    assert lines[1] == "user        developer"
    assert lines[2].startswith("token       session of a sign-in (from the Coder CLI's `")
    assert lines[3].startswith("ends        in 23 hours (") or lines[3].startswith("ends        in 1 day (")


@pytest.mark.parametrize(("within", "code"), [("25h", 3), ("2d", 3), ("1h", 0)])
def test_the_check(within: str, code: int, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`--check` ends with 3 when the token ends within the time that is given."""
    ran = aibridge("status", "--check", "--within", within, "--json")

    assert ran.code == code
    assert ran.data["status"] == ("found" if code else "done")
    assert len(ran.data["data"]["problems"]) == (1 if code else 0)


@pytest.mark.parametrize(("left", "code"), [(11, 0), (2, 3)])
def test_a_deployment_of_short_tokens(
    left: int,
    code: int,
    aibridge: RunAibridge,
    deployment: Deployment,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no token lasts a day, one that will be renewed in time is nothing to do anything about."""
    deployment.behave(maximum_token_lifetime=12 * 3600, session_expiry_refresh=False)
    aibridge("login")
    now = time.time() + (12 - left) * 3600
    monkeypatch.setattr(time, "time", lambda: now)

    ran = aibridge("status", "--check")

    assert ran.code == code
    assert ("was not renewed yet" in ran.err) == bool(code)


def test_a_refused_token(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A job with an expired token is told by exit code 4 and in Coder's own words."""
    deployment.tokens.expire(signed_in.id)

    ran = aibridge("status", "--check")

    assert ran.code == 4
    assert "API key expired at" in ran.err
    assert signed_in.secret not in ran.out + ran.err


def test_not_signed_in(aibridge: RunAibridge) -> None:
    """Without a deployment the screen says so, and the exit code is 4."""
    ran = aibridge("status")

    assert (ran.code, ran.out) == (4, "deployment  none\nclients     none configured\n")
    assert "hint: run `aibridge login URL`" in ran.err


def test_another_token_in_a_file(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A client whose file holds an older token is named with the command that mends it."""
    aibridge("login")
    assert aibridge("configure", "droid", "--credential", "file", "--yes").code == 0
    assert aibridge("status", "--check").code == 0
    aibridge("login")

    ran = aibridge("status", "--check")

    assert ran.code == 3
    assert "`droid` has another token in its file; `aibridge configure droid` writes this one\n" in ran.err
    assert aibridge("configure", "droid", "--credential", "file", "--yes").code == 0
    assert aibridge("status", "--check").code == 0


def test_another_token_in_the_file_that_clients_read(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """A copy that a crash left behind the token in use is named with the command that mends it."""
    aibridge("login")
    assert aibridge("configure", "opencode", "--yes").code == 0
    assert aibridge("status", "--check").code == 0
    copy = next((home / ".local/state/aibridge/tokens").iterdir())
    copy.write_text(signed_in.text)

    ran = aibridge("status", "--check")

    assert ran.code == 3
    assert f"`opencode` reads another token from `{copy}`; `aibridge configure opencode` writes this one" in ran.err
    assert aibridge("configure", "opencode", "--yes").code == 0
    assert aibridge("status", "--check").code == 0


def test_a_deployment_that_does_not_answer(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """When the deployment cannot be asked that is an error, not a finding."""
    deployment.stop()

    ran = aibridge("status", "--verify")

    assert ran.code == 1
    assert "cannot be reached" in ran.err


def test_the_token_for_programs(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`aibridge token --json` gives the token with its end and where it is from."""
    aibridge("login")

    ran = aibridge("token", "--json")

    data = json.loads(ran.out)["data"]
    assert data.keys() == {"deployment", "token", "source", "expires_at"}
    assert deployment.tokens.accept(data["token"]).id
    assert data["expires_at"].endswith("Z")
