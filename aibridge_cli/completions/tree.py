"""The commands, flags and arguments that a completion script knows. Pure values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["free", "words", "clients", "packs", "files", "folders"]
"""What can be completed: nothing, one of some words, a client, an installed pack, a file, a folder."""


class Values(NamedTuple):
    """What a flag or an argument takes.

    Args:
        kind: What it is.
        words: For `words`: all of them.
        label: What help calls it, as in `URL`.
        repeated: Whether it may be given several times.
    """

    kind: Kind
    words: tuple[str, ...] = ()
    label: str = "value"
    repeated: bool = False


class Flag(NamedTuple):
    """A flag.

    Args:
        names: With their hyphens, as in `-n` and `--dry-run`.
        summary: One line on what it does.
        value: What it takes, or None.
    """

    names: tuple[str, ...]
    summary: str
    value: Values | None = None


class Command(NamedTuple):
    """A command, or a group of them.

    Args:
        path: The words that name it, without the program's own name; "" for the program.
        summary: One line on what it does.
        flags: Its flags, `--help` included.
        arguments: Its arguments by place; only the last one may be repeated.
        commands: The commands below it.
    """

    path: str
    summary: str
    flags: tuple[Flag, ...] = ()
    arguments: tuple[Values, ...] = ()
    commands: tuple[Command, ...] = ()

    @property
    def name(self) -> str:
        """Return the last word of the path."""
        return self.path.rpartition(" ")[2]


class Client(NamedTuple):
    """A word that names a client.

    Args:
        word: An id or an alias.
        name: What people call the client.
    """

    word: str
    name: str


class Script(NamedTuple):
    """What every script is made from.

    Args:
        program: The commands.
        clients: The clients that we ship.
        origin: The command that makes the scripts, for the remark on top.
    """

    program: Command
    clients: tuple[Client, ...]
    origin: str


def walk(command: Command) -> Iterator[Command]:
    """Yield a command and all below it, parents first."""
    yield command
    for each in command.commands:
        yield from walk(each)


def taken(command: Command) -> Iterator[tuple[str, Values]]:
    """Yield what the flags and arguments of a command take.

    Yields:
        A key, and the values. The key is the command's path and a flag, or the path and the
        place of an argument, counted from 0; `*` is the place of a repeated one.
    """
    for flag in command.flags:
        if flag.value is not None:
            for name in flag.names:
                yield f"{command.path} {name}".strip(), flag.value
    for place, values in enumerate(command.arguments):
        yield f"{command.path} {'*' if values.repeated else place}".strip(), values
