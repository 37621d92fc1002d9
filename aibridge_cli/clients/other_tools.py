"""What other tools write into a client's file to set it up their way: `[[other_tool]]`, read strictly."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.clients.tables import Table, key_paths
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.documents.operations import KeyPath

OTHER_TOOL = ("what", "file", "format", "key", "values", "places", "note")
"""The keys of the table; the schema names the same ones."""


class OtherTool(NamedTuple):
    """Somebody else's way of setting the client up; recognised and named, never written.

    Args:
        what: Who does it, as in "a module of a registry".
        file: The files in which it does, with placeholders.
        format: How they are written.
        key: The key that says what the client uses.
        values: Its values for that.
        places: What else it writes, which does nothing once the key says something else.
        note: How to keep it from writing again.
    """

    what: str
    file: tuple[str, ...]
    format: str
    key: KeyPath
    values: tuple[str, ...]
    places: tuple[KeyPath, ...] = ()
    note: str = ""


def read_other_tool(table: Table) -> OtherTool:
    """Return one such table.

    Raises:
        ProfileError: It breaks the format.
    """
    return OtherTool(
        what=table.text("what"),
        file=table.texts("file", single=True, required=True),
        format=table.choice("format", FORMATS),
        key=table.path("key"),
        values=table.texts("values", required=True),
        places=key_paths(table, "places"),
        note=table.text("note", ""),
    )
