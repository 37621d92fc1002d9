"""Running another program for its output, for a limited time."""

from __future__ import annotations

import os

from aibridge_cli.errors import AibridgeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from typing import IO


LARGEST_OUTPUT = 1024 * 1024
"""Bytes of each stream that are kept; what comes after them is read and dropped."""


class TookTooLong(AibridgeError):
    """The program did not end in time, and was ended."""


class Outcome:
    """What a program did.

    Args:
        code: Its exit code, or minus the number of the signal that ended it.
        output: What it printed, as far as `LARGEST_OUTPUT`.
        reason: Why it failed, when it did: the last line of its standard error, printable
            and shortened, or else how it ended.
    """

    __slots__ = ("code", "output", "reason")

    def __init__(self, code: int, output: bytes, reason: str) -> None:
        self.code = code
        self.output = output
        self.reason = reason


def run(command: Sequence[str], environment: Mapping[str, str], seconds: float, folder: str | None = None) -> Outcome:
    """Run a program without a terminal or standard input, and return what it did.

    It gets a process group of its own, and when it must be ended, what it started ends too.

    Args:
        command: The absolute path of the program, and its arguments.
        environment: All the variables that it sees.
        seconds: How long it may take.
        folder: Where it runs; None for where we are.

    Raises:
        TookTooLong: It took longer.
        AibridgeError: It cannot be started.
    """
    import time
    from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired

    deadline = time.monotonic() + max(seconds, 0.0)
    try:
        process = Popen(
            command,
            bufsize=0,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise AibridgeError(f"`{command[0]}` cannot be run: {error.strerror}") from None
    try:
        output, errors = _both(process, deadline)
    except BaseException as error:
        _end(process)
        if not isinstance(error, TimeoutExpired):
            raise
        raise TookTooLong(f"`{command[0]}` took too long") from None
    code = process.returncode
    lines = errors.decode(errors="replace").strip().splitlines()
    lines = lines or [f"exit code {code}" if code >= 0 else f"ended by signal {-code}"]
    reason = "".join(character for character in lines[-1] if character.isprintable())[:200]
    return Outcome(code, output, reason.removeprefix("error: "))


def _both(process: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, bytes]:
    """Return both streams when the program has ended."""
    import time
    from subprocess import TimeoutExpired
    from threading import Thread

    kept = (bytearray(), bytearray())
    readers = [
        Thread(target=_read, args=(stream, text), daemon=True)
        for stream, text in zip((process.stdout, process.stderr), kept, strict=True)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(max(0.0, deadline - time.monotonic()))
        if reader.is_alive():
            raise TimeoutExpired(process.args, 0.0)
    process.wait(max(0.0, deadline - time.monotonic()))
    with process:
        return bytes(kept[0]), bytes(kept[1])


def _read(stream: IO[bytes], kept: bytearray) -> None:
    try:
        while piece := stream.read(65536):
            kept += piece[: LARGEST_OUTPUT - len(kept)]
    except (OSError, ValueError):  # closed, because the time is up
        return


def _end(process: subprocess.Popen[bytes]) -> None:
    with process:  # closes the pipes and waits
        # the group, because a wrapper script's child would go on waiting for a browser
        try:
            os.killpg(process.pid, 9)
        except (AttributeError, OSError):  # Windows has no groups; or all are gone already
            process.kill()
