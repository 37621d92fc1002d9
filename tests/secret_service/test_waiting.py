"""A helper waits for no person and for no program that does not answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from aibridge_cli.keychains.unavailable import LIMIT
from aibridge_cli.loopback import Deployment
from tests.secret_service.conftest import NOTHING

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


def aibridge(session: Any, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program on the session's bus."""
    return subprocess.run(
        [PROGRAM, *words], env=session.environ, input=typed, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture(name="signed_in")
def token_in_keyring(unlocked: Any, deployment: Deployment) -> None:
    """A token that `aibridge login` put into the keyring."""
    typed = deployment.tokens.issue().text
    done = aibridge(unlocked, "login", deployment.url, "--token-stdin", "--store", "keyring", typed=typed)
    assert done.returncode == 0, done.stderr


def test_locked(unlocked: Any, signed_in: None) -> None:
    """With a locked keyring the helper says so, and a prompter that is there hears nothing."""
    unlocked.lock()
    prompter = unlocked.stand_in("prompter")
    done = aibridge(unlocked, "token")
    assert (done.returncode, done.stdout) == (4, "")
    assert "the keyring is locked" in done.stderr
    assert "Traceback" not in done.stderr
    prompter.terminate()
    assert prompter.stdout is not None
    assert prompter.stdout.read() == ""


def test_a_service_that_never_answers(unlocked: Any, signed_in: None, another_session: Any) -> None:
    """A helper on a bus whose keyring hangs ends within the limit."""
    another_session.start(NOTHING)
    another_session.stand_in("silent")
    unlocked.environ["DBUS_SESSION_BUS_ADDRESS"] = another_session.environ["DBUS_SESSION_BUS_ADDRESS"]
    start = time.monotonic()
    done = aibridge(unlocked, "token")
    assert time.monotonic() - start < LIMIT + 2
    assert (done.returncode, done.stdout) == (4, "")
    assert "does not answer" in done.stderr
