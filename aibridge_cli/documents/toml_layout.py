"""Which statement of a TOML text says what: every key's full path, and the way back.

A *section* is a header with the pairs below it, or the pairs before the first header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from aibridge_cli.documents.operations import KeyPath, dotted
from aibridge_cli.documents.toml_fences import Fence, find_fences
from aibridge_cli.documents.toml_spans import Statement, Written, position, scan
from aibridge_cli.errors import DocumentError


class Spot(NamedTuple):
    """How a path is written.

    Args:
        statements: The pairs and headers that say it; the one pair that it lies in when
            it is (part of) a value.
        value: Its text, or None when headers or dotted keys spell it out.
        box: The array or inline table that it lies in, if any.
        entries: Which entries of the box say it; several where dotted keys do.
        words: How many words of those entries' keys the path takes up.
    """

    statements: tuple[int, ...]
    value: Written | None = None
    box: Written | None = None
    entries: tuple[int, ...] = ()
    words: int = 0


class Layout(NamedTuple):
    """A TOML text, understood.

    Args:
        text: The text.
        statements: Its lines in order; together they cover it.
        places: For each header and pair its full path, with the index for each array of
            tables on the way; None for comments and blank lines.
        sections: For each statement the index of the header it stands under, or -1.
        fences: What is not ours.
    """

    text: str
    statements: Sequence[Statement]
    places: Sequence[KeyPath | None]
    sections: Sequence[int]
    fences: Sequence[Fence]

    def raw(self, index: int) -> str:
        """Return the text of a statement with its line end."""
        return self.text[self.statements[index].start : self.statements[index].end]

    def kind(self, index: int) -> str:
        """Return the kind of a statement, or "" before the first and after the last."""
        return self.statements[index].kind if 0 <= index < len(self.statements) else ""

    def fence_at(self, index: int) -> Fence | None:
        """Return the fence that a line put in before statement `index` would part."""
        return next((fence for fence in self.fences if fence.parts(index)), None)

    def fence_of(self, index: int) -> Fence | None:
        """Return the fence that holds a statement."""
        return next((fence for fence in self.fences if fence.first <= index <= fence.last), None)

    def guard(self, index: int) -> None:
        """Refuse to change a statement that another tool manages.

        Raises:
            DocumentError: It stands inside a fence.
        """
        fence = self.fence_of(index)
        if fence is not None:
            raise fence.refusal(position(self.text, self.statements[index].start)[0])

    def section_place(self, index: int) -> KeyPath:
        """Return the path of the section that a statement stands in; a header stands in its own."""
        return self.places[self.sections[index]] or () if self.sections[index] >= 0 else ()

    def under(self, path: KeyPath) -> tuple[int, ...]:
        """Return the headers and pairs whose place is `path` or below it."""
        return tuple(i for i, place in self.placed() if place[: len(path)] == path)

    def placed(self) -> Iterator[tuple[int, KeyPath]]:
        """Yield every header and pair with its place."""
        return ((index, place) for index, place in enumerate(self.places) if place is not None)

    def header(self, path: KeyPath) -> int:
        """Return the header of the section at exactly `path`, or -1."""
        return next((i for i, place in self.placed() if place == path and self.sections[i] == i), -1)

    def find(self, path: KeyPath) -> Spot | None:
        """Return how `path` is written, or None when it is absent."""
        for index, place in self.placed():
            value = self.statements[index].value
            if value is not None and path[: len(place)] == place:
                return _inside(index, value, path[len(place) :])
        below = self.under(path)
        return Spot(below) if below or not path else None

    def children(self, path: KeyPath, spot: Spot) -> set[str | int]:
        """Return the keys or indexes directly below `path`, which is written at `spot`."""
        if spot.value is not None:
            return {entry.key[0] if entry.key else i for i, entry in enumerate(spot.value.entries)}
        if spot.box is not None:
            return {spot.box.entries[i].key[spot.words] for i in spot.entries}
        depth = len(path)
        return {place[depth] for _, place in self.placed() if len(place) > depth and place[:depth] == path}


# one operation asks several times about the same text, and each Put about the same source
@lru_cache(maxsize=3)
def survey(text: str) -> Layout:
    """Return the layout of a valid text.

    Raises:
        DocumentError: The text does not follow the grammar, or says a key or table twice.
    """
    statements, _ = scan(text)
    places: list[KeyPath | None] = []
    sections: list[int] = []
    said = _Said()
    section = -1
    under: KeyPath = ()
    for index, statement in enumerate(statements):
        place: KeyPath | None = None
        try:
            if statement.kind in {"table", "element"}:
                place = under = said.header(statement)
                section = index
            elif statement.kind == "pair":
                place = said.pair(under, statement)
        except KeyError as twice:
            line, column = position(text, statement.first)
            raise DocumentError(f"`{twice.args[0]}` is there twice", line=line, column=column) from None
        places.append(place)
        sections.append(section)
    return Layout(text, statements, places, sections, find_fences(text, statements))


class _Said:
    """What the statements up to here have defined; a KeyError names what is defined again."""

    def __init__(self) -> None:
        self.counts: dict[KeyPath, int] = {}
        self.tables: set[KeyPath] = set()
        self.on_the_way: set[KeyPath] = set()
        self.values: set[KeyPath] = set()

    def header(self, statement: Statement) -> KeyPath:
        *parents, last = statement.key
        path = (*self._resolved((), tuple(parents)), last)
        if path in self.values or path in self.tables:
            raise KeyError(dotted(path))
        if statement.kind == "table":
            if path in self.counts:
                raise KeyError(dotted(path))
            self.tables.add(path)
            return path
        if path in self.on_the_way and path not in self.counts:
            raise KeyError(dotted(path))
        self.counts[path] = self.counts.get(path, 0) + 1
        return (*path, self.counts[path] - 1)

    def pair(self, section: KeyPath, statement: Statement) -> KeyPath:
        *parents, last = statement.key
        path = (*self._resolved(section, tuple(parents)), last)
        if path in self.values or path in self.tables or path in self.on_the_way or path in self.counts:
            raise KeyError(dotted(path))
        self.values.add(path)
        return path

    def _resolved(self, path: KeyPath, words: tuple[str, ...]) -> KeyPath:
        for word in words:
            path = (*path, word)
            if path in self.values:
                raise KeyError(dotted(path))
            self.on_the_way.add(path)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path


def _inside(index: int, value: Written, path: KeyPath) -> Spot | None:
    """Return where `path` is in the value of the pair at `index`."""
    box: Written | None = None
    entry = 0
    while path:
        box, rest = value, path
        for entry, candidate in enumerate(box.entries):
            key: KeyPath = candidate.key or (entry,)
            if path[: len(key)] == key:
                value, rest = candidate.value, path[len(key) :]
                break
        if rest is path:
            spelled = tuple(i for i, candidate in enumerate(box.entries) if candidate.key[: len(path)] == path)
            return Spot((index,), None, box, spelled, len(path)) if spelled else None
        path = rest
    return Spot((index,), value, box, (entry,) if box else ())
