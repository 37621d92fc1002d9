from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.credentials.child import TookTooLong, run
from tests.processes import has_ended

PATH = {"PATH": os.environ["PATH"]}


def test_outcome(fake_coder: Any) -> None:
    """What a program printed and how it ended are told; its input is empty, and it has no terminal."""
    program = fake_coder('cat; printf "%s" "$1"; [ -t 0 ] || echo "no\nterminal" >&2; exit 3')
    outcome = run([program, "a b"], PATH, 10)
    assert (outcome.code, outcome.output, outcome.reason) == (3, b"a b", "terminal")


def test_much_output(fake_coder: Any) -> None:
    """A program that says much on both streams is not held up, and its reason is shortened."""
    program = fake_coder("head -c 300000 /dev/zero; head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1")
    outcome = run([program], PATH, 20)
    assert (len(outcome.output), outcome.reason) == (300000, "x" * 200)


def test_interrupt(fake_coder: Any, tmp_path: Path) -> None:
    """Ctrl-C ends the program as well, though it runs in a group of its own."""
    program = fake_coder(f"echo $$ > {tmp_path}/self; sleep 0.2; kill -INT {os.getpid()}; sleep 60")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run([program], PATH, 20)
    finally:
        signal.signal(signal.SIGINT, before)
    assert has_ended(int((tmp_path / "self").read_text()))


def test_end_without_groups(fake_coder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes have no groups the program itself is ended."""
    monkeypatch.delattr(os, "killpg")
    with pytest.raises(TookTooLong, match="took too long"):
        run([fake_coder("exec sleep 60")], PATH, 0.2)


def test_no_time_left() -> None:
    """When the time is up before it began, the program is ended at once."""
    with pytest.raises(TookTooLong):
        run([sys.executable, "-c", "import time; time.sleep(60)"], PATH, -1.0)
