"""Where new statements go: after their nearest relatives, and never into a fence."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.documents.operations import KeyPath
from aibridge_cli.documents.toml_layout import Layout, Spot
from aibridge_cli.documents.toml_spans import position


class Place(NamedTuple):
    """A place for new lines.

    Args:
        at: The statement that they go before, or the number of statements.
        indentation: What stands before a header, or before a pair when no header is new.
        inner: What stands before the pairs of a new header.
        spaced: Whether a blank line belongs above them.
    """

    at: int
    indentation: str
    inner: str
    spaced: bool


def pair_place(layout: Layout, section: KeyPath) -> Place:
    """Return where a new pair of a section goes: after its last pair, else below its header.

    Raises:
        DocumentError: The header is inside a fence.
    """
    header = layout.header(section)
    if header >= 0:
        layout.guard(header)
    ours = [i for i, _ in layout.placed() if layout.sections[i] == header and layout.fence_of(i) is None]
    return _below(layout, ours[-1]) if ours else Place(_top(layout), "", "", spaced=True)


def dotted_place(layout: Layout, path: KeyPath, spot: Spot) -> tuple[KeyPath, Place] | None:
    """Return the section and the place for one more dotted key of a table that dotted keys spell out.

    Returns:
        None when no dotted key spells `path` out.

    Raises:
        DocumentError: All those keys are inside a fence.
    """
    siblings = [i for i in spot.statements if len(layout.section_place(i)) < len(path)]
    if not siblings:
        return None
    ours = [i for i in siblings if layout.fence_of(i) is None]
    if not ours:
        layout.guard(siblings[-1])
    return layout.section_place(ours[-1]), _below(layout, ours[-1])


def table_place(layout: Layout, parent: KeyPath, path: KeyPath) -> Place:
    """Return where a new `[path]` goes: after the last section below `parent`, else at the end.

    Raises:
        DocumentError: There is no such place outside of fences.
    """
    headers = [i for i, _ in layout.placed() if layout.sections[i] == i]
    relatives = [i for i in headers if layout.section_place(i)[: len(parent)] == parent]
    end = _above_blanks(layout, len(layout.statements))
    at = _outside(layout, section_end(layout, relatives[-1]) if parent and relatives else end)
    like = [i for i in relatives if len(layout.section_place(i)) == len(path)]
    if not like:
        return Place(at, "", "", spaced=True)
    outer = _indentation(layout, like[-1])
    pairs = [i for i, _ in layout.placed() if layout.sections[i] == like[-1] and i != like[-1]]
    return Place(at, outer, _indentation(layout, pairs[-1]) if pairs else outer, spaced=True)


def section_end(layout: Layout, header: int) -> int:
    """Return the place after a section's last pair and the comments that stick to it."""
    said = [i for i, _ in layout.placed() if layout.sections[i] == header]
    end = at = said[-1] + 1 if said else 0
    while layout.kind(at) == "comment" and layout.fence_of(at) is None:
        at += 1
    return at if layout.kind(at) in {"", "blank"} else end


def _top(layout: Layout) -> int:
    count = len(layout.statements)
    at = next((i for i, _ in layout.placed() if layout.sections[i] == i), count)
    fence = layout.fence_of(at) or layout.fence_at(at)
    if fence is not None:
        at = fence.first
    if at < count:
        while layout.kind(at - 1) == "comment" and layout.fence_of(at - 1) is None:
            at -= 1
    return _above_blanks(layout, at)


def _outside(layout: Layout, at: int) -> int:
    fence = layout.fence_at(at)
    while fence is not None:
        if not fence.closed:
            at = _above_blanks(layout, fence.first)
            break
        # pairs below the fence may belong to a header inside it, and must go on doing so
        at = max(fence.last + 1, section_end(layout, layout.sections[fence.last]))
        fence = layout.fence_at(at)
    following = next((i for i, _ in layout.placed() if i >= at), None)
    if fence is not None and following is not None and layout.sections[following] != following:
        raise fence.refusal(position(layout.text, layout.statements[fence.first].start)[0])
    return at


def _below(layout: Layout, index: int) -> Place:
    indentation = _indentation(layout, index)
    return Place(index + 1, indentation, indentation, spaced=False)


def _above_blanks(layout: Layout, at: int) -> int:
    while layout.kind(at - 1) == "blank":
        at -= 1
    return at


def _indentation(layout: Layout, index: int) -> str:
    statement = layout.statements[index]
    return layout.text[statement.start : statement.first]
