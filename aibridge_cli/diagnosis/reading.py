"""Reading other programs' files for a diagnosis, which changes nothing."""

from __future__ import annotations

import os
from typing import Protocol

from aibridge_cli.documents.encoding import decode
from aibridge_cli.errors import DocumentError


class Reading(Protocol):
    """What a diagnosis sees of a disk."""

    def text(self, path: str) -> str | None:
        """Return a file's text, or None when there is no such file.

        Raises:
            DocumentError: It is there, and cannot be read.
        """
        ...

    def names(self, folder: str) -> tuple[str, ...] | None:
        """Return the names in a folder, sorted, or None when there is no such folder."""
        ...


class Disk:
    """The disk of this machine."""

    __slots__ = ()

    def text(self, path: str) -> str | None:
        """Return a file's text, or None when there is no such file.

        Raises:
            DocumentError: It is not UTF-8, or we may not read it.
        """
        if not os.path.isfile(path):
            return None
        try:
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:  # it went between the two
            return None
        except OSError as problem:
            raise DocumentError(f"it cannot be read: {problem.strerror}") from None
        return decode(content).text

    def names(self, folder: str) -> tuple[str, ...] | None:
        """Return the names in a folder, sorted, or None when there is no such folder that we may list."""
        try:
            return tuple(sorted(os.listdir(folder)))
        except OSError:  # absent, a file, or not ours to read: no files of the client's for us
            return None
