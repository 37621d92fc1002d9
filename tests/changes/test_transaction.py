"""All or nothing: crashes, full disks, other writers, several runs at once."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.changes import transaction, write
from aibridge_cli.changes.run import carry_out, plan_configure, plan_release, preview
from aibridge_cli.changes.transaction import recover
from aibridge_cli.errors import AibridgeError, ChangedMeanwhile, FileProblem

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


def test_a_really_full_disk(machine: Machine) -> None:
    """When the system refuses to write more, the error says so and nothing has changed."""
    wanted = (machine.client("one", "a.json", {"url": "x" * 20000}),)
    machine.write("a.json", '{"mine": 1}')
    old = machine.tree()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        with pytest.raises(FileProblem, match="cannot be written: File too large; every file is as it was"):
            machine.configure(*wanted)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert machine.tree() == old
    assert machine.store.pending() is None


def test_a_client_that_writes_meanwhile_is_noticed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes between reading and writing is planned anew with the new content."""
    file = machine.write("a.json", '{"mine": 1}')
    real = transaction._stage
    writes = iter(['{"mine": 2}'])

    def stage(*given: Any) -> None:
        real(*given)
        text = next(writes, "")
        if text:
            file.write_text(text)

    monkeypatch.setattr(transaction, "_stage", stage)
    machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert file.read_text() == '{"mine": 2, "url": "x"}'


def test_a_client_that_never_stops_writing_wins(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a few tries the run gives up and leaves the client's file alone."""
    file = machine.write("a.json", '{"mine": 1}')
    real = transaction._stage

    def stage(*given: Any) -> None:
        real(*given)
        file.write_text(file.read_text() + " ")

    monkeypatch.setattr(transaction, "_stage", stage)
    with pytest.raises(ChangedMeanwhile, match="was changed by another program meanwhile; nothing was written"):
        machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert file.read_text().rstrip() == '{"mine": 1}'


def test_a_client_that_writes_between_two_files_is_noticed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes while an earlier one is put in place is not overwritten, and the run starts anew."""
    first, second = machine.write("a.json", '{"mine": 1}'), machine.write("b.json", '{"mine": 1}')
    real = write.commit
    writes = iter(['{"mine": 2}'])

    def commit(*given: Any) -> None:
        real(*given)
        text = next(writes, "")
        if text:
            second.write_text(text)

    monkeypatch.setattr(transaction, "commit", commit)
    machine.configure(machine.client("one", "a.json", {"url": "x"}), machine.client("two", "b.json", {"url": "x"}))

    assert (first.read_text(), second.read_text()) == ('{"mine": 1, "url": "x"}', '{"mine": 2, "url": "x"}')


def test_what_was_approved_is_what_is_written(machine: Machine) -> None:
    """When the file changes while the user decides, nothing is written."""
    file = machine.write("a.json", '{"mine": 1}')
    wanted = machine.client("one", "a.json", {"url": "x"})

    def ask(_plan: object) -> bool:
        file.write_text('{"mine": 2}')
        return True

    with pytest.raises(AibridgeError, match="the files were changed while this was being decided"):
        carry_out(
            machine.store, lambda: plan_configure(machine.store, (wanted,)), "test", show=lambda _plan: None, ask=ask
        )

    assert file.read_text() == '{"mine": 2}'


def test_no_means_no(machine: Machine) -> None:
    """When the user declines nothing is written, not even our own folder."""
    machine.write("a.json", "{}")
    old = machine.tree()
    wanted = machine.client("one", "a.json", {"url": "x"})

    outcome = carry_out(
        machine.store,
        lambda: plan_configure(machine.store, (wanted,)),
        "test",
        show=lambda _plan: None,
        ask=lambda _plan: False,
    )

    assert (outcome.run, machine.tree(), Path(machine.store.folder).exists()) == ("", old, False)


def test_a_file_mounted_by_itself_is_written_in_place(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be replaced because it is a mount point is overwritten where it stands."""
    file = machine.write("a.json", '{"mine": 1, "long": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}')
    inode = file.stat().st_ino
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target == str(file):
            raise OSError(errno.EBUSY, "Device or resource busy")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    machine.configure(machine.client("one", "a.json", {"url": "x"}, remove=(("long",),)))

    assert file.read_text() == '{"mine": 1, "url": "x"}'
    assert file.stat().st_ino == inode
    assert list(machine.tree()) == ["a.json"]


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


def test_several_runs_at_once_all_succeed(machine: Machine) -> None:
    """Programs that configure at the same moment wait for each other, and no edit is lost."""
    script = textwrap.dedent(f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parent.parent.parent)]!r}
        from pathlib import Path
        from tests.changes.conftest import Machine
        from aibridge_cli.changes.store import Store
        machine = Machine(Path({str(machine.home)!r}), Store({machine.store.folder!r}))
        machine.configure(machine.client(sys.argv[1], "a.json", {{sys.argv[1]: 1}}))
    """)
    before = '{\n  // mine\n  "mine": true\n}\n'
    file = machine.write("a.json", before)
    names = [f"client{number}" for number in range(6)]

    running = [subprocess.Popen([sys.executable, "-c", script, name], stderr=subprocess.PIPE) for name in names]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in running]

    assert ended == [(b"", 0)] * len(names)
    assert set(machine.store.state().clients) == set(names)
    assert len(machine.store.journal()) == len(names)
    assert all(f'"{name}": 1' in file.read_text() for name in names)
    machine.unconfigure(*names)
    assert file.read_text() == before


def test_a_run_that_waits_too_long_says_so(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is not given up ends in an error, not in a hang."""
    monkeypatch.setattr("aibridge_cli.changes.store.PATIENCE", 0.1)
    machine.write("a.json", "{}")

    with machine.store.locked(), pytest.raises(AibridgeError, match="another `aibridge` is changing files"):
        machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert machine.tree()["a.json"][0] == b"{}"


