"""What is said to differ, and who is said to have changed it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import look
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.rendered import RenderedUpsert, RenderedWhole
from aibridge_cli.diagnosis.drift import Drift, drifts
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, Operation, Set, apply_to_data, lookup
from tests.changes.conftest import Machine

TREE: dict[str, Any] = {"provider": "ours", "env": {"URL": "https://ours", "KEY": ""}}
OTHERWISE = {"url": "x", "key": "k"}
BEFORE = ("{}", '{"off": 1}', '{"provider": "ours", "list": ["one"]}', '{"env": {}}', '{"env": null}')
CONTAINERS: dict[str | int, Any] = {
    "env": {"URL": "https://ours"},
    "list": ["one", "two"],
    "models": [{"id": "ours", "url": "x"}],
    "own": {"url": "new"},
}
TREES: list[dict[str, Any]] = [TREE, {**TREE, "provider": "new"}, {"provider": "ours"}]
WHOLE = RenderedWhole(("own",), ((("url",), "x"),), ((("seen",), 0),))
UPSERT = RenderedUpsert(("models",), {"id": "ours"}, {"url": "https://ours", "key": "k"}, remove=("keyVariable",))


@pytest.fixture(name="machine")
def a_machine(tmp_path: Path) -> Machine:
    """An empty home and an empty store."""
    (tmp_path / "home").mkdir()
    return Machine(tmp_path / "home", Store(str(tmp_path / "home" / "aibridge-state")))


def wanted(machine: Machine, tree: dict[str, Any] = TREE, **more: Any) -> Wanted:
    usual: dict[str, Any] = {
        "remove": (("off",),),
        "includes": ((("list",), ("one",)),),
        "upserts": (UPSERT,),
    }
    return machine.client("one", "a.jsonc", tree, **(usual | more))


def found(machine: Machine, want: Wanted, twin: Wanted | None = None) -> list[tuple[str, str, str]]:
    return [(drift.key, drift.kind, drift.by) for drift in all_found(machine, want, twin)]


def all_found(machine: Machine, want: Wanted, twin: Wanted | None = None) -> tuple[Drift, ...]:
    state, snapshots = look(machine.store, (want,) if twin is None else (want, twin))
    return drifts(state, want, snapshots, twin)


def changed(machine: Machine, *operations: Operation) -> None:
    file = machine.home / "a.jsonc"
    file.write_text(edit("jsonc", file.read_text(), operations))


def test_nothing_differs(machine: Machine) -> None:
    """As configured, and with an edit of the user's own elsewhere, there is nothing to tell."""
    machine.configure(wanted(machine))
    assert found(machine, wanted(machine)) == []

    changed(machine, Set(("theme",), "dark"))

    assert found(machine, wanted(machine)) == []


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Set(("provider",), "theirs"), ("provider", "changed", "user")),
        (Delete(("env", "URL")), ("env.URL", "missing", "unknown")),
        (Set(("off",), True), ("off", "came back", "user")),
        (Delete(("list", 0)), ("list", "missing", "unknown")),
        (Delete(("models", 0)), ("models[id=ours]", "missing", "unknown")),
        (Set(("models", 0, "url"), "https://theirs"), ("models[id=ours].url", "changed", "user")),
        (Delete(("models", 0, "key")), ("models[id=ours].key", "missing", "unknown")),
        (Set(("models", 0, "keyVariable"), "MINE"), ("models[id=ours].keyVariable", "came back", "user")),
    ],
)
def test_edited_by_hand(machine: Machine, operation: Operation, expected: tuple[str, str, str]) -> None:
    """A value that is another one was changed by somebody; of what is gone nobody knows who took it."""
    machine.write("a.jsonc", '{"off": 1}')
    machine.configure(wanted(machine))

    changed(machine, operation)

    assert found(machine, wanted(machine)) == [expected]


