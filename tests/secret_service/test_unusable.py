from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from aibridge_cli.keychains import keychain
from aibridge_cli.keychains.unavailable import LIMIT, Unavailable
from aibridge_cli.secret import Secret
from tests.secret_service.conftest import NEW, NOTHING

ENTRY = ("aibridge", "deployment")
OPERATIONS: list[Callable[[Any], object]] = [
    lambda facts: keychain.read(facts, *ENTRY),
    lambda facts: keychain.write(facts, *ENTRY, Secret("new")),
    lambda facts: keychain.delete(facts, *ENTRY),
]


def all_refuse(facts: Any) -> str:
    """See that every operation refuses with one reason within the limit, and return the reason."""
    reasons = set()
    for operation in OPERATIONS:
        start = time.monotonic()
        with pytest.raises(Unavailable) as caught:
            operation(facts)
        assert time.monotonic() - start < LIMIT + 1
        reasons.add(caught.value.message)
    start = time.monotonic()
    reasons.add(keychain.usable(facts))
    assert time.monotonic() - start < LIMIT + 1
    assert len(reasons) == 1, reasons
    return str(reasons.pop())


def test_locked(locked: Any) -> None:
    """A locked keyring is not read, written or emptied, and nobody is asked to unlock it."""
    prompter = locked.stand_in("prompter")
    assert all_refuse(locked.facts) == "the keyring is locked"
    with pytest.raises(Unavailable):
        keychain.read(locked.facts, "aibridge", "no such entry")
    # what would have been heard: libsecret does ask
    locked.begin("secret-tool", "lookup", "service", "aibridge", "username", "deployment")
    assert prompter.stdout is not None
    heard = prompter.stdout.readline()
    assert heard == "BeginPrompting\n"


def test_locked_without_a_prompter(locked: Any) -> None:
    """Where nobody could unlock it the answer is the same, and what was there stays."""
    assert all_refuse(locked.facts) == "the keyring is locked"
    (default,) = locked.service("ReadAlias", "s", "default")
    unlocked, locked_items = locked.service("SearchItems", "a{ss}", {"service": "aibridge"})
    assert (unlocked, len(locked_items)) == ([], 1)
    assert locked_items[0].startswith(default)


def test_no_collection(session: Any) -> None:
    """A keyring that was never used, as in a session over SSH, has no entry and no place for one."""
    session.start(NEW)
    session.wait_for_owner("org.freedesktop.secrets")
    assert keychain.read(session.facts, *ENTRY) is None
    assert keychain.delete(session.facts, *ENTRY) is False
    with pytest.raises(Unavailable, match="the keyring has no default collection"):
        keychain.write(session.facts, *ENTRY, Secret("new"))
    assert keychain.usable(session.facts) == "the keyring has no default collection"


def test_absent(session: Any) -> None:
    """A session bus without a keyring says so at once."""
    session.start(NOTHING)
    assert all_refuse(session.facts) == "no program on the session bus provides a keyring"


def test_a_service_that_never_answers(session: Any) -> None:
    """A service that owns the name and does nothing costs the limit and no more."""
    session.start(NOTHING)
    session.stand_in("silent")
    assert all_refuse(session.facts) == "the keyring on the session bus does not answer"


def test_an_activation_that_never_completes(session: Any) -> None:
    """A service that is started for us and never comes costs the limit and no more."""
    script = session.services / "slow.sh"
    script.write_text(f"touch {session.folder}/started; exec sleep 600\n")
    service = f"[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh {script}\n"
    (session.services / "org.freedesktop.secrets.service").write_text(service)
    session.start(NOTHING)
    assert all_refuse(session.facts) == "the keyring on the session bus does not answer"
    assert (session.folder / "started").exists()


def test_an_activation_that_fails(session: Any) -> None:
    """A service that ends when it is started is an error with the bus's own words."""
    service = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n"
    (session.services / "org.freedesktop.secrets.service").write_text(service)
    session.start(NOTHING)
    assert all_refuse(session.facts).startswith("the keyring says: Process org.freedesktop.secrets exited")


def test_a_bus_that_ended(session: Any) -> None:
    """A socket that a bus left behind, and one on which nobody answers, are told apart."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(session.socket))
    with listener:
        listener.listen()
        assert all_refuse(session.facts) == f"the session bus at `{session.socket}` does not answer"
    assert all_refuse(session.facts).endswith("cannot be reached: Connection refused")


def test_turned_off(unlocked: Any) -> None:
    """A keyring that works is left alone when the user turned it off."""
    unlocked.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    reason = "`PYTHON_KEYRING_BACKEND` turns the keyring off (`keyring.backends.null.Keyring`)"
    assert all_refuse(unlocked.facts) == reason
