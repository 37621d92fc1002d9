"""Whole lines into and out of a TOML text, with the blank lines around them.

The two directions are each other's inverse. A block that goes in between a line and a
blank line (or the end) brings one blank line, above it; at the very top, below it. Lines that
come out from between blank lines (or an end) take one with them, the one above if there is one.
"""

from __future__ import annotations

from collections.abc import Iterable

from aibridge_cli.documents.toml_layout import Layout
from aibridge_cli.documents.toml_spans import position


def line_end(text: str, near: int = 0) -> str:
    """Return the line end in use before the offset `near`, else the text's first, else a line feed."""
    at = text.rfind("\n", 0, near)
    if at < 0:
        at = text.find("\n")
    return "\r\n" if text[max(at - 1, 0) : at + 1] == "\r\n" else "\n"


def with_lines(layout: Layout, at: int, lines: Iterable[str], *, spaced: bool) -> str:
    """Return the text with `lines` put in before the statement at `at`.

    Args:
        layout: The text.
        at: The index of a statement, or their number for the end.
        lines: Without line ends.
        spaced: Whether a blank line belongs between them and what is above.

    Raises:
        DocumentError: The place is inside a fence.
    """
    new = line_end(layout.text, _offset(layout, at))
    block = "".join(line + new for line in lines)
    return with_block(layout, at, spaced_block(layout, at, block) if spaced else block)


def spaced_block(layout: Layout, at: int, block: str) -> str:
    """Return `block` with the blank line that it needs before the statement at `at`."""
    new = line_end(layout.text, _offset(layout, at))
    if at == 0:
        return block + new if layout.statements else block
    return new + block if layout.kind(at) in {"", "blank"} else block


def with_block(layout: Layout, at: int, block: str) -> str:
    """Return the text with whole lines put in as they are; a missing last line end stays missing.

    Raises:
        DocumentError: The place is inside a fence.
    """
    offset = _offset(layout, at)
    fence = layout.fence_at(at)
    if fence is not None:
        raise fence.refusal(position(layout.text, layout.statements[fence.first].start)[0])
    above, below = layout.text[:offset], layout.text[offset:]
    new = line_end(layout.text if "\n" in layout.text else block, offset)
    if not block.endswith("\n") and layout.text:
        block += new
    if above and not above.endswith("\n"):
        block = new + block.removesuffix("\n").removesuffix("\r")
    return above + block + below


def taken_out(layout: Layout, indexes: Iterable[int]) -> list[list[int]]:
    """Return the runs of statements that go when `indexes` do: those, and blank lines made superfluous."""
    going = set(indexes)
    gone: set[int] = set()
    count = len(layout.statements)
    index = 0
    while index < count:
        if index not in going:
            index += 1
            continue
        above = index - 1
        while above in gone:
            above -= 1
        while index in going:
            gone.add(index)
            index += 1
        if (above < 0 or layout.kind(above) == "blank") and layout.kind(index) in {"", "blank"}:
            gone.update(i for i in (above if above >= 0 else index,) if i < count)
    runs: list[list[int]] = []
    for index in sorted(gone):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def without(layout: Layout, indexes: Iterable[int]) -> str:
    """Return the text without the statements at `indexes`.

    Raises:
        DocumentError: One of them is inside a fence.
    """
    indexes = tuple(indexes)
    for index in indexes:
        layout.guard(index)
    gone = {index for run in taken_out(layout, indexes) for index in run}
    text = "".join(layout.raw(index) for index in range(len(layout.statements)) if index not in gone)
    if not layout.text.endswith("\n") and len(layout.statements) - 1 in gone:
        text = text.removesuffix("\n").removesuffix("\r")
    return text


def _offset(layout: Layout, at: int) -> int:
    return layout.statements[at].start if at < len(layout.statements) else len(layout.text)
