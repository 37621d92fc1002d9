"""Putting one file in place: whole or not at all, in the clothes of the one it replaces.

`stage` writes a finished copy beside the target, `commit` gives it the target's name.
Trials showed that the usual temporary file plus rename loses links, mode, owner and
extended attributes; each is kept here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable

ATTEMPTS = 8
"""On Windows a file that another process has open cannot be replaced for a moment."""


def stage(temporary: str, target: str, content: bytes, mode: int | None) -> None:
    """Write the finished copy of `target` as `temporary`, which must not exist.

    Args:
        temporary: A new name in the target's folder.
        target: The file that it will replace, if that exists; owner and extended
            attributes are taken from it.
        content: All bytes.
        mode: Permission bits, or None for the usual ones of a new file.

    Raises:
        OSError: The copy could not be written; nothing is left behind.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    birth = 0o666 if mode is None else 0o600
    descriptor = os.open(temporary, flags | getattr(os, "O_BINARY", 0), birth)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            _dress(descriptor, target, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _dress(descriptor: int, target: str, mode: int | None) -> None:
    try:
        status = os.stat(target)
    except FileNotFoundError:
        status = None
    if status is not None and hasattr(os, "fchown"):
        mine = os.fstat(descriptor)
        if (status.st_uid, status.st_gid) != (mine.st_uid, mine.st_gid):
            # Without the right to give a file away it stays ours, as an editor would leave it.
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, status.st_uid, status.st_gid)
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)
    if status is not None and hasattr(os, "listxattr"):
        _copy_attributes(descriptor, target)


def _copy_attributes(descriptor: int, target: str) -> None:
    try:
        names = os.listxattr(target)
    except OSError:  # the file system has none
        return
    for name in names:
        # Attributes in the security and trusted name spaces belong to the system.
        with contextlib.suppress(OSError):
            os.setxattr(descriptor, name, os.getxattr(target, name))


def commit(temporary: str, target: str, before_in_place: Callable[[], None]) -> None:
    """Give the staged copy the target's name.

    Args:
        temporary: What `stage` wrote.
        target: The name it shall have.
        before_in_place: Called before the target is overwritten where it stands, which is
            all that can be done when it is a mount point of its own (a file mounted into a
            container). It must record durably that the copy is to be written once more
            after a crash.

    Raises:
        OSError: The target is as it was, and the copy is still there.
    """
    for attempt in range(ATTEMPTS):
        try:
            os.replace(temporary, target)
        except PermissionError:
            if os.name != "nt" or attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.02 * 2**attempt)
        except OSError as problem:
            if problem.errno != errno.EBUSY:
                raise
            before_in_place()
            overwrite(temporary, target)
            break
        else:
            break
    flush_folder(os.path.dirname(target))


def overwrite(temporary: str, target: str) -> None:
    """Copy the staged bytes into the target where it stands, then drop the copy."""
    with open(temporary, "rb") as source:
        content = source.read()
        mode = stat.S_IMODE(os.fstat(source.fileno()).st_mode)
    with open(target, "r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    os.chmod(target, mode)
    os.unlink(temporary)


def flush_folder(folder: str) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder or ".", os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EROFS):
            raise
    finally:
        os.close(descriptor)


def write_own(path: str, content: bytes) -> None:
    """Replace a file of our own, 0600 from birth.

    Args:
        path: In a folder of ours, which exists; the caller holds the store's lock.
        content: All bytes.

    Raises:
        OSError: It could not be written; the earlier file is as it was.
    """
    temporary = f"{path}.tmp"  # one name, so that what a crash left is used up
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    stage(temporary, path, content, 0o600)
    try:
        commit(temporary, path, lambda: None)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
