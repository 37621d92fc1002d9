"""Entries into and out of arrays and inline tables, in the style that they are written in.

An entry that has its lines to itself comes and goes with them, and a last comma stays
the custom of a list that has one. Each function returns splices: start, end, new text.
"""

from __future__ import annotations

from aibridge_cli.documents.toml_lines import line_end
from aibridge_cli.documents.toml_spans import Entry, Written

Splice = tuple[int, int, str]


def spliced(text: str, splices: list[Splice]) -> str:
    """Return `text` with non-overlapping splices carried out."""
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def added(text: str, box: Written, entry: str, after: int) -> list[Splice]:
    """Return the splices that put `entry` after the entry at index `after` (-1: at the front)."""
    if not box.entries:
        return [_first(text, box, entry)]
    if after < 0:
        return [_ahead(text, box, entry)]
    left = box.entries[after]
    tail = _tail(left)
    last = after == len(box.entries) - 1
    until = box.end - 1 if last else box.entries[after + 1].start
    lines_of_its_own = _starts_line(text, left.start) and "\n" in text[tail:until]
    if not lines_of_its_own:
        if left.comma < 0:
            return [(left.end, left.end, f",{_gap(box)}{entry}")]
        return [(tail, tail, f"{_gap(box)}{entry},")]
    line = text.find("\n", tail) + 1
    comma = "," if left.comma >= 0 else ""
    row = f"{_indentation(text, left.start)}{entry}{comma}{line_end(text, line)}"
    if comma:
        return [(line, line, row)]
    return [(left.end, left.end, ","), (line, line, row)]


def removed(text: str, box: Written, index: int) -> list[Splice]:
    """Return the splices that take out the entry at `index`, with its comma and its own comment."""
    entry = box.entries[index]
    tail = _tail(entry)
    previous = box.entries[index - 1] if index else None
    last = index == len(box.entries) - 1
    until = box.end - 1 if last else box.entries[index + 1].start
    line = text.find("\n", tail, until) + 1
    if line and _starts_line(text, entry.start):
        cut = (entry.start - len(_indentation(text, entry.start)), line, "")
        return [cut, *_comma_of(previous, unless=entry.comma >= 0)]
    if not last:
        return [(entry.start, tail if "#" in text[tail:until] else until, "")]
    if previous is None:
        rest = text[tail:until]
        return [(entry.start, tail + len(rest) - len(rest.lstrip(" \t")), "")]
    between = text[previous.end : entry.start]
    if "#" in between:
        return [(entry.start, tail, ""), *_comma_of(previous, unless=entry.comma >= 0)]
    return [(previous.comma + 1 if entry.comma >= 0 else previous.end, tail, "")]


def _first(text: str, box: Written, entry: str) -> Splice:
    inner = text[box.start + 1 : box.end - 1]
    if "\n" not in inner:
        return (box.end - 1, box.end - 1, entry + (" " if inner else ""))
    line = text.rfind("\n", 0, box.end) + 1
    rows = [row for row in inner.split("\n")[1:-1] if row.strip()]
    closing = text[line : box.end - 1]
    indentation = rows[-1][: len(rows[-1]) - len(rows[-1].lstrip())] if rows else closing + "  "
    return (line, line, f"{indentation}{entry}{line_end(text, line)}")


def _ahead(text: str, box: Written, entry: str) -> Splice:
    start = box.entries[0].start
    if not _starts_line(text, start):
        return (start, start, f"{entry},{_gap(box)}")
    indentation = _indentation(text, start)
    line = start - len(indentation)
    return (line, line, f"{indentation}{entry},{line_end(text, line)}")


def _comma_of(entry: Entry | None, *, unless: bool) -> list[Splice]:
    if entry is None or unless:
        return []
    return [(entry.comma, entry.comma + 1, "")]


def _tail(entry: Entry) -> int:
    return entry.comma + 1 if entry.comma >= 0 else entry.end


def _gap(box: Written) -> str:
    return "" if len(box.entries) > 1 and box.entries[1].start == box.entries[0].comma + 1 else " "


def _indentation(text: str, offset: int) -> str:
    return text[text.rfind("\n", 0, offset) + 1 : offset]


def _starts_line(text: str, offset: int) -> bool:
    return not _indentation(text, offset).strip(" \t")
