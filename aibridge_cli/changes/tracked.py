"""Does a file belong to a git work tree, so that a secret in it may be pushed."""

from __future__ import annotations

import os
import subprocess

LIMIT = 5.0
"""Seconds git may take to answer."""


def tracked_by_git(path: str) -> bool:
    """Tell whether git tracks the file at `path`; False when git cannot be asked.

    Args:
        path: An absolute path with links resolved.
    """
    folder = os.path.dirname(path)
    if not any(os.path.lexists(os.path.join(place, ".git")) for place in _upwards(folder)):
        return False
    arguments = ["git", "-C", folder, "ls-files", "--error-unmatch", "--", os.path.basename(path)]
    try:
        answer = subprocess.run(arguments, capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _upwards(folder: str) -> list[str]:
    places = [folder]
    while os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        places.append(folder)
    return places
