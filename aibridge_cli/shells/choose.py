"""Which shell, or which kind of file, is to get our output."""

from __future__ import annotations

import os

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.formats import FishShell, PosixShell, PowerShell, Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

_POSIX = ("sh", "bash", "zsh", "dash", "ash", "ksh", "mksh", "yash")
_USUAL = {**dict.fromkeys(_POSIX, PosixShell), "fish": FishShell, "powershell": PowerShell, "pwsh": PowerShell}
_OTHER = {
    "nu": "Nushell",
    "nushell": "Nushell",
    "elvish": "Elvish",
    "xonsh": "Xonsh",
    "tcsh": "CShell",
    "csh": "CShell",
    "cmd": "Cmd",
}
_JOBS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "azure": "Azure",
    "circleci": "CircleCi",
    "buildkite": "Buildkite",
    "jenkins": "Jenkins",
}
_FILES = {
    "dotenv": "Dotenv",
    "docker": "DockerEnvFile",
    "json": "Json",
    "systemd": "Systemd",
    "tfvars": "TerraformVariables",
}
SHELLS = (*_USUAL, *_OTHER)
"""The names of shells."""
FORMATS = (*_JOBS, *_FILES)
"""The names of what CI systems and programs read."""


def shell_named(text: str) -> Shell:
    """Return the shell of a name or path, as in `zsh`, `/bin/zsh` or `pwsh.exe`; or the format of a name.

    Raises:
        UsageError: It is none that we know.
    """
    shell = _known(text) or _format(text)
    if shell is None:
        raise UsageError(
            f"`{text}` is not a supported shell or format", hint=f"use one of {', '.join((*SHELLS, *FORMATS))}"
        )
    return shell


def start_lines() -> str:
    """Return, for each shell and format, how it is made to take the variables, one on each line."""
    lines: dict[str, str] = {}
    for name in (*SHELLS, *FORMATS):
        how = shell_named(name).start_line.replace("{name}", name)
        if name not in ("ash", "ksh", "mksh", "yash", "powershell", "nushell", "csh"):  # like the one before them
            lines[name] = f"  {name:<11}{how}"
    return "\n".join(lines.values())


def is_shell(text: str) -> bool:
    """Tell whether a program's name or path is that of a shell we know."""
    return _known(text) is not None


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
    if name in _USUAL:
        return _USUAL[name](name)
    if name in _OTHER:
        from aibridge_cli.shells import other_shells

        shell: Shell = getattr(other_shells, _OTHER[name])(name)
        return shell
    return None


def _format(name: str) -> Shell | None:
    if name in _JOBS:
        from aibridge_cli.shells import job_formats

        form: Shell = getattr(job_formats, _JOBS[name])(name)
    elif name in _FILES:
        from aibridge_cli.shells import file_formats

        form = getattr(file_formats, _FILES[name])(name)
    else:
        return None
    return form


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
