"""Signing in with a session or a token at hand."""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.credentials import minting
from tests.cli.homes import STATE, contents, holding

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

DAY = 24 * 3600


def test_the_session_of_the_coder_cli_is_taken_over(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Whoever is signed in with the Coder CLI needs no more than `aibridge login`."""
    ran = aibridge("login")

    assert (ran.code, ran.out) == (0, "")
    assert f"signed in to `{deployment.url}` as `developer`, with the token from the Coder CLI's" in ran.err
    made = deployment.tokens.accept(aibridge("token").out.strip())
    assert made.id != signed_in.id
    assert made.name.startswith("aibridge-")
    assert made.expires - made.created == 30 * DAY
    assert holding(home, made.secret) == [f"{STATE}/sign-ins/http_127.0.0.1_{deployment.url.rpartition(':')[2]}"]


def test_a_token_on_standard_input(home: Path, aibridge: RunAibridge, deployment: Deployment) -> None:
    """A job passes a token in; it is checked, and a token of our own is kept 0600."""
    given = deployment.tokens.issue("job")

    ran = aibridge("login", deployment.url, "--token-stdin", stdin=given.text + "\n")

    assert ran.code == 0
    assert holding(home, given.secret) == []
    record = next((home / STATE / "sign-ins").iterdir())
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert stat.S_IMODE(record.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(record.parent.parent.stat().st_mode) == 0o700
    assert "it is kept in a 0600 file of ours (nobody is at a terminal)\n" in ran.err


@pytest.mark.parametrize(("asked", "expected"), [("12h", DAY // 2), ("365d", 90 * DAY), ("2d12h", 2 * DAY + DAY // 2)])
def test_the_lifetime(
    asked: str, expected: int, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """The token is made for as long as was asked for, within the deployment's maximum."""
    deployment.behave(maximum_token_lifetime=90 * DAY)

    ran = aibridge("login", "--with-token-lifetime", asked)

    made = deployment.tokens.accept(aibridge("token").out.strip())
    assert made.expires - made.created == expected
    assert ("note: the deployment allows no longer lifetime than this\n" in ran.err) == (expected == 90 * DAY)


def test_no_token_of_our_own(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`--with-token-lifetime 0` keeps the session itself, and logging out does not revoke it."""
    assert aibridge("login", "--with-token-lifetime", "0").code == 0
    assert aibridge("token").out.strip() == signed_in.text
    assert deployment.tokens.all() == [signed_in]

    assert aibridge("logout").code == 0
    assert deployment.tokens.all() == [signed_in]


def test_a_token_of_a_name_is_kept_alive(aibridge: RunAibridge, deployment: Deployment) -> None:
    """A token that was passed in is looked after like a session: most deployments move its end with its use."""
    given = deployment.tokens.issue("job", lifetime=4 * DAY)

    ran = aibridge("login", deployment.url, "--token-stdin", "--with-token-lifetime", "0", "--json", stdin=given.text)

    assert ran.data["data"]["token"]["made_by_us"] is False
    assert ran.data["data"]["token"]["renewed_from"] is not None
    assert "kept alive  by its use, where the deployment allows that\n" in aibridge("status").out


def test_ended_right_after_the_token_was_made(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the deployment is asked about the token that it made loses no token: it is kept, and in use."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(minting, "key", killed)
        assert aibridge("login").code == 130

    made = deployment.tokens.accept(aibridge("token").out.strip())
    assert [token for token in deployment.tokens.all() if token.name] == [made]
    assert aibridge("logout").code == 0
    assert deployment.tokens.all() == [signed_in]


def test_where_no_token_can_be_made(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """When the deployment makes no tokens the session at hand is kept, and that is said."""
    deployment.behave(maximum_token_lifetime=0)

    ran = aibridge("login")

    assert ran.code == 0
    assert "note: the deployment made no token of our own, so the one at hand is kept: " in ran.err
    assert aibridge("token").out.strip() == signed_in.text


def test_where_every_name_is_taken(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """After fifty names the search ends, with the command that makes room."""
    base = aibridge("login", "--json").data["data"]["token"]["name"]
    for number in range(2, 51):
        deployment.tokens.issue(f"{base}-{number}")

    ran = aibridge("login")

    assert ran.code == 0
    assert f"the deployment has 50 tokens called `{base}…` already" in ran.err


def test_signing_in_again(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A second sign-in replaces the first; what came before the last one is revoked."""
    names = [aibridge("login", "--json").data["data"]["token"]["name"] for _ in range(3)]

    assert names[1] == f"{names[0]}-2"
    assert len({token.name for token in deployment.tokens.all() if token.name}) == 2
    assert aibridge("status", "--check").code == 0


def test_signing_in_as_another_user(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The first user's token, which the second cannot revoke, is said to stay valid, with how it is revoked."""
    aibridge("login")
    first = deployment.tokens.accept(aibridge("token").out.strip())
    deployment.behave(username="somebody-else")

    ran = aibridge("login")

    assert "note: what `aibridge` made for `developer` stays valid until it ends; only `developer` can" in ran.err
    assert f"`aibridge tokens revoke {first.id}` or at `{deployment.url}/settings/tokens`" in ran.err
    deployment.clear()
    assert "stays valid" not in aibridge("login").err
    assert not [request for request in deployment.requests if request.method == "DELETE"]
    assert deployment.tokens.get(first.id) == first


def test_another_user_with_nothing_of_ours(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Where the first user kept a session that we did not make, there is nothing to revoke and nothing is said."""
    aibridge("login", "--with-token-lifetime", "0")
    deployment.behave(username="somebody-else")

    assert "stays valid" not in aibridge("login").err


def test_a_token_that_an_earlier_run_lost(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A token that is called like ours and is not known here is named, and not revoked: it may be another machine's."""
    name = aibridge("login", "--json").data["data"]["token"]["name"]
    assert "not of this sign-in" not in aibridge("login").err
    lost = deployment.tokens.issue(f"{name}-7")
    deployment.tokens.issue(f"{name}-seven")

    ran = aibridge("login")

    assert f"note: not of this sign-in: `{name}-7`, of another machine" in ran.err
    assert lost in deployment.tokens.all()


def test_what_goes_before_it(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs in while variables say something else is told that these go before it."""
    assert "warning" not in aibridge("login").err
    monkeypatch.setenv("CODER_SESSION_TOKEN", signed_in.text)
    assert "warning: `CODER_SESSION_TOKEN` goes before this sign-in here\n" in aibridge("login").err
    monkeypatch.setenv("CODER_URL", "https://other.example.com")
    monkeypatch.delenv("CODER_SESSION_TOKEN")
    ran = aibridge("login", deployment.url)
    assert "warning: `CODER_URL` goes before this sign-in here, and names `https://other.example.com`\n" in ran.err
    monkeypatch.setenv("CODER_URL", "not an address")
    ran = aibridge("login", deployment.url)
    assert ran.code == 0
    assert "warning: `CODER_URL` has white space or a control character in it\n" in ran.err


@pytest.mark.parametrize("command", ["login", "logout"])
def test_what_is_no_address(command: str, aibridge: RunAibridge) -> None:
    """A word that is no address is called by what it was written as."""
    ran = aibridge(command, "coder example")

    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: the URL has white space or a control character in it")


def test_nothing_is_kept(home: Path, aibridge: RunAibridge, deployment: Deployment) -> None:
    """`--store none` checks the token and leaves no trace, here and on the deployment."""
    given = deployment.tokens.issue("job")

    ran = aibridge("login", deployment.url, "--token-stdin", "--store", "none", stdin=given.text)

    assert ran.code == 0
    assert "nothing was kept" in ran.err
    assert contents(home) == {}
    assert deployment.tokens.all() == [given]


@pytest.mark.parametrize("text", ["", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB", "sk-ant-123456789012", "a b"])
def test_a_wrong_token(text: str, home: Path, aibridge: RunAibridge, deployment: Deployment) -> None:
    """A token that the deployment refuses, or that is none, is not kept; the message does not show it."""
    ran = aibridge("login", deployment.url, "--token-stdin", stdin=text)

    assert ran.code == (4 if text.startswith("AAAA") else 2)
    assert ran.err.startswith("error: ")
    assert text not in ran.err or not text
    assert contents(home) == {}


def test_no_deployment(aibridge: RunAibridge) -> None:
    """Without a deployment anywhere it has to be named."""
    ran = aibridge("login")

    assert (ran.code, ran.err) == (
        2,
        "error: name the deployment\nhint: as in `aibridge login https://coder.example.com`\n",
    )


def test_nobody_to_ask(aibridge: RunAibridge, deployment: Deployment) -> None:
    """Without a terminal nobody is asked and no browser is opened; the ways out are named."""
    ran = aibridge("login", deployment.url)

    assert ran.code == 4
    assert "nobody is here to be asked" in ran.err
    assert f"{deployment.url}/cli-auth" in ran.err


def test_a_stale_session_of_the_coder_cli(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """When the Coder CLI's session has ended, that is said, and nothing is kept."""
    deployment.tokens.expire(signed_in.id)

    ran = aibridge("login")

    assert ran.code == 4
    assert holding(home, signed_in.secret) == [".config/coderv2/session"]
    assert not (home / STATE / "current").exists()


def test_not_coder(home: Path, aibridge: RunAibridge, deployment: Deployment) -> None:
    """The token is sent to nothing that does not answer as Coder does."""
    deployment.behave(version="")
    given = deployment.tokens.issue()

    ran = aibridge("login", f"{deployment.url}1", "--token-stdin", stdin=given.text)

    assert ran.code in (1, 2)
    assert contents(home) == {}


def test_a_kept_token_gives_way(home: Path, aibridge: RunAibridge, deployment: Deployment) -> None:
    """A token that `configure` was once passed no longer goes before the sign-in."""
    typed = deployment.tokens.issue("typed")
    aibridge("configure", "claude-code", "--token-stdin", "--url", deployment.url, "--yes", stdin=typed.text)
    assert aibridge("token", "--url", deployment.url).out.strip() == typed.text
    given = deployment.tokens.issue()

    aibridge("login", deployment.url, "--token-stdin", "--with-token-lifetime", "0", stdin=given.text)

    assert aibridge("token").out.strip() == given.text
    assert holding(home, typed.secret) == []
    assert aibridge("configure", "claude-code", "--yes").code == 0
    assert aibridge("unconfigure", "--all", "--yes").code == 0
    assert aibridge("token").out.strip() == given.text


def test_a_clock_that_is_far_ahead(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new token has ended by this machine's clock, the clock is named: signing in again would not help."""
    now = time.time() + 40 * DAY
    monkeypatch.setattr(time, "time", lambda: now)

    ran = aibridge("login")

    assert "warning: by this machine's clock that is over" in ran.err
    assert "hint: set the clock\n" in ran.err
