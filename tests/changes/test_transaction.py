"""All or nothing: full disks, other writers, several runs at once, and what the records hold."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.changes import transaction, write
from aibridge_cli.changes.run import carry_out, plan_configure, plan_release
from aibridge_cli.errors import AibridgeError, ChangedMeanwhile, FileProblem

if TYPE_CHECKING:
    from tests.changes.conftest import Machine


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
