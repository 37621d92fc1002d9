"""Keys into and out of a TOML text, wherever and however their table is written."""

from __future__ import annotations

from aibridge_cli.documents.operations import ABSENT, KeyPath, Value, mismatch
from aibridge_cli.documents.toml_layout import Layout, Spot, survey
from aibridge_cli.documents.toml_lines import with_lines, without
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.toml_lists import removed as entry_removed
from aibridge_cli.documents.toml_places import dotted_place, pair_place, table_place
from aibridge_cli.documents.toml_reading import value_of
from aibridge_cli.documents.toml_spans import position
from aibridge_cli.documents.toml_values import Raw, nested, written, written_key
from aibridge_cli.errors import DocumentError


def add(text: str, path: KeyPath, value: Value | Raw) -> str:
    """Return `text` with a key that it does not have yet, and the tables on the way.

    Raises:
        DocumentError: Something that is no table is in the way, or a fence.
    """
    layout = survey(text)
    parent, spot = _deepest(layout, path)
    rest = path[len(parent) :]
    listed = spot.value is None and any(isinstance(child, int) for child in layout.children(parent, spot))
    if listed or (spot.value is not None and spot.value.bracket != "{"):
        raise wrong_kind(layout, parent, spot, "an object" if isinstance(rest[0], str) else "a list")
    counted = next((at for at, key in enumerate(path) if isinstance(key, int) and at >= len(parent)), None)
    if counted is not None:
        raise mismatch(path[:counted], "a list", ABSENT)
    if spot.value is not None:
        layout.guard(spot.statements[0])
        entry = _pair(rest[:1], nested(rest[1:], value))
        return spliced(text, added(text, spot.value, entry, len(spot.value.entries) - 1))
    if spot.box is not None:
        layout.guard(spot.statements[0])
        entry = _pair((*spot.box.entries[spot.entries[-1]].key[: spot.words], *rest), value)
        return spliced(text, added(text, spot.box, entry, spot.entries[-1]))
    among = dotted_place(layout, parent, spot)
    if among is not None:
        section, place = among
        return with_lines(layout, place.at, [place.indentation + _pair(path[len(section) :], value)], spaced=False)
    if len(rest) == 1 and not isinstance(value, dict) and (not parent or layout.header(parent) >= 0):
        place = pair_place(layout, parent)
        return with_lines(layout, place.at, [place.indentation + _pair(rest, value)], spaced=place.spaced)
    if isinstance(value, dict):
        return _add_table(layout, parent, path, value)
    return _add_table(layout, parent, path[:-1], {str(path[-1]): value})


def add_element(layout: Layout, path: KeyPath, value: dict[str, Value]) -> str:
    """Return the text with one more `[[path]]` after those that are there.

    Raises:
        DocumentError: Its place is inside a fence.
    """
    place = table_place(layout, path, (*path, 0))
    lines = [f"{place.indentation}[[{written_key(path)}]]"]
    lines += [place.inner + _pair((key,), item) for key, item in value.items()]
    return with_lines(layout, place.at, lines, spaced=True)


def removed(text: str, path: KeyPath) -> str:
    """Return `text` without the key, pair or table at `path`, which it has.

    Raises:
        DocumentError: Part of it is inside a fence.
    """
    layout = survey(text)
    spot = layout.find(path)
    while spot is not None and spot.box is not None:
        layout.guard(spot.statements[0])
        text = spliced(text, entry_removed(text, spot.box, spot.entries[-1]))
        layout = survey(text)
        # an index names the next item now; dotted keys may have said more of the table
        spot = None if isinstance(path[-1], int) else layout.find(path)
    return text if spot is None else without(layout, [*spot.statements, *_hollow(layout, path[:-1], spot)])


def replaced(layout: Layout, spot: Spot, raw: str) -> str:
    """Return the text with other text for the value at `spot`.

    Raises:
        DocumentError: It is inside a fence.
    """
    if spot.value is None or layout.text[spot.value.start : spot.value.end] == raw:
        return layout.text
    layout.guard(spot.statements[0])
    return spliced(layout.text, [(spot.value.start, spot.value.end, raw)])


def wrong_kind(layout: Layout, path: KeyPath, spot: Spot, wanted: str) -> DocumentError:
    """Return the error for something at `path` that is not what is needed, with its line and column."""
    if spot.value is not None:
        found = value_of(layout.text[spot.value.start : spot.value.end])
        offset = spot.value.start
    else:
        found = [] if any(isinstance(child, int) for child in layout.children(path, spot)) else {}
        offset = layout.statements[spot.statements[0]].first
    error = mismatch(path, wanted, found)
    error.line, error.column = position(layout.text, offset)
    return error


def _deepest(layout: Layout, path: KeyPath) -> tuple[KeyPath, Spot]:
    """Return the longest beginning of `path` that is there, and how it is written."""
    for length in range(len(path) - 1, 0, -1):
        spot = layout.find(path[:length])
        if spot is not None:
            return path[:length], spot
    return (), Spot(layout.under(()))


def _hollow(layout: Layout, table: KeyPath, going: Spot) -> list[int]:
    """Return the header of `table` when nothing needs it any more once `going` has gone.

    A header below its own sub-tables is what `add` writes for a key of a table that had no header.
    """
    header = layout.header(table)
    staying = [index for index in layout.under(table) if index not in going.statements and index != header]
    needed = not staying or staying[0] > header or any(layout.sections[index] == header for index in staying)
    return [] if header < 0 or needed else [header]


def _add_table(layout: Layout, parent: KeyPath, path: KeyPath, value: dict[str, Value]) -> str:
    place = table_place(layout, parent, path)
    pairs = {key: item for key, item in value.items() if not isinstance(item, dict)}
    lines = [f"{place.indentation}[{written_key(path)}]"]
    lines += [place.inner + _pair((key,), item) for key, item in pairs.items()]
    text = with_lines(layout, place.at, lines, spaced=True)
    for key, item in value.items():
        if isinstance(item, dict):
            text = add(text, (*path, key), item)
    return text


def _pair(words: KeyPath, value: Value | Raw) -> str:
    return f"{written_key(words)} = {written(value)}"
