from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from aibridge_cli.child import LARGEST_OUTPUT, TookTooLong, run
from tests.processes import has_ended

PATH = {"PATH": os.environ["PATH"]}


def shell(script: str, *words: str) -> list[str]:
    return ["/bin/sh", "-c", script, "sh", *words]


def test_outcome() -> None:
    """What a program printed and how it ended are told; its input is empty, and it has no terminal."""
    script = 'cat; printf "%s" "$1"; [ -t 0 ] || printf "error: no\nerror: terminal\n" >&2; exit 3'
    outcome = run(shell(script, "a b"), PATH, 10)
    assert (outcome.code, outcome.output, outcome.reason) == (3, b"a b", "terminal")


def test_much_output() -> None:
    """A program that says much on both streams is not held up, and its reason is shortened."""
    script = "head -c 300000 /dev/zero; head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1"
    outcome = run(shell(script), PATH, 20)
    assert (len(outcome.output), outcome.reason) == (300000, "x" * 200)


def test_output_without_an_end() -> None:
    """A program that never stops printing is ended when its time is up, and its output does not fill the memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TookTooLong):
        run(shell("yes & yes >&2"), PATH, 0.5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_more_output_than_is_kept() -> None:
    """What comes after the first megabyte is read, so that the program can end, and dropped."""
    outcome = run(shell(f"head -c {3 * LARGEST_OUTPUT} /dev/zero"), PATH, 20)
    assert (outcome.code, len(outcome.output)) == (0, LARGEST_OUTPUT)


def test_a_daemon_that_keeps_the_output(tmp_path: Path) -> None:
    """What the program left behind in a group of its own is not waited for beyond the limit."""
    script = f"setsid sh -c 'echo $$ > {tmp_path}/daemon; exec sleep 60' & sleep 0.2; echo a=b"
    try:
        with pytest.raises(TookTooLong):
            run(shell(script), PATH, 0.6)
    finally:
        os.kill(int((tmp_path / "daemon").read_text()), signal.SIGKILL)


def test_interrupt(tmp_path: Path) -> None:
    """Ctrl-C ends the program as well, though it runs in a group of its own."""
    script = f"echo $$ > {tmp_path}/self; sleep 0.2; kill -INT {os.getpid()}; sleep 60"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(shell(script), PATH, 20)
    finally:
        signal.signal(signal.SIGINT, before)
    assert has_ended(int((tmp_path / "self").read_text()))


def test_end_without_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes have no groups the program itself is ended."""
    monkeypatch.delattr(os, "killpg")
    with pytest.raises(TookTooLong, match="took too long"):
        run(shell("exec sleep 60"), PATH, 0.2)


def test_no_time_left() -> None:
    """When the time is up before it began, the program is ended at once."""
    with pytest.raises(TookTooLong):
        run([sys.executable, "-c", "import time; time.sleep(60)"], PATH, -1.0)
