"""Objects of ours in a list that is inside an object of another list, which may be ours or the user's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.documents.operations import Item
from aibridge_cli.errors import FileProblem

if TYPE_CHECKING:
    from tests.changes.conftest import Machine

GROUP = RenderedUpsert((), {"vendor": "endpoint", "name": "Ours"}, {"type": "t"})
WITHIN = (Item((("vendor", "endpoint"), ("name", "Ours"))), "models")
MODEL = RenderedUpsert(WITHIN, {"id": "m"}, {"url": "x"})
TOKEN = RenderedUpsert(WITHIN, {"id": "m"}, {"headers": {"Authorization": "Bearer secret"}})
OURS = {"vendor": "endpoint", "name": "Ours", "type": "t", "models": [{"id": "m", "url": "x"}]}


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[]",
        "// mine\n[ ]\n",
        '[{"name": "Theirs"}]',
        '[ // first\n {"vendor": "endpoint", "name": "Ours"}, {"name": "Theirs"} ]',
        '[{"name": "Theirs"}, {"name": "Ours", "vendor": "endpoint", "key": "k", "models": [ /* none */ ]}]',
        '[{"name": "Ours", "vendor": "endpoint", "models": null}]',
        '[{"name": "Ours", "vendor": "endpoint", "models": [{"id": "theirs"}, {"id": "m", "url": "old"}]}]',
    ],
)
def test_the_inner_object_joins_its_list_and_leaves_it(machine: Machine, before: str) -> None:
    """The inner list has our object once, a second run writes nothing, and undo gives the bytes back."""
    file = machine.write("a.json", before)
    client = machine.client("one", "a.json", upserts=(GROUP, MODEL))

    machine.configure(client)

    after = file.read_bytes().decode()
    assert after.count('"x"') == 1
    assert all(remark in after for remark in ("// mine", "// first", "/* none */") if remark in before)
    assert machine.configure(client).plan.empty
    machine.unconfigure("one")
    assert file.read_bytes().decode() == before


def edited(machine: Machine, data: Any) -> None:
    (machine.home / "a.json").write_text(json.dumps(data))


def standing(machine: Machine) -> Any:
    return json.loads((machine.home / "a.json").read_text())


def test_an_object_that_moved_is_found_again(machine: Machine) -> None:
    """Objects are known by their keys, so that a list in another order is taken back all the same."""
    user = {"vendor": "endpoint", "name": "Ours", "key": "k", "models": [{"id": "theirs"}]}
    edited(machine, [user])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    edited(machine, [{"name": "new"}, *standing(machine)])
    machine.unconfigure("one")

    assert standing(machine) == [{"name": "new"}, user]


def test_null_in_an_object_that_moved_comes_back(machine: Machine) -> None:
    """What stood in place of the inner list comes back in the user's object, wherever that stands now."""
    user = {"vendor": "endpoint", "name": "Ours", "models": None}
    edited(machine, [user])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    edited(machine, [{"name": "new"}, *standing(machine)])
    machine.unconfigure("one")

    assert standing(machine) == [{"name": "new"}, user]


def test_what_somebody_put_beside_ours_stays_in_their_object(machine: Machine) -> None:
    """In the user's object our inner object goes by itself, and one that was added since stays."""
    edited(machine, [{"vendor": "endpoint", "name": "Ours"}])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    data = standing(machine)
    data[0]["models"].append({"id": "later"})
    edited(machine, data)
    machine.unconfigure("one")

    assert standing(machine) == [{"vendor": "endpoint", "name": "Ours", "models": [{"id": "later"}]}]


def test_an_object_of_ours_goes_with_what_was_put_into_it(machine: Machine) -> None:
    """The outer object that we made goes as a whole, and that is told."""
    edited(machine, [{"name": "Theirs"}])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    data = standing(machine)
    data[1]["models"].append({"id": "later"})
    edited(machine, data)
    outcome = machine.unconfigure("one")

    assert standing(machine) == [{"name": "Theirs"}]
    assert outcome.plan.gone == ((str(machine.home / "a.json"), "[]"),)


def test_without_the_outer_object_there_is_nothing_to_take_back(machine: Machine) -> None:
    """Where somebody took our outer object out, nothing is left of ours, and nothing else changes."""
    edited(machine, [{"name": "Theirs"}])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    edited(machine, [{"name": "Theirs"}, {"name": "later"}])
    machine.unconfigure("one")

    assert standing(machine) == [{"name": "Theirs"}, {"name": "later"}]


def test_what_is_no_list_is_left_alone(machine: Machine) -> None:
    """An object where the inner list should be is refused with its place, and not a byte changes."""
    file = machine.write("a.json", '[{"vendor": "endpoint", "name": "Ours", "models": {"a": 1}}]')
    before = file.read_bytes()

    with pytest.raises(FileProblem, match=r"expected a list at `\[0\]\.models`, found an object"):
        machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    assert file.read_bytes() == before


def test_a_list_in_no_object_is_refused(machine: Machine) -> None:
    """Without the object that the list is inside of, nothing is written."""
    file = machine.write("a.json", "[]")

    with pytest.raises(FileProblem, match=r"there is no item `\[vendor=endpoint, name=Ours\]` in the list at `\[\]`"):
        machine.configure(machine.client("one", "a.json", upserts=(MODEL,)))

    assert file.read_bytes() == b"[]"


@pytest.mark.parametrize("theirs", [{}, {"headers": {"x-team": "blue"}}])
def test_a_key_that_is_not_wanted_any_more_goes(machine: Machine, theirs: dict[str, Any]) -> None:
    """Configured again without a key, an object keeps our others; the token goes, what stood there comes back."""
    user = [{"vendor": "endpoint", "name": "Ours", "models": [{"id": "m", **theirs}]}] if theirs else []
    edited(machine, user)
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL, TOKEN), secret=True))
    assert "secret" in (machine.home / "a.json").read_text()

    without = machine.client("one", "a.json", upserts=(GROUP, MODEL))
    machine.configure(without)

    assert standing(machine)[0]["models"] == [{"id": "m", **theirs, "url": "x"}]
    assert machine.configure(without).plan.empty
    machine.unconfigure("one")
    assert standing(machine) == user


def test_a_key_that_somebody_changed_stays_when_it_is_not_wanted_any_more(machine: Machine) -> None:
    """A value that is not as we wrote it is theirs, and is not ours to take out afterwards."""
    edited(machine, [])
    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL, TOKEN), secret=True))
    data = standing(machine)
    data[0]["models"][0]["headers"] = {"x-team": "blue"}
    edited(machine, data)

    without = machine.client("one", "a.json", upserts=(GROUP, MODEL))
    machine.configure(without)

    assert standing(machine) == [{**OURS, "models": [{"id": "m", "url": "x", "headers": {"x-team": "blue"}}]}]
    assert machine.configure(without).plan.empty


def test_a_key_that_another_client_needs_stays(machine: Machine) -> None:
    """Two clients share an object; when one does not want a key of it any more, the other keeps it."""
    edited(machine, [])
    both = (GROUP, MODEL, TOKEN)
    machine.configure(*(machine.client(name, "a.json", upserts=both, secret=True) for name in ("one", "two")))

    machine.configure(machine.client("one", "a.json", upserts=(GROUP, MODEL)))

    assert "secret" in (machine.home / "a.json").read_text()
    machine.unconfigure("one", "two")
    assert standing(machine) == []
