"""Reading the disk for a diagnosis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aibridge_cli.diagnosis.reading import Disk
from aibridge_cli.errors import DocumentError


def test_files_and_folders(tmp_path: Path) -> None:
    """A file has a text, a folder has names, and what is absent or of the other kind has neither."""
    (tmp_path / "b").write_text("text", encoding="utf-8")
    (tmp_path / "a").mkdir()
    disk = Disk()
    assert (disk.text(str(tmp_path / "b")), disk.names(str(tmp_path))) == ("text", ("a", "b"))
    assert (disk.text(str(tmp_path)), disk.names(str(tmp_path / "b"))) == (None, None)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Other bytes than UTF-8 are named with their place."""
    (tmp_path / "b").write_bytes(b"a\n\xff")
    with pytest.raises(DocumentError, match="not UTF-8"):
        Disk().text(str(tmp_path / "b"))


@pytest.mark.parametrize(
    ("error", "outcome"), [(PermissionError(13, "no"), "it cannot be read: no"), (FileNotFoundError(), None)]
)
def test_a_file_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, outcome: str | None
) -> None:
    """A file that is not ours to read is named; one that has just gone is absent."""
    monkeypatch.setattr(os.path, "isfile", lambda _path: True)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("builtins.open", refuse)
    if outcome is None:
        assert Disk().text(str(tmp_path / "b")) is None
    else:
        with pytest.raises(DocumentError, match=outcome):
            Disk().text(str(tmp_path / "b"))
