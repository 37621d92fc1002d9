"""JSON with comments and trailing commas, as editors and many tools read their settings."""

from __future__ import annotations

from collections.abc import Sequence

from aibridge_cli.documents import json_document, json_text
from aibridge_cli.documents.json_document import JsonDocument
from aibridge_cli.documents.operations import Operation, Value


def load(text: str) -> Value:
    """Return the data of a text; without a value in it, it is an empty object.

    Of members with the same name the last counts.

    Raises:
        DocumentError: With line and column where the text is not valid.
    """
    return json_text.read(text, json_text.whole)


def document(text: str) -> JsonDocument:
    """Return a text that was read for its data and for editing at once.

    Raises:
        DocumentError: With line and column where the text is not valid.
    """
    return json_text.read(text, json_document.document)


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    Only the members that the operations name change. Taking out what was put in returns
    the bytes from before, except in an object or a text that held nothing but whitespace
    (it is `{}` then) or nothing but comments (`{}` stays below them).

    Raises:
        DocumentError: The text is not valid or an operation has no place in it.
    """
    return document(text).splice(operations)


def remarks(text: str) -> list[str]:
    """Return the comments of `text` in order, as written."""
    return json_text.comments(text)
