from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.clients.rendered import RenderedUpsert

if TYPE_CHECKING:
    from tests.changes.conftest import Machine


def test_a_list_gets_our_value_once(machine: Machine) -> None:
    """A value joins the others in a list, and only ours goes again."""
    file = machine.write("a.json", '{"off": ["x"]}')
    wanted = machine.client("one", "a.json", includes=((("off",), ("x", "y")),))

    machine.configure(wanted)
    assert file.read_text() == '{"off": ["x", "y"]}'
    file.write_text('{"off": ["x", "y", "z"]}')
    assert machine.configure(wanted).plan.changes == ()
    machine.unconfigure("one")

    assert file.read_text() == '{"off": ["x", "z"]}'


def test_a_list_that_we_made_goes(machine: Machine) -> None:
    """A list that did not exist goes with our value, together with the objects around it."""
    file = machine.write("a.json", '{"a": 1}')
    machine.configure(machine.client("one", "a.json", includes=((("b", "off"), ("y",)),)))
    assert file.read_text() == '{"a": 1, "b": {"off": ["y"]}}'
    file.write_text(file.read_text().replace("1", "2"))

    machine.unconfigure("one")

    assert file.read_text() == '{"a": 2}'


def test_a_shared_list_value_stays_until_the_last(machine: Machine) -> None:
    """A list value that two clients need stays as long as one of them is configured."""
    file = machine.write("a.json", '{"off": []}')
    wanted = [machine.client(name, "a.json", {name: 1}, includes=((("off",), ("y",)),)) for name in ("one", "two")]
    machine.configure(*wanted)

    machine.unconfigure("two")
    assert file.read_text() == '{"off": ["y"], "one": 1}'
    machine.unconfigure("one")

    assert file.read_text() == '{"off": []}'


def test_a_list_is_extended_where_there_is_one(machine: Machine) -> None:
    """A list that need not be there gets our values when it is, and is not made when it is not."""
    file = machine.write("a.json", '{"on": ["x"]}')
    wanted = machine.client("one", "a.json", {"k": 1}, extends=((("on",), ("y",)), (("absent",), ("y",))))

    machine.configure(wanted)
    assert file.read_text() == '{"on": ["x", "y"], "k": 1}'
    file.write_text(file.read_text() + "\n")
    assert machine.configure(wanted).plan.changes == ()
    machine.unconfigure("one")

    assert file.read_text() == '{"on": ["x"]}\n'


def upsert(**value: object) -> tuple[RenderedUpsert, ...]:
    return (RenderedUpsert(("models",), {"id": "ours"}, value),)


def test_an_item_is_added_and_taken_out(machine: Machine) -> None:
    """An object of ours joins a list of objects; the others keep their layout."""
    file = machine.write("a.json", '{"models": [\n  {"id": "theirs" },\n]}')

    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x")))
    assert file.read_text() == ('{"models": [\n  {"id": "theirs" },\n  {\n    "id": "ours",\n    "url": "x"\n  },\n]}')
    machine.configure(machine.client("one", "a.json", upserts=upsert(url="y")))
    assert '"url": "y"' in file.read_text()
    file.write_text(file.read_text() + "\n")
    machine.unconfigure("one")

    assert file.read_text() == '{"models": [\n  {"id": "theirs" },\n]}\n'


def test_a_shared_item_stays_until_the_last(machine: Machine) -> None:
    """An object that two clients need alike stays as long as one of them is configured."""
    before = '{"models": []}'
    file = machine.write("a.json", before)
    wanted = [machine.client(name, "a.json", {name: 1}, upserts=upsert(url="x")) for name in ("one", "two")]
    machine.configure(*wanted)
    assert machine.configure(*wanted).plan.empty

    machine.unconfigure("one")
    assert file.read_text() == '{"models": [{"id": "ours", "url": "x"}], "two": 1}'
    machine.unconfigure("two")

    assert file.read_text() == before


