"""Walking the trees of values that profiles set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aibridge_cli.documents.operations import KeyPath, Place


def leaves(tree: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield what a tree sets: each key path with its value; lists and empty tables are values."""
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key), value


def strings(value: Any, above: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield every string inside a value, each with its place."""
    if isinstance(value, str):
        yield above, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(item, (*above, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from strings(item, (*above, index))


def overlaps(one: Place, other: Place) -> bool:
    """Tell whether two paths are the same, or one lies inside the other."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