def test_records_hold_no_secret(machine: Machine) -> None:
    """Neither state nor journal nor kept copies hold what we wrote; all are for the user alone."""
    token = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"
    machine.write("a.json", '{"key": "old"}')
    machine.configure(machine.client("one", "a.json", {"key": token}, secret=True))
    (machine.home / "a.json").write_text((machine.home / "a.json").read_text() + "\n")
    machine.configure(machine.client("one", "a.json", {"key": token, "more": 1}, secret=True))

    for path in Path(machine.store.folder).rglob("*"):
        if path.is_file():
            assert token not in path.read_text(), path
            assert path.stat().st_mode & 0o077 == 0
        else:
            assert path.stat().st_mode & 0o777 == 0o700


def test_lost_records_are_found_in_the_journal(machine: Machine) -> None:
    """When `state.json` is gone or broken, the journal still knows what is ours."""
    before = '{"mine": 1}'
    file = machine.write("a.json", before)
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    Path(machine.store.path("state.json")).write_text("{ broken")

    machine.unconfigure("one")

    assert file.read_text() == before


def test_records_of_a_later_version_are_refused(machine: Machine) -> None:
    """A state that this version does not know is not overwritten."""
    machine.store.ready()
    Path(machine.store.path("state.json")).write_text('{"version": 99}')

    with pytest.raises(FileProblem, match="cannot be read: version 99, expected 1"):
        machine.configure(machine.client("one", "a.json", {"url": "x"}))


def test_records_with_a_part_missing_are_refused(machine: Machine) -> None:
    """A state that lost a part is not taken for one that owns nothing."""
    machine.store.ready()
    Path(machine.store.path("state.json")).write_text('{"version": 1, "files": {"x": {}}}')

    with pytest.raises(FileProblem, match="a part is missing or of the wrong kind"):
        machine.configure(machine.client("one", "a.json", {"url": "x"}))


def test_a_changed_kept_copy_is_not_trusted(machine: Machine) -> None:
    """A kept copy that is not what it was is never written over the user's file."""
    file = machine.write("a.json", '{"mine": 1}')
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    for image in Path(machine.store.path("images")).iterdir():
        image.write_text("{}")
    configured = file.read_text()

    with pytest.raises(FileProblem, match="is needed to put back what stood before, and was changed"):
        machine.unconfigure("one")

    assert file.read_text() == configured


def test_a_journal_cut_short_goes_on(machine: Machine) -> None:
    """A last line that a crash cut off is passed over, and the next run starts a line of its own."""
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    with open(machine.store.path("journal.jsonl"), "a") as journal:
        journal.write('{"id": "cut')

    machine.configure(machine.client("two", "b.json", {"url": "x"}))

    assert [record["clients"] for record in machine.store.journal()] == [["one"], ["two"]]


def test_owner_and_attributes_stay(machine: Machine) -> None:
    """A replaced file keeps what the file system knows about the old one."""
    file = machine.write("a.json", "{}", 0o600)
    os.setxattr(file, "user.note", b"mine")

    machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert os.getxattr(file, "user.note") == b"mine"
    assert file.stat().st_uid == os.getuid()


def test_a_state_folder_that_cannot_be_used(machine: Machine) -> None:
    """Without a place for our records nothing is changed, and dry run says the same."""
    machine.write("aibridge-state", "a file in the way")
    machine.write("a.json", "{}")

    with pytest.raises(FileProblem, match="cannot be used for our records"):
        machine.configure(machine.client("one", "a.json", {"url": "x"}))

    assert machine.tree()["a.json"][0] == b"{}"


def test_taking_back_what_is_not_there(machine: Machine) -> None:
    """On a machine without our records there is nothing to take back, and nothing is made."""
    outcome = carry_out(machine.store, lambda: plan_release(machine.store, ["one"]), "test", show=lambda _plan: None)

    assert outcome.plan.empty
    assert not Path(machine.store.folder).exists()


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
