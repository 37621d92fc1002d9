"""Whitespace and comments round the members of a JSON object or list.

The words used here: a *space* is all that stands between two tokens; its *same-line part*
goes no further than the line of the token before it; its *own line* is the line end and the
indentation directly before the token after it.
"""

from __future__ import annotations

import re

from aibridge_cli.documents.json_text import COMMENT, LINE_COMMENT, WHITE

_COMMA = re.compile(rf"((?:[ \t\r\n]|{COMMENT})*),")
_COMMENT = re.compile(COMMENT)
_SAME_LINE = re.compile(rf"(?:[ \t]|{LINE_COMMENT}|/\*[^*\r\n]*\*+(?:[^/*\r\n][^*\r\n]*\*+)*/)*")


def has_line_end(space: str) -> bool:
    """Tell whether there is a line end in a space."""
    return "\n" in space or "\r" in space


def starts_line(space: str) -> bool:
    """Tell whether a space begins with a line end."""
    return space[:1] in ("\n", "\r")


def is_white(space: str) -> bool:
    """Tell whether a space has no comments."""
    return not space.strip(WHITE)


def own_line(space: str) -> str:
    """Return the line end and indentation at the end of a space, "" when the next token does not begin its line."""
    start = _last_line(space)
    if start == 0 or space[start:].strip(" \t"):
        return ""
    return space[start - (2 if space.endswith("\r\n", 0, start) else 1) :]


def same_line(space: str) -> str:
    """Return the part of a space that stands on the line of the token before it."""
    found = _SAME_LINE.match(space)
    return found[0] if found else ""


def remark(space: str) -> str:
    """Return the same-line part of a space when the line ends with it, else ""."""
    part = same_line(space)
    return part if starts_line(space[len(part) :]) else ""


def indentation(space: str) -> str | None:
    """Return the indentation of the line that the next token is on, None when that line begins before the space."""
    start = _last_line(space)
    line = space[start:]
    return line[: len(line) - len(line.lstrip(" \t"))] if start else None


def split_comma(space: str) -> tuple[str, str, str]:
    """Return what stands before the trailing comma of a space, the comma, and what follows it.

    Without a comma all of the space follows.
    """
    found = _COMMA.match(space)
    return (found[1], ",", space[found.end() :]) if found else ("", "", space)


def joined(left: str, right: str, newline: str) -> str:
    """Return two spaces as one in which no line comment swallows what comes after it."""
    last = max(_COMMENT.finditer(left), key=re.Match.end, default=None)
    unfinished = last is not None and last.end() == len(left) and last[0].startswith("//")
    return left + (newline if unfinished and not starts_line(right) else "") + right


def _last_line(space: str) -> int:
    """Return the offset of the last line that begins in a space, 0 when there is none."""
    return max(space.rfind("\n"), space.rfind("\r")) + 1
