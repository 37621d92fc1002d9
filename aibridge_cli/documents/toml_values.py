"""New values and keys as TOML text.

tomlkit writes the scalars that need care; arrays and inline tables are put together here, because
tomlkit would write a list of dicts as tables of its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aibridge_cli.documents.operations import KeyPath, Value, kind
from aibridge_cli.errors import DocumentError

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
"""Printable ASCII but the quote and the backslash: the same between quotes."""


class Raw(NamedTuple):
    """A value that is TOML text already."""

    text: str


def written(value: Value | Raw) -> str:
    """Return a value on one line, dicts as inline tables; a `Raw` stays as it is.

    Raises:
        DocumentError: TOML cannot say it: null, or half of a surrogate pair.
    """
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        pairs = ", ".join(f"{written_key((key,))} = {written(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(written(item) for item in value)}]"
    if value is None:
        raise DocumentError(f"a TOML file cannot hold {kind(value)}")
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return f'"{value}"'
    if isinstance(value, bool | int):
        return str(value).lower()
    import tomlkit  # costs half an interpreter start, and most of what profiles write is plain

    text = tomlkit.item(value).as_string()
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise DocumentError("a TOML file cannot hold this text, part of which is not a character")
    return text


def written_key(path: KeyPath) -> str:
    """Return a key as a dotted word list, quoted where needed; list indexes are left out."""
    words = [word for word in path if isinstance(word, str)]
    return ".".join(word if _BARE.fullmatch(word) else written(word) for word in words)


def nested(words: KeyPath, value: Value | Raw) -> Value | Raw:
    """Return `value` inside one dict for each word, outermost first."""
    for word in reversed(words):
        value = {word: value}
    return value
