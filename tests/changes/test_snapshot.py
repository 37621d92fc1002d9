from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from aibridge_cli.changes.snapshot import take
from aibridge_cli.errors import FileProblem


def test_a_file_is_seen_with_its_bytes_and_mode(tmp_path: Path) -> None:
    """The snapshot holds the bytes as they are, and the permission bits."""
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf{}\r\n")
    file.chmod(0o640)

    found = take(str(file))

    assert (found.content, found.mode, found.target) == (b"\xef\xbb\xbf{}\r\n", 0o640, str(file))


def test_an_absent_file_names_the_folders_to_make(tmp_path: Path) -> None:
    """Folders that are missing are listed from the outside in."""
    found = take(str(tmp_path / "a" / "b" / "c.json"))

    assert found.content is None
    assert found.missing_folders == (str(tmp_path / "a"), str(tmp_path / "a" / "b"))


def test_a_link_is_followed(tmp_path: Path) -> None:
    """What is written is the file a symbolic link points at."""
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "real").write_text("{}")
    (tmp_path / "link").symlink_to("dotfiles/real")

    assert take(str(tmp_path / "link")).target == str(tmp_path / "dotfiles" / "real")


def refused(path: Path) -> str:
    with pytest.raises(FileProblem) as problem:
        take(str(path))
    return problem.value.message.replace(str(path.parent), "HERE")


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    """A link to nowhere is named with where it leads."""
    (tmp_path / "link").symlink_to("gone")

    assert refused(tmp_path / "link") == "`HERE/link`: is a link to `gone`, where there is no file"


def test_a_looping_link_is_refused(tmp_path: Path) -> None:
    """A link that leads back to itself is named."""
    (tmp_path / "link").symlink_to("link")

    assert refused(tmp_path / "link") == "`HERE/link`: is a link that leads back to itself"


def test_a_hard_link_is_refused(tmp_path: Path) -> None:
    """Replacing one of several names would part it from the others."""
    (tmp_path / "one").write_text("{}")
    os.link(tmp_path / "one", tmp_path / "two")

    assert refused(tmp_path / "two") == (
        "`HERE/two`: has 2 names (hard links), and replacing one would part it from the others"
    )


def test_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    """A folder where the file should be is named."""
    (tmp_path / "a.json").mkdir()

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: is a folder, and a file is needed there"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only regular files are edited."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.json")

        assert refused(tmp_path / "a.json") == "`HERE/a.json`: is not a regular file"


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    """A file without write permission is left alone, by root as well."""
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.json").chmod(0o444)

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: is read-only"


def test_a_file_as_folder_is_refused(tmp_path: Path) -> None:
    """A file where a folder is needed is named."""
    (tmp_path / "a").write_text("")

    assert refused(tmp_path / "a" / "b.json") == ("`HERE/b.json`: cannot be there: a part of its path is not a folder")


def test_a_folder_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written is found before anything is planned."""
    (tmp_path / "a.json").write_text("{}")
    # root may write everywhere, so the system's answer is given by hand
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: cannot be replaced: no permission to write in `HERE`"
    assert "no permission to write" in refused(tmp_path / "new.json")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is named as such, and is not taken for an empty one."""
    (tmp_path / "a.json").write_text("{}")

    def refuse(*_given: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: cannot be read: no permission"


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of many megabytes is no settings file."""
    (tmp_path / "a.json").write_text("{ }")
    monkeypatch.setattr("aibridge_cli.changes.snapshot.LARGEST", 2)

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: is larger than 64 MiB, so it is hardly a settings file"


def test_a_dead_folder_link_is_refused(tmp_path: Path) -> None:
    """A folder that is a dangling link is not made behind the user's back."""
    (tmp_path / "folder").symlink_to("gone")

    found = take(str(tmp_path / "folder" / "a.json"))

    assert found.missing_folders == (str(tmp_path / "gone"),)


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be written is not replaced by way of its folder."""
    (tmp_path / "a.json").write_text("{}")
    # root may write everywhere, so the system's answer is given by hand
    monkeypatch.setattr(os, "access", lambda path, _mode: not str(path).endswith("a.json"))

    assert refused(tmp_path / "a.json") == "`HERE/a.json`: cannot be written: no permission"
