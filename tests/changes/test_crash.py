"""All or nothing, also when the program is killed or the system refuses at any call."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.changes import write
from aibridge_cli.changes.run import plan_configure, preview
from aibridge_cli.changes.transaction import recover
from aibridge_cli.errors import AibridgeError

if TYPE_CHECKING:
    from aibridge_cli.changes.plan import Wanted
    from tests.changes.conftest import Machine

CALLS = ("open", "write", "fsync", "replace", "unlink", "mkdir", "rmdir", "fchmod")
"""What a run does to the disk, as calls of the operating system."""


def two_clients(machine: Machine) -> tuple[Wanted, ...]:
    machine.write("a.json", '{"mine": 1}', 0o640)
    machine.write("b.toml", "mine = 1\n")
    return (
        machine.client("one", "a.json", {"url": "x"}, secret=True, kept={"kept/token": b"t"}),
        machine.client("two", "b.toml", {"url": "x"}, format="toml"),
        machine.client("three", "new/folder/c.json", {"url": "x"}),
    )


def without_ours(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if ".aibridge-" not in name}


def crash_at(number: int, act: Callable[[], object]) -> bool:
    """Do something in a child process that dies at the given call; tell whether it died."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    counted = 0

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            nonlocal counted
            counted += 1
            if counted == number:
                os._exit(9)
            return real(*given, **more)

        return call

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name)))
    with contextlib.suppress(AibridgeError):
        act()
    os._exit(0)


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded")
@pytest.mark.parametrize("verb", ["configure", "unconfigure"])
def test_a_crash_at_any_point_leaves_all_old_or_all_new(machine: Machine, verb: str) -> None:
    """Killed at any call, the next start finishes or rolls back: no file is half, none is alone."""
    wanted = two_clients(machine)
    old = machine.tree()
    machine.configure(*wanted)
    new = machine.tree()
    if verb == "configure":
        machine.unconfigure("one", "two", "three")
        assert machine.tree() == old
    seen = set()
    for number in range(1, 400):
        act = (
            (lambda: machine.configure(*wanted))
            if verb == "configure"
            else (lambda: machine.unconfigure("one", "two", "three"))
        )
        died = crash_at(number, act)
        with machine.store.locked():
            note = recover(machine.store)
        tree = machine.tree()
        assert without_ours(tree) == tree, "a staged copy was left behind"
        assert tree in (old, new)
        assert bool(machine.store.state().clients) == (tree == new)
        seen.add(note.split(" ")[-2:][0] if note else "")
        if not died:
            break
        # back to the start, without a crash
        if verb == "configure" and tree == new:
            machine.unconfigure("one", "two", "three")
        if verb == "unconfigure" and tree == old:
            machine.configure(*wanted)
        assert machine.tree() == (old if verb == "configure" else new)
    else:
        pytest.fail("the run never ended by itself")
    assert {"rolled", "was"} <= seen, "both rolling back and rolling forward were met"
    assert number > 30, "the crash was tried at many places"


@pytest.mark.parametrize("number", range(1, 60, 3))
def test_an_error_at_any_point_puts_everything_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A disk that fills up in the middle ends in an error, and every file is as it was."""
    wanted = two_clients(machine)
    old = machine.tree()
    counted = 0

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            nonlocal counted
            counted += 1
            if counted == number:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*given, **more)

        return call

    with monkeypatch.context() as patch:
        for name in ("write", "fsync", "replace", "mkdir"):
            patch.setattr(os, name, failing(getattr(os, name)))
        with contextlib.suppress(AibridgeError):
            machine.configure(*wanted)
    with machine.store.locked():
        recover(machine.store)

    if machine.store.state().clients:
        assert set(machine.store.state().clients) == {"one", "two", "three"}
        assert set(machine.tree()) == {"a.json", "b.toml", "kept/token", "new/folder/c.json"}
    else:
        assert machine.tree() == old


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded")
def test_a_crash_while_putting_back_puts_everything_back(machine: Machine) -> None:
    """When the last file cannot be written and the program is killed while it puts back, all is as it was."""
    wanted = two_clients(machine)
    old = machine.tree()
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target == machine.store.path("configured"):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    def act() -> None:
        counting = os.replace  # as `crash_at` left it

        def failing(source: str, target: str) -> None:
            (replace if target == machine.store.path("configured") else counting)(source, target)

        os.replace = failing  # type: ignore[assignment]
        machine.configure(*wanted)

    phases = set()
    for number in range(1, 400):
        died = crash_at(number, act)
        pending = machine.store.pending()
        phases.add(pending["phase"] if pending else "")
        with machine.store.locked():
            recover(machine.store)
        if machine.store.state().clients:  # killed before the trouble was met: finished as usual
            assert set(machine.tree()) == {"a.json", "b.toml", "kept/token", "new/folder/c.json"}
            machine.unconfigure("one", "two", "three")
        assert machine.tree() == old
        if not died:
            break
    assert {"staging", "committing", "reverting", ""} <= phases


def test_a_crash_while_writing_in_place_is_finished(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-written mounted file is written again at the next start."""
    file = machine.write("a.json", '{"mine": 1}')
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target == str(file):
            raise OSError(errno.EBUSY, "Device or resource busy")
        real(source, target)

    def die(_temporary: str, target: str) -> None:
        Path(target).write_text('{"mi')
        os._exit(9)

    child = os.fork()
    if not child:
        os.replace = replace  # type: ignore[assignment]
        write.overwrite = die  # type: ignore[assignment]
        machine.configure(machine.client("one", "a.json", {"url": "x"}))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert file.read_text() == '{"mi'

    with machine.store.locked():
        assert recover(machine.store).endswith("was finished")

    assert file.read_text() == '{"mine": 1, "url": "x"}'


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded")
def test_a_preview_tells_of_an_interrupted_run(machine: Machine) -> None:
    """A dry run finishes nothing, and says that what it shows may come out otherwise."""
    machine.write("a.json", "{}")
    wanted = machine.client("one", "a.json", {"url": "x"})
    died = [crash_at(number, lambda: machine.configure(wanted)) for number in range(1, 12)]
    assert all(died)
    before = machine.tree()

    outcome = preview(machine.store, lambda: plan_configure(machine.store, (wanted,)))

    assert outcome.notes == (
        "a run was interrupted; the next one that writes finishes it first, so this may come out otherwise",
    )
    assert machine.tree() == before