@pytest.mark.parametrize(
    ("tree", "more", "expected"),
    [
        ({**TREE, "provider": "new"}, {}, ("provider", "changed", "us")),
        ({**TREE, "added": 1}, {}, ("added", "missing", "us")),
        ({"env": TREE["env"]}, {}, ("provider", "not wanted any more", "us")),
        (TREE, {"remove": (("theirs",),)}, ("theirs", "came back", "us")),
        (TREE, {"includes": ((("list",), ("one", "two")),)}, ("list", "missing", "us")),
        (
            TREE,
            {"upserts": (UPSERT._replace(value=OTHERWISE),)},
            ("models[id=ours].url", "changed", "us"),
        ),
        (TREE, {"upserts": (UPSERT, UPSERT._replace(match={"id": "b"}))}, ("models[id=b]", "missing", "us")),
        (
            TREE,
            {"upserts": (UPSERT._replace(value={"url": "https://ours"}, remove=("key",)),)},
            ("models[id=ours].key", "came back", "us"),
        ),
        (
            TREE,
            {"upserts": (UPSERT._replace(value={"url": "https://ours"}),)},
            ("models[id=ours].key", "not wanted any more", "us"),
        ),
    ],
)
def test_another_profile_of_ours(
    machine: Machine, tree: dict[str, Any], more: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    """In a file that is as we left it only we can want something else."""
    machine.write("a.jsonc", '{"theirs": 1}')
    machine.configure(wanted(machine))

    assert found(machine, wanted(machine, tree, **more)) == [expected]


def test_a_key_of_an_item_that_somebody_changed_is_theirs(machine: Machine) -> None:
    """A key that is not wanted any more and not as we wrote it is nothing for us to take out."""
    machine.configure(wanted(machine))
    changed(machine, Set(("models", 0, "key"), "theirs"))

    assert found(machine, wanted(machine, upserts=(UPSERT._replace(value={"url": "https://ours"}),))) == []


def test_ours_in_a_file_edited_elsewhere(machine: Machine) -> None:
    """A value that is as we wrote it and not as we want it is ours, whatever else was edited."""
    machine.configure(wanted(machine))
    changed(machine, Set(("theme",), "dark"))

    assert found(machine, wanted(machine, {**TREE, "provider": "new"})) == [("provider", "changed", "us")]


def test_a_key_that_was_taken_out_and_is_not_any_more(machine: Machine) -> None:
    """What an older profile took out, and the present one does not, would come back."""
    machine.write("a.jsonc", '{"off": 1}')
    machine.configure(wanted(machine))

    assert found(machine, wanted(machine, remove=())) == [("off", "not wanted any more", "us")]


def test_whole_files(machine: Machine) -> None:
    """A file that is gone, broken, or at another place is told as one."""
    machine.configure(wanted(machine))
    file = machine.home / "a.jsonc"
    elsewhere = machine.client("one", "b.jsonc", TREE)
    assert found(machine, elsewhere) == [("", "no file", "us"), ("", "not wanted any more", "us")]

    file.write_text("{")
    (broken,) = all_found(machine, wanted(machine))
    assert (broken.kind, broken.by) == ("not readable", "user")
    assert broken.words.startswith(f"`{file}`:1:2: ")

    file.unlink()
    assert found(machine, wanted(machine)) == [("", "no file", "unknown")]


def test_a_list_that_is_extended_only(machine: Machine) -> None:
    """A list that the user does not have is none that lacks our value."""
    want = wanted(machine, includes=(), extends=((("list",), ("one",)),))
    machine.configure(want)
    assert found(machine, want) == []

    changed(machine, Set(("list",), ["other"]))

    assert found(machine, want) == [("list", "missing", "unknown")]


def test_permissions(machine: Machine) -> None:
    """A file with the token that others may read is told, and one of ours as well."""
    want = machine.client("one", "a.jsonc", TREE, secret=True, kept={"kept": b"token"})
    machine.configure(want)
    assert found(machine, want) == []

    (machine.home / "a.jsonc").chmod(0o640)
    (machine.home / "kept").chmod(0o644)

    assert found(machine, want) == [("", "permissions", "user"), ("", "permissions", "user")]


def test_a_file_of_ours_with_the_token(machine: Machine) -> None:
    """The file that a client reads the token from is told when it is gone, empty or another token's."""
    want = machine.client("one", "a.jsonc", TREE, kept={"kept": b"token"})
    machine.configure(want, machine.client("two", "b.jsonc", TREE, kept={"other": b"token"}))
    newer = machine.client("one", "a.jsonc", TREE, kept={"kept": b"newer"})

    assert found(machine, newer) == [("", "changed", "us")]
    assert found(machine, newer, twin=want) == []
    (machine.home / "kept").write_bytes(b"")
    assert found(machine, want) == [("", "no file", "unknown")]
    (machine.home / "kept").unlink()
    assert found(machine, want) == [("", "no file", "unknown")]


def test_a_key_that_two_clients_share(machine: Machine) -> None:
    """What a profile does not want any more stays as long as another client of ours needs it."""
    machine.configure(wanted(machine), machine.client("two", "a.jsonc", {"provider": "ours"}))

    assert found(machine, wanted(machine, {"env": TREE["env"]})) == []


def test_what_is_set_where_there_is_nothing(machine: Machine) -> None:
    """A default of ours that somebody changed is theirs; one that is gone would be written again."""
    want = wanted(machine, defaults={"stamp": "ours"})
    machine.configure(want)
    assert found(machine, wanted(machine, defaults={"stamp": "newer"})) == [("stamp", "changed", "us")]

    changed(machine, Set(("stamp",), "theirs"))
    assert found(machine, want) == []
    changed(machine, Delete(("stamp",)))
    assert found(machine, want) == [("stamp", "missing", "unknown")]


def test_an_object_that_is_ours_as_one(machine: Machine) -> None:
    """What a client adds to it is no difference; a value of ours that is another one is."""
    whole = RenderedWhole(("own",), ((("url",), "x"), (("auth", "key"), "k")), ((("stamp",), "s"),))
    want = wanted(machine, wholes=(whole,))
    machine.configure(want)
    changed(machine, Set(("own", "seen"), 3), Set(("own", "stamp"), "later"))
    assert found(machine, want) == []

    newer = wanted(machine, wholes=(whole._replace(sets=((("url",), "y"), (("auth", "key"), "k"))),))
    assert found(machine, newer) == [("own.url", "changed", "us")]
    changed(machine, Set(("own", "url"), "theirs"), Delete(("own", "auth")), Delete(("own", "stamp")))
    assert found(machine, want) == [
        ("own.url", "changed", "user"),
        ("own.auth.key", "missing", "unknown"),
        ("own.stamp", "missing", "unknown"),
    ]
    twin = wanted(machine, wholes=(whole._replace(sets=((("url",), "y"), (("auth", "key"), "k"))),))
    assert ("own.url", "changed", "user") in found(machine, want, twin=twin)


def test_null_around_our_keys(machine: Machine) -> None:
    """The container that was opened where null stood is nothing that could differ."""
    machine.write("a.jsonc", '{"env": null, "list": null, "models": null}')
    machine.configure(wanted(machine))

    assert found(machine, wanted(machine)) == []


def secrets_of(machine: Machine, token: str, **more: Any) -> Wanted:
    tree = {"token": token, "plain": 1}
    upsert = RenderedUpsert(("models",), {"id": "ours"}, {"key": token, "plain": 1})
    usual: dict[str, Any] = {"includes": ((("args",), (token,)),), "upserts": (upsert,), "remove": ()}
    return wanted(machine, tree, **(usual | more))


def test_without_a_sign_in(machine: Machine) -> None:
    """Values that only a sign-in could tell are held against the record of what we wrote."""
    machine.configure(secrets_of(machine, "the token"))
    one, other = secrets_of(machine, "a"), secrets_of(machine, "b")
    assert found(machine, one, twin=other) == []

    changed(machine, Set(("token",), "theirs"), Delete(("models", 0, "key")), Set(("plain",), 2))

    assert found(machine, one, twin=other) == [
        ("token", "changed", "user"),
        ("plain", "changed", "user"),
        ("models[id=ours].key", "missing", "unknown"),
    ]
    assert all("a" not in (drift.wanted, drift.found) for drift in all_found(machine, one, twin=other))


def test_a_value_that_was_so_before_us(machine: Machine) -> None:
    """Without a sign-in nothing is said of a value that we found and did not write."""
    machine.write("a.jsonc", '{"token": "the token"}')
    machine.configure(secrets_of(machine, "the token", upserts=(), includes=()))
    one, other = (secrets_of(machine, token, upserts=(), includes=()) for token in "ab")
    changed(machine, Set(("token",), "theirs"))

    assert found(machine, one, twin=other) == []


PLACES = (
    ("provider",),
    ("env", "URL"),
    ("env",),
    ("off",),
    ("list",),
    ("models",),
    ("theme",),
    ("models", 0, "url"),
    ("own",),
    ("stamp",),
)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_as_much_as_configuring_again_would_change(data: st.DataObject) -> None:
    """Something is told exactly when configuring again would write a file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "home").mkdir()
        machine = Machine(Path(folder) / "home", Store(str(Path(folder) / "home" / "aibridge-state")))
        machine.write("a.jsonc", data.draw(st.sampled_from(BEFORE)))
        more: dict[str, Any] = {"wholes": (WHOLE,), "defaults": {"stamp": "s"}}
        machine.configure(wanted(machine, **more))
        file = machine.home / "a.jsonc"
        tree = json.loads(file.read_text())
        for path in data.draw(st.lists(st.sampled_from(PLACES), max_size=3)):
            operation: Operation = Delete(path)
            if data.draw(st.booleans()) and (len(path) == 1 or lookup(tree, path[:-1])):
                operation = Set(path, CONTAINERS.get(path[0], "new") if len(path) == 1 else "https://new")
            tree = apply_to_data(tree, operation)
        file.write_text(json.dumps(tree))
        want = wanted(
            machine, data.draw(st.sampled_from([TREE, {**TREE, "provider": "new"}, {"provider": "ours"}])), **more
        )

        assert bool(found(machine, want)) == bool(machine.plan(want).changes)
