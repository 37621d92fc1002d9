"""Editing a document, with proof that its data became what it should and nothing else.

Pure: text in, text out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aibridge_cli.documents.operations import ABSENT, Operation, Put, Value, apply_to_data, lookup
from aibridge_cli.errors import DocumentError


class DocumentFormat(Protocol):
    """What a format module offers; the modules themselves are the implementations."""

    def load(self, text: str) -> Value:
        """Return the data of `text`; an empty or comments-only text is an empty object.

        Raises:
            DocumentError: With line and column where the text is not valid.
        """
        ...

    def splice(self, text: str, operations: Sequence[Operation]) -> str:
        """Return `text` with the operations carried out one after the other, unchecked.

        Raises:
            DocumentError: An operation has no place in this text.
        """
        ...

    def remarks(self, text: str) -> list[str]:
        """Return the comments of `text` in order, as written."""
        ...


def document_format(name: str) -> DocumentFormat:
    """Return the format module for the name that profiles use: `json`, `jsonc`, `toml`.

    Raises:
        KeyError: There is no such format.
    """
    match name:
        case "json":
            from aibridge_cli.documents import strict_json

            return strict_json
        case "jsonc":
            from aibridge_cli.documents import jsonc

            return jsonc
        case "toml":
            from aibridge_cli.documents import toml

            return toml
    raise KeyError(name)


FORMATS = ("json", "jsonc", "toml")


def edit(name: str, text: str, operations: Sequence[Operation]) -> str:
    """Return `text` after the operations, every byte outside them as it was.

    Args:
        name: A format of `FORMATS`.
        text: The document, decoded, line ends as they are.
        operations: Carried out in order.

    Raises:
        DocumentError: The text is not valid, an operation has no place in it, or the
            result would not be what the operations mean (nothing is returned then).
    """
    format_ = document_format(name)
    data = format_.load(text)
    expected = data
    for operation in operations:
        put = lookup(format_.load(operation.source), operation.path) if isinstance(operation, Put) else ABSENT
        expected = apply_to_data(expected, operation, put)
    if same(expected, data):
        return text
    edited = format_.splice(text, operations)
    if not same(format_.load(edited), expected):
        raise DocumentError("this file could not be edited safely, so it was left alone", hint="please report its shape")
    return edited


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal and of the same types (1, 1.0 and true differ)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)
