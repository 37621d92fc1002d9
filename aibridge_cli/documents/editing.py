"""Editing a document, with proof that its data became what it should and nothing else.

Pure: text in, text out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from aibridge_cli.documents.operations import ABSENT, Operation, Put, Value, apply_to_data, dotted, lookup, same
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


class Document(Protocol):
    """A text that was read."""

    @property
    def data(self) -> Value:
        """What the text means; not to be changed."""
        ...

    def splice(self, operations: Sequence[Operation]) -> str:
        """Return the text with the operations carried out, as `DocumentFormat.splice` does."""
        ...


def document_format(name: str) -> DocumentFormat:
    """Return the format module for the name that profiles use: `json`, `jsonc`, `toml`, `yaml`, `dotenv`.

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
        case "fenced":
            from aibridge_cli.documents import fenced

            return fenced
        case "yaml":
            from aibridge_cli.documents import yaml

            return yaml
        case "dotenv":
            from aibridge_cli.documents import dotenv

            return dotenv
        case _:
            raise KeyError(name)


FORMATS = ("json", "jsonc", "toml", "yaml", "dotenv")
"""What a profile may name. `fenced` is for shells' start-up files, which no profile edits."""


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
    document = open_document(name, text)
    try:
        expected = _expected(format_, document.data, operations)
    except DocumentError:
        document.splice(operations)  # raises the same with line and column, where the format knows them
        raise
    if same(expected, document.data):
        return text
    edited = document.splice(operations)
    if not _proven(format_.load(edited), expected, operations):
        raise DocumentError(
            "this file could not be edited safely, so it was left alone", hint="please report its shape"
        )
    return edited


def open_document(name: str, text: str) -> Document:
    """Return a document that was read once for all that `edit` does with it.

    Raises:
        DocumentError: The text is not valid.
        KeyError: There is no such format.
    """
    match name:
        case "json":
            from aibridge_cli.documents import strict_json

            return strict_json.document(text)
        case "jsonc":
            from aibridge_cli.documents import jsonc

            return jsonc.document(text)
        case _:
            format_ = document_format(name)
            return _TextDocument(format_, text, format_.load(text))


class _TextDocument(NamedTuple):
    """A document of a format that reads for its data and for its edits in different ways."""

    format_: DocumentFormat
    text: str
    data: Value

    def splice(self, operations: Sequence[Operation]) -> str:
        return self.format_.splice(self.text, operations)


def _expected(format_: DocumentFormat, data: Value, operations: Sequence[Operation]) -> Value:
    sources: dict[str, Value] = {}
    for operation in operations:
        put = ABSENT
        if isinstance(operation, Put):
            if operation.source not in sources:
                sources[operation.source] = format_.load(operation.source)
            put = lookup(sources[operation.source], operation.path)
            if put is ABSENT:
                raise DocumentError(f"there is nothing at `{dotted(operation.path)}` to put back")
        data = apply_to_data(data, operation, put)
    return data


def _proven(data: Value, expected: Value, operations: Sequence[Operation]) -> bool:
    """Tell whether the data is what it should be.

    All of it is compared by value, which the interpreter does fast, and what the operations
    wrote by type as well: 1, 1.0 and true are equal to the interpreter.
    """
    if data == expected:
        return all(same(lookup(data, operation.path), lookup(expected, operation.path)) for operation in operations)
    return same(data, expected)


__all__ = [
    "FORMATS",
    "Document",
    "DocumentFormat",
    "document_format",
    "edit",
    "open_document",
    "same",
]
