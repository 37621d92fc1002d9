"""Asking an installed client for its version."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

from aibridge_cli.clients.profile import Profile
from aibridge_cli.facts import Facts
from aibridge_cli.programs import find_program

LIMIT = 10.0
"""Seconds a client may take to tell its version; the slowest one seen took 1.1."""

_VERSION = re.compile(rb"\d+(?:\.\d+)+")


def installed_version(profile: Profile, facts: Facts, *, limit: float = LIMIT) -> str | None:
    """Return the first dotted number that the client prints when asked, or None.

    None covers every failure: not installed, no such command in the profile, an error,
    no answer in time, no number in it. Standard error is not looked at: clients print
    warnings there.

    Args:
        profile: The client; its `[version]` says what to run.
        facts: `PATH` and the environment that the command gets.
        limit: Seconds to wait.
    """
    if not profile.version.command:
        return None
    name, *words = profile.version.command
    program = find_program(facts, name)
    if not program:
        return None
    answer = _VERSION.search(_output([program, *words], facts, limit))
    return answer[0].decode() if answer else None


def _output(arguments: list[str], facts: Facts, limit: float) -> bytes:
    try:
        process = subprocess.Popen(
            arguments,
            env=dict(facts.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # a group of its own, so that a launcher's children end with it
            start_new_session=True,
        )
    except OSError:
        return b""
    with process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _end(process)
            return b""
        except BaseException:
            _end(process)
            raise
    return output if process.returncode == 0 else b""


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
