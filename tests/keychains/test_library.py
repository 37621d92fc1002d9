from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import keyring
import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.core
import keyring.errors
import pytest

from aibridge_cli.keychains import keychain, library
from aibridge_cli.keychains.library import bounded, is_keychain
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret


class InMemory(keyring.backend.KeyringBackend):
    """A stand-in for the keychains of macOS and Windows, which are not here."""

    priority = 5

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.forgetful = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgetful:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.forgetful:
            return
        del self.entries[service, username]


class PlaintextKeyring(InMemory):
    """A stand-in for the backends that keep secrets in readable files."""


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    """Leave the library as it was, and its list of backends too."""
    before = keyring.core._keyring_backend
    yield
    keyring.core._keyring_backend = before
    keyring.backend.KeyringBackend._classes.discard(InMemory)
    keyring.backend.KeyringBackend._classes.discard(PlaintextKeyring)


def choose(backend: Any) -> Any:
    keyring.core.set_keyring(backend)
    return backend


@pytest.mark.parametrize("platform", ["macos", "windows"])
def test_an_entry_and_its_life(make_facts: Any, platform: str) -> None:
    """On macOS and Windows an entry is written, read, changed and deleted by the library."""
    backend = choose(InMemory())
    facts = make_facts(platform=platform)
    assert keychain.read(facts, "aibridge", "a") is None
    assert keychain.delete(facts, "aibridge", "a") is False
    keychain.write(facts, "aibridge", "a", Secret("one"))
    keychain.write(facts, "aibridge", "a", Secret("two"), label="unused")
    assert keychain.read(facts, "aibridge", "a") == "two"
    assert keychain.delete(facts, "aibridge", "a") is True
    assert keychain.usable(facts) == ""
    assert backend.entries == {}


def test_a_keychain_that_forgets(make_facts: Any) -> None:
    """A keychain that does not give back what it took cannot be used."""
    choose(InMemory()).forgetful = True
    facts = make_facts(platform="macos")
    assert keychain.usable(facts) == "the keychain does not give back what is written to it"


@pytest.mark.parametrize(
    ("backend", "name"),
    [
        ("null", "keyring.backends.null.Keyring"),
        ("fail", "keyring.backends.fail.Keyring"),
        ("plaintext", f"{__name__}.PlaintextKeyring"),
    ],
)
def test_backends_that_are_no_keychain(make_facts: Any, backend: str, name: str) -> None:
    """A backend that forgets, fails or writes plain text is not used."""
    backends: dict[str, Any] = {
        "null": keyring.backends.null.Keyring,
        "fail": keyring.backends.fail.Keyring,
        "plaintext": PlaintextKeyring,
    }
    choose(backends[backend]())
    facts = make_facts(platform="windows")
    assert keychain.usable(facts) == f"`{name}` of the `keyring` library is no keychain of the system"
    with pytest.raises(Unavailable):
        keychain.write(facts, "aibridge", "a", Secret("one"))


def test_several_backends(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several backends the first that is a keychain is used, past one that is not."""
    plain, real = PlaintextKeyring(), InMemory()
    chainer: Any = keyring.backends.chainer.ChainerBackend
    monkeypatch.setattr(chainer, "backends", [plain, real])
    choose(chainer())
    keychain.write(make_facts(platform="macos"), "aibridge", "a", Secret("one"))
    assert (plain.entries, real.entries) == ({}, {("aibridge", "a"): "one"})


@pytest.mark.parametrize(
    ("module", "name", "priority", "answer"),
    [
        ("keyring.backends.macOS", "Keyring", 5, True),
        ("keyring.backends.Windows", "WinVaultKeyring", 5, True),
        ("keyring.backends.Windows", "WinVaultKeyring", 0.5, False),
        ("keyrings.alt.file", "EncryptedKeyring", 5, False),
        ("keyrings.other", "Keyring", 1, True),
        ("keyring.backends.chainer", "ChainerBackend", 10, False),
    ],
)
def test_is_keychain(module: str, name: str, priority: float, answer: bool) -> None:
    """What counts as a keychain is told by module, name and priority."""
    assert is_keychain(module, name, priority) is answer


@pytest.mark.parametrize("name", ["no.such.Backend", "keyring.backends.null.NoSuchClass", "nonsense"])
def test_a_backend_that_is_not_there(make_facts: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A name that the library cannot load is an error with words."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    keyring.core._keyring_backend = None
    assert keychain.usable(make_facts(platform="macos")).startswith("the backend that `PYTHON_KEYRING_BACKEND`")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (keyring.errors.KeyringLocked("Can't get password\nfrom keychain"), "Can't get passwordfrom keychain"),
        (keyring.errors.NoKeyringError(), "NoKeyringError"),
        (RuntimeError("secret"), "RuntimeError"),
    ],
)
def test_failures(make_facts: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str) -> None:
    """The library's own errors are shown; of others only the kind, as they might quote the secret."""

    def fail(*_: str) -> None:
        raise error

    monkeypatch.setattr(choose(InMemory()), "get_password", fail)
    with pytest.raises(Unavailable) as caught:
        keychain.read(make_facts(platform="macos"), "aibridge", "a")
    assert caught.value.message == f"the keychain cannot be used: {reason}"


def test_a_keychain_that_waits_for_a_person(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that does not come back is left behind."""
    monkeypatch.setattr(library, "LIMIT", 0.05)
    person = threading.Event()
    monkeypatch.setattr(choose(InMemory()), "get_password", lambda *_: person.wait(10))
    try:
        with pytest.raises(Unavailable, match=r"the keychain did not answer within 0.05 s"):
            keychain.read(make_facts(platform="macos"), "aibridge", "a")
    finally:
        person.set()


def test_bounded() -> None:
    """A call that comes back in time gives its result, None too."""
    assert bounded(lambda: None) is None
    assert bounded(lambda: 7, 5.0) == 7
