"""Signing out, as people and jobs do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.homes import STATE, contents, holding

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_logging_out(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The token is revoked and forgotten; the Coder CLI's own session is as it was."""
    aibridge("login")
    made = aibridge("token").out.strip()

    ran = aibridge("logout")

    assert ran.code == 0
    assert f"signed out of `{deployment.url}`; its token is revoked\n" in ran.err
    assert f"`aibridge token` now takes the token from the Coder CLI's `{home}/.config/coderv2/session`\n" in ran.err
    assert holding(home, made) == []
    assert deployment.tokens.all() == [signed_in]
    assert aibridge("token").out.strip() == signed_in.text


def test_logging_out_of_nothing(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Whoever never signed in is told so, and that is no failure."""
    ran = aibridge("logout")

    assert (ran.code, ran.out) == (0, "")
    assert "nothing to forget" in ran.err


def test_logging_out_while_the_deployment_is_gone(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """The session is forgotten here all the same; that the token still works is said, and the exit code is 1."""
    aibridge("login")
    url = deployment.url
    deployment.stop()

    ran = aibridge("logout", url)

    assert ran.code == 1
    assert "but the deployment was not told" in ran.err
    assert f"hint: revoke the token at {url}/settings/tokens\n" in ran.err
    assert not list((home / STATE / "sign-ins").iterdir())


def test_a_token_of_ours_that_gave_way_is_revoked(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Signing out revokes what we made earlier, also when a token that is not ours took its place since."""
    aibridge("login")
    assert aibridge("login", "--with-token-lifetime", "0").code == 0

    assert aibridge("logout").code == 0

    assert deployment.tokens.all() == [signed_in]


def test_logging_out_with_a_broken_record(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Of a record that cannot be read nobody knows which token to revoke; that is said, and the exit code is 1."""
    aibridge("login")
    record = next((home / STATE / "sign-ins").iterdir())
    record.write_text("aibridge sign-in 9\n")

    ran = aibridge("logout")

    assert ran.code == 1
    assert "but the deployment was not told: `" in ran.err
    assert f"hint: revoke the token at {deployment.url}/settings/tokens\n" in ran.err
    assert not record.exists()


def test_logging_out_with_a_copy_that_cannot_be_emptied(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """When a copy cannot be emptied that is an error, and no deployment is in use that was signed out of."""
    aibridge("login")
    aibridge("configure", "opencode", "--yes")
    copy = next((home / STATE / "tokens").iterdir())
    Path(f"{copy}~").mkdir()

    ran = aibridge("logout")

    assert ran.code == 1
    assert str(copy) in ran.err
    assert not (home / STATE / "current").exists()


def test_logging_out_everywhere(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`--everywhere` takes our configuration back, to the byte, and leaves no token anywhere."""
    aibridge("login")
    made = aibridge("token").out.strip()
    before = contents(home)
    assert aibridge("configure", "claude-code", "opencode", "--credential", "file", "--yes").code in (0, 2)
    assert aibridge("configure", "opencode", "codex", "--yes").code == 0

    ran = aibridge("logout", "--everywhere", "--yes")

    assert ran.code == 0
    assert holding(home, made) == []
    after = contents(home)
    assert {name for name in after if not name.startswith(STATE)} == {
        name for name in before if not name.startswith(STATE)
    }


def test_what_still_holds_the_token_is_named(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Without `--everywhere` the clients that still point there are named, and no file of ours has the token."""
    aibridge("login")
    made = aibridge("token").out.strip()
    aibridge("configure", "opencode", "--yes")
    assert len(holding(home, made)) == 2

    ran = aibridge("logout")

    assert f"still configured for `{deployment.url}`: opencode" in ran.err
    assert "the file that clients read the token from is empty now\n" in ran.err
    assert holding(home, made) == []
    assert aibridge("login").code == 0
    assert len(holding(home, aibridge("token").out.strip())) == 2