def test_an_item_that_was_theirs_comes_back(machine: Machine) -> None:
    """An object with our identity that stood before is put back."""
    file = machine.write("a.json", '{"models": [{"id": "ours", "url": "old", "more": 1}]}')

    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x")))
    assert file.read_text() == '{"models": [{"id": "ours", "url": "x", "more": 1}]}'
    file.write_text(file.read_text() + "\n")
    machine.unconfigure("one")

    assert file.read_text() == '{"models": [{"id": "ours", "url": "old", "more": 1}]}\n'


def test_an_item_that_was_changed_since_stays(machine: Machine) -> None:
    """An object of ours that somebody changed is theirs; one that is gone is no trouble."""
    file = machine.write("a.json", '{"models": []}')
    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x")))
    file.write_text('{"models": [{"id": "ours", "url": "changed"}]}')
    outcome = machine.unconfigure("one")
    assert outcome.plan.stayed == ((str(file), "models"),)

    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x")))
    file.write_text('{"models": []}')
    machine.unconfigure("one")

    assert file.read_text() == '{"models": []}'


def test_a_list_value_taken_out_by_the_user_is_no_trouble(machine: Machine) -> None:
    """What the user took out already is not looked for, and a key put back by the user stays."""
    file = machine.write("a.json", '{"off": [], "old": 1}')
    machine.configure(machine.client("one", "a.json", {"k": 1}, includes=((("off",), ("y",)),), remove=(("old",),)))
    file.write_text('{"off": [], "old": 2}')

    machine.unconfigure("one")

    assert file.read_text() == '{"off": [], "old": 2}'


def test_an_edited_object_of_ours_leaves_no_token(machine: Machine) -> None:
    """An object that we made goes with an edit in it, so that the token neither stays nor reaches a kept copy."""
    token = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"
    file = machine.write("a.json", '{"models": [{"id": "theirs"}]}')
    wanted = machine.client("one", "a.json", upserts=upsert(url="x", key=token), secret=True)
    machine.configure(wanted)
    file.write_text(file.read_text().replace('"url": "x"', '"url": "edited", "more": 1'))

    machine.configure(machine.client("one", "a.json", {"k": 1}, upserts=upsert(url="x", key=token), secret=True))
    file.write_text(file.read_text().replace('"url": "x"', '"url": "edited"'))
    outcome = machine.unconfigure("one")

    assert file.read_text() == '{"models": [{"id": "theirs"}]}'
    assert outcome.plan.gone == ((str(file), "models"),)
    holding = [path for path in machine.home.rglob("*") if path.is_file() and token in path.read_text()]
    assert holding == []


def test_our_values_go_from_an_object_of_theirs_that_was_edited(machine: Machine) -> None:
    """In an object that was the user's, what stood before comes back, and what was edited since stays."""
    file = machine.write("a.json", '{"models": [{"id": "ours", "url": "old", "name": "old"}]}')
    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x", key="k", name="n")))
    file.write_text(file.read_text().replace('"name": "n"', '"name": "edited", "more": 1'))

    outcome = machine.unconfigure("one")

    assert file.read_text() == '{"models": [{"id": "ours", "url": "old", "name": "edited", "more": 1}]}'
    assert outcome.plan.stayed == ((str(file), "models"),)


def test_an_addition_to_an_object_of_theirs_stays(machine: Machine) -> None:
    """What somebody added to the user's object since is no change of ours, and stays without a word."""
    file = machine.write("a.json", '{"models": [{"id": "ours", "url": "old"}]}')
    machine.configure(machine.client("one", "a.json", upserts=upsert(url="x")))
    file.write_text(file.read_text().replace('"url": "x"', '"url": "x", "more": 1'))

    outcome = machine.unconfigure("one")

    assert file.read_text() == '{"models": [{"id": "ours", "url": "old", "more": 1}]}'
    assert outcome.plan.stayed == ()


def test_one_object_in_two_edits(machine: Machine) -> None:
    """Keys of one object may be said in several edits; each of them is known again as ours."""
    file = machine.write("a.json", '{"models": []}')
    machine.configure(machine.client("one", "a.json", upserts=(*upsert(url="x"), *upsert(key="k"))))
    file.write_text(file.read_text().replace('"key": "k"', '"key": "edited"'))

    outcome = machine.unconfigure("one")

    assert file.read_text() == '{"models": []}'
    assert outcome.plan.gone == ((str(file), "models"),)
