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
from aibridge_cli.documents.operations import KeyPath, dotted
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.yaml_adding import add, add_to_nothing, box_of, guard_containers, replace
from aibridge_cli.documents.yaml_nodes import Node, read
from aibridge_cli.documents.yaml_places import Trail, follow, guard
from aibridge_cli.documents.yaml_reading import node_data
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
    here = read(text)
    if here.root is None:
        if len(path) == 1 and not origin.flow and starts_line(source, origin.entry.start):
            return _put_lines(text, here.top, origin)
        return add_to_nothing(here, path, node_data(source, origin.node))
    trail = follow(here, here.root, path)
    if trail.complete:
        return _verbatim(trail, origin)
    if len(trail.rest) == 1 and trail.node.kind == "mapping":
        back = _pair_back(trail, origin)
        if back is not None:
            return back
    return add(trail, node_data(source, origin.node))


def _verbatim(trail: Trail, origin: Trail) -> str:
    """Put a value in place of another, with what stands between it and its key."""
    guard(trail)
    text, source = trail.tree.text, origin.tree.text
    (start, end), (first, last) = _span(trail), _span(origin)
    raw = source[first:last]
    if origin.node.block and not origin.flow:  # with the remark at its last line
        raw = source[first : below(source, last)].rstrip("\r\n")
    alike = trail.flow == origin.flow and (trail.entry.colon < 0) == (origin.entry.colon < 0)
    if (
        not alike
        or not _fits(trail, origin)
        or ("\n" in raw and column(text, trail.entry.start) != column(source, origin.entry.start))
    ):
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


def _fits(trail: Trail, origin: Trail) -> bool:
    """Tell whether a literal ends where the value here does: no remark behind it, no empty line below."""
    text, line_end = trail.tree.text, below(trail.tree.text, trail.node.end)
    tail, following = text[trail.node.end : line_end], text[line_end : below(text, line_end)]
    return origin.node.style not in {"|", ">"} or (not tail.strip() and bool(following.strip()))


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
    top = below(text, trail.entry.colon) if trail.indexes and trail.entry.key is not None else trail.tree.top
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
