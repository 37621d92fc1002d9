"""Whole lines into and out of a text whose comments begin with `#`."""

from __future__ import annotations


def column(text: str, offset: int) -> int:
    """Return how many characters stand before an offset on its line."""
    return offset - line_start(text, offset)


def line_start(text: str, offset: int) -> int:
    """Return the offset at which a line begins."""
    return text.rfind("\n", 0, offset) + 1


def below(text: str, offset: int) -> int:
    """Return the offset at which the line after an offset begins, or the end of the text."""
    at = text.find("\n", offset)
    return len(text) if at < 0 else at + 1


def behind(text: str, end: int, indentation: int) -> int:
    """Return the line for a new entry below what ends at `end`: remarks that are indented more belong to that."""
    at = below(text, end)
    while at < len(text):
        line = text[at : below(text, at)]
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= indentation:
            break
        at += len(line)
    return at


def starts_line(text: str, offset: int, allowed: str = " ") -> bool:
    """Tell whether nothing but these characters stands before an offset on its line."""
    return not text[line_start(text, offset) : offset].strip(allowed)


def with_lines(text: str, at: int, lines: list[str], newline: str) -> str:
    """Return the text with lines put in where one begins or at its end, which stays without a line end if it is."""
    block = newline.join(lines)
    if at and text[at - 1] != "\n":
        return text[:at] + newline + block + text[at:]
    return text[:at] + block + newline + text[at:]


def without_lines(text: str, start: int, end: int) -> str:
    """Return the text without whole lines; where the last one had no line end, the new last one has none."""
    if end == len(text) and start < end and text[end - 1] != "\n":
        start = len(text[:start].removesuffix("\n").removesuffix("\r"))
    return text[:start] + text[end:]


def remarks_above(source: str, start: int) -> list[str]:
    """Return the comments and blank lines directly above a line."""
    found: list[str] = []
    while start:
        above = line_start(source, start - 1)
        line = source[above:start].strip()
        if line and not line.startswith("#"):
            break
        found.insert(0, line)
        start = above
    return found


def below_the_same(text: str, at: int, wanted: list[str]) -> int:
    """Return the offset of the line below these comments and blank lines, or `at` where they do not follow."""
    offset = at
    for line in wanted:
        following = below(text, offset)
        if following == offset or text[offset:following].strip() != line:
            return at
        offset = following
    return offset
