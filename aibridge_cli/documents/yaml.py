"""YAML, edited by span: the operations of `aibridge_cli.documents.operations` as text.

Only the bytes of the keys in question change. Deleting what was set gives the bytes from before
back, with `Delete`'s `prune` for the mappings that came with it, except that a value which was
null, or took the place of another, is not put back by deleting it.

Where somebody else shares what would change, or readers differ on what it means, nothing is done:
aliases, anchors, tags and merge keys on the way to a key of ours, a key that stands twice, more
than one document. Other places may have all that, but for more documents.
"""

from __future__ import annotations

from collections.abc import Sequence

from aibridge_cli.documents.operations import Append, KeyPath, Operation, Put, Set, Value, mismatch, same
from aibridge_cli.documents.yaml_adding import add, add_to_nothing, append, replace
from aibridge_cli.documents.yaml_nodes import read
from aibridge_cli.documents.yaml_places import follow, wrong_kind
from aibridge_cli.documents.yaml_reading import load, node_data
from aibridge_cli.documents.yaml_removing import remove
from aibridge_cli.documents.yaml_restoring import restored
from aibridge_cli.documents.yaml_scalars import name_of

__all__ = ["load", "remarks", "splice"]


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    Raises:
        DocumentError: An operation has no place in this text.
    """
    for operation in operations:
        match operation:
            case Set():
                text = _set(text, operation.path, operation.value)
            case Put():
                text = restored(text, operation.path, operation.source)
            case Append():
                text = _append(text, operation.path, operation.value)
            case _:
                text = _delete(text, operation.path, operation.prune)
    return text


def remarks(text: str) -> list[str]:
    """Return the comments of `text` in order, as written."""
    return read(text).comments


def _set(text: str, path: KeyPath, value: Value) -> str:
    tree = read(text)
    if not path and not isinstance(value, dict):
        raise mismatch(path, "an object", value)
    if tree.root is None:
        return add_to_nothing(tree, path, value) if path else _merged(text, path, [], value)
    trail = follow(tree, tree.root, path)
    if not trail.complete:
        return add(trail, value)
    node = trail.node
    if same(node_data(text, node), value):
        return text
    if node.kind == "mapping" and isinstance(value, dict):
        names = [name_of(entry.key, text) for entry in node.entries if entry.key is not None]
        return _merged(text, path, names, value)
    if node.kind == "sequence" and isinstance(value, list):
        return _aligned(text, path, len(node.entries), value)
    if not path:
        raise wrong_kind(trail, "an object")
    return replace(trail, value)


def _merged(text: str, path: KeyPath, names: list[str], value: dict[str, Value]) -> str:
    for key, item in value.items():
        text = _set(text, (*path, key), item)
    for name in names:
        if name not in value:
            text = _delete(text, (*path, name), 0)
    return text


def _aligned(text: str, path: KeyPath, count: int, value: list[Value]) -> str:
    for index, item in enumerate(value):
        text = _set(text, (*path, index), item) if index < count else _append(text, path, item)
    for index in reversed(range(len(value), count)):
        text = _delete(text, (*path, index), 0)
    return text


def _append(text: str, path: KeyPath, value: Value) -> str:
    tree = read(text)
    if tree.root is None:
        if not path:
            raise mismatch(path, "a list", {})
        return add_to_nothing(tree, path, [value])
    trail = follow(tree, tree.root, path)
    return append(trail, value) if trail.complete else add(trail, [value])


def _delete(text: str, path: KeyPath, prune: int) -> str:
    tree = read(text)
    if tree.root is None or not path:
        return text
    trail = follow(tree, tree.root, path)
    return remove(trail, prune) if trail.complete else text
