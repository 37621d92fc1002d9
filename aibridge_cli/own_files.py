"""Small files of our own: replaced whole, 0600 from birth, and one lock beside them.

`aibridge token` passes here, so this module needs `os` only.
"""

from __future__ import annotations

import os

from aibridge_cli.errors import FileProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

_TEMPORARY = "~"
"""One name, so that what a crash left behind is used up by the next writing; no deployment's name ends so."""

_HINT = "`AIBRIDGE_STATE_DIR` names another folder"


def keep(path: str, text: str) -> None:
    """Write a file of ours so that readers see the earlier text or the new one, never half.

    Args:
        path: In a folder of ours, which is made, 0700, when it is missing; the caller
            holds the lock of that folder.
        text: The whole text.

    Raises:
        FileProblem: It cannot be written; the earlier file is as it was.
    """
    temporary = path + _TEMPORARY
    try:
        _make_folder(os.path.dirname(path))
        _remove(temporary)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        descriptor = os.open(temporary, flags | getattr(os, "O_BINARY", 0), 0o600)
        try:
            try:
                rest = text.encode()
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(temporary, path)
        except BaseException:
            _remove(temporary)
            raise
    except OSError as error:
        raise FileProblem(path, f"cannot be written: {error.strerror}", hint=_HINT) from None


def forget(path: str) -> bool:
    """Remove a file of ours, and tell whether it was there.

    Raises:
        FileProblem: It is there and cannot be removed.
    """
    try:
        _remove(path + _TEMPORARY)
        return _remove(path)
    except OSError as error:
        raise FileProblem(path, f"cannot be removed: {error.strerror}", hint=f"look at `ls -ld {path}`") from None


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


class Lock:
    """A lock that the system frees when its holder ends, however it ends.

    Args:
        path: A file of ours that stands for it; made when it is missing.

    Raises:
        FileProblem: The file cannot be opened.
    """

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            _make_folder(os.path.dirname(path))
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise FileProblem(path, f"cannot be opened: {error.strerror}", hint=_HINT) from None

    def attempt(self) -> bool:
        """Take the lock unless somebody else holds it, and tell whether we do.

        Raises:
            FileProblem: The file system has no locks, as some network drives.
        """
        try:
            return lock_descriptor(self._descriptor)
        except OSError as error:
            raise FileProblem(self._path, f"cannot be locked: {error.strerror}", hint=_HINT) from None

    def wait(self, seconds: float) -> bool:
        """Take the lock, waiting at most so many seconds, and tell whether we hold it.

        Raises:
            FileProblem: The file system has no locks, as some network drives.
        """
        import time

        deadline = time.monotonic() + seconds
        while not self.attempt():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def lock_descriptor(descriptor: int) -> bool:
    """Lock an open file for this process unless it is locked, and tell whether it is ours now.

    Raises:
        OSError: The file system has no locks.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_folder(folder: str) -> None:
    if os.path.isdir(folder):
        return
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:  # somebody was faster
        if not os.path.isdir(folder):
            raise
