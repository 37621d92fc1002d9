"""JSON for programs that take no comments: one comment, and they drop the whole file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from aibridge_cli.documents import json_document, json_text
from aibridge_cli.documents.json_document import JsonDocument
from aibridge_cli.documents.operations import Operation, Value

Read = TypeVar("Read")


def load(text: str) -> Value:
    """Return the data of a text; an empty one is an empty object.

    Of members with the same name the last counts.

    Raises:
        DocumentError: With line and column where the text is not valid, or where its first
            comment or trailing comma is.
    """
    return json_text.read(text, _strictly(json_text.whole))


def document(text: str) -> JsonDocument:
    """Return a text that was read for its data and for editing at once.

    Raises:
        DocumentError: As `load` does.
    """
    return json_text.read(text, _strictly(json_document.document))


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    Only the members that the operations name change; see `jsonc.splice`.

    Raises:
        DocumentError: The text is not valid or an operation has no place in it.
    """
    return document(text).splice(operations)


def remarks(_text: str) -> list[str]:
    """Return no comments: a text with any is not valid here."""
    return []


def _strictly(how: Callable[[str, str], Read]) -> Callable[[str, str], Read]:
    """Return a reader that refuses what `how` can read only without comments."""

    def strict(text: str, plain: str) -> Read:
        value = how(text, plain)
        if plain is not text:
            index = next(index for index in range(len(text)) if text[index] != plain[index])
            what = "trailing commas" if text[index] == "," else "comments"
            raise json_text.fault(
                f"the program that reads this file takes no {what} and drops the whole file over one",
                text,
                index,
                hint=f"remove the {what}; nothing was written",
            )
        return value

    return strict
