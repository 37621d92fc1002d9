"""A client's terminal interface, as somebody sees it who sits in front of it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Self

import pexpect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.real_clients.conftest import Clients

SECONDS = 40
QUIET = 10
"""Fifths of a second in which nothing is drawn."""
_SEQUENCES = re.compile(r"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Z]|\x1b.")


def _words(text: str) -> str:
    # where words stand is said by moving the cursor, so spaces tell nothing
    return re.sub(r"\s+", "", _SEQUENCES.sub("", text))


class Screen:
    """One run of a client in a pseudo-terminal, ended with the `with` block.

    Args:
        clients: The clients, with their home.
        client: Which one.
        env: Variables on top of the empty environment.
    """

    def __init__(self, clients: Clients, client: str, env: Mapping[str, str] | None = None) -> None:
        project = clients.home / "project"
        project.mkdir(exist_ok=True)
        self.seen = ""
        self._program = pexpect.spawn(
            clients.command(client)[0],
            env={**clients.environment, "TERM": "xterm-256color", **(env or {})},
            cwd=str(project),
            encoding="utf-8",
            dimensions=(50, 160),
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """End the client."""
        self._program.terminate(force=True)

    def settle(self) -> None:
        """Wait until nothing is drawn for a while: a question that is drawn anew takes its choice back."""
        quiet, end = 0, time.monotonic() + SECONDS
        while quiet < QUIET and time.monotonic() < end:
            try:
                self.seen += self._program.read_nonblocking(65536, timeout=0.2)
            except pexpect.TIMEOUT:
                quiet += 1
            else:
                quiet = 0

    def until(self, words: str) -> None:
        """Wait until words were on the screen since the last key, and fail when they do not come."""
        shown, end = "", time.monotonic() + SECONDS
        while _words(words) not in _words(shown):
            assert time.monotonic() < end, f"`{words}` did not come:\n{_SEQUENCES.sub(' ', shown)}"
            try:
                piece = self._program.read_nonblocking(65536, timeout=0.2)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                raise AssertionError(f"it ended:\n{_SEQUENCES.sub(' ', shown)}") from None
            shown += piece
            self.seen += piece

    def press(self, keys: str) -> None:
        """Press keys."""
        self._program.send(keys)

    def showed(self, words: str) -> bool:
        """Tell whether words were on the screen at any time."""
        return _words(words).lower() in _words(self.seen).lower()
