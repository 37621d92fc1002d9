"""A project's settings in the client's own interface: when they begin to count."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.conftest import Runner, running_in
from tests.real_clients.proxy import RefusingProxy
from tests.real_clients.recorder import RecordingServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real_client

SECONDS = 60
SECONDS_OF_REST = 1.5
ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78])")


class Screen:
    """A client on a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.terminal, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=end, stdout=end, stderr=end, start_new_session=True
        )
        os.close(end)
        self.shown = b""

    def wait_for(self, words: str) -> None:
        """Wait until the words were written since the last time, and then until nothing more is.

        Spaces are moves of the cursor, so none count. What is drawn anew may forget a key pressed before.
        """
        wanted = words.replace(" ", "").encode()
        until = time.monotonic() + SECONDS
        while wanted not in (text := b"".join(ESCAPES.sub(b"", self.shown).split())):
            assert time.monotonic() < until, text[-2000:]
            assert self.process.poll() is None, text[-2000:]
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.shown += os.read(self.terminal, 65536)
        while select.select([self.terminal], [], [], SECONDS_OF_REST)[0]:
            os.read(self.terminal, 65536)
        self.shown = b""

    def press(self, keys: bytes) -> None:
        """Type something."""
        os.write(self.terminal, keys)

    def close(self) -> None:
        """End the client."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def recorder() -> Iterator[RecordingServer]:
    """Run the server that remembers what arrives."""
    with RecordingServer() as running:
        yield running


def test_a_projects_settings_count_once_the_folder_is_trusted(
    clients_folder: str, home: Path, recorder: RecordingServer, proxy: RefusingProxy
) -> None:
    """Before the question about the folder is answered nothing is sent; after a yes the project's address counts."""
    project = home / "project"
    for folder, name in ((home, "user"), (project, "project")):
        settings = folder / ".claude/settings.json"
        settings.parent.mkdir(parents=True)
        values = {"ANTHROPIC_BASE_URL": f"{recorder.url}/{name}", "ANTHROPIC_AUTH_TOKEN": f"made-up-{name}"}
        settings.write_text(json.dumps({"env": values}), encoding="utf-8")
    (home / ".claude.json").write_text('{"hasCompletedOnboarding": true, "theme": "dark"}', encoding="utf-8")
    runner = Runner(clients_folder, home, lambda: recorder.requests, proxy)
    screen = Screen(runner.command("claude-code")[:1], runner.environment, project)
    try:
        screen.wait_for("Yes, I trust this folder")
        assert recorder.requests == []
        screen.press(b"\x1b[B")
        screen.wait_for("❯ Yes, I trust")
        screen.press(b"\r")
        screen.wait_for("API Usage Billing")
        for key in b"hello there":
            screen.press(bytes([key]))
        screen.wait_for("there")
        screen.press(b"\r")
        screen.wait_for("API Error: 400")
    finally:
        screen.close()
        for process in running_in(home):
            os.kill(process, signal.SIGKILL)
    sent = {(each.path.partition("?")[0], each.headers.get("authorization")) for each in recorder.requests}
    assert sent == {("/project/v1/messages", "Bearer made-up-project")}
