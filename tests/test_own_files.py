from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aibridge_cli.errors import FileProblem
from aibridge_cli.own_files import Lock, forget, keep


def test_replaced_whole(tmp_path: Path) -> None:
    """The text is replaced whole, 0600, and nothing is left beside it."""
    path = tmp_path / "made" / "for it" / "file"
    keep(str(path), "one\n")
    keep(str(path), "two\n")
    assert path.read_text() == "two\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["file"]


def test_what_a_crash_left_is_used_up(tmp_path: Path) -> None:
    """A half-written copy of an earlier run, even one that anybody may read, does not survive the next writing."""
    left = tmp_path / "file~"
    left.write_text("half a")
    left.chmod(0o644)
    keep(str(tmp_path / "file"), "whole")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("file", "whole")]
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    """A link where the copy is written does not send the text elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    (tmp_path / "file~").symlink_to(elsewhere)
    keep(str(tmp_path / "file"), "secret")
    assert elsewhere.read_text() == "untouched"


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    """A folder that cannot be made is named, and the earlier file stays."""
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(FileProblem) as caught:
        keep(str(tmp_path / "in the way" / "file"), "text")
    assert "in the way" in caught.value.message
    with pytest.raises(FileProblem):
        Lock(str(tmp_path / "in the way" / "lock"))


def test_a_full_disk(tmp_path: Path) -> None:
    """When there is no room the earlier text stays, and nothing half-written is left."""
    script = """
import resource, signal, sys
from aibridge_cli.errors import FileProblem
from aibridge_cli.own_files import keep
keep(sys.argv[1], "earlier")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    keep(sys.argv[1], "x" * 5000)
except FileProblem as problem:
    print(problem.message)
"""
    path = tmp_path / "file"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    assert "cannot be written: File too large" in done.stdout
    assert path.read_text() == "earlier"
    assert os.listdir(tmp_path) == ["file"]


def test_forgotten(tmp_path: Path) -> None:
    """Forgetting says whether there was anything."""
    path = tmp_path / "file"
    keep(str(path), "text")
    assert forget(str(path))
    assert not forget(str(path))
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileProblem):
        forget(str(tmp_path / "folder"))


def test_a_drive_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network drive that has no locks the error names the file, and says what to do."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Lock(str(tmp_path / "lock")) as lock, pytest.raises(FileProblem) as caught:
        lock.wait(0)
    assert caught.value.message == f"`{tmp_path}/lock`: cannot be locked: No locks available"
    assert "`AIBRIDGE_STATE_DIR`" in caught.value.hint


def test_one_holder(tmp_path: Path) -> None:
    """A lock has one holder, and is free when that one is gone."""
    path = str(tmp_path / "lock")
    with Lock(path) as one, Lock(path) as other:
        assert one.attempt()
        assert not other.attempt()
        assert not other.wait(0.05)
    with Lock(path) as third:
        assert third.wait(0)
