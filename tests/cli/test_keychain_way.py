"""The way `keychain` by the commands, with a keychain that is imagined; `tests/secret_service` has a real one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.facts import Facts
from aibridge_cli.keychains.imagined import Imagined
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.loopback import Deployment
from aibridge_cli.secret import Secret
from tests.cli.findings import green
from tests.cli.reported import cause, mend

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge

PROFILE = """
name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
credential = ["keychain", "file"]
paths.config = ["~/.quill"]
[[edit]]
file = "{config}/config.json"
format = "json"
set.base = "{gateway.openai}"
[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "file" }
secret = true
set.key = "{token}"
[[keychain]]
label = "Quill"
attributes = { service = "quill", username = "{gateway.openai}" }
[documented]
keychain = "the key, by the address that it is for"
"""


class Lockable(Imagined):
    """A keychain that somebody may lock."""

    __slots__ = ("locked",)

    def __init__(self) -> None:
        super().__init__()
        self.locked = False

    def read(self, attributes: Mapping[str, str]) -> Secret | None:
        if self.locked:
            raise Unavailable("the keyring is locked")
        return super().read(attributes)

    def refusal(self, attributes: Sequence[Mapping[str, str]]) -> str:
        assert [list(each) for each in attributes] == [["service", "username"]]
        return "the keyring is locked" if self.locked else ""


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch, home: Path) -> Lockable:
    """An empty keychain, and a client of the user's own that looks its key up there."""
    keychain = Lockable()

    def entries(_facts: Facts) -> Lockable:
        return keychain

    monkeypatch.setattr("aibridge_cli.cli.preparation.Entries", entries)
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "quill.toml").write_text(PROFILE)
    return keychain


def held(keychain: Imagined) -> list[str]:
    return [secret.reveal() for secret in keychain.entries.values()]


def test_configured_and_taken_back(
    home: Path, aibridge: RunAibridge, keychain: Lockable, deployment: Deployment, signed_in: Token
) -> None:
    """The entry is shown without the token, written, left alone by a second run and by a dry one, and taken away."""
    line = f"keychain entry Quill (service=quill, username={deployment.url}/api/v2/aibridge/openai/v1): "
    looked = aibridge("configure", "quill", "--dry-run")
    assert line + "a new entry with the token\n" in looked.out
    assert held(keychain) == []
    done = aibridge("configure", "quill", "--yes")
    assert "Quill: reads the token from the keychain\n" in done.err
    assert held(keychain) == [signed_in.text]
    assert signed_in.text not in done.out + done.err + looked.out + looked.err
    assert "nothing to do" in aibridge("configure", "quill", "--yes").err
    back = aibridge("unconfigure", "quill", "--yes", "--json")
    assert [entry["action"] for entry in back.data["data"]["keychain"]] == ["remove"]
    assert held(keychain) == []
    assert not (home / ".quill").exists()


def test_locked(aibridge: RunAibridge, keychain: Lockable, signed_in: Token) -> None:
    """The next way is taken with a note, or nothing where the keychain was asked for."""
    keychain.locked = True
    asked = aibridge("configure", "quill", "--yes", "--credential", "keychain")
    assert asked.code == 2
    assert asked.err.startswith("error: Quill is not given the token by the keychain: the keyring is locked\n")
    done = aibridge("configure", "quill", "--yes")
    assert done.code == 0
    assert "note: Quill is not given the token by the keychain: the keyring is locked\n" in done.err


def test_replaced(aibridge: RunAibridge, keychain: Lockable, deployment: Deployment, signed_in: Token) -> None:
    """`rotate` writes the new token into the entry; what is locked meanwhile is named and written by the next run."""
    aibridge("login")
    old = aibridge("token").out.strip()
    aibridge("configure", "quill", "--yes")
    assert held(keychain) == [old]
    keychain.locked = True
    halfway = aibridge("rotate", "--yes", "--json")
    assert halfway.code == 1
    assert halfway.data["data"]["failed"] == ["quill"]
    assert held(keychain) == [old]
    keychain.locked = False
    done = aibridge("rotate", "--yes")
    assert done.code == 0
    assert re.search(r"`Quill \(service=quill, .*\)` in the keychain updated\n", done.err)
    new = aibridge("token").out.strip()
    assert new != old
    assert held(keychain) == [new]


