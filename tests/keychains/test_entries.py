"""Entries by their attributes on systems whose keychains know a service and a user name alone."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.core
import pytest

from aibridge_cli.facts import Facts
from aibridge_cli.keychains.entries import Entries
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret

ENTRY = {"service": "example", "username": "me"}


class InMemory(keyring.backend.KeyringBackend):
    """A stand-in for the keychains of macOS and Windows, which are not here."""

    priority = 5

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture(autouse=True)
def backend() -> Iterator[InMemory]:
    """A backend for the library, which is as it was afterwards."""
    before = keyring.core._keyring_backend
    chosen = InMemory()
    keyring.core.set_keyring(chosen)
    yield chosen
    keyring.core._keyring_backend = before
    keyring.backend.KeyringBackend._classes.discard(InMemory)


@pytest.fixture(params=["macos", "windows"])
def entries(request: pytest.FixtureRequest) -> Entries:
    """The keychain of such a system."""
    return Entries(Facts(environ={}, platform=request.param, home="/home"))


def test_a_service_and_a_user_name(entries: Entries, backend: InMemory) -> None:
    """Such an entry is written, read and deleted by the library, and looking writes nothing."""
    assert entries.refusal([ENTRY]) == ""
    assert entries.read(ENTRY) is None
    assert backend.entries == {}
    entries.write(ENTRY, "Example", Secret("one"))
    assert backend.entries == {("example", "me"): "one"}
    assert entries.read(ENTRY) == Secret("one")
    entries.delete(ENTRY)
    entries.delete(ENTRY)
    assert backend.entries == {}


def test_other_attributes(entries: Entries, backend: InMemory) -> None:
    """An entry of another form is refused, and nothing is written in its place."""
    words = "its entries have another form on this system than `aibridge` can write"
    assert entries.refusal([ENTRY, {"url": "x", "username": "me"}]) == words
    with pytest.raises(Unavailable, match="another form"):
        entries.write({"url": "x"}, "Example", Secret("one"))
    assert backend.entries == {}
