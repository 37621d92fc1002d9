from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.credentials.reading import read_line
from aibridge_cli.errors import FileProblem


def test_text_without_its_newline(tmp_path: Path) -> None:
    """The text comes without the white space around it, which the Coder CLI does not write but editors do."""
    (tmp_path / "session").write_text("value\r\n")
    assert read_line(str(tmp_path / "session")) == "value"


def test_absent(tmp_path: Path) -> None:
    """An absent file, a file where a folder should be and a path that cannot be are the empty text."""
    (tmp_path / "file").touch()
    assert read_line(str(tmp_path / "none")) == ""
    assert read_line(str(tmp_path / "file" / "below")) == ""
    assert read_line("/a\0b") == ""


def test_directory_in_the_way(tmp_path: Path) -> None:
    """A folder instead of a file is named, with what is wrong."""
    with pytest.raises(FileProblem, match=f"`{tmp_path}`: cannot be read: Is a directory"):
        read_line(str(tmp_path))


def test_looping_link(tmp_path: Path) -> None:
    """A link to itself is an error, not a traceback."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FileProblem, match="symbolic links"):
        read_line(str(tmp_path / "loop"))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is named."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileProblem, match="Permission denied") as caught:
        read_line("/etc/secret")
    assert caught.value.hint


def test_named_pipe(tmp_path: Path) -> None:
    """A named pipe that nobody writes to does not make us wait."""
    os.mkfifo(tmp_path / "pipe")
    assert read_line(str(tmp_path / "pipe")) == ""


def test_too_large(tmp_path: Path) -> None:
    """A file that is no one-line file is not read to its end."""
    (tmp_path / "big").write_bytes(b"x" * 70_000)
    with pytest.raises(FileProblem, match="too large"):
        read_line(str(tmp_path / "big"))


@given(content=st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Any bytes are text or a `FileProblem`."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        text = read_line(str(path))
    except FileProblem:
        with pytest.raises(UnicodeDecodeError):
            content.decode()
    else:
        assert text == content.decode().strip()
