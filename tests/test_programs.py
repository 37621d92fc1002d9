from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.programs import find_program


@pytest.fixture
def place(tmp_path: Path) -> Any:
    """Put a file `bin/NAME` somewhere and return its folder."""

    def put(folder: str, name: str, mode: int = 0o755) -> str:
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        path.chmod(mode)
        return str(path.parent)

    return put


def test_first_on_path(make_facts: Any, place: Any) -> None:
    """The first folder that has the program counts; files that cannot be run and folders do not."""
    plain = place("plain", "tool", 0o644)
    first, second = place("first", "tool"), place("second", "tool")
    (Path(plain).parent / "folder" / "tool").mkdir(parents=True)
    path = f"{plain}:{plain}/../folder:{first}:{second}"
    assert find_program(make_facts(environ={"PATH": path}), "tool") == f"{first}/tool"


def test_never_the_working_folder(make_facts: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty and relative entries of `PATH` do not let the working folder decide."""
    monkeypatch.chdir(place("here", "tool"))
    assert find_program(make_facts(environ={"PATH": ":.:../here"}), "tool") == ""
    assert find_program(make_facts(), "tool") == ""


def test_windows_endings(make_facts: Any, place: Any) -> None:
    """On Windows a name is completed with the endings of `PATHEXT`."""
    folder = place("bin", "tool.cmd")
    windows = make_facts(platform="windows", environ={"PATH": folder})
    assert find_program(windows, "tool") == f"{folder}/tool.cmd"
    assert find_program(windows, "tool.cmd") == f"{folder}/tool.cmd"
    assert find_program(make_facts(platform="windows", environ={"PATH": folder, "PATHEXT": ".EXE;"}), "tool") == ""
