"""Keys that have to go out of the user's own object in a list."""

from __future__ import annotations

import json
import tempfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.documents.editing import document_format, edit
from aibridge_cli.documents.operations import Delete, Operation, Set
from tests.changes.conftest import Machine
from tests.changes.test_properties import SCALARS, SPACE, machine_in

OURS = RenderedUpsert(("models",), {"id": "ours"}, {"url": "x"}, remove=("keyFrom", "proxy"))
THEIRS = """\
{"models": [ { "id":"ours", "keyFrom" : "MINE",
  "name": "My model" }, {"id": "theirs", "keyFrom": "THEIRS"} ]}
"""


def items(machine: Machine, name: str = "a.json") -> list[dict[str, Any]]:
    return list(json.loads((machine.home / name).read_text())["models"])


def test_a_key_of_the_users_item_goes_and_comes_back(machine: Machine) -> None:
    """It is taken out of our item alone, and undo returns the bytes."""
    file = machine.write("a.json", THEIRS)
    wanted = machine.client("one", "a.json", upserts=(OURS,))

    machine.configure(wanted)
    assert items(machine) == [
        {"id": "ours", "name": "My model", "url": "x"},
        {"id": "theirs", "keyFrom": "THEIRS"},
    ]
    assert machine.configure(wanted).plan.empty
    machine.unconfigure("one")

    assert file.read_text() == THEIRS


def test_after_an_edit_elsewhere_in_the_item(machine: Machine) -> None:
    """The edit stays, our value goes, and what was taken out is back."""
    file = machine.write("a.json", THEIRS)
    machine.configure(machine.client("one", "a.json", upserts=(OURS,)))
    file.write_text(edit("json", file.read_text(), [Set(("models", 0, "name"), "New name")]))

    machine.unconfigure("one")

    assert items(machine)[0] == {"id": "ours", "keyFrom": "MINE", "name": "New name"}


def test_what_somebody_put_there_again_stays(machine: Machine) -> None:
    """A key that came back is its writer's, also where it has another value now."""
    file = machine.write("a.json", THEIRS)
    machine.configure(machine.client("one", "a.json", upserts=(OURS,)))
    file.write_text(edit("json", file.read_text(), [Set(("models", 0, "keyFrom"), "NEW")]))

    machine.unconfigure("one")

    assert items(machine)[0] == {"id": "ours", "keyFrom": "NEW", "name": "My model"}


def test_configured_again_it_goes_again(machine: Machine) -> None:
    """A key that came back is taken out by the next run, and undo gives back what was there last."""
    file = machine.write("a.json", THEIRS)
    wanted = machine.client("one", "a.json", upserts=(OURS,))
    machine.configure(wanted)
    file.write_text(edit("json", file.read_text(), [Set(("models", 0, "keyFrom"), "NEW")]))

    machine.configure(wanted)
    assert "keyFrom" not in items(machine)[0]
    machine.unconfigure("one")

    assert items(machine)[0]["keyFrom"] == "NEW"


def test_in_an_item_that_we_made(machine: Machine) -> None:
    """There is nothing to take out at first; what the client adds goes, and the item with it at the end."""
    file = machine.write("a.json", '{"models": []}')
    wanted = machine.client("one", "a.json", upserts=(OURS,))
    machine.configure(wanted)
    file.write_text(edit("json", file.read_text(), [Set(("models", 0, "proxy"), "http://p")]))

    machine.configure(wanted)
    assert items(machine) == [{"id": "ours", "url": "x"}]
    machine.unconfigure("one")

    assert items(machine) == []


@pytest.mark.parametrize("later", [Set(("models", 0, "note"), 1), Set(("theme",), "dark")])
def test_an_item_of_which_nothing_else_is_ours(machine: Machine, later: Operation) -> None:
    """An item that only loses a key gets it back, edited since or not."""
    file = machine.write("a.json", THEIRS)
    wanted = machine.client("one", "a.json", upserts=(OURS._replace(value={}),))
    machine.configure(wanted)
    assert items(machine)[0] == {"id": "ours", "name": "My model"}
    file.write_text(edit("json", file.read_text(), [later]))

    machine.unconfigure("one")

    assert items(machine)[0]["keyFrom"] == "MINE"
    document = document_format("json").load
    assert document(file.read_text()) == document(edit("json", THEIRS, [later]))


