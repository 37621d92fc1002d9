"""What happens when nobody takes the output."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.output import NobodyReads, write

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")
FULL = "error: cannot write the answer: No space left on device\nhint: look at where standard output goes\n"
CLOSED = "error: cannot write the answer: standard output is closed\n"


def run(home: Path, words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"{shlex.quote(PROGRAM)} {words}"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["clients", "clients --json", "clients show codex", "configure codex -n"])
@pytest.mark.parametrize(("stream", "complaint"), [(">/dev/full", FULL), (">&-", CLOSED)])
def test_an_answer_that_cannot_be_written(
    home: Path, signed_in: Token, command: str, stream: str, complaint: str
) -> None:
    """A full disk or a closed output is an error in words, and nothing else is said."""
    ran = run(home, f"{command} {stream}")

    assert (ran.returncode, ran.stderr) == (1, complaint)


def test_nothing_is_written_that_could_not_be_shown_first(home: Path, signed_in: Token) -> None:
    """Where the differences cannot be shown before asking, no file is touched."""
    assert run(home, "configure codex >/dev/full").returncode == 1
    assert not (home / ".codex").exists()


def test_nobody_listens_to_the_talk(home: Path, signed_in: Token) -> None:
    """A closed standard error keeps nobody from working."""
    assert run(home, "configure codex --yes 2>&-").returncode == 0
    assert (home / ".codex/config.toml").exists()


def test_what_a_stream_cannot_encode_is_escaped(tmp_path: Path) -> None:
    """Text goes out on any terminal, if need be with escapes."""
    with (tmp_path / "out").open("w", encoding="ascii") as file:
        write("Zürich\n", file)

    assert (tmp_path / "out").read_text(encoding="ascii") == "Z\\xfcrich\n"


def test_a_stream_that_is_not_there() -> None:
    """Without a stream there is an error and no crash."""
    with pytest.raises(NobodyReads, match="standard output is closed"):
        write("text", None)
