"""Programs that tests make, and processes that they expect to be gone."""

from __future__ import annotations

import stat
import time
from pathlib import Path


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or dead and not yet collected.

    Killing is not waited for by the one who kills, so it may take some seconds.
    """
    for _ in range(500):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                if file.read().rpartition(")")[2].split()[0] in "ZX":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def executable(path: Path, text: str) -> Path:
    """Write a program."""
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
