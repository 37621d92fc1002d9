"""The token in a place to which somebody else moved it: it is not taken out, and not passed over in silence."""

from __future__ import annotations

import json

import pytest

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Set
from tests.changes.conftest import Machine

TOKEN = "FbotwaJgim-0czib6doKxNqZrYOJ309xJ"
GROUP = RenderedUpsert(("groups",), {"name": "Ours"}, {"url": "https://coder.example.com/v1", "key": TOKEN})


def test_an_object_that_got_another_name(machine: Machine) -> None:
    """A copy with another name keeps what is in it; the key is named, and the file stays closed to others."""
    file = machine.write("a.json", '{"groups": []}', mode=0o644)
    machine.configure(machine.client("one", "a.json", upserts=(GROUP,), secret=True))
    file.write_text(edit("json", file.read_text(), [Set(("groups", 0, "name"), "Mine")]))

    plan = machine.unconfigure("one").plan

    assert plan.elsewhere == ((str(file), "groups[0].key"),)
    assert json.loads(file.read_text())["groups"] == [{"name": "Mine", **GROUP.value}]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("key", ["copied", "moved.inside"])
def test_a_value_that_was_copied(machine: Machine, key: str) -> None:
    """What was written at a key of ours, and stands at another one as well, is named there."""
    file = machine.write("a.json", "{}")
    machine.configure(machine.client("one", "a.json", {"token": TOKEN}, secret=True))
    file.write_text(edit("json", file.read_text(), [Set(tuple(key.split(".")), TOKEN)]))

    plan = machine.unconfigure("one").plan

    assert [place for _, place in plan.elsewhere] == [key]
    assert TOKEN not in json.loads(file.read_text())


def test_nothing_is_named_where_another_client_has_it(machine: Machine) -> None:
    """The token of a client that stays configured is where it belongs."""
    machine.configure(
        machine.client("one", "a.json", {"first": TOKEN}, secret=True),
        machine.client("two", "a.json", {"second": TOKEN}, secret=True),
    )

    assert machine.unconfigure("one").plan.elsewhere == ()


def test_addresses_and_short_values_are_nobodys(machine: Machine) -> None:
    """A user's own entry with the same address, or the same `true`, is not taken for the token."""
    file = machine.write("a.json", "{}")
    tree = {"token": TOKEN, "url": "https://coder.example.com/v1", "on": True}
    machine.configure(machine.client("one", "a.json", tree, secret=True))
    mine = [Set(("mine",), {"url": tree["url"], "on": True})]
    file.write_text(edit("json", file.read_text(), mine))

    assert machine.unconfigure("one").plan.elsewhere == ()
