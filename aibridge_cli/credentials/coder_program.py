"""Asking the Coder CLI for its token: `coder login token`, which knows its keychain.

The subcommand is there from 2.31 on; older programs would take `token` for the address
to sign in to and open a browser, so the version is asked first. The answer is remembered
in `<state>/coder-version` for as long as the program is the same file.
"""

from __future__ import annotations

import os
import time

from aibridge_cli import folders, own_files
from aibridge_cli.child import TookTooLong, run
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.errors import AibridgeError
from aibridge_cli.programs import find_program, is_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

FIRST_VERSION = (2, 31)
TIME_LIMIT = 5.0
"""Seconds that asking may take, both runs together."""
SMALLEST_PROGRAM = 1_000_000
"""Bytes. The Coder CLI has a hundred times as many; what is smaller is a wrapper, and another
version may stand behind it tomorrow."""


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
    deadline = time.monotonic() + TIME_LIMIT
    identity = _identity(program)
    version = _remembered(facts, identity)
    if not version:
        version = _version(_answer(facts, [program, "version", "--output=json"], deadline))
        if not version:
            raise AibridgeError(f"`{program}` does not say which version it is")
        _remember(facts, identity, version)
    if version < FIRST_VERSION:
        raise AibridgeError(f"`{program}` is older than 2.31 and cannot print its token")
    return _answer(facts, [program, "login", "token", "--url", origin], deadline)


def version_file(facts: Facts) -> str:
    """Return the path of the file that remembers which version the Coder CLI is."""
    return os.path.join(folders.state_folder(facts), "coder-version")


def _identity(program: str) -> str:
    """Return what is another when the program is, or "" for one that must be asked each time."""
    real = os.path.realpath(program)
    try:
        found = os.stat(real)
    except OSError:
        return ""
    # one program may stand for many, by the name it is called with
    named = os.path.basename(real).lower().startswith("coder")
    if not named or found.st_size < SMALLEST_PROGRAM or any(not character.isprintable() for character in real):
        return ""
    return f"{real}\t{found.st_mtime_ns}\t{found.st_size}"


def _remembered(facts: Facts, identity: str) -> tuple[int, ...]:
    if not identity:
        return ()
    try:
        known, _, version = read_line(version_file(facts)).rpartition("\t")
    except AibridgeError:  # then it is asked
        return ()
    # the last word shows that the line is whole
    return _numbers(version.removesuffix(" known")) if known == identity and version.endswith(" known") else ()


def _remember(facts: Facts, identity: str, version: tuple[int, ...]) -> None:
    try:
        path = version_file(facts)
        # a command that only reads leaves no folder behind
        if identity and os.path.isdir(os.path.dirname(path)):
            own_files.keep(path, f"{identity}\t{version[0]}.{version[1]} known\n")
    except AibridgeError:  # then it is asked again next time
        return


def _version(text: str) -> tuple[int, ...]:
    import json

    try:
        return _numbers(str(json.loads(text)["version"]).lstrip("v"))
    except (ValueError, TypeError, LookupError, RecursionError):
        return ()


def _numbers(version: str) -> tuple[int, ...]:
    words = version.split(".")
    try:
        return int(words[0]), int(words[1])
    except (ValueError, LookupError):
        return ()


def _answer(facts: Facts, command: list[str], deadline: float) -> str:
    environment = dict(facts.environ)
    # a token or URL of the environment would be answered instead of the stored one
    for name in ("CODER_SESSION_TOKEN", "CODER_URL"):
        environment.pop(name, None)
    environment.update(CODER_NO_OPEN="1", CODER_NO_VERSION_WARNING="1", CODER_NO_FEATURE_WARNING="1")
    if facts.home and not environment.get("HOME"):
        environment["HOME"] = facts.home
    words = " ".join([command[0], *command[1:3]])
    try:
        outcome = run(command, environment, deadline - time.monotonic())
    except TookTooLong:
        raise AibridgeError(f"`{words}` took longer than {TIME_LIMIT:g} s") from None
    if outcome.code != 0:
        raise AibridgeError(f"`{words}` failed: {outcome.reason}")
    return outcome.output.decode(errors="replace").strip()
