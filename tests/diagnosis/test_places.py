"""Where tokens are looked for, and what is not read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.changes.state import State
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.diagnosis import places as searched
from aibridge_cli.diagnosis.places import Place, places, read

if TYPE_CHECKING:
    from tests.conftest import MakeFacts

QUILL = """
name = "Quill"
summary = "writes"
docs = "https://quill.example"
status = "supported"
speaks = ["openai"]
credential = ["env"]
[paths]
config = ["~/.config/quill"]
other = ["$QUILL_HOME", "~/.config"]
[env]
QUILL = "{token}"
[[edit]]
file = ["{config}/quill.json", "{config}/old.json"]
format = "json"
set = { url = "{gateway.openai}" }
"""


def kinds(make_facts: MakeFacts, home: Path, **environ: str) -> dict[str, str]:
    facts = make_facts(home=str(home), environ=environ)
    found = places(facts, str(home / "ours"), State(), [load_profile(QUILL, "quill.toml")])
    return {os.path.relpath(place.path, home): place.kind for place in found}


def write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_where(make_facts: MakeFacts, tmp_path: Path) -> None:
    """Clients' files, copies beside them, their folders, start-up files, histories, and our own folder."""
    expected = {
        ".config/quill/quill.json": "client file",
        ".config/quill/quill.json.bak.1": "copy",
        ".config/quill/.quill.json.aibridge-1.tmp": "copy",
        ".config/quill/other~": "copy",
        ".config/quill/logs/a.log": "client record",
        ".local/share/quill/session": "client record",
        ".zshrc": "start-up file",
        ".config/fish/conf.d/a.fish": "start-up file",
        "zsh/.zshenv": "start-up file",
        ".bash_history": "history",
        "my-history": "history",
        "ours/images/1": "our folder",
    }
    for name in expected:
        write(tmp_path / name)
    write(tmp_path / ".config/another/file")
    write(tmp_path / "documents/file")

    found = kinds(make_facts, tmp_path, ZDOTDIR=str(tmp_path / "zsh"), HISTFILE=str(tmp_path / "my-history"))

    assert found == expected


def test_how_much_of_a_folder(make_facts: MakeFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with too many files or levels is searched in part."""
    for number in range(5):
        write(tmp_path / f".config/quill/{number}")
    write(tmp_path / ".config/quill" / "/".join("abcdefgh") / "deep")
    assert len(kinds(make_facts, tmp_path)) == 5

    monkeypatch.setattr(searched, "MOST", 3)

    assert len(kinds(make_facts, tmp_path)) == 3


def test_without_a_home(make_facts: MakeFacts, tmp_path: Path) -> None:
    """A client whose folder has no place here is passed over."""
    facts = make_facts(home=str(tmp_path), environ={"QUILL_HOME": "relative"})

    assert places(facts, str(tmp_path / "ours"), State(), [load_profile(QUILL, "quill.toml")]) == []


def test_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is read, of a long file the end; what is binary, no file or gone is passed over."""

    def look(path: Path) -> searched.Read:
        return read(Place(str(path), "history"), str(tmp_path), "")

    assert look(write(tmp_path / "a", b"text")).content == b"text"
    assert look(write(tmp_path / "b", b"\0text")) == (None, "", 1)
    assert look(tmp_path) == (None, "", 1)
    assert look(tmp_path / "nothing") == (None, "", 1)
    monkeypatch.setattr(searched, "LARGEST", 2 * 1024 * 1024)
    long = look(write(tmp_path / "c", b"a" * 2 * 1024 * 1024 + b"end"))
    assert long.content is not None
    assert long.content.endswith(b"end")
    assert (long.skipped, long.first_line) == ("is long, so only its last 2 MiB were searched", 0)


def test_links(tmp_path: Path) -> None:
    """A link within the home is followed, one that leads out of it is not."""
    home = tmp_path / "home"
    inside = write(home / "dotfiles/a", b"inside")
    outside = write(tmp_path / "shared/a", b"outside")
    (home / "in").symlink_to(inside)
    (home / "out").symlink_to(outside)
    (home / "folder").symlink_to(tmp_path / "shared")

    assert read(Place(str(home / "in"), "history"), str(home), "").content == b"inside"
    assert read(Place(str(home / "out"), "history"), str(home), "") == (None, "is a link out of the home folder", 1)
    assert (
        read(Place(str(home / "folder/a"), "client file"), str(home), "").skipped == "is a link out of the home folder"
    )
    assert read(Place(str(outside), "client file"), str(home), "").content == b"outside"
