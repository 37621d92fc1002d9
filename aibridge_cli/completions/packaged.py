"""The completion scripts that come with the program."""

from __future__ import annotations

import os
from collections.abc import Callable

from aibridge_cli.completions.bash import bash
from aibridge_cli.completions.fish import fish
from aibridge_cli.completions.powershell import powershell
from aibridge_cli.completions.tree import Script
from aibridge_cli.completions.zsh import zsh

FILES: dict[str, tuple[str, Callable[[Script], str]]] = {
    "bash": ("aibridge.bash", bash),
    "zsh": ("_aibridge", zsh),
    "fish": ("aibridge.fish", fish),
    "powershell": ("aibridge.ps1", powershell),
}
"""For each shell the name of its file, and what makes it."""


def scripts_folder() -> str:
    """Return the folder of the scripts: inside the package from a wheel, beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "completion_scripts")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "completions")


def packaged(shell: str) -> str:
    """Return the script for a shell, as it was packaged.

    Args:
        shell: A key of `FILES`.

    Raises:
        OSError: This installation has lost it.
    """
    with open(os.path.join(scripts_folder(), FILES[shell][0]), encoding="utf-8", newline="") as file:
        return file.read()
