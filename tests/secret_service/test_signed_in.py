from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.keychains import keychain
from aibridge_cli.keychains.unavailable import LIMIT
from aibridge_cli.loopback import Deployment
from tests.secret_service.conftest import NOTHING

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


def aibridge(session: Any, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program on the session's bus."""
    return subprocess.run(
        [PROGRAM, *words], env=session.environ, input=typed, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture(name="token")
def signed_in(unlocked: Any, deployment: Deployment) -> str:
    """The token that `aibridge login` put into the keyring."""
    typed = deployment.tokens.issue().text
    done = aibridge(unlocked, "login", deployment.url, "--token-stdin", "--store", "keyring", typed=typed)
    assert done.returncode == 0, done.stderr
    assert files_with(typed.partition("-")[2], unlocked.folder / "home") == []
    token = keychain.read(unlocked.facts, "aibridge", deployment.url)
    assert token
    return token


def files_with(text: str, folder: Path) -> list[str]:
    """Return the files below a folder that hold a text, but for the keyring's own."""
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "keyrings" not in file.parts and text.encode() in file.read_bytes()
    ]


def test_token(unlocked: Any, deployment: Deployment, token: str) -> None:
    """The helper prints the keyring's token, which is in no file."""
    done = aibridge(unlocked, "token")
    assert (done.returncode, done.stdout) == (0, token + "\n"), done.stderr
    assert unlocked.keyring("get", "aibridge", deployment.url) == token
    assert files_with(token.partition("-")[2], unlocked.folder / "home") == []


def test_logout(unlocked: Any, deployment: Deployment, token: str) -> None:
    """After signing out the keyring has no entry either."""
    done = aibridge(unlocked, "logout")
    assert done.returncode == 0, done.stderr
    assert keychain.read(unlocked.facts, "aibridge", deployment.url) is None


def test_locked(unlocked: Any, token: str) -> None:
    """With a locked keyring the helper says so, prints nothing to standard output and asks nobody."""
    unlocked.lock()
    prompter = unlocked.stand_in("prompter")
    done = aibridge(unlocked, "token")
    assert (done.returncode, done.stdout) == (4, "")
    assert "the keyring is locked" in done.stderr
    assert "Traceback" not in done.stderr
    prompter.terminate()
    assert prompter.stdout is not None
    assert prompter.stdout.read() == ""


def test_a_service_that_never_answers(unlocked: Any, token: str, another_session: Any) -> None:
    """A helper on a bus whose keyring hangs ends within the limit."""
    another_session.start(NOTHING)
    another_session.stand_in("silent")
    unlocked.environ["DBUS_SESSION_BUS_ADDRESS"] = another_session.environ["DBUS_SESSION_BUS_ADDRESS"]
    start = time.monotonic()
    done = aibridge(unlocked, "token")
    assert time.monotonic() - start < LIMIT + 2
    assert (done.returncode, done.stdout) == (4, "")
    assert "does not answer" in done.stderr
