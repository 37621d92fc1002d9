"""Sign-ins that a client keeps itself: `[[sign_in]]`, read strictly."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.clients.tables import Table
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.documents.operations import KeyPath

SIGN_IN = ("what", "file", "format", "key", "sign_out", "note")
"""The keys of the table; the schema names the same ones."""


class SignIn(NamedTuple):
    """A sign-in at somebody else's, which may stand beside ours; reported, never written.

    Args:
        what: What it is, as in "a sign-in at example.com".
        file: The files in which the client keeps it, with placeholders.
        format: How they are written.
        key: Where in them it is.
        sign_out: The command that takes it out.
        note: What the client does with it beside ours.
    """

    what: str
    file: tuple[str, ...]
    format: str
    key: KeyPath
    sign_out: str
    note: str = ""


def read_sign_in(table: Table) -> SignIn:
    """Return one such table.

    Raises:
        ProfileError: It breaks the format.
    """
    return SignIn(
        what=table.text("what"),
        file=table.texts("file", single=True, required=True),
        format=table.choice("format", FORMATS),
        key=table.path("key"),
        sign_out=table.text("sign_out"),
        note=table.text("note", ""),
    )
