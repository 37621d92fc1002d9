"""One look at a file that may be changed: its bytes, and every reason not to touch it.

`--dry-run` and apply both pass here, so what the one accepts the other does not refuse.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import NamedTuple

from aibridge_cli.errors import FileProblem

LARGEST = 64 * 1024 * 1024
"""Bytes. A settings file beyond this is taken for something else."""


class Snapshot(NamedTuple):
    """A file as it was found.

    Args:
        path: As the client names it.
        target: What is really written: `path` with links resolved.
        content: Its bytes, or None when there is no file.
        mode: Its permission bits, or None.
        identity: Device, inode, size and time of change (ns): another value means another file.
        missing_folders: Folders that must be made first, outermost first.
        link: Whether `path` itself is a link.
    """

    path: str
    target: str
    content: bytes | None = None
    mode: int | None = None
    identity: tuple[int, int, int, int] | None = None
    missing_folders: tuple[str, ...] = ()
    link: bool = False


def digest(content: bytes) -> str:
    """Return the name under which bytes are known: their SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def identity(status: os.stat_result) -> tuple[int, int, int, int]:
    """Return what tells one state of a file from another."""
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def take(path: str) -> Snapshot:
    """Look at the file at `path`, which need not exist.

    Args:
        path: An absolute path.

    Raises:
        FileProblem: The file or a folder on the way cannot be read or replaced without harm.
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        if os.path.islink(path):
            raise FileProblem(
                path,
                f"is a link to `{os.readlink(path)}`, where there is no file",
                hint="mend or remove the link; nothing was written",
            ) from None
        return Snapshot(path, target, missing_folders=_missing_folders(path, target))
    except OSError as problem:
        raise _refusal(path, problem) from None
    _check_kind(path, status)
    _check_folder(path, os.path.dirname(target))
    if not os.access(path, os.W_OK):
        raise FileProblem(path, "cannot be written: no permission", hint=f"`ls -l {path}` shows whose it is")
    try:
        with open(target, "rb") as file:
            opened = os.fstat(file.fileno())
            content = file.read(LARGEST + 1)
    except OSError as problem:
        raise _refusal(path, problem) from None
    if len(content) > LARGEST:
        raise FileProblem(path, "is larger than 64 MiB, so it is hardly a settings file")
    mode = stat.S_IMODE(opened.st_mode)
    return Snapshot(path, target, content, mode, identity(opened), link=os.path.islink(path))


def _check_kind(path: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileProblem(path, "is a folder, and a file is needed there", hint="move the folder away")
    if not stat.S_ISREG(status.st_mode):
        raise FileProblem(path, "is not a regular file", hint="move it away")
    if status.st_nlink > 1:
        raise FileProblem(
            path,
            f"has {status.st_nlink} names (hard links), and replacing one would part it from the others",
            hint="make it a file of its own, or a symbolic link, which is followed",
        )
    if not status.st_mode & stat.S_IWUSR:
        raise FileProblem(path, "is read-only", hint=f"`chmod u+w {path}` if it may be changed")


def _check_folder(path: str, folder: str) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileProblem(
            path,
            f"cannot be replaced: no permission to write in `{folder}`",
            hint=f"`ls -ld {folder}` shows whose it is",
        )


def _missing_folders(path: str, target: str) -> tuple[str, ...]:
    missing: list[str] = []
    folder = os.path.dirname(target)
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        raise FileProblem(path, f"cannot be made: `{folder}` is not a folder", hint="move it away")
    _check_folder(path, folder)
    return tuple(reversed(missing))


def _refusal(path: str, problem: OSError) -> FileProblem:
    if problem.errno == errno.ELOOP:
        return FileProblem(path, "is a link that leads back to itself", hint="mend or remove the link")
    if problem.errno == errno.ENOTDIR:
        return FileProblem(path, "cannot be there: a part of its path is not a folder", hint="move that part away")
    if isinstance(problem, PermissionError):
        return FileProblem(path, "cannot be read: no permission", hint=f"`ls -l {path}` shows whose it is")
    return FileProblem(path, f"cannot be read: {problem.strerror or problem}")
