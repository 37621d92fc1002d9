"""What may be done to a document, drawn for documents of any format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from aibridge_cli.documents.operations import Append, Delete, KeyPath, Operation, Put, Set, lookup

Draw = st.DrawFn
OURS = "ours"


class Format(NamedTuple):
    """What a format's documents are drawn from.

    Args:
        load: Reads a text.
        keys: Keys that may stand in one.
        values: Values that may be written.
    """

    load: Callable[[str], Any]
    keys: Sequence[str]
    values: st.SearchStrategy[Any]


def all_paths(data: Any, path: KeyPath = ()) -> list[KeyPath]:
    """Return the paths of all that is in some data, itself included."""
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in below for found in all_paths(value, (*path, key)))]


def _tables(data: Any) -> list[KeyPath]:
    return [path for path in all_paths(data) if isinstance(lookup(data, path), dict)]


@st.composite
def operations(draw: Draw, form: Format, data: Any, source: str) -> Operation:
    """Something to do to a document with this data; what is put back comes from the source."""
    standing = [path for path in all_paths(data) if path]
    words = st.lists(st.sampled_from((*form.keys, OURS)), min_size=1, max_size=3)
    new = draw(st.sampled_from(_tables(data))) + tuple(draw(words))
    path = draw(st.sampled_from([new, draw(st.sampled_from(standing))] if standing else [new]))
    match draw(st.sampled_from(["set", "set", "delete", "append", "put"])):
        case "set":
            return Set(path, draw(form.values))
        case "append":
            return Append(path, draw(form.values))
        case "put":
            origin = [path for path in all_paths(form.load(source)) if path]
            if origin:
                return Put(draw(st.sampled_from(origin)), source)
        case _:
            pass
    return Delete(path, draw(st.integers(0, 3)))


@st.composite
def inserts(draw: Draw, form: Format, data: Any, count: int) -> tuple[list[Operation], list[Operation]]:
    """New keys, none inside another, and what takes them out again."""
    tables = _tables(data)
    new: dict[KeyPath, int] = {}
    for _ in range(count):
        words = tuple(draw(st.lists(st.sampled_from((OURS, "mine", "o.k")), min_size=1, max_size=3)))
        path = draw(st.sampled_from(tables)) + words
        if not any(path[: len(other)] == other or other[: len(path)] == path for other in new):
            new[path] = len(words) - 1
    return [Set(path, draw(form.values)) for path in new], [Delete(path, prune) for path, prune in new.items()]
