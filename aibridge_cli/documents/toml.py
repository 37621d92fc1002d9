"""TOML, edited by span: the operations of `aibridge_cli.documents.operations` as text.

Only the bytes of the keys in question change. Deleting what was set gives the bytes from
before back, with `Delete`'s `prune` for the tables that came with it, except that

- a table that only dotted keys or deeper headers spelled out, emptied without `prune`,
  is written as an empty one, in the place of a new one;
- a value that took the place of another is not put back by deleting it: `Put` does that,
  with the spelling from before; only an entry of an inline table with spaces ahead of
  its comma comes back without them.

Whoever wants to know that the result is right uses `aibridge_cli.documents.editing.edit`.
"""

from __future__ import annotations

from collections.abc import Sequence

from aibridge_cli.documents.operations import (
    Append,
    KeyPath,
    Operation,
    Put,
    Set,
    Value,
    dotted,
    mismatch,
    same,
)
from aibridge_cli.documents.toml_additions import add, add_element, removed, replaced, wrong_kind
from aibridge_cli.documents.toml_layout import survey
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.toml_reading import load, value_of
from aibridge_cli.documents.toml_restoring import restored
from aibridge_cli.documents.toml_spans import scan
from aibridge_cli.documents.toml_values import written
from aibridge_cli.errors import DocumentError

__all__ = ["load", "remarks", "splice"]


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    Raises:
        DocumentError: An operation has no place in this text, or only one inside a fence.
    """
    for operation in operations:
        path = _counted(text, operation.path)
        match operation:
            case Set():
                text = _set(text, path, operation.value)
            case Put():
                text = restored(text, path, operation.source)
            case Append():
                text = _append(text, path, operation.value)
            case _:
                text = _delete(text, path, operation.prune)
    return text


def remarks(text: str) -> list[str]:
    """Return the comments of `text` in order, as written, line ends left out."""
    return scan(text)[1]


def _counted(text: str, path: KeyPath) -> KeyPath:
    """Return `path` with the indexes that count from the end counted from the start."""
    for depth, key in enumerate(path):
        if isinstance(key, int) and key < 0:
            layout = survey(text)
            spot = layout.find(path[:depth])
            length = len(layout.children(path[:depth], spot)) if spot else 0
            path = (*path[:depth], key + length, *path[depth + 1 :])
    return path


def _set(text: str, path: KeyPath, value: Value) -> str:
    layout = survey(text)
    spot = layout.find(path)
    if spot is None:
        return add(text, path, value)
    if spot.value is not None:
        if same(value_of(text[spot.value.start : spot.value.end]), value):
            return text
        return replaced(layout, spot, written(value))
    children = layout.children(path, spot)
    listed = any(isinstance(child, int) for child in children)
    if isinstance(value, dict) and not listed:
        return _merged(text, path, children, value)
    if isinstance(value, list) and listed and value and all(isinstance(item, dict) for item in value):
        return _aligned(text, path, len(children), value)
    if not path:
        raise mismatch(path, "an object", value)
    return add(removed(text, path), path, value)


def _merged(text: str, path: KeyPath, children: set[str | int], value: dict[str, Value]) -> str:
    for key, item in value.items():
        text = _set(text, (*path, key), item)
    for child in children - value.keys():
        text = removed(text, (*path, child))
    return text if survey(text).find(path) else add(text, path, {})


def _aligned(text: str, path: KeyPath, count: int, value: list[Value]) -> str:
    for index, item in enumerate(value):
        text = _set(text, (*path, index), item) if index < count else _append(text, path, item)
    for index in reversed(range(len(value), count)):
        text = removed(text, (*path, index))
    return text


def _append(text: str, path: KeyPath, value: Value) -> str:
    layout = survey(text)
    spot = layout.find(path)
    if spot is None:
        return add(text, path, [value])
    if spot.value is not None and spot.value.bracket == "[":
        layout.guard(spot.statements[0])
        return spliced(text, added(text, spot.value, written(value), len(spot.value.entries) - 1))
    if not any(isinstance(child, int) for child in layout.children(path, spot)) or spot.value is not None:
        raise wrong_kind(layout, path, spot, "a list")
    if not isinstance(value, dict):
        raise DocumentError(f"the items of `{dotted(path)}` are tables here, so nothing else can be added")
    return add_element(layout, path, value)


def _delete(text: str, path: KeyPath, prune: int) -> str:
    layout = survey(text)
    if not path or layout.find(path) is None:
        return text
    target = path
    for outer in (path[:-count] for count in range(1, prune + 1)):
        spot = layout.find(outer)
        if not outer or spot is None or len(layout.children(outer, spot)) > 1:
            break
        target = outer
    text = removed(text, target)
    parent = target[:-1]
    if survey(text).find(parent) is None:
        text = add(text, parent, [] if isinstance(target[-1], int) else {})
    return text
