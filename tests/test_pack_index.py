"""The list of installed packs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aibridge_cli.errors import FileProblem
from aibridge_cli.pack_index import index_file, installed_packs


def write(tmp_path: Path, content: bytes) -> str:
    os.makedirs(tmp_path / "packs", exist_ok=True)
    Path(index_file(str(tmp_path))).write_bytes(content)
    return str(tmp_path)


def test_no_packs(tmp_path: Path) -> None:
    """Without a list, and where the folder would stand is a file, there are none."""
    assert installed_packs(str(tmp_path)) == ()
    (tmp_path / "packs").touch()
    assert installed_packs(str(tmp_path)) == ()


def test_packs_are_sorted(tmp_path: Path) -> None:
    """The order is by name, whatever the file says."""
    found = installed_packs(write(tmp_path, b"b\tb-1\thttps://b\tx\na\ta-1\t\ty\n"))

    assert [(pack.name, pack.deployment, pack.manifest) for pack in found] == [("a", "", "y"), ("b", "https://b", "x")]
    assert found[0].folder == str(tmp_path / "packs" / "a-1")
    assert found[0].profiles == str(tmp_path / "packs" / "a-1" / "profiles")


@pytest.mark.parametrize(
    "line", [b"a", b"a\tb\tc", b"a\tb\tc\td\te", b"\tb\t\td", b"a\t../b\t\td", b"a\t..\t\td", b"a\t\t\td", b"\xff"]
)
def test_a_list_that_is_not_ours(line: bytes, tmp_path: Path) -> None:
    """A broken list stops the program: going on would pass the organisation's rules over."""
    with pytest.raises(FileProblem):
        installed_packs(write(tmp_path, b"a\tb\t\td\n" + line + b"\n"))


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    """So does one that is a folder."""
    os.makedirs(index_file(str(tmp_path)))

    with pytest.raises(FileProblem, match="cannot be read"):
        installed_packs(str(tmp_path))
