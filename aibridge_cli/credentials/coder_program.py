"""Asking the Coder CLI for its token: `coder login token`, which knows its keychain.

The subcommand is there from 2.31 on; older programs would take `token` for the address
to sign in to and open a browser, so the version is asked first.
"""

from __future__ import annotations

import os

from aibridge_cli.errors import AibridgeError
from aibridge_cli.programs import find_program, is_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess

    from aibridge_cli.facts import Facts

FIRST_VERSION = (2, 31)
TIME_LIMIT = 5.0
"""Seconds that each of the two runs may take."""


def find_coder(facts: Facts, command: str = "") -> str:
    """Return the absolute path of the Coder CLI, or "" when there is none.

    Args:
        facts: Where we run.
        command: The one to prefer, as long as it is there.
    """
    return command if command and os.path.isabs(command) and is_program(command) else find_program(facts, "coder")


def ask_for_token(facts: Facts, program: str, origin: str) -> str:
    """Return what the Coder CLI prints as its token for a deployment.

    Args:
        facts: Where we run.
        program: The Coder CLI's absolute path.
        origin: The deployment.

    Raises:
        AibridgeError: It is too old, failed, or took longer than `TIME_LIMIT`.
    """
    version = _version(_run(facts, [program, "version", "--output=json"]))
    if not version:
        raise AibridgeError(f"`{program}` does not say which version it is")
    if version < FIRST_VERSION:
        raise AibridgeError(f"`{program}` is older than 2.31 and cannot print its token")
    return _run(facts, [program, "login", "token", "--url", origin])


def _version(text: str) -> tuple[int, ...]:
    import json

    try:
        words = str(json.loads(text)["version"]).lstrip("v").split(".")
        return int(words[0]), int(words[1])
    except (ValueError, TypeError, LookupError, RecursionError):
        return ()


def _run(facts: Facts, command: list[str]) -> str:
    from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired

    words = " ".join(command[1:3])
    environment = dict(facts.environ)
    # a token or URL of the environment would be answered instead of the stored one
    for name in ("CODER_SESSION_TOKEN", "CODER_URL"):
        environment.pop(name, None)
    environment.update(CODER_NO_OPEN="1", CODER_NO_VERSION_WARNING="1", CODER_NO_FEATURE_WARNING="1")
    if facts.home and not environment.get("HOME"):
        environment["HOME"] = facts.home
    try:
        process = Popen(
            command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise AibridgeError(f"`{command[0]}` cannot be run: {error.strerror}") from None
    try:
        output, complaint = process.communicate(timeout=TIME_LIMIT)
    except BaseException as error:
        _end(process)
        if not isinstance(error, TimeoutExpired):
            raise
        raise AibridgeError(f"`{command[0]} {words}` took longer than {TIME_LIMIT:g} s") from None
    if process.returncode != 0:
        lines = complaint.decode(errors="replace").strip().splitlines() or [f"exit code {process.returncode}"]
        reason = "".join(character for character in lines[-1] if character.isprintable())[:200]
        raise AibridgeError(f"`{command[0]} {words}` failed: {reason.removeprefix('error: ')}")
    return output.decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    with process:  # closes the pipes and waits
        # the group, because a wrapper script's child would go on waiting for a browser
        try:
            os.killpg(process.pid, 9)
        except (AttributeError, OSError):  # Windows has no groups; or all are gone already
            process.kill()
