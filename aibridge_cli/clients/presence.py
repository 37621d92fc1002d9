"""How to tell that a client, or a part of it, is on a machine: the tables that say so, and reading them."""

from __future__ import annotations

import re
from typing import NamedTuple

from aibridge_cli.clients.tables import Table

PRESENCE_TABLES: dict[str, tuple[str, ...]] = {
    "detect": ("commands", "files", "vscode"),
    "part": ("commands", "files", "vscode", "tested"),
}
"""The keys of each of these tables."""


class Detect(NamedTuple):
    """How to tell that the client is on this machine: any one of these suffices.

    Args:
        commands: Programs looked for on `PATH`.
        files: Files or folders; may use `~` and the profile's own paths.
        vscode: Ids of VS Code extensions.
    """

    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    vscode: tuple[str, ...] = ()


class Part(NamedTuple):
    """What the client also is, an editor's extension say, and how to tell that it is here: any one of these suffices.

    Args:
        commands: Programs looked for on `PATH`.
        files: Files or folders; may use `~` and the profile's own paths.
        vscode: Ids of VS Code extensions.
        tested: Versions of it this profile was run with.
    """

    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    vscode: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()


def read_detect(table: Table) -> Detect:
    """Return what a table says of the client.

    Raises:
        ProfileError: A value is no list of strings.
    """
    return Detect(commands=table.texts("commands"), files=table.texts("files"), vscode=table.texts("vscode"))


def read_parts(table: Table) -> dict[str, Part]:
    """Return the parts that a table has, by name.

    Raises:
        ProfileError: A part breaks the format, or nothing tells that it is here.
    """
    parts = {}
    for name in table.data:
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            raise table.error(name, "the name of a part is small letters and underscores")
        inner = table.table(name, PRESENCE_TABLES["part"])
        parts[name] = Part(*read_detect(inner), tested=inner.texts("tested"))
        if parts[name]._replace(tested=()) == Part():
            raise inner.error("", "nothing says how to tell that it is here")
    return parts
