"""Becoming another program: its terminal, signals and exit code are then its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from aibridge_cli.errors import AibridgeError


def become(program: str, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Replace this process by a program; where the system cannot, wait for it.

    Args:
        program: Its absolute path.
        arguments: Its arguments, the name it is called by first.
        environ: Its whole environment.

    Returns:
        Its exit code, on Windows only: elsewhere this does not return.

    Raises:
        AibridgeError: It cannot be started.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    try:
        if sys.platform == "win32":
            return _wait_for(program, arguments, environ)
        _replace(program, list(arguments), dict(environ))
    except OSError as problem:
        raise AibridgeError(
            f"`{program}` cannot be started: {problem.strerror or problem}", hint="try it by itself"
        ) from None


def _replace(program: str, arguments: list[str], environ: dict[str, str]) -> NoReturn:
    import signal

    # Python ignores these two, and what is ignored stays so in the new program
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGPIPE, signal.SIGXFSZ)}
    try:
        os.execve(program, arguments, environ)  # noqa: S606 - a shell is what is not wanted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for(program: str, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    # Not run: there is no Windows where this was developed. There a program that replaces
    # another gives the terminal back to the shell at once, so we stay until it ends.
    import subprocess

    process = subprocess.Popen([program, *arguments[1:]], env=dict(environ))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it got the same Ctrl-C, and what it does about that is up to it
            continue
