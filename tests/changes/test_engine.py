"""What clients need beyond plain keys: values only where there are none, objects as one, null, shared secrets."""

from __future__ import annotations

import json
import stat

import pytest

from aibridge_cli.changes.state import Claim, FileState, State, from_json, to_json
from aibridge_cli.clients.rendered import RenderedWhole
from aibridge_cli.errors import UsageError
from tests.changes.conftest import Machine


def test_a_default_is_for_those_who_have_none(machine: Machine) -> None:
    """A value of the user's stays, ours goes where there is none, and only ours is taken back."""
    file = machine.write("a.json", '{"stamp": "theirs"}\n')
    wanted = machine.client("one", "a.json", {"url": "x"}, defaults={"stamp": "ours", "more": {"n": 1}})

    machine.configure(wanted)
    assert json.loads(file.read_text()) == {"stamp": "theirs", "url": "x", "more": {"n": 1}}
    assert machine.configure(wanted).plan.empty
    machine.unconfigure("one")
    assert file.read_text() == '{"stamp": "theirs"}\n'


def test_a_default_that_somebody_changed_is_theirs(machine: Machine) -> None:
    """What the user or the client made of our default is neither written again nor taken back."""
    wanted = machine.client("one", "a.json", {"url": "x"}, defaults={"stamp": "ours"})
    machine.configure(wanted)
    file = machine.write("a.json", '{"stamp": "changed", "url": "x"}')

    assert machine.configure(wanted).plan.changes == ()
    machine.unconfigure("one")
    assert json.loads(file.read_text()) == {"stamp": "changed"}


def test_a_default_follows_the_profile(machine: Machine) -> None:
    """Our own default is brought up to date, and another client's value is left alone."""
    machine.configure(machine.client("one", "a.json", {"x": 1}, defaults={"stamp": "old"}))
    machine.configure(machine.client("one", "a.json", {"x": 1}, defaults={"stamp": "new"}))
    machine.configure(machine.client("two", "a.json", {"y": 1}, defaults={"stamp": "other"}))

    assert json.loads((machine.home / "a.json").read_text()) == {"x": 1, "stamp": "new", "y": 1}
    machine.unconfigure("one", "two")
    assert not (machine.home / "a.json").exists()


WHOLE = RenderedWhole(
    ("providers", "p"), ((("settings", "url"), "x"), (("settings", "key"), "k")), ((("updated",), "then"),)
)


def test_an_object_that_is_ours_as_one(machine: Machine) -> None:
    """The client may rewrite parts of it: nothing is written again, and it goes as a whole."""
    wanted = machine.client("one", "a.json", wholes=(WHOLE,))
    machine.configure(wanted)
    ours = {"settings": {"url": "x", "key": "k"}, "updated": "then"}
    file = machine.home / "a.json"
    assert json.loads(file.read_text()) == {"providers": {"p": ours}}

    file.write_text(json.dumps({"v": 1, "providers": {"p": {**ours, "updated": "now", "source": "client"}}}))
    assert machine.configure(wanted).plan.changes == ()
    outcome = machine.unconfigure("one")
    assert json.loads(file.read_text()) == {"v": 1}
    assert [key for _, key in outcome.plan.gone] == ["providers.p"]


def test_an_object_that_was_the_users(machine: Machine) -> None:
    """What stood there before comes back as it was written, also when the client rewrote ours."""
    before = '{"providers": {"p": {"settings":{"url" : "theirs","model":"m"}}, "q": 1}}'
    file = machine.write("a.json", before)
    wanted = machine.client("one", "a.json", wholes=(WHOLE,))
    machine.configure(wanted)
    assert json.loads(file.read_text())["providers"]["p"]["settings"] == {"url": "x", "key": "k", "model": "m"}

    machine.unconfigure("one")
    assert file.read_text() == before
    machine.configure(wanted)
    file.write_text(file.read_text().replace('"then"', '"now"'))
    machine.unconfigure("one")
    assert file.read_text() == before


@pytest.mark.parametrize("later", ['{"providers": {"p": {"settings": {"url": "own"}}}}', '{"providers": {"p": 5}}'])
def test_an_object_with_nothing_of_ours_left_is_theirs(machine: Machine, later: str) -> None:
    """Who put their own in its place keeps it."""
    machine.configure(machine.client("one", "a.json", wholes=(WHOLE,)))
    file = machine.write("a.json", later)

    outcome = machine.unconfigure("one")

    assert file.read_text() == later
    assert [key for _, key in outcome.plan.stayed] == ["providers.p"]


def test_an_object_that_is_gone_already(machine: Machine) -> None:
    """There is nothing to take back then."""
    machine.configure(machine.client("one", "a.json", {"x": 1}, wholes=(WHOLE,)))
    file = machine.write("a.json", '{"x": 1, "later": 2}')

    machine.unconfigure("one")

    assert json.loads(file.read_text()) == {"later": 2}


def test_two_clients_with_one_object(machine: Machine) -> None:
    """The same object is shared until the last of them goes; another one is refused."""
    machine.configure(machine.client("one", "a.json", wholes=(WHOLE,)))
    machine.configure(machine.client("two", "a.json", wholes=(WHOLE,)))
    with pytest.raises(UsageError, match=r"`providers.p` .* is needed by `one` with other values"):
        machine.configure(machine.client("three", "a.json", wholes=(RenderedWhole(WHOLE.path, ((("n",), 1),)),)))

    machine.unconfigure("one")
    assert "providers" in json.loads((machine.home / "a.json").read_text())
    machine.unconfigure("two")
    assert not (machine.home / "a.json").exists()


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", "env: # none yet\nlist:\nz: 1\n"), ("a.json", '{"env":  null, "list":null, "z":1}')]
)
def test_null_comes_back(machine: Machine, name: str, text: str) -> None:
    """Where null stood in place of an object or list, null stands again, whoever edited or shared the file."""
    format_ = name.partition(".")[2]
    file = machine.write(name, text)
    one = machine.client("one", name, {"env": {"A": "1"}}, includes=((("list",), ("i",)),), format=format_)
    two = machine.client("two", name, {"env": {"B": "2"}}, format=format_)

    machine.configure(one)
    assert machine.configure(one).plan.empty
    machine.configure(two)
    machine.unconfigure("one")
    file.write_text(file.read_text().replace("1", "5"))
    machine.unconfigure("two")

    assert file.read_text() == text.replace("1", "5")


def test_a_file_is_closed_exactly_as_long_as_a_secret_is_in_it(machine: Machine) -> None:
    """Two clients share a file: it is 0600 while the one with the token is there, and open again after it."""
    file = machine.write("a.json", "{}", mode=0o644)
    machine.configure(machine.client("open", "a.json", {"url": "x"}))
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    secret = machine.client("closed", "a.json", {"key": "token"}, secret=True)

    machine.configure(secret)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    machine.configure(machine.client("open", "a.json", {"url": "y"}))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    machine.unconfigure("closed")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    machine.configure(secret)
    machine.configure(machine.client("closed", "a.json", {"key": "$NAME"}))
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_records_from_before_secrets_were_told_by_claim() -> None:
    """In records that say it of the file only, everything of ours there counts as the secret."""
    entry = FileState("a", "json", "", 0o600, "", None, claims=(Claim("one", "set", ("k",)),), secret=True)
    data = to_json(State(files={"a": entry}))
    del data["files"]["a"]["claims"][0]["secret"]

    assert [claim.secret for claim in from_json(data).files["a"].claims] == [True]
