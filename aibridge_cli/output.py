"""The one place that prints: data on standard output, talk on standard error.

A command returns a `Result`; `show` prints it for people or as JSON. The JSON is one
object with `version`, `command`, `status` (`done`, `declined`, `found` or `error`), `data` and `messages`, or
`error` with `code`, `message` and `hint`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, TextIO

from aibridge_cli.errors import AibridgeError, error_text

VERSION = 1
"""Of the shape of the JSON output."""


class NobodyReads(AibridgeError):
    """Standard output is closed or full, so that not even an error can be shown there."""

    code = "output"


STATUS = {0: "done", 1: "declined", 3: "found"}
"""The JSON's `status` by exit code, for what ended without an error."""


class Result(NamedTuple):
    """How a command ended.

    Args:
        command: Its name, for the JSON.
        text: For people, on standard output; "" for nothing.
        data: The same for programs.
        messages: What to tell beside it, on standard error; no secrets.
        exit_code: Of the process.
    """

    command: str
    text: str = ""
    data: Mapping[str, Any] = {}
    messages: tuple[str, ...] = ()
    exit_code: int = 0


def show(result: Result, *, as_json: bool = False) -> None:
    """Print a result."""
    if as_json:
        envelope = {
            "version": VERSION,
            "command": result.command,
            "status": STATUS.get(result.exit_code, "failed"),
            "data": result.data,
            "messages": list(result.messages),
        }
        _print_json(envelope)
        return
    if result.text:
        write(result.text if result.text.endswith("\n") else result.text + "\n", sys.stdout)
    for message in result.messages:
        say(message)


def say(message: str) -> None:
    """Tell the user something on standard error, if anybody listens there."""
    with contextlib.suppress(NobodyReads):
        write(message + "\n", sys.stderr)


def report(error: AibridgeError, *, command: str = "", as_json: bool = False) -> int:
    """Print an error and return the exit code it stands for."""
    if as_json and not isinstance(error, NobodyReads):
        shape = {"code": error.code, "message": error.message, "hint": error.hint}
        _print_json({"version": VERSION, "command": command, "status": "error", "error": shape})
    else:
        say(error_text(error))
    return error.exit_code


def write(text: str, stream: TextIO | None) -> None:
    """Write text, escaping what the stream cannot encode.

    Args:
        text: What to write.
        stream: Standard output or standard error; None when it was closed before we started.

    Raises:
        BrokenPipeError: The reader is gone.
        NobodyReads: It cannot be written.
    """
    if stream is None:
        raise NobodyReads("cannot write the answer: standard output is closed")
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(stream)
        raise NobodyReads(
            f"cannot write the answer: {error.strerror}", hint="look at where standard output goes"
        ) from None


def silence(stream: TextIO) -> None:
    """Keep the interpreter from complaining, when it exits, about output that nobody takes."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _print_json(envelope: Mapping[str, Any]) -> None:
    import json

    write(json.dumps(envelope, indent=2, ensure_ascii=False) + "\n", sys.stdout)
