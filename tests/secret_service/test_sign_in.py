"""Signing in where a real keyring keeps the token."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.credentials.sign_in import sign_in_of, write_sign_in
from aibridge_cli.loopback import Deployment, Settings, Token

if TYPE_CHECKING:
    from tests.secret_service.conftest import Session

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    """A deployment on which the end of a token does not move with its use."""
    with Deployment(Settings(session_expiry_refresh=False)) as deployment:
        yield deployment


@pytest.fixture
def signed_in(unlocked: Session, deployment: Deployment) -> Token:
    """The token that `aibridge login` had made and put into the keyring."""
    given = deployment.tokens.issue()
    unlocked.run(PROGRAM, "login", deployment.url, "--token-stdin", "--store", "keyring", typed=given.text)
    return deployment.tokens.accept(unlocked.run(PROGRAM, "token"))


def try_token(session: Session, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "token"], env=environ, cwd=session.folder, capture_output=True, text=True, timeout=30, check=False
    )


def test_the_token_is_in_no_file(unlocked: Session, signed_in: Token, deployment: Deployment) -> None:
    """The keyring has the token, any program that knows the keyring finds it there, and no file has it."""
    assert unlocked.run("secret-tool", "lookup", "service", "aibridge", "username", deployment.url) == signed_in.text
    assert unlocked.keyring("get", "aibridge", deployment.url) == signed_in.text
    home = Path(unlocked.environ["HOME"])
    state = home / ".local/state/aibridge"
    assert (state / "sign-ins").is_dir()
    assert [path for path in state.rglob("*") if path.is_file() and signed_in.secret in path.read_text()] == []


def test_a_helper_with_an_empty_environment(unlocked: Session, signed_in: Token) -> None:
    """A client that was started without the session's variables still gets the token, by the socket's usual place."""
    environ = {name: unlocked.environ[name] for name in ("HOME", "XDG_RUNTIME_DIR")}

    done = try_token(unlocked, environ)

    assert (done.returncode, done.stdout) == (0, signed_in.text + "\n"), done.stderr


def test_locked(unlocked: Session, signed_in: Token, deployment: Deployment) -> None:
    """A locked keyring is not waited for, and nobody is asked: the reason is told, and the exit code is 4."""
    unlocked.lock()

    done = try_token(unlocked, unlocked.environ)

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"error: not signed in to `{deployment.url}`; ")
    assert "locked" in done.stderr
    assert f"`aibridge login {deployment.url}`" in done.stderr


def test_without_a_bus(unlocked: Session, signed_in: Token) -> None:
    """Where there is no session bus, over SSH say, the reason is told."""
    done = try_token(unlocked, {"HOME": unlocked.environ["HOME"], "XDG_RUNTIME_DIR": "/nowhere"})

    assert done.returncode == 4
    assert "bus" in done.stderr


def test_renewed_in_the_keyring(unlocked: Session, signed_in: Token, deployment: Deployment) -> None:
    """A token that is near its end is renewed where it is kept."""
    record = sign_in_of(unlocked.facts, deployment.url)
    assert record is not None
    record.renew = record.created
    write_sign_in(unlocked.facts, record)

    renewed = unlocked.run(PROGRAM, "token")

    assert renewed != signed_in.text
    assert deployment.tokens.accept(renewed).id != signed_in.id
    assert unlocked.keyring("get", "aibridge", deployment.url) == renewed


def test_replaced_and_forgotten(unlocked: Session, signed_in: Token, deployment: Deployment) -> None:
    """`rotate` puts the new token into the keyring, and `logout` takes it out."""
    unlocked.run(PROGRAM, "rotate", "--yes")
    new = unlocked.run(PROGRAM, "token")
    assert deployment.tokens.get(signed_in.id) is None
    assert unlocked.keyring("get", "aibridge", deployment.url) == new

    unlocked.run(PROGRAM, "logout")

    search = ["secret-tool", "search", "--all", "service", "aibridge"]
    found = subprocess.run(search, env=unlocked.environ, capture_output=True, text=True, check=False)
    assert "secret = " not in found.stdout
    assert deployment.tokens.get(new.partition("-")[0]) is None


def test_from_the_keyring_to_a_file(unlocked: Session, signed_in: Token, deployment: Deployment) -> None:
    """Signing in again with another store leaves no copy in the first."""
    unlocked.run(PROGRAM, "login", "--store", "file")

    search = ["secret-tool", "search", "--all", "service", "aibridge"]
    found = subprocess.run(search, env=unlocked.environ, capture_output=True, text=True, check=False)
    assert "secret = " not in found.stdout
    assert deployment.tokens.accept(unlocked.run(PROGRAM, "token")).id != signed_in.id


def test_asked_for_and_not_there(session: Session, deployment: Deployment) -> None:
    """`--store keyring` without a keyring is an error; no token is made and nothing is kept."""
    given = deployment.tokens.issue()
    done = subprocess.run(
        [PROGRAM, "login", deployment.url, "--token-stdin", "--store", "keyring"],
        env={"HOME": session.environ["HOME"], "PATH": "/usr/bin:/bin"},
        input=given.text,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("error: the keyring cannot be used: ")
    assert "`--store file`" in done.stderr
    assert deployment.tokens.all() == [given]
