"""`aibridge env --to FILE`: added to a file of a CI system, or a file of one's own, 0600 from birth."""

from __future__ import annotations

import errno
import os
import stat

from aibridge_cli.changes.tracked import tracked_by_git
from aibridge_cli.changes.write import write_own
from aibridge_cli.errors import FileProblem, UsageError
from aibridge_cli.shells.formats import Shell


def write_variables(shell: Shell, text: str, path: str, *, replace: bool) -> str:
    """Write the text to a file.

    Args:
        shell: The format; one that others write to as well is added to.
        text: The variables.
        path: The file, as the user named it.
        replace: Whether a file that is there may be replaced.

    Returns:
        A warning for the user, or "".

    Raises:
        FileProblem: The file cannot be written, or is there already; it is as it was.
        UsageError: The format is one that is read out of a log.
    """
    if shell.in_log:
        raise UsageError(f"{shell.name} reads its commands from the log of the job", hint="leave `--to` out")
    target = os.path.realpath(path)
    try:
        if shell.appends:
            _append(target, text)
        else:
            if os.path.lexists(path):
                _refuse(path, target, replace=replace)
            write_own(target, text.encode())
    except OSError as problem:
        raise FileProblem(
            path, f"cannot be written: {problem.strerror or problem}", hint="name another file with `--to`"
        ) from None
    if tracked_by_git(target):
        return f"`{path}` is tracked by git, and holds the token now"
    return ""


def _refuse(path: str, target: str, *, replace: bool) -> None:
    if not stat.S_ISREG(os.stat(target).st_mode):
        raise FileProblem(path, "is not a regular file", hint="name another file with `--to`")
    if not replace:
        raise FileProblem(
            path, "is there already, and was left alone", hint="`--replace` puts the variables in its place"
        )


def _append(target: str, text: str) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(target, flags, 0o600)
    try:
        content = text.encode()
        size = os.fstat(descriptor).st_size
        if size:
            os.lseek(descriptor, -1, os.SEEK_END)
            if os.read(descriptor, 1) != b"\n":  # another tool's last line shall stay a line of its own
                content = b"\n" + content
        written = os.write(descriptor, content)
        if written != len(content):  # a full disk: half of a variable is worse than none
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, "no space left")
    finally:
        os.close(descriptor)
