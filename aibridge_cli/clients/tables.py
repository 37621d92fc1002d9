"""Reading one TOML table strictly: wrong types and unknown keys are errors with a place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from aibridge_cli.documents.operations import Item, KeyPath, Place, dotted, kind
from aibridge_cli.errors import ProfileError


class Table:
    """One table of a profile.

    Args:
        file: The profile's file, for messages.
        where: The table's place in dotted words, "" for the top.
        data: Its keys and values.
        allowed: The keys that may stand in it; None when they are free.

    Raises:
        ProfileError: There is a key that is not allowed.
    """

    __slots__ = ("data", "file", "where")

    def __init__(self, file: str, where: str, data: Mapping[str, Any], allowed: Sequence[str] | None) -> None:
        self.file = file
        self.where = where
        self.data = data
        for key in data:
            if allowed is not None and key not in allowed:
                raise self.error("", f"unknown key `{key}`", hint=nearest(key, allowed))

    def error(self, key: str, message: str, *, hint: str = "") -> ProfileError:
        """Return an error about a key of this table, or about the table when `key` is ""."""
        return ProfileError(self.file, self.place(key), message, hint=hint)

    def place(self, key: str) -> str:
        """Return where a key of this table is, in dotted words."""
        return f"{self.where}.{key}" if self.where and key else self.where or key

    def text(self, key: str, default: str | None = None, *, empty: bool = False) -> str:
        """Return a string; without a default it must be there, and without `empty` not be empty."""
        if key not in self.data and default is not None:
            return default
        value = self._present(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a string", value)
        if not value.strip() and not empty:
            raise self.error(key, "must not be empty")
        return value

    def flag(self, key: str) -> bool:
        """Return a boolean; absent is false."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false", value)
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return a string that is one of `allowed`."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.error(key, f"unknown value `{value}`", hint=nearest(value, allowed))
        return value

    def texts(self, key: str, *, single: bool = False, required: bool = False) -> tuple[str, ...]:
        """Return a list of non-empty strings; absent is an empty one.

        Args:
            key: The key.
            single: Whether a lone string may stand for a list of one.
            required: Whether it must be there with at least one string.
        """
        if key not in self.data and not required:
            return ()
        value = self._present(key)
        if single and isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            raise self.wrong(key, "a string or a list of strings" if single else "a list of strings", value)
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise self.wrong(f"{key}[{index}]", "a string", item)
            if not item.strip():
                raise self.error(f"{key}[{index}]", "must not be empty")
        if required and not value:
            raise self.error(key, "must not be empty")
        return tuple(value)

    def choices(self, key: str, allowed: Sequence[str], *, single: bool = False) -> tuple[str, ...]:
        """Return a list of different strings, each one of `allowed`."""
        values = self.texts(key, single=single)
        for index, value in enumerate(values):
            if value not in allowed:
                raise self.error(key, f"unknown value `{value}`", hint=nearest(value, allowed))
            if value in values[:index]:
                raise self.error(key, f"`{value}` stands there twice")
        return values

    def table(self, key: str, allowed: Sequence[str] | None = None) -> Table:
        """Return an inner table; absent is an empty one."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a table", value)
        return Table(self.file, self.place(key), value, allowed)

    def tables(self, key: str, allowed: Sequence[str] | None) -> list[Table]:
        """Return an array of tables; absent is an empty one."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"tables, each written as [[{key}]]", value)
        return [Table(self.file, self.place(f"{key}[{index}]"), item, allowed) for index, item in enumerate(value)]

    def mapping(self, key: str) -> dict[str, str]:
        """Return an inner table of strings; the strings may be empty."""
        inner = self.table(key)
        for name, value in inner.data.items():
            if not isinstance(value, str):
                raise inner.wrong(name, "a string", value)
        return dict(inner.data)

    def path(self, key: str) -> KeyPath:
        """Return a list of keys, from the root of a document."""
        return key_path(self, key, self._present(key))

    def steps(self, key: str, *, top: bool = False) -> Place:
        """Return a list of keys, from the root of a document, in which a table stands for an object of a list.

        Args:
            key: The key.
            top: Whether it may be empty, which means the root itself.
        """
        value = self._present(key)
        if top and value == []:
            return ()
        tables = isinstance(value, list) and any(isinstance(step, dict) for step in value)
        if not tables:
            return key_path(self, key, value)
        key_path(self, key, [0 if isinstance(step, dict) else step for step in value])
        if isinstance(value[-1], dict):
            raise self.error(key, "ends with an object, not with a key")
        return tuple(self._item(key, at, step) if isinstance(step, dict) else step for at, step in enumerate(value))

    def _item(self, key: str, at: int, match: Mapping[str, Any]) -> Item:
        if not match:
            raise self.error(f"{key}[{at}]", "must name at least one key that identifies the object")
        for name, value in match.items():
            if not isinstance(value, str | int) or "{" in str(value) or "}" in str(value):
                raise self.error(f"{key}[{at}].{name}", "an object is known by plain values without placeholders")
        return Item(tuple(match.items()))

    def tree(self, key: str) -> dict[str, Any]:
        """Return an inner table of values that any format can hold."""
        inner = self.table(key)
        plain(inner, inner.data)
        return dict(inner.data)

    def values(self, key: str) -> tuple[Any, ...]:
        """Return a list, not empty, of values that any format can hold."""
        value = self._present(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(key, "a list with at least one value", value)
        plain(self, value, (key,))
        return tuple(value)

    def _present(self, key: str) -> Any:
        if key not in self.data:
            raise self.error("", f"the key `{key}` is missing")
        return self.data[key]

    def wrong(self, key: str, wanted: str, found: Any) -> ProfileError:
        """Return the error for a value of the wrong type."""
        what = "an empty list" if found == [] else kind(found)
        return self.error(key, f"expected {wanted}, found {what}")


def key_path(table: Table, key: str, value: Any) -> KeyPath:
    """Return a list of keys as a path.

    Raises:
        ProfileError: It is empty, or holds something else than names and indexes.
    """
    fits = isinstance(value, list) and all(
        (isinstance(item, str) and item) or (type(item) is int and item >= 0) for item in value
    )
    if not fits or not value:
        raise table.error(key, 'expected the words of a key path, as in ["env", "NAME"]')
    return tuple(value)


def key_paths(table: Table, key: str) -> tuple[KeyPath, ...]:
    """Return a list of key paths; absent is an empty one.

    Raises:
        ProfileError: It is something else.
    """
    paths = table.data.get(key, [])
    if not isinstance(paths, list):
        raise table.error(key, 'expected a list of key paths, as in [["env", "NAME"]]')
    return tuple(key_path(table, f"{key}[{index}]", path) for index, path in enumerate(paths))


def plain(table: Table, value: Any, above: KeyPath = ()) -> None:
    """Make sure that a value can stand in every format.

    Raises:
        ProfileError: There is a date, or a number that is not finite.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if "{" in key or "}" in key:
                raise table.error(dotted((*above, key)), "placeholders stand in values, not in keys")
            plain(table, item, (*above, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            plain(table, item, (*above, index))
    elif isinstance(value, float) and not math.isfinite(value):
        raise table.error(dotted(above), f"{value} is not a number that every format can hold")
    elif not isinstance(value, str | int | float):
        raise table.error(dotted(above), "a date cannot stand in every format", hint="write it as a string")


def nearest(word: str, allowed: Sequence[str]) -> str:
    """Return a hint that names the nearest allowed word, and all of them."""
    import difflib

    near = difflib.get_close_matches(word, allowed, n=1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    return f"{meant}allowed here: {', '.join(allowed)}"
