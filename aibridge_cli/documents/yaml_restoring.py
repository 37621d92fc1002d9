"""What stood in another YAML text put back as it is written there."""

from __future__ import annotations

from aibridge_cli.documents.lines import (
    below,
    below_the_same,
    column,
    line_start,
    remarks_above,
    starts_line,
    with_lines,
    without_lines,
)
from aibridge_cli.documents.operations import KeyPath, Value, dotted, lookup, same
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.yaml_adding import add, add_to_nothing, box_of, guard_containers, replace
from aibridge_cli.documents.yaml_nodes import Node, Tree, read
from aibridge_cli.documents.yaml_places import Trail, follow, guard
from aibridge_cli.documents.yaml_reading import load, node_data
from aibridge_cli.documents.yaml_scalars import name_of
from aibridge_cli.errors import DocumentError


def restored(text: str, path: KeyPath, source: str) -> str:
    """Return the text with the value at `path` as it is in `source`.

    A pair that is missing comes back behind the one that it stood behind, with its comment and
    below the comments that it stood below.

    Raises:
        DocumentError: There is nothing in `source`, or no place for it.
    """
    there = read(source)
    origin = follow(there, there.root, path) if there.root is not None else None
    if origin is None or not origin.complete or not path:
        raise DocumentError(f"there is nothing at `{dotted(path)}` to put back")
    value = lookup(load(source), path)
    here = read(text)
    if here.root is None:
        return _into_nothing(here, path, origin, value)
    trail = follow(here, here.root, path)
    if trail.complete:
        back = _verbatim(trail, origin)
        return back if _says(back, path, value) else replace(trail, value)
    if len(trail.rest) == 1 and trail.node.kind == "mapping":
        pair = _pair_back(trail, origin)
        if pair is not None and _says(pair, path, value):
            return pair
    return add(trail, value)


def _into_nothing(here: Tree, path: KeyPath, origin: Trail, value: Value) -> str:
    if len(path) == 1 and not origin.flow and starts_line(origin.tree.text, origin.entry.start):
        return _put_lines(here.text, here.top, origin)
    return add_to_nothing(here, path, value)


def _says(text: str, path: KeyPath, value: Value) -> bool:
    """Tell whether a value that was put back as it was written means the same in its place.

    It may not: a literal keeps the empty lines that happen to follow, or takes a remark in.
    """
    try:
        return same(lookup(load(text), path), value)
    except DocumentError:
        return False


def _verbatim(trail: Trail, origin: Trail) -> str:
    """Put a value in place of another, with what stands between it and its key."""
    guard(trail)
    text, source = trail.tree.text, origin.tree.text
    (start, end), (first, last) = _span(trail), _span(origin)
    raw = source[first:last]
    if origin.node.block and not origin.flow:  # with the remark at its last line
        raw = source[first : below(source, last)].rstrip("\r\n")
    alike = trail.flow == origin.flow and (trail.entry.colon < 0) == (origin.entry.colon < 0)
    if not alike or ("\n" in raw and column(text, trail.entry.start) != column(source, origin.entry.start)):
        return replace(trail, node_data(source, origin.node))
    if trail.flow or "\n" not in text[start : trail.node.start]:
        tail = text[end : below(text, end)]
        remark = raw.split("\n", 1)[0].strip()
        if "\n" in raw and remark.startswith("#") and tail.strip() == remark:
            end += len(tail.rstrip("\r\n"))
        return text[:start] + raw + text[end:]
    if "\n" in raw:
        return text[:start] + raw + text[end:]
    shorter = without_lines(text, line_start(text, trail.node.start), below(text, end))
    return shorter[:start] + raw + shorter[start:]


def _span(trail: Trail) -> tuple[int, int]:
    entry = trail.entry
    if entry.key is not None and entry.colon < 0:
        return entry.key.end, entry.key.end
    start = entry.colon if entry.colon >= 0 else entry.value.start if trail.flow else entry.start + 1
    return start, max(entry.value.end, start)


def _pair_back(trail: Trail, origin: Trail) -> str | None:
    """Return the text with a pair of the mapping that the trail ends with, or None where it has no such place."""
    guard_containers(trail)
    text, source, here, there = trail.tree.text, origin.tree.text, trail.node, origin.parent
    entry = origin.entry
    before = _nearest(text, here, source, there, origin.indexes[-1])
    if here.style and there.style == here.style:
        pair = source[entry.start : max(entry.value.end, entry.colon)]
        return spliced(text, added(text, box_of(here), pair, before)) if "\n" not in pair else None
    if there.style or not starts_line(source, entry.start, "- "):
        return None
    if here.style:
        if here.entries or not trail.indexes or trail.flow or trail.entry.key is None:
            return None
        bare = text[: trail.entry.colon] + text[here.end :]
        return _put_lines(bare, below(bare, trail.entry.colon), origin)
    if column(text, here.entries[0].start) != column(source, entry.start):
        return None
    if before >= 0:
        previous = here.entries[before]
        return _put_lines(text, below(text, max(previous.value.end, previous.colon)), origin)
    first = here.entries[0].start
    if not starts_line(text, first):
        raw = source[entry.start : below(source, max(entry.value.end, entry.colon))].rstrip("\r\n")
        newline = "\r\n" if "\r\n" in text else "\n"
        return f"{text[:first]}{raw}{newline}{' ' * column(text, first)}{text[first:]}"
    if not trail.indexes:
        return _put_lines(text, trail.tree.top, origin)
    top = line_start(text, first) if trail.entry.key is None else below(text, trail.entry.colon)
    return _put_lines(text, top, origin)


def _nearest(text: str, here: Node, source: str, there: Node, index: int) -> int:
    """Return the index of the nearest sibling above the one at `index` there that is also here, or -1."""
    names = [name_of(entry.key, text) for entry in here.entries if entry.key is not None]
    for entry in reversed(there.entries[:index]):
        name = name_of(entry.key, source) if entry.key is not None else ""
        if name in names:
            return names.index(name)
    return -1


def _put_lines(text: str, at: int, origin: Trail) -> str:
    """Put the lines of a pair back at a line, or below those comments there that it stood below."""
    source, entry = origin.tree.text, origin.entry
    start = line_start(source, entry.start)
    raw = source[start : below(source, max(entry.value.end, entry.colon))]
    newline = "\r\n" if "\r\n" in source else "\n"
    if not text and not raw.endswith("\n"):
        return raw
    raw = raw.removesuffix("\n").removesuffix("\r")
    indentation = " " * column(source, entry.start)
    return with_lines(
        text, below_the_same(text, at, remarks_above(source, start)), [indentation + raw[len(indentation) :]], newline
    )
