"""What may be done to a document, and what each operation means for its data.

A format module carries an operation out on the text; `apply_to_data` says what the
data must be afterwards. `aibridge_cli.documents.editing.edit` holds the one to the other,
so an editor that is wrong stops with an error instead of harming a file.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from aibridge_cli.errors import DocumentError


class Item(NamedTuple):
    """A step into a list of objects: to the first whose keys have these values.

    Args:
        match: The keys, in the order in which they are shown, each with its value.
    """

    match: tuple[tuple[str, Any], ...]


KeyPath = tuple[str | int, ...]
"""Keys from the root; an `int` is an index into a list."""

Place = tuple[str | int | Item, ...]
"""A path that may lead through objects of lists wherever in them they stand."""

Value = Any
"""What JSON and TOML can both say: dict, list, str, int, float, bool (JSON: None)."""

ABSENT: Any = type("Absent", (), {"__repr__": lambda _self: "ABSENT", "__bool__": lambda _self: False})()


class Unsettled(str):
    """A word on whose meaning the readers of a format do not agree: how it can be written.

    It is equal to nothing that we write, because `same` compares types.
    """

    __slots__ = ()


class Set(NamedTuple):
    """The value at `path` becomes `value`; containers on the way are made when absent.

    Nothing happens when it is equal already, so the text stays as it was written.
    """

    path: KeyPath
    value: Value


class Put(NamedTuple):
    """The value at `path` becomes what it is in `source`, as it is written there.

    Args:
        path: Where, in both documents. It must exist in `source`.
        source: The whole text of another document of the same format.
    """

    path: KeyPath
    source: str


class Delete(NamedTuple):
    """The value at `path` goes; nothing happens when it is absent.

    Args:
        path: A key of an object or an index of a list.
        prune: How many enclosing containers may go too, from the inside out, each
            only when it is left empty.
    """

    path: KeyPath
    prune: int = 0


class Append(NamedTuple):
    """The list at `path` gets one more item at its end; it is made when absent."""

    path: KeyPath
    value: Value


Operation = Set | Put | Delete | Append


def lookup(data: Value, path: Place) -> Value:
    """Return the value at `path`, or `ABSENT`."""
    for step in path:
        key = find_match(data, dict(step.match)) if isinstance(step, Item) else step
        if key is None:
            return ABSENT
        if isinstance(key, int):
            if not isinstance(data, list) or not -len(data) <= key < len(data):
                return ABSENT
        elif not isinstance(data, dict) or key not in data:
            return ABSENT
        data = data[key]
    return data


def find_match(standing: Value, match: object) -> int | None:
    """Return the index of the list's first object that agrees with `match`, or None."""
    items = standing if isinstance(standing, list) else []
    wanted = match if isinstance(match, dict) else {}
    for index, item in enumerate(items):
        if isinstance(item, dict) and all(item.get(key, ABSENT) == value for key, value in wanted.items()):
            return index
    return None


def indexed(data: Value, path: Place) -> KeyPath:
    """Return a path with the index of each object in place of what it is known by.

    Args:
        data: The document's data.
        path: The path; what it leads to need not be there.

    Raises:
        DocumentError: There is no such object.
    """
    plain: KeyPath = ()
    for step in path:
        if isinstance(step, Item):
            index = find_match(lookup(data, plain), dict(step.match))
            if index is None:
                raise DocumentError(f"there is no item `{dotted((step,))}` in the list at `{dotted(plain)}`")
            plain = (*plain, index)
        else:
            plain = (*plain, step)
    return plain


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal and of the same types (1, 1.0 and true differ)."""
    pairs = [(left, right)]
    while pairs:
        one, other = pairs.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            pairs.extend((value, other[key]) for key, value in one.items())
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            pairs.extend(zip(one, other, strict=True))
        elif one != other and not (isinstance(one, float) and math.isnan(one) and math.isnan(other)):
            return False
    return True


def dotted(path: Place) -> str:
    """Return a path as people write it: `env.NAME`, `models[0].id`, `models[id=x].url`, and `[]` for a whole list."""
    if not path:
        return "[]"
    words = ""
    for key in path:
        if isinstance(key, Item):
            words += f"[{', '.join(f'{name}={value}' for name, value in key.match)}]"
        else:
            words += f"[{key}]" if isinstance(key, int) else f".{key}" if words else key
    return words


def kind(value: Value) -> str:
    """Return the name of a value's type in the words of the formats."""
    if value is ABSENT:
        return "nothing"
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else "a date")


def apply_to_data(data: Value, operation: Operation, put: Value = ABSENT) -> Value:
    """Return what the data is after one operation; the argument is not changed.

    Args:
        data: The document's data.
        operation: What is done.
        put: For a `Put`, the value that its `source` holds at the path.

    Raises:
        DocumentError: An object or list is needed where something else stands.
    """
    match operation:
        case Set():
            return _replaced(data, operation.path, operation.value, operation.path)
        case Put():
            return _replaced(data, operation.path, put, operation.path)
        case Append():
            standing = lookup(data, operation.path)
            if standing is ABSENT or standing is None:
                standing = []
            if not isinstance(standing, list):
                raise mismatch(operation.path, "a list", standing)
            return _replaced(data, operation.path, [*standing, operation.value], operation.path)
        case _:
            return _deleted(data, operation)


def mismatch(path: KeyPath, wanted: str, found: Value) -> DocumentError:
    """Return the error for a container of the wrong kind at `path`."""
    place = f"at `{dotted(path)}`" if path else "at the top"
    return DocumentError(
        f"expected {wanted} {place}, found {kind(found)}",
        hint="take it out by hand if you do not need it; nothing was written",
    )


def _replaced(data: Value, path: KeyPath, value: Value, whole: KeyPath) -> Value:
    if not path:
        return value
    key, rest = path[0], path[1:]
    here = whole[: len(whole) - len(path)]
    if isinstance(key, int):
        if not isinstance(data, list):
            raise mismatch(here, "a list", data)
        if not -len(data) <= key < len(data):
            raise DocumentError(f"there is no item {key} in the list at `{dotted(here)}`")
        copy: Any = list(data)
        copy[key] = _replaced(data[key], rest, value, whole)
        return copy
    if data is ABSENT or data is None:
        data = {}
    if not isinstance(data, dict):
        raise mismatch(here, "an object", data)
    return {**data, key: _replaced(data.get(key, ABSENT), rest, value, whole)}


def _deleted(data: Value, operation: Delete) -> Value:
    path = operation.path
    if lookup(data, path) is ABSENT:
        return data
    for removed in range(operation.prune + 1):
        place = path[: len(path) - removed]
        if not place or (removed and lookup(data, place)):
            break
        data = _without(data, place)
    return data


def _without(data: Value, path: KeyPath) -> Value:
    key, rest = path[0], path[1:]
    copy = data.copy()
    if rest:
        copy[key] = _without(data[key], rest)
    else:
        del copy[key]
    return copy


__all__ = [
    "ABSENT",
    "Append",
    "Delete",
    "Item",
    "KeyPath",
    "Operation",
    "Place",
    "Put",
    "Set",
    "Unsettled",
    "Value",
    "apply_to_data",
    "dotted",
    "find_match",
    "indexed",
    "kind",
    "lookup",
    "mismatch",
    "same",
]
