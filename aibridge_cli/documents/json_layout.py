"""How new JSON is to look: learned from what stands nearest to it."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from aibridge_cli.documents.json_text import WHITE
from aibridge_cli.documents.json_tree import Branch, Raw, new
from aibridge_cli.documents.json_trivia import has_line_end, indentation, is_white
from aibridge_cli.documents.operations import Value, kind
from aibridge_cli.errors import DocumentError

_FIRST_INDENTED = re.compile(r"[\r\n]([ \t]+)[\"{[]")
_LINE_END = re.compile(r"\r\n|\r|\n")
# Lone surrogates have no UTF-8, and the two separators end lines in some readers.
_ESCAPED = re.compile("[\ud800-\udfff\u2028\u2029]")


class Layout(NamedTuple):
    """The style at one place of a document.

    Args:
        newline: The document's line end.
        unit: What one level of indentation is.
        indent: The indentation of the line on which the value here begins.
        inline: The value here stays on its line, with all that is in it.
        colon: What stands between a name and its value.
        gap: What follows a comma on the same line.
        pad: What stands inside the braces of an object on one line.
    """

    newline: str = "\n"
    unit: str = "  "
    indent: str = ""
    inline: bool = False
    colon: str = ": "
    gap: str = " "
    pad: str = ""

    def deeper(self) -> Layout:
        """Return the layout of a line that is indented once more."""
        return self._replace(indent=self.indent + self.unit)


def layout_of(text: str) -> Layout:
    """Return the style of a whole document, as far as its lines tell."""
    line_end = _LINE_END.search(text)
    indented = _FIRST_INDENTED.search(text)
    return Layout(newline=line_end[0] if line_end else "\n", unit=indented[1] if indented else "  ")


def layout_in(branch: Branch, index: int, layout: Layout) -> Layout:
    """Return the style of the member at `index`, or of a new one beside it.

    Args:
        branch: The container.
        index: The member to learn from; the nearest one there is, if it is not there.
        layout: The style of the container itself.
    """
    if not branch.members:
        return _layout_in_empty(branch, layout)
    index = max(0, min(index, len(branch.members) - 1))
    member = branch.members[index]
    line = next(
        (line for at in range(index, -1, -1) if (line := indentation(branch.members[at].before)) is not None), None
    )
    indent = layout.indent if line is None else line
    unit = indent.removeprefix(layout.indent) if indent.startswith(layout.indent) else ""
    inline = not has_line_end(member.before)
    pad, colon, gap = layout.pad, layout.colon, layout.gap
    if branch.brackets == "{}":
        colon = member.colon if member.colon.strip(" \t") == ":" else colon
        first = branch.members[0].before
        pad = first if not first.strip(" \t") and inline else pad
        gap = " " if pad or not colon.endswith(":") else ""
    if index and inline and is_white(member.before):
        gap = member.before
    return Layout(layout.newline, unit or layout.unit, indent, inline, colon, gap, pad)


def _layout_in_empty(branch: Branch, layout: Layout) -> Layout:
    below = has_line_end(branch.end)
    if is_white(branch.end):
        inline = layout.inline and not below
        pad = branch.end if inline and branch.end else layout.pad
        return layout.deeper()._replace(inline=inline, pad=pad)
    indent = indentation(branch.end.rstrip(WHITE)) if below else None
    deeper = layout.deeper()
    return deeper._replace(indent=deeper.indent if indent is None else indent, inline=not below)


def written(value: Value, layout: Layout) -> Raw:
    """Return a new value in the style of its place.

    Raises:
        DocumentError: JSON has no way to write it.
    """
    return new(_text(value, layout))


def name(key: str) -> str:
    """Return a key as it is written."""
    return _scalar(key)


def _text(value: Value, layout: Layout) -> str:
    if not isinstance(value, dict | list):
        return _scalar(value)
    deeper = layout.deeper()
    if isinstance(value, dict):
        brackets, pad = "{}", layout.pad
        parts = [f"{_scalar(key)}{layout.colon}{_text(item, deeper)}" for key, item in value.items()]
    else:
        brackets, pad = "[]", ""
        parts = [_text(item, deeper) for item in value]
    if not parts:
        return brackets
    if layout.inline:
        return f"{brackets[0]}{pad}{f',{layout.gap}'.join(parts)}{pad}{brackets[1]}"
    line = layout.newline + deeper.indent
    return f"{brackets[0]}{line}{f',{line}'.join(parts)}{layout.newline}{layout.indent}{brackets[1]}"


def _scalar(value: Value) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        raise DocumentError(f"{kind(value)} of this sort cannot be written as JSON") from None
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
