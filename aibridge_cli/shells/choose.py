"""Which shell is to read our output."""

from __future__ import annotations

import os

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.formats import FishShell, PosixShell, PowerShell, Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

SHELLS = {
    "sh": PosixShell,
    "bash": PosixShell,
    "zsh": PosixShell,
    "dash": PosixShell,
    "ash": PosixShell,
    "ksh": PosixShell,
    "mksh": PosixShell,
    "fish": FishShell,
    "powershell": PowerShell,
    "pwsh": PowerShell,
}


def shell_named(text: str) -> Shell:
    """Return the shell of a name or path, as in `zsh`, `/bin/zsh`, `-bash` or `pwsh.exe`.

    Raises:
        UsageError: It is none that we know.
    """
    shell = _known(text)
    if shell is None:
        raise UsageError(f"`{text}` is not a supported shell", hint=f"use one of {', '.join(SHELLS)}")
    return shell


def detect(facts: Facts) -> Shell:
    """Return the shell that runs us: the parent process, else `SHELL`, else what is usual.

    The variable names the login shell, which need not be the one that reads our output;
    so it counts only when the parent is something else, as `make` or an editor.
    """
    for candidate in (*_parent_names(facts), facts.variable("SHELL")):
        shell = _known(candidate)
        if shell:
            return shell
    return shell_named("powershell" if facts.platform == "windows" else "sh")


def _known(text: str) -> Shell | None:
    name = text.strip().replace("\\", "/").rpartition("/")[2].lower().removesuffix(" (deleted)")
    name = name.removeprefix("-").removesuffix(".exe").rstrip("0123456789.-")
    return SHELLS[name](name) if name in SHELLS else None


def _parent_names(facts: Facts) -> list[str]:
    if not facts.parent or facts.platform == "windows":
        return []
    if facts.platform == "macos":
        return [_printed_by(["/bin/ps", "-o", "comm=", "-p", str(facts.parent)])]
    names = []
    # the executable before the name: a script that is run directly is named after its file
    try:
        names.append(os.readlink(f"/proc/{facts.parent}/exe"))
    except OSError:  # another user's process, or no /proc
        names.append("")
    try:
        with open(f"/proc/{facts.parent}/comm", encoding="utf-8", errors="replace") as file:
            names.append(file.read(64))
    except OSError:
        names.append("")
    return names


def _printed_by(command: list[str]) -> str:
    # posix_spawn and not subprocess, whose import costs as much as starting Python
    reader, writer = os.pipe()
    try:
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)])
    except OSError:
        os.close(writer)
        os.close(reader)
        return ""
    os.close(writer)
    with open(reader, encoding="utf-8", errors="replace") as file:
        text = file.read(4096)
    os.waitpid(pid, 0)
    return text
