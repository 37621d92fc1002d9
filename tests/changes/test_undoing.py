"""Going back to before a run: which clients go back how, and that the promises hold in any order."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.changes.history import Run, history
from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import plan_configure, plan_revert
from aibridge_cli.changes.state import ClientState, State
from aibridge_cli.changes.store import Store
from aibridge_cli.changes.undoing import aims
from aibridge_cli.documents.editing import document_format, edit
from aibridge_cli.documents.operations import Set
from aibridge_cli.errors import FileProblem, UsageError
from tests.changes.conftest import Machine

ONE, OTHER = ClientState("env", "https://one"), ClientState("file", "https://one")


def run(name: str, before: ClientState | None, after: ClientState | None) -> Run:
    return Run(name, "", "configure", ("a",), (), {"a": before}, {"a": after})


def now(state: ClientState | None) -> State:
    return State(clients={} if state is None else {"a": state})


def test_the_last_run() -> None:
    """A client that was not configured before is released; one that was is configured as it was."""
    runs = (run("r1", None, ONE), run("r2", ONE, OTHER))

    assert aims(runs[:1], 0, now(ONE), all_since=False) == (("a",), {}, {})
    assert aims(runs, 1, now(OTHER), all_since=False) == ((), {"a": ONE}, {})


def test_all_since() -> None:
    """Several runs go back to before the first of them."""
    runs = (run("r1", ONE, OTHER), run("r2", OTHER, None))

    assert aims(runs, 0, now(None), all_since=True) == ((), {"a": ONE}, {})
    assert aims(runs, 0, now(ONE), all_since=True) == ((), {}, {})


def test_a_run_with_later_ones() -> None:
    """What a later run changed again is left alone, unless that is undone."""
    runs = (run("r1", None, ONE), run("r2", ONE, OTHER))

    problems = aims(runs, 0, now(OTHER), all_since=False).problems

    assert problems == {"a": "it was changed by a later run (r2); undo that first, or use `--all-since`"}
    undone = (*runs, run("r3", OTHER, ONE))
    assert aims(undone, 0, now(ONE), all_since=False).release == ("a",)


def test_nothing_to_go_back_to() -> None:
    """A run that only replaced values cannot be undone, nor one of which it is not known what was before."""
    alike = aims((run("r1", ONE, ONE),), 0, now(ONE), all_since=False).problems
    unknown = aims((run("r1", None, ONE)._replace(before={}),), 0, now(ONE), all_since=False).problems

    assert alike["a"].startswith("run r1 (`configure`) wrote again what was configured alike before")
    assert alike["a"].endswith("; `aibridge unconfigure a` takes back all of ours")
    assert unknown["a"].startswith("the journal is damaged before that run")


def test_the_journal_as_a_history(machine: Machine) -> None:
    """Each run is told with its files and keys, and what was before."""
    machine.write("a.json", '{"off": 1}')
    first = machine.client("a", "a.json", {"url": "x"}, remove=(("off",), ("never",)), kept={"kept": b"t"})
    machine.configure(first)
    machine.configure(machine.client("a", "a.json", {"url": "y"}), machine.client("b", "b.json", {"url": "x"}))
    machine.unconfigure("b")

    one, two, three = history(machine.store).runs

    assert (one.clients, one.command) == (("a",), "test")
    assert [(Path(file.path).name, file.action, dict(file.keys)) for file in one.files] == [
        ("a.json", "updated", {"off": "taken out", "url": "set"}),
        ("kept", "created", {}),
    ]
    assert [(Path(file.path).name, file.action, dict(file.keys)) for file in two.files] == [
        ("a.json", "updated", {"url": "changed", "off": "taken back"}),
        ("b.json", "created", {"url": "set"}),
        ("kept", "removed", {}),
    ]
    assert [(file.action, dict(file.keys)) for file in three.files] == [("removed", {"url": "taken back"})]
    assert (one.before, three.after) == ({"a": None}, {"b": None})


def test_names_of_runs(machine: Machine) -> None:
    """A run is named by its id, the beginning of it, or `last`."""
    with pytest.raises(UsageError, match="nothing was changed yet"):
        history(machine.store).number_of("last")
    machine.configure(machine.client("a", "a.json", {"url": "x"}))
    machine.unconfigure("a")
    told = history(machine.store)

    assert [told.number_of(each.id) for each in told.runs] == [0, 1]
    assert told.number_of("last") == 1
    assert told.number_of(told.runs[0].id[:-1]) == 0
    with pytest.raises(UsageError, match="is the beginning of 2 runs"):
        told.number_of("2")
    with pytest.raises(UsageError, match="there is no run `x`"):
        told.number_of("x")


def test_a_journal_with_damaged_lines(machine: Machine) -> None:
    """Lines that cannot be read are counted; what they leave unknown is not guessed."""
    machine.configure(machine.client("a", "a.json", {"url": "x"}))
    machine.configure(machine.client("a", "a.json", {"url": "y"}))
    machine.configure(machine.client("a", "a.json", {"url": "z"}))
    journal = Path(machine.store.path("journal.jsonl"))
    first, second, third = journal.read_text().splitlines()
    older = json.loads(third)
    del older["before"]  # as earlier versions wrote it
    journal.write_text("\n".join([first, second[:50], '"text"', '{"id": 1}', json.dumps(older), third[:-9]]))

    told = history(machine.store)

    assert told.damaged == (2, 3, 4, 6)
    assert [each.before for each in told.runs] == [{"a": None}, {}]
    journal.write_text("\n".join([first, json.dumps(older)]))
    assert history(machine.store).runs[1].before == {"a": history(machine.store).runs[0].after["a"]}


def test_no_secret_in_the_journal(machine: Machine) -> None:
    """The journal has neither the token nor what stood before."""
    machine.write("a.json", '{"url": "theirs-secret"}')
    machine.configure(machine.client("a", "a.json", {"url": "the-token"}, secret=True, kept={"kept": b"the-token"}))

    text = Path(machine.store.path("journal.jsonl")).read_text()

    assert "the-token" not in text
    assert "theirs-secret" not in text


def test_whole_files(machine: Machine) -> None:
    """A file that cannot be edited any more gets its kept copy back, and what was in it is kept."""
    file = machine.write("a.json", '{"mine": 1}')
    machine.configure(machine.client("a", "a.json", {"url": "x"}), machine.client("a2", "new/b.json", {"url": "x"}))
    file.write_text("{broken")
    (machine.home / "new/b.json").write_text("{broken, too")
    with pytest.raises(FileProblem, match="not valid"):
        machine.carry_out(lambda: plan_revert(machine.store, ("a",), ()))

    machine.carry_out(lambda: plan_revert(machine.store, ("a", "a2"), (), ("a", "a2")))

    assert file.read_text() == '{"mine": 1}'
    assert not (machine.home / "new").exists()
    images = [path.read_text() for path in Path(machine.store.path("images")).iterdir()]
    assert {"{broken", "{broken, too"} <= {*images}
    assert machine.store.state() == State()


def test_whole_files_with_a_token(machine: Machine) -> None:
    """Of a file in which the token stands no copy is kept; one that two clients share is not put back whole."""
    file = machine.write("a.json", "{}")
    machine.configure(machine.client("a", "a.json", {"key": "the-token"}, secret=True))
    file.write_text('{"key": "the-token"')
    machine.carry_out(lambda: plan_revert(machine.store, ("a",), (), ("a",)))
    assert file.read_text() == "{}"
    assert not [path for path in Path(machine.store.path("images")).iterdir() if b"the-token" in path.read_bytes()]

    machine.configure(machine.client("a", "a.json", {"url": "x"}), machine.client("b", "a.json", {"other": "x"}))
    with pytest.raises(FileProblem, match="holds keys of `b` as well"):
        plan_revert(machine.store, ("a",), (), ("a",))


def test_whole_files_that_need_nothing(machine: Machine) -> None:
    """A file that holds its earlier bytes again is not written, and a link is not left to lead nowhere."""
    file = machine.write("a.json", "{}")
    machine.configure(machine.client("a", "a.json", {"url": "x"}))
    file.write_text("{}")
    assert plan_revert(machine.store, ("a",), (), ("a",)).changes == ()
    machine.unconfigure("a")

    machine.configure(machine.client("b", "b.json", {"url": "x"}))
    real = machine.home / "real.json"
    (machine.home / "b.json").rename(real)
    (machine.home / "b.json").symlink_to(real)
    machine.carry_out(lambda: plan_revert(machine.store, ("b",), (), ("b",)))
    assert real.read_bytes() == b""


TREES: dict[str, dict[str, Any]] = {
    "": {"provider": "ours", "env": {"URL": "https://x"}},
    "small": {"provider": "ours-small"},
    "large": {"provider": "ours-large", "env": {"KEY": ""}, "extra": {"deep": 1}},
}
TEXTS = ["{}", '{"provider": "mine", // why\n  "env": {"MINE": "1"}}\n', '{\n\t"off": true,\n\t"x": [1, 2]\n}\n', None]


class Undoable:
    """A machine on which two clients share a file, configured in ways that the journal names."""

    def __init__(self, folder: str, text: str | None) -> None:
        home = Path(folder) / "home"
        home.mkdir()
        self.machine = Machine(home, Store(str(home / "aibridge-state")))
        self.file = home / "a.jsonc"
        if text is not None:
            self.file.write_text(text)

    def wanted(self, client: str, model: str) -> Wanted:
        tree = TREES[model] if client == "one" else {"two": {"model": model}}
        want = self.machine.client(client, "a.jsonc", tree, remove=(("off",),) if client == "one" else ())
        return want._replace(models=(model,))

    def configure(self, client: str, model: str) -> None:
        self.machine.carry_out(lambda: plan_configure(self.machine.store, (self.wanted(client, model),)))

    def undo(self, number: int, *, all_since: bool = False) -> dict[str, str]:
        store = self.machine.store
        aim = aims(history(store).runs, number, store.state(), all_since=all_since)
        again = [self.wanted(client, was.models[0]) for client, was in aim.again.items()]
        expected = {**store.state().clients, **aim.again}
        self.machine.carry_out(lambda: plan_revert(store, aim.release, again))
        assert store.state().clients == {name: was for name, was in expected.items() if name not in aim.release}
        return dict(aim.problems)

    def data(self) -> Any:
        return document_format("jsonc").load(self.file.read_text()) if self.file.exists() else None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_undone_in_any_order(data: st.DataObject) -> None:
    """Runs and edits in any order, undone in any order: edits stay, and in the end the file is the user's own."""
    clients = st.sampled_from(["one", "two"])
    with tempfile.TemporaryDirectory() as folder:
        text = data.draw(st.sampled_from(TEXTS))
        machine = Undoable(folder, text)
        edits: dict[str, int] = {}
        for number in range(data.draw(st.integers(1, 5))):
            deed = data.draw(st.sampled_from(["configure", "configure", "unconfigure", "edit"]))
            if deed == "configure":
                machine.configure(data.draw(clients), data.draw(st.sampled_from(sorted(TREES))))
            elif deed == "unconfigure":
                machine.machine.unconfigure(data.draw(clients))
            elif machine.file.exists():
                edits[f"later{number}"] = number
                edited = edit("jsonc", machine.file.read_text(), [Set((f"later{number}",), number)])
                machine.file.write_text(edited)
        runs = len(history(machine.machine.store).runs)
        for number in data.draw(st.permutations(range(runs))):
            machine.undo(number)
            standing = machine.data() or {}
            assert {key: standing[key] for key in edits} == edits, "later edits stay"
        if runs:
            machine.undo(0, all_since=True)

        assert machine.machine.store.state() == State()
        if not edits:
            assert (machine.file.read_text() if machine.file.exists() else None) == text
        else:
            assert machine.data() == {**original(text), **edits}


def original(text: str | None) -> Any:
    return {} if text is None else document_format("jsonc").load(text)
