"""Answers that the real Secret Services in `tests/secret_service` do not give."""

from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.keychains import keychain, secret_service
from aibridge_cli.keychains.bus import Refused
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret

ITEM = "/org/freedesktop/secrets/collection/login/1"
UNLOCKED = (("b", False),)


class StandInBus:
    """A stand-in for the connection: answers by method, and remembers what was called."""

    answers: dict[str, Any]
    called: list[str]

    def __init__(self, path: str, deadline: float) -> None:
        assert (path, deadline > 0) == ("/bus", True)

    def call(self, message: Any) -> Any:
        fields = {field.name: value for field, value in message.header.fields.items()}
        method = fields["member"]
        self.called.append(method)
        answer = self.answers[method]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.called.append("close")


@pytest.fixture(name="answer")
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the stand-in give these answers."""

    def put(**answers: Any) -> list[str]:
        StandInBus.answers = {"Get": UNLOCKED, "OpenSession": (("s", ""), "/session/1"), **answers}
        StandInBus.called = []
        monkeypatch.setattr(secret_service, "Bus", StandInBus)
        return StandInBus.called

    return put


@pytest.fixture(name="facts")
def facts_with_a_bus(make_facts: Any) -> Any:
    """Facts that name a session bus."""
    return make_facts(environ={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/bus"})


def test_an_entry_that_needs_consent(facts: Any, answer: Any) -> None:
    """A service that would ask a person is not asked further, and no prompt is begun."""
    prompt = "/org/freedesktop/secrets/prompt/1"
    called = answer(SearchItems=([], []), CreateItem=("/", prompt))
    with pytest.raises(Unavailable, match="the keyring wants to ask a person first"):
        keychain.write(facts, "aibridge", "a", Secret("one"))
    assert called == ["SearchItems", "Get", "OpenSession", "CreateItem", "close"]
    called = answer(SearchItems=([ITEM], []), Delete=(prompt,))
    with pytest.raises(Unavailable, match="the keyring wants to ask a person first"):
        keychain.delete(facts, "aibridge", "a")
    assert called == ["SearchItems", "Delete", "close"]


def test_a_locked_entry_beside_an_unlocked_one(facts: Any, answer: Any) -> None:
    """It is read past, but neither written nor deleted past: it would come back with the old secret."""
    answer(SearchItems=([ITEM], [ITEM + "2"]), GetSecret=(("/session/1", b"", b"one", "text/plain"),))
    assert keychain.read(facts, "aibridge", "a") == "one"
    for change in (
        lambda: keychain.write(facts, "aibridge", "a", Secret("two")),
        lambda: keychain.delete(facts, "aibridge", "a"),
    ):
        with pytest.raises(Unavailable, match="the keyring is locked"):
            change()


def test_an_entry_that_is_no_text(facts: Any, answer: Any) -> None:
    """Bytes that are no text are an error, not a token."""
    answer(SearchItems=([ITEM], []), GetSecret=(("/session/1", b"", b"\xff\xfe", "text/plain"),))
    with pytest.raises(Unavailable, match="is not UTF-8 text"):
        keychain.read(facts, "aibridge", "a")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Refused("org.freedesktop.Secret.Error.IsLocked", ""), "the keyring is locked"),
        (Refused("org.freedesktop.DBus.Error.ServiceUnknown", "x"), "no program on the session bus provides a keyring"),
        (Refused("org.freedesktop.DBus.Error.NoReply", "it\nleft"), "the keyring says: itleft"),
        (Refused("org.example.Odd", ""), "the keyring says: org.example.Odd"),
    ],
)
def test_errors(facts: Any, answer: Any, error: Refused, message: str) -> None:
    """What the service says is put in words."""
    answer(SearchItems=error)
    assert keychain.usable(facts) == message


@pytest.mark.parametrize("item", [[], [ITEM]])
def test_a_service_that_forgets(facts: Any, answer: Any, item: list[str]) -> None:
    """An entry that is not there after writing, or holds something else, makes a keychain of no use."""
    answer(
        SearchItems=(item, []),
        CreateItem=(ITEM, "/"),
        SetSecret=(),
        GetSecret=(("/session/1", b"", b"something else", "text/plain"),),
        Delete=("/",),
    )
    assert keychain.usable(facts) == "the keychain does not give back what is written to it"


def test_a_service_without_a_default_collection(facts: Any, answer: Any) -> None:
    """Where there is no collection there is no entry, and no place for one."""
    missing = Refused("org.freedesktop.Secret.Error.NoSuchObject", "")
    answer(SearchItems=([], []), Get=missing, CreateItem=missing)
    assert keychain.read(facts, "aibridge", "a") is None
    assert keychain.delete(facts, "aibridge", "a") is False
    assert keychain.usable(facts) == "the keyring has no default collection"


def test_the_search_sees_too_little(facts: Any, answer: Any) -> None:
    """Where nothing is found and the default collection is locked, nothing may mean nothing seen."""
    answer(SearchItems=([], []), Get=(("b", True),))
    with pytest.raises(Unavailable, match="the keyring is locked"):
        keychain.read(facts, "aibridge", "a")


def test_no_bus(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container without a session bus has no keychain, and says so at once."""
    monkeypatch.setattr("os.getuid", lambda: 123456)
    assert keychain.usable(make_facts()) == "there is no session bus, so no keyring"
    with pytest.raises(Unavailable):
        keychain.read(make_facts(), "aibridge", "a")
