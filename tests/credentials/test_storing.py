"""Where a token is kept. The keychain here is a stand-in; tests/secret_service has a real one."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli import folders
from aibridge_cli.credentials import storing
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import SignIn, sign_in_of
from aibridge_cli.errors import AibridgeError, FileProblem, UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.keychains import keychain
from aibridge_cli.secret import Secret

HERE = "https://coder.example.com"
TOKEN = Secret("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")


class Drawer:
    """A stand-in for the system's keychain."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.reason = ""
        self.tried = 0

    def usable(self, _facts: Facts) -> str:
        self.tried += 1
        return self.reason

    def read(self, _facts: Facts, service: str, account: str) -> str | None:
        if self.reason:
            raise AibridgeError(f"the keyring cannot be asked: {self.reason}")
        return self.entries.get((service, account))

    def write(self, _facts: Facts, service: str, account: str, secret: Secret, *, label: str = "") -> None:
        assert label
        if self.reason:
            raise AibridgeError(f"the keyring cannot be asked: {self.reason}")
        self.entries[service, account] = secret.reveal()

    def delete(self, _facts: Facts, service: str, account: str) -> bool:
        return self.entries.pop((service, account), None) is not None


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    drawer = Drawer()
    for name in ("usable", "read", "write", "delete"):
        monkeypatch.setattr(keychain, name, getattr(drawer, name))
    return drawer


def test_the_best_that_works(make_facts: Any, drawer: Drawer) -> None:
    """At a terminal the keyring is taken when it works, else a file, and the reason is told."""
    facts = make_facts(terminal=True)
    assert storing.choose_store(facts, None) == ("keyring", "")
    drawer.reason = "there is no session bus"
    assert storing.choose_store(facts, None) == ("file", "there is no session bus")


def test_the_answer_is_remembered(make_facts: Any, drawer: Drawer) -> None:
    """A keyring that did not work is not tried again until something changes."""
    drawer.reason = "it is\nlocked"
    for _ in range(3):
        assert storing.choose_store(make_facts(terminal=True), None) == ("file", "it islocked")
    assert drawer.tried == 1
    drawer.reason = ""
    an_hour_ago = time.time() - storing.MEMORY - 1
    os.utime(folders.sign_ins_folder(make_facts()) + ".keyring", (an_hour_ago, an_hour_ago))
    assert storing.choose_store(make_facts(terminal=True), None) == ("keyring", "")
    other = make_facts(terminal=True, environ={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/other"})
    assert storing.choose_store(other, None) == ("keyring", "")
    assert storing.choose_store(make_facts(terminal=True), "keyring") == ("keyring", "")


def test_nobody_at_a_terminal(make_facts: Any, drawer: Drawer) -> None:
    """A job does not touch the keyring unless it asks for it."""
    assert storing.choose_store(make_facts(), None) == ("file", "nobody is at a terminal")
    quiet = make_facts(terminal=True, environ={"AIBRIDGE_NONINTERACTIVE": "1"})
    assert storing.choose_store(quiet, None) == ("file", "nobody is at a terminal")
    assert drawer.tried == 0
    assert storing.choose_store(make_facts(), "keyring") == ("keyring", "")


def test_asked_for(make_facts: Any, drawer: Drawer) -> None:
    """The option goes before `AIBRIDGE_STORE`; a keyring that was asked for and fails is an error."""
    facts = make_facts(terminal=True, environ={"AIBRIDGE_STORE": "none"})
    assert storing.choose_store(facts, None) == ("none", "")
    assert storing.choose_store(facts, "file") == ("file", "")
    drawer.reason = "it is locked"
    with pytest.raises(AibridgeError, match="the keyring cannot be used: it is locked") as caught:
        storing.choose_store(facts, "keyring")
    assert "`--store file`" in caught.value.hint
    with pytest.raises(UsageError, match="`AIBRIDGE_STORE` is `drawer`"):
        storing.choose_store(make_facts(environ={"AIBRIDGE_STORE": "drawer"}), None)


def test_in_the_keyring(make_facts: Any, drawer: Drawer) -> None:
    """A token in the keyring stands in no file, and is found again."""
    facts = make_facts()
    storing.store(facts, SignIn(url=HERE, store="keyring"), TOKEN)
    assert drawer.entries == {("aibridge", HERE): TOKEN.reveal()}
    assert TOKEN.reveal() not in Path(folders.sign_in_file(facts, HERE)).read_text()
    found = resolve_token(facts, HERE)
    assert (found.value, found.source) == (TOKEN, "`aibridge login`, in the keyring")


@pytest.mark.parametrize(
    ("reason", "entry", "said"),
    [
        ("it is locked", TOKEN.reveal(), "the keyring cannot be asked: it is locked"),
        ("", None, f"the keyring has no token for `{HERE}` any more"),
        ("", "sk-ant-12345", "the token in the keyring is a key of an AI provider, not a Coder token"),
    ],
)
def test_the_keyring_has_nothing_to_give(
    reason: str, entry: str | None, said: str, make_facts: Any, drawer: Drawer
) -> None:
    """A keyring that is locked, was cleared or filled by somebody else is named in the error, and nothing hangs."""
    facts = make_facts()
    storing.store(facts, SignIn(url=HERE, store="keyring"), TOKEN)
    drawer.reason = reason
    if entry is None:
        drawer.entries.clear()
    else:
        drawer.entries["aibridge", HERE] = entry
    with pytest.raises(AibridgeError) as caught:
        resolve_token(facts, HERE)
    assert caught.value.exit_code == 4
    assert said in caught.value.message


def test_a_keyring_that_fails_at_the_last_moment(make_facts: Any, drawer: Drawer) -> None:
    """When the keyring does not take the token, the earlier record stays as it was."""
    facts = make_facts()
    storing.store(facts, SignIn(url=HERE, user="ada"), TOKEN)
    drawer.reason = "it is locked"
    with pytest.raises(AibridgeError):
        storing.store(facts, SignIn(url=HERE, store="keyring", user="bob"), Secret("other"))
    record = sign_in_of(facts, HERE)
    assert record is not None
    assert (record.user, record.token) == ("ada", TOKEN)


@pytest.mark.parametrize("before", [TOKEN.reveal(), None])
def test_a_record_that_cannot_be_written(
    before: str | None, make_facts: Any, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the record cannot be written, the keyring has what it had before."""
    facts = make_facts()
    if before:
        storing.store(facts, SignIn(url=HERE, store="keyring"), Secret(before))
    kept = dict(drawer.entries)

    def full(*_: object) -> None:
        raise FileProblem("record", "cannot be written: No space left on device")

    monkeypatch.setattr(storing, "write_sign_in", full)
    with pytest.raises(FileProblem):
        storing.store(facts, SignIn(url=HERE, store="keyring"), Secret("CCCCCCCCCC-DDDDDDDDDDDDDDDDDDDDDD"))
    assert drawer.entries == kept


def test_a_crash_between_keyring_and_record(make_facts: Any, drawer: Drawer) -> None:
    """A newer token in the keyring than the record speaks of is known by its own id, and the older one is not lost."""
    facts = make_facts()
    record = SignIn(url=HERE, store="keyring", key="AAAAAAAAAA", minted=True)
    storing.store(facts, record, TOKEN)
    drawer.entries["aibridge", HERE] = "CCCCCCCCCC-DDDDDDDDDDDDDDDDDDDDDD"
    assert storing.from_keychain(facts, record).reveal() == "CCCCCCCCCC-DDDDDDDDDDDDDDDDDDDDDD"
    assert (record.key, record.earlier) == ("CCCCCCCCCC", ("AAAAAAAAAA",))
