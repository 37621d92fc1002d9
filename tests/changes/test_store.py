"""Our own records when they are damaged, closed to us, or those of a later version."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.changes import store as store_module
from aibridge_cli.changes.run import plan_configure, preview
from aibridge_cli.errors import FileProblem
from tests.changes.conftest import Machine


def test_a_later_version_is_not_rolled_back(machine: Machine) -> None:
    """Records of a later version are refused also when our own journal knows an earlier state."""
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    Path(machine.store.path("state.json")).write_text('{"version": 2}')

    with pytest.raises(FileProblem, match="version 2, expected 1") as refused:
        machine.unconfigure("one")

    assert refused.value.hint == "a later version of aibridge wrote it: use that one"


def test_a_later_version_in_the_journal_is_not_passed_over(machine: Machine) -> None:
    """When `state.json` is gone and the journal's last run is a later version's, an older run is no answer."""
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    Path(machine.store.path("state.json")).unlink()
    with open(machine.store.path("journal.jsonl"), "a") as journal:
        journal.write('{"id": "later", "state": {"version": 2}}\n')

    with pytest.raises(FileProblem, match="version 2, expected 1"):
        machine.unconfigure("one")


def test_a_broken_run_in_the_journal_is_passed_over(machine: Machine) -> None:
    """A line of the journal without a state leaves the one before it to answer."""
    file = machine.write("a.json", '{"mine": 1}')
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    Path(machine.store.path("state.json")).unlink()
    with open(machine.store.path("journal.jsonl"), "a") as journal:
        journal.write('{"id": "odd"}\n')

    machine.unconfigure("one")

    assert file.read_text() == '{"mine": 1}'


@pytest.mark.parametrize("name", ["state.json", "journal.jsonl", "pending.json", "lock"])
def test_records_that_may_not_be_read(machine: Machine, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that is closed to us is named; it is not taken for one that is not there."""
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    if name == "journal.jsonl":
        Path(machine.store.path("state.json")).write_text("{ broken")
    closed = machine.store.path(name)
    read, opened = store_module._read, os.open

    # root may read everything, so the system's answer is given by hand
    def refuse(path: str) -> bytes:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return read(path)

    def refuse_to_open(path: Any, *more: Any, **named: Any) -> int:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *more, **named)

    monkeypatch.setattr(store_module, "_read", refuse)
    monkeypatch.setattr(os, "open", refuse_to_open)

    with pytest.raises(FileProblem, match=f"{name}`: cannot be read: Permission denied"):
        machine.unconfigure("one")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"id": "1", "steps": []}'])
def test_an_unfinished_run_that_cannot_be_read(machine: Machine, text: str) -> None:
    """A damaged record of an unfinished run stops every run, dry or not, and says how to go on."""
    wanted = machine.client("one", "a.json", {"url": "x"})
    machine.configure(wanted)
    pending = machine.store.path("pending.json")
    Path(pending).write_text(text)

    with pytest.raises(FileProblem, match="an unfinished run cannot be read") as refused:
        machine.unconfigure("one")
    with pytest.raises(FileProblem, match="an unfinished run cannot be read"):
        preview(machine.store, lambda: plan_configure(machine.store, [wanted]))

    assert refused.value.hint == f"look at your files, then remove it: `rm {pending}`"


def test_the_journal_takes_a_line_in_parts(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that writes less than it was given is asked again, so that no line is cut."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, text: real(descriptor, text[:100]))

    machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert [record["clients"] for record in machine.store.journal()] == [["one"]]


def test_what_a_crash_left_of_a_record_is_used_up(machine: Machine) -> None:
    """A half-written record of a run that was killed does not stay for ever."""
    machine.store.ready()
    left = Path(machine.store.path("pending.json.tmp"))
    left.write_text('{"id": ')

    machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert [path.name for path in left.parent.iterdir() if path.name.endswith(".tmp")] == []


def test_our_folder_is_closed_from_birth(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else can look into our folder at any moment, whatever the user's mask is."""
    made: list[tuple[str, int]] = []
    real = os.mkdir

    def mkdir(path: Any, mode: int = 0o777, **more: Any) -> None:
        made.append((str(path), mode))
        real(path, mode, **more)

    monkeypatch.setattr(os, "mkdir", mkdir)

    machine.store.ready()

    assert made == [(machine.store.folder, 0o700), (machine.store.path("images"), 0o700)]
