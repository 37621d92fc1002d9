"""Reading the one-line files in which tokens and URLs are kept."""

from __future__ import annotations

import os

from aibridge_cli.errors import FileProblem

_LIMIT = 65536
_DAMAGED = "look at the file; one that is damaged may be removed"


def read_line(path: str) -> str:
    """Return a small file's text without the white space around it; "" when it is absent.

    Never waits, not even for a named pipe.

    Raises:
        FileProblem: It is there and cannot be read, or is not text, or is no small file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            content = os.read(descriptor, _LIMIT + 1)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise FileProblem(path, f"cannot be read: {error.strerror}", hint=f"look at `ls -ld {path}`") from None
    except ValueError:  # a NUL in the path
        return ""
    if len(content) > _LIMIT:
        raise FileProblem(path, "is too large to hold a URL or token", hint=_DAMAGED)
    try:
        return content.decode().strip()
    except UnicodeDecodeError:
        raise FileProblem(path, "is not UTF-8 text", hint=_DAMAGED) from None
