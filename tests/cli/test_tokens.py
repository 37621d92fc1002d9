"""The user's tokens on the deployment: listed, made, revoked, replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli import facts
from aibridge_cli.cli import rotate, tokens
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Fault
from tests.cli.homes import holding

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

DAY = 24 * 3600


def test_listed(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The list has every token with its end, marks the one in use, and leaves out sessions and what has ended."""
    nightly = deployment.tokens.issue("nightly", lifetime=3 * DAY)
    old = deployment.tokens.issue("old")
    deployment.tokens.expire(old.id)
    aibridge("login")

    lines = aibridge("tokens", "list").out.splitlines()

    assert len(lines) == 2
    assert lines[0].startswith(f"  {nightly.id}  nightly ")
    assert "ends in 2 days (" in lines[0] or "ends in 3 days (" in lines[0]
    assert lines[1].startswith("* ")
    assert {each["name"] for each in aibridge("tokens", "list", "--expired", "--json").data["data"]["tokens"]} >= {
        "old"
    }


def test_no_tokens(aibridge: RunAibridge, signed_in: Token) -> None:
    """Without a token there is nothing on standard output."""
    ran = aibridge("tokens", "list")

    assert (ran.code, ran.out, ran.err) == (0, "", "no tokens\n")


def test_made(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A new token is the only thing on standard output, for a job to take."""
    ran = aibridge("tokens", "create", "nightly", "--lifetime", "12h")

    made = deployment.tokens.accept(ran.out.strip())
    assert (made.name, made.expires - made.created) == ("nightly", DAY / 2)
    assert made.secret not in ran.err
    assert aibridge("tokens", "create", "nightly").code == 1


def test_made_for_too_long(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The deployment's maximum is kept to, and that is said."""
    deployment.behave(maximum_token_lifetime=7 * DAY)

    ran = aibridge("tokens", "create", "nightly", "--lifetime", "90d", "--json")

    made = deployment.tokens.accept(ran.data["data"]["token"])
    assert made.expires - made.created == 7 * DAY
    assert ran.data["messages"][0] == "note: the deployment allows no longer lifetime than this"


@pytest.mark.parametrize("lifetime", ["0", "a while", "-1d", "1y", "", "5", "99999999999d"])
def test_a_lifetime_that_is_none(
    lifetime: str, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """A text that is no length of time is a usage error, and nothing is asked of the deployment."""
    ran = aibridge("tokens", "create", "nightly", "--lifetime", lifetime)

    assert ran.code == 2
    assert deployment.requests == []


@pytest.mark.parametrize("by", ["name", "id"])
def test_revoked(by: str, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A token is revoked by its name or id."""
    token = deployment.tokens.issue("nightly")

    ran = aibridge("tokens", "revoke", getattr(token, by))

    assert (ran.code, ran.err) == (0, f"`nightly` ({token.id}) is revoked\n")
    assert deployment.tokens.all() == [signed_in]


def test_revoking_what_is_not_there(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """When one of the names is wrong none is revoked."""
    deployment.tokens.issue("nightly")

    ran = aibridge("tokens", "revoke", "nightly", "nihgtly")

    assert ran.code == 2
    assert "there is no token `nihgtly`" in ran.err
    assert deployment.tokens.named("nightly")


def test_revoking_that_stops_half_way(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """What is revoked when the deployment refuses the next is said, with what is not, and the exit code is 1."""
    first = deployment.tokens.issue("first")
    used = Path(".config/coderv2/session")
    ours = deployment.tokens.issue("ours")
    used.write_text(ours.text)
    last = deployment.tokens.issue("last")

    ran = aibridge("tokens", "revoke", "first", "ours", "last")

    assert ran.code == 1
    assert ran.err.splitlines()[:2] == [f"`first` ({first.id}) is revoked", f"`ours` ({ours.id}) is revoked"]
    assert f"error: not revoked: `last` ({last.id}): " in ran.err
    assert deployment.tokens.all() == [signed_in, last]


def test_revoking_that_does_not_begin(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When already the first cannot be revoked that is the error, and nothing is said to be gone."""
    token = deployment.tokens.issue("nightly")

    def refuse(*_: object) -> bool:
        raise GatewayError("the network is gone")

    monkeypatch.setattr(tokens, "revoke", refuse)

    ran = aibridge("tokens", "revoke", "nightly")

    assert (ran.code, ran.err) == (1, "error: the network is gone\n")
    assert deployment.tokens.all() == [signed_in, token]


def test_revoking_the_one_in_use(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The token in use is replaced or logged out of, not pulled away."""
    name = aibridge("login", "--json").data["data"]["token"]["name"]

    ran = aibridge("tokens", "revoke", name)

    assert ran.code == 2
    assert "`aibridge rotate`" in ran.err


def test_replaced_everywhere(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """After `rotate` every client has the new token, and no copy of the old one is left."""
    aibridge("login")
    old = aibridge("token").out.strip()
    assert aibridge("configure", "droid", "--credential", "file", "--yes").code == 0
    assert aibridge("configure", "opencode", "claude-code", "--yes").code == 0
    where = holding(home, old)
    assert len(where) == 3

    ran = aibridge("rotate", "--yes")

    assert ran.code == 0
    new = aibridge("token").out.strip()
    assert deployment.tokens.accept(new).id
    assert [token.id for token in deployment.tokens.all() if token.name] == [new.partition("-")[0]]
    assert holding(home, old) == []
    assert holding(home, new) == where
    assert "the old token is revoked\n" in ran.err
    assert "no copy of the old token is left\n" in ran.err
    assert aibridge("unconfigure", "--all", "--yes").code == 0
    assert len(holding(home, new)) == 1


def test_a_copy_that_we_did_not_make(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Only what we wrote is searched and changed; a copy that remains in such a file is named."""
    aibridge("login")
    old = aibridge("token").out.strip()
    aibridge("configure", "droid", "--credential", "file", "--yes")
    settings = home / ".factory/settings.json"
    settings.write_text(settings.read_text().replace("{", '{ "note": "' + old + '",', 1))

    ran = aibridge("rotate", "--yes", "--json")

    assert ran.code == 0
    assert str(settings) in ran.data["data"]["holding_the_old"]
    assert old not in ran.out


def test_without_a_token_of_ours(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A session of the Coder CLI is not ours to replace."""
    ran = aibridge("rotate", "--yes")

    assert ran.code == 4
    assert f"`aibridge login {deployment.url}` makes one" in ran.err


def test_nobody_to_ask(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Without `--yes` and a terminal nothing is replaced."""
    aibridge("login")
    before = deployment.tokens.all()

    assert aibridge("rotate").code == 2
    assert deployment.tokens.all() == before


def test_a_deployment_in_trouble(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """When no new token is to be had the old one stays in use."""
    aibridge("login")
    old = aibridge("token").out
    deployment.behave(faults=frozenset({Fault.SIGN_IN_REDIRECT}))

    ran = aibridge("rotate", "--yes")

    assert ran.code == 1
    assert aibridge("token").out == old


def test_a_file_that_cannot_be_written(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """A client whose file cannot be written works on with the old token, however often that is tried."""
    aibridge("login")
    old = aibridge("token").out.strip()
    aibridge("configure", "droid", "qwen-code", "--credential", "file", "--yes")
    settings = home / ".factory/settings.json"
    before = settings.read_text()
    settings.write_text("{ broken")

    for _ in range(2):
        ran = aibridge("rotate", "--yes", "--json")
        assert ran.code == 1
        assert ran.data["data"]["failed"] == ["droid"]
        assert str(settings) in "".join(ran.data["messages"])
        assert deployment.tokens.accept(old).id
        assert deployment.tokens.accept(aibridge("token").out.strip()).id
    assert len(holding(home, aibridge("token").out.strip())) == 2

    settings.write_text(before)
    assert aibridge("rotate", "--yes").code == 0
    assert [token.id for token in deployment.tokens.all() if token.name] == [aibridge("token").out.partition("-")[0]]
    assert holding(home, old) == []


def test_when_the_old_token_cannot_be_revoked(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the old token still works is said, the new one is in use, and the next time both old ones go."""
    aibridge("login")
    old = aibridge("token").out.strip()

    def refuse(*_: object) -> bool:
        raise GatewayError("the network is gone")

    with monkeypatch.context() as patched:
        patched.setattr(rotate, "revoke", refuse)
        ran = aibridge("rotate", "--yes")

    assert ran.code == 1
    assert "the old token could not be revoked: the network is gone\n" in ran.err
    assert "revoked\n" not in ran.err
    assert deployment.tokens.accept(old).id
    assert aibridge("rotate", "--yes").code == 0
    assert [token.id for token in deployment.tokens.all() if token.name] == [aibridge("token").out.partition("-")[0]]


def test_two_at_once(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """When the token is replaced three times at once, client and helper end with the same one, which works."""
    aibridge("login")
    aibridge("configure", "droid", "--credential", "file", "--yes")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    program = os.path.join(os.path.dirname(sys.executable), "aibridge")
    running = [
        subprocess.Popen([program, "rotate", "--yes"], env=environment, stderr=subprocess.PIPE) for _ in range(3)
    ]
    for process in running:
        process.communicate(timeout=60)

    assert [process.returncode for process in running] == [0, 0, 0]
    token = aibridge("token").out.strip()
    assert [each.id for each in deployment.tokens.all() if each.name] == [token.partition("-")[0]]
    assert ".factory/settings.json" in holding(home, token)


def test_replaced_by_one_that_is_good_for_no_time(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """`--lifetime 0` is a usage error, and the token stays."""
    aibridge("login")
    before = deployment.tokens.all()

    assert aibridge("rotate", "--yes", "--lifetime", "0").code == 2
    assert deployment.tokens.all() == before


def test_without_a_home(aibridge: RunAibridge, deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job under a number without an account and without `HOME` lists and revokes tokens by its variables alone."""
    token = deployment.tokens.issue("job", lifetime=3 * DAY)
    deployment.tokens.issue("nightly")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(facts, "account_home", str)
    monkeypatch.setenv("CODER_URL", deployment.url)
    monkeypatch.setenv("CODER_SESSION_TOKEN", token.text)

    assert f"* {token.id}  job " in aibridge("tokens", "list").out
    assert aibridge("tokens", "revoke", "nightly").code == 0
    ran = aibridge("status", "--check")
    assert (ran.code, ran.err) == (0, "")
    assert "(from `CODER_SESSION_TOKEN`)" in ran.out
