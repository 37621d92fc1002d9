"""Where a client's folders may be, as its profile says."""

from __future__ import annotations

from typing import NamedTuple


class IfExists(NamedTuple):
    """A candidate for a folder that counts only where it is a folder, or a link to one, with something in it.

    Where its last name is `*`, each such folder counts.
    """

    exists: str


Candidate = str | IfExists


class PathCandidates(NamedTuple):
    """A folder of the client's: per platform the candidates, the first that resolves counts.

    A candidate that starts with `$NAME` is skipped when the variable is unset or empty.

    Args:
        linux: The candidates on Linux.
        macos: Those on macOS.
        windows: Those on Windows.
        every: Whether it stands for every conditional candidate that is there, so that an edit
            in it is done in each, and for an unconditional one only where none of them is.
    """

    linux: tuple[Candidate, ...]
    macos: tuple[Candidate, ...]
    windows: tuple[Candidate, ...]
    every: bool = False
