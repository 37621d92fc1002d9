"""The headers that every request to a deployment needs beside the token's.

Companies put something of their own before a deployment that wants to see headers.
Coder's CLI takes them from `CODER_HEADER`, a line of comma-separated values of which
each is `key=value`, and from `CODER_HEADER_COMMAND`, a command that prints one a line
(`coder --help`; the sources, `cli/root.go`). All values are treated as secrets.
"""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.errors import AibridgeError, GatewayError
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

VARIABLE = "CODER_HEADER"
COMMAND = "CODER_HEADER_COMMAND"
TIME_LIMIT = 10.0
"""Seconds that the command may take."""

_LARGEST_OUTPUT = 64 * 1024
_NAME_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Header(NamedTuple):
    """One header.

    Args:
        name: Its name.
        value: Its value.
    """

    name: str
    value: Secret


def needs_headers(facts: Facts) -> bool:
    """Tell whether the deployment is behind something that wants headers, so that clients must send them too."""
    return bool(facts.variable(VARIABLE) or facts.variable(COMMAND))


def extra_headers(facts: Facts, origin: str, *, time_limit: float = TIME_LIMIT) -> tuple[Header, ...]:
    """Return the headers that the environment asks for, those of the command last.

    Args:
        facts: Where we run.
        origin: The deployment, which the command is told in `CODER_URL`.
        time_limit: Seconds that the command may take.

    Raises:
        GatewayError: A value is no header, or the command failed or took too long. The
            message names the variable and shows no value.
    """
    headers = [_parsed(entry, f"entry {number} of `{VARIABLE}`") for number, entry in _entries(facts)]
    command = facts.variable(COMMAND)
    if command:
        lines = _printed(facts, command, origin, time_limit).splitlines()
        headers += [
            _parsed(line, f"line {number} that `{COMMAND}` printed")
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
    return tuple(headers)


def _entries(facts: Facts) -> list[tuple[int, str]]:
    text = facts.variable(VARIABLE)
    if not text:
        return []
    import csv

    try:
        rows = list(csv.reader([text], strict=True, skipinitialspace=True))
    except csv.Error:
        raise GatewayError(
            f"`{VARIABLE}` cannot be read as comma-separated values",
            hint=f"`{VARIABLE}` looks like `name=value,other=value`, with quotes round what has a comma in it",
        ) from None
    return [(number, entry) for number, entry in enumerate(rows[0], start=1) if entry]


def _parsed(text: str, where: str) -> Header:
    name, equals, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or not set(name) <= _NAME_CHARACTERS:
        raise GatewayError(f"{where} is not a header", hint="a header is written `name=value`")
    if not value.isascii() or not value.replace("\t", " ").isprintable():
        raise GatewayError(
            f"{where} has a character that no header's value may have", hint="values are printable ASCII"
        )
    return Header(name, Secret(value))


def _printed(facts: Facts, command: str, origin: str, time_limit: float) -> str:
    from aibridge_cli.child import TookTooLong, run

    shell = ["cmd.exe", "/c"] if facts.platform == "windows" else ["sh", "-c"]
    hint = f"run what `{COMMAND}` says in a shell, with `CODER_URL={origin}`"
    try:
        done = run([*shell, command], {**facts.environ, "CODER_URL": origin}, time_limit)
    except TookTooLong:
        raise GatewayError(f"`{COMMAND}` took longer than {time_limit:g} s", hint=hint) from None
    except AibridgeError as error:
        raise GatewayError(f"`{COMMAND}` needs a shell: {error.message}") from None
    # what it said on standard error is not shown, as it may be what it sends
    if done.code != 0:
        how = f"failed with exit code {done.code}" if done.code > 0 else f"was ended by signal {-done.code}"
        raise GatewayError(f"`{COMMAND}` {how}", hint=hint)
    if len(done.output) > _LARGEST_OUTPUT:
        raise GatewayError(f"`{COMMAND}` printed more than headers", hint=hint)
    return done.output.decode("latin-1")
