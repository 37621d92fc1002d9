"""Would what we print end up in the log of a CI job, where anybody may read it.

A step's output and `eval "$(aibridge env)"` look alike from here: both are a pipe. What
tells them apart is who reads the pipe: in a command substitution it is the shell itself,
an ancestor of ours. That can be seen where the system has /proc; elsewhere only an output
that is the same as standard error is taken for a log. Some systems (Buildkite, for one)
run a step at a terminal of theirs, and what is written there is the log as well.
"""

from __future__ import annotations

import os
import stat

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import is_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts
    from aibridge_cli.secret import Secret
    from aibridge_cli.shells.formats import Shell

_SYSTEMS = ("GITLAB_CI", "TF_BUILD", "CIRCLECI", "BUILDKITE", "JENKINS_URL")
"""Variables by which CI systems name themselves; `CI` alone is set by people, too."""
_COPIERS = ("cat", "tee", "ts")
"""Programs that pass on what they read: who reads them counts."""
_GENERATIONS = 6
"""How far up a command substitution is looked for: a subshell, a wrapper script, its shell."""


def protect(facts: Facts, shell: Shell, token: Secret, *, start_up: bool = False) -> str:
    """Make sure that the token is hidden in the job's log, or that it does not get there.

    Args:
        facts: Where we run; a CI variable is set.
        shell: Who is to read the text.
        token: What must not be seen.
        start_up: Whether our own lines of a start-up file read it, which leave no trace.

    Returns:
        What is to be written to standard error first: commands of the CI system, or "".

    Raises:
        UsageError: Standard output is the log, and this system has no way to hide a value.
    """
    if shell.in_log:
        return ""  # its own commands mask first
    if facts.variable("GITHUB_ACTIONS"):
        from aibridge_cli.shells.job_formats import mask_command

        if _is_nowhere(2) and is_log(1, facts.parent):
            raise UsageError(
                "standard output is the log of this job, and what would hide the token there gets lost",
                hint="leave standard error to the runner, which reads `::add-mask::` from it",
            )
        return mask_command(token.reveal())
    if facts.terminal_output:
        if not any(facts.variable(name) for name in _SYSTEMS):
            return ""  # somebody sits before it, and has `CI` set
        raise _shown()
    if is_log(1, facts.parent):
        raise _shown()
    if shell.keeps and not start_up and _traced(facts):
        raise UsageError(
            "the shell of this job writes each line that it runs into the log, and with it the token",
            hint="`aibridge run -- COMMAND` shows it nowhere",
        )
    return ""


def _shown() -> UsageError:
    return UsageError(
        "standard output is the log of this job, which would show the token",
        hint='use `eval "$(aibridge env)"`, or write a file with `--to FILE`',
    )


def _traced(facts: Facts) -> bool:
    # GitLab's way to have its scripts run with `set -x`, and bash's own to pass it on
    traced = facts.variable("CI_DEBUG_TRACE").lower() in ("true", "1")
    return traced or "xtrace" in facts.variable("SHELLOPTS").split(":")


def _is_nowhere(descriptor: int) -> bool:
    try:
        status = os.fstat(descriptor)
    except OSError:  # closed
        return True
    return stat.S_ISREG(status.st_mode) or _is_null(status)


def _is_null(status: os.stat_result) -> bool:
    return os.path.samestat(status, os.stat(os.devnull))


def is_log(descriptor: int, parent: int, proc: str = "/proc") -> bool:
    """Tell whether what is written to a file descriptor ends up in a log, as far as that can be seen.

    Args:
        descriptor: Open for writing.
        parent: The id of the parent process.
        proc: Where the system shows its processes.
    """
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) or _is_null(status):
        return False
    if not os.path.isdir(f"{proc}/self/fd"):
        return _same_as_errors(status)
    pipe = os.readlink(f"{proc}/self/fd/{descriptor}")
    if parent > 0 and not os.access(f"{proc}/{parent}/fd", os.R_OK | os.X_OK):  # a system that hides other processes
        return _same_as_errors(status)
    return not (_read_by_a_shell(proc, pipe, parent) or _read_beside_us(proc, pipe, parent, _GENERATIONS))


def _same_as_errors(status: os.stat_result) -> bool:
    other = os.fstat(2)
    return (status.st_dev, status.st_ino) == (other.st_dev, other.st_ino)


def _read_by_a_shell(proc: str, pipe: str, process: int) -> bool:
    for _ in range(_GENERATIONS):
        if process < 1:  # outside of this container
            break
        try:
            if is_shell(os.readlink(f"{proc}/{process}/exe")) and _reads(f"{proc}/{process}", pipe):
                return True
            process = _parent(f"{proc}/{process}")
        except (OSError, ValueError, IndexError):  # another user's, or gone meanwhile
            break
    return False


def _read_beside_us(proc: str, pipe: str, parent: int, longest: int) -> bool:
    for name in os.listdir(proc):
        process = f"{proc}/{name}"
        try:
            if name.isdigit() and _parent(process) == parent and _reads(process, pipe):
                return not _passes_on(proc, process, parent, longest - 1)
        except (OSError, ValueError, IndexError):  # likewise
            continue
    return False


def _passes_on(proc: str, process: str, parent: int, longest: int) -> bool:
    """Tell whether a program beside us writes what it reads into the log."""
    with open(f"{process}/comm", encoding="utf-8", errors="replace") as file:
        if file.read().strip() not in _COPIERS:
            return False
    status = os.stat(f"{process}/fd/1")
    if stat.S_ISREG(status.st_mode) or _is_null(status):
        return False
    pipe = os.readlink(f"{process}/fd/1")
    return not (_read_by_a_shell(proc, pipe, parent) or (longest and _read_beside_us(proc, pipe, parent, longest)))


def _parent(process: str) -> int:
    with open(f"{process}/stat", encoding="utf-8", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def _reads(process: str, pipe: str) -> bool:
    for name in os.listdir(f"{process}/fd"):
        if os.readlink(f"{process}/fd/{name}") == pipe:
            with open(f"{process}/fdinfo/{name}", encoding="utf-8") as file:
                flags = next((line for line in file if line.startswith("flags:")), "flags: 1")
            if int(flags.split()[1], 8) & os.O_ACCMODE == os.O_RDONLY:
                return True
    return False