def test_two_edits_say_it_of_one_item(machine: Machine) -> None:
    """What one edit writes and what another takes out of the same item are both taken back."""
    file = machine.write("a.json", THEIRS)
    both = (OURS._replace(remove=()), OURS._replace(value={}))
    machine.configure(machine.client("one", "a.json", upserts=both))
    assert items(machine)[0] == {"id": "ours", "name": "My model", "url": "x"}
    file.write_text(file.read_text() + "\n")

    machine.unconfigure("one")

    assert document_format("json").load(file.read_text()) == json.loads(THEIRS)


def test_a_key_that_is_not_taken_out_any_more(machine: Machine) -> None:
    """What an older profile took out of the item comes back when the present one does not."""
    machine.write("a.json", THEIRS)
    machine.configure(machine.client("one", "a.json", upserts=(OURS,)))

    machine.configure(machine.client("one", "a.json", upserts=(OURS._replace(remove=()),)))

    assert items(machine)[0] == {"id": "ours", "keyFrom": "MINE", "name": "My model", "url": "x"}


MEMBERS = st.dictionaries(st.sampled_from(["id", "url", "keyFrom", "proxy", "name", "é"]), SCALARS)


@st.composite
def lists_of_items(draw: st.DrawFn) -> str:
    """A text of a user's list of objects, some of which may be the one that becomes ours."""
    found = []
    for members in draw(st.lists(MEMBERS, max_size=3)):
        if draw(st.booleans()):
            members["id"] = "ours"
        inside = [
            f"{draw(SPACE)}{json.dumps(name)}{draw(SPACE)}:{json.dumps(value)}{draw(SPACE)}"
            for name, value in members.items()
        ]
        found.append("{" + ",".join(inside) + "}")
    return f'{{{draw(SPACE)}"models": [{draw(SPACE)}' + f",{draw(SPACE)}".join(found) + "]}"


EDITS: list[Operation] = [
    Set(("models", 0, "name"), "edited"),
    Set(("models", 0, "keyFrom"), "edited"),
    Delete(("models", 0, "url")),
    Set(("later",), "added"),
]


@settings(max_examples=80, deadline=None)
@given(lists_of_items(), st.sampled_from(EDITS))
def test_any_list(text: str, later: Operation) -> None:
    """Any list is configured, left alone the second time, taken back, and keeps later edits."""
    with tempfile.TemporaryDirectory() as folder:
        machine = machine_in(folder)
        file = machine.write("a.jsonc", text)
        wanted = machine.client("one", "a.jsonc", upserts=(OURS,))
        before = document_format("jsonc").load(text)["models"]
        machine.configure(wanted)
        configured = document_format("jsonc").load(file.read_text())["models"]
        mine = next(item for item in configured if item.get("id") == "ours")
        assert (mine["url"], {"keyFrom", "proxy"} & mine.keys()) == ("x", set())
        assert [item for item in configured if item is not mine] == [
            item for item in before if item is not next((each for each in before if each.get("id") == "ours"), None)
        ]
        assert machine.configure(wanted).plan.empty
        machine.unconfigure("one")
        assert file.read_bytes() == text.encode()

        machine.configure(wanted)
        file.write_bytes(edit("jsonc", file.read_bytes().decode(), [later]).encode())
        machine.unconfigure("one")
        after = document_format("jsonc").load(file.read_bytes().decode())
        was = next((item for item in before if item.get("id") == "ours"), None)
        item = next((item for item in after["models"] if item.get("id") == "ours"), None)
        nothing_of_ours = later == Delete(("models", 0, "url")) and configured[0] is mine
        assert (item is None) == (was is None and not nothing_of_ours)
        if was is not None and item is not None:
            assert item.get("proxy") == was.get("proxy")
            if later.path[-1] != "keyFrom" or configured[0] is not mine:
                assert item.get("keyFrom") == was.get("keyFrom")
