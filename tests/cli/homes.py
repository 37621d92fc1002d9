"""What lies in a home folder, before and after a run."""

from __future__ import annotations

from pathlib import Path

STATE = ".local/state/aibridge"


def contents(home: Path) -> dict[str, str]:
    """Every file in the home folder with its text."""
    return {str(path.relative_to(home)): path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()}


def holding(home: Path, text: str) -> list[str]:
    """The files in the home folder that hold a text."""
    return sorted(name for name, content in contents(home).items() if text in content)


def files(home: Path) -> dict[str, bytes]:
    """Every file in the home folder but our own records, with its bytes."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and STATE not in str(path)
    }
