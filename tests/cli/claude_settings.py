"""A client's settings file in the home folder."""

from __future__ import annotations

import json
from pathlib import Path


def settings_file(home: Path, text: str = '{\n  "theme": "dark" }\n') -> Path:
    """Write the file as a user may have it."""
    file = home / ".claude/settings.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def change_settings(home: Path, **changes: object) -> None:
    """Write other values of some of the keys into the file that is there."""
    file = home / ".claude/settings.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}, indent=2) + "\n")