def test_signed_out(aibridge: RunAibridge, keychain: Lockable, signed_in: Token) -> None:
    """`logout` names the entry that still holds the token, and `--everywhere` takes it away."""
    aibridge("login")
    aibridge("configure", "quill", "--yes")
    assert "the token still stands in the keychain, in `Quill (service=quill, " in aibridge("logout").err
    assert len(held(keychain)) == 1
    aibridge("logout", "--everywhere", "--yes")
    assert held(keychain) == []


def test_shown_and_rehearsed(home: Path, aibridge: RunAibridge, keychain: Lockable) -> None:
    """`clients show` tells what the entry is looked up by; `clients test` does not reach the user's keychain."""
    shown = aibridge("clients", "show", "quill").out
    entry = (
        "--credential keychain: the entry `Quill`\n"
        "  service = quill, username = {gateway.openai}\n"
        "    the key, by the address that it is for\n"
    )
    assert entry in shown
    keychain.locked = True
    tried = aibridge("clients", "test", str(home / ".config/aibridge/profiles/quill.toml"))
    assert tried.code == 0
    assert "keychain entry Quill (service=quill, " in tried.out
    assert held(keychain) == []


def test_checked(aibridge: RunAibridge, keychain: Lockable, signed_in: Token) -> None:
    """`check` tells an entry that is gone, one that somebody changed, and one with another token of ours."""
    aibridge("configure", "quill", "--yes")
    assert aibridge("check", "quill").code == 0
    ((attributes, token),) = keychain.entries.items()

    def found() -> list[tuple[str, str, str]]:
        ran = aibridge("check", "quill", "--json")
        assert ran.code != 0
        assert token.reveal() not in ran.out
        (client,) = ran.data["data"]["clients"]
        return [(each["path"], each["kind"], each["by"]) for each in client["drifts"]]

    keychain.entries.clear()
    assert found() == [("keychain", "missing", "unknown")]
    keychain.entries[attributes] = Secret("theirs")
    assert found() == [("keychain", "changed", "user")]
    keychain.entries[attributes] = token
    assert aibridge("configure", "quill", "--yes", "--token-stdin", stdin="cccccccccc-dddddddddddddddddddddd").code == 0
    assert found() == [("keychain", "changed", "us")]


def test_another_token_than_the_one_in_use(
    aibridge: RunAibridge, keychain: Lockable, deployment: Deployment, signed_in: Token
) -> None:
    """`status` and `doctor` tell an entry that is stale, gone or locked, and `--fix` writes the token in use."""
    aibridge("configure", "quill", "--yes")
    assert "another token" not in aibridge("status").err
    ((attributes, token),) = keychain.entries.items()
    stale = deployment.tokens.issue()
    deployment.tokens.expire(stale.id)
    for held_now in (Secret(stale.text), None):
        keychain.entries.clear()
        if held_now is not None:
            keychain.entries[attributes] = held_now

        told = aibridge("status", "--check", "--within", "1h")
        assert told.code == 3
        assert "`quill` has another token, or none, in the keychain entry `Quill (service=quill, " in told.err
        assert stale.text not in told.out + told.err
        first = cause(aibridge)
        assert (first["check"], first["fixable"]) == ("client.token", True)
        mend(aibridge)
        assert keychain.entries[attributes] == token
        assert aibridge("status", "--check", "--within", "1h").code == 0
    keychain.locked = True
    told = aibridge("status", "--check", "--within", "1h")
    assert told.code == 0
    assert "note: which token `quill` has in the keychain is not known: the keyring is locked\n" in told.err
    assert green(aibridge)
    keychain.locked = False
    with Deployment() as other:
        assert "keychain" not in aibridge("status", "--url", other.url).err
