"""Taking a token that we once wrote out of a client's text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aibridge_cli.diagnosis.tokens import Known
from aibridge_cli.documents.editing import document_format, edit
from aibridge_cli.documents.operations import Delete, KeyPath, Value


def without_tokens(format_name: str, text: str, tokens: frozenset[str], known: Known) -> str:
    """Return the text without the keys that hold one of the tokens, every other byte as it was.

    An object of ours in a list goes as a whole: without its key it could harm the rest.

    Args:
        format_name: The document format.
        text: The client's text.
        tokens: Tokens that we once wrote.
        known: By which a whole object of ours is known again.

    Raises:
        DocumentError: The text is not valid, or the key cannot be taken out.
    """
    data = document_format(format_name).load(text)
    paths = list(dict.fromkeys(_places(data, tokens, known, ())))
    # later items of a list first, so that the indices of earlier ones stay true
    operations = [Delete(path) for path in reversed(paths)]
    return edit(format_name, text, operations)


def _places(data: Value, tokens: frozenset[str], known: Known, path: KeyPath) -> Iterator[KeyPath]:
    items: list[tuple[Any, Value]] = []
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    for key, value in items:
        place = (*path, key)
        if isinstance(value, str):
            if value in tokens:
                yield place
        elif isinstance(data, list) and known.wrote(value) and any(_places(value, tokens, known, place)):
            yield place
        else:
            yield from _places(value, tokens, known, place)
