"""Finding programs on `PATH`, without `shutil`, which the hot commands cannot afford."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts


def find_program(facts: Facts, name: str) -> str:
    """Return the absolute path of the first program of that name on `PATH`, or "".

    Empty and relative entries of `PATH` are passed over: they would let the working
    folder decide what runs.

    Args:
        facts: Where we run.
        name: A bare name, as in `coder`.
    """
    endings = [""]
    if facts.platform == "windows":
        known = (facts.variable("PATHEXT") or ".COM;.EXE;.BAT;.CMD").split(";")
        endings = [ending.lower() for ending in known if ending]
        if os.path.splitext(name)[1].lower() in endings:
            endings = [""]
    for folder in facts.environ.get("PATH", "").split(os.pathsep):
        if not os.path.isabs(folder):
            continue
        for ending in endings:
            path = os.path.join(folder, name + ending)
            if is_program(path):
                return path
    return ""


def is_program(path: str) -> bool:
    """Tell whether there is a file at `path` that this user may run."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
