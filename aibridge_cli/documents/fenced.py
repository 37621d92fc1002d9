"""A text with one block of ours between two lines of our own, as in shells' start-up files.

Everything else in the text is opaque: other programs' blocks, comments, whatever the shell
reads. As data the text is an object with the member `block`, the lines between the marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aibridge_cli.documents.operations import ABSENT, Append, Delete, Operation, Put, Value, dotted, kind
from aibridge_cli.errors import DocumentError

MEMBER = "block"
BEGIN = "# >>> aibridge >>> written by `aibridge shell install`; `aibridge shell uninstall` takes it out"
END = "# <<< aibridge <<<"
END_UNTERMINATED = f"{END} (the line above this block had no line end)"
"""The last line where the text had no line end: ours has one, so that what others append stays a line of its own."""
_BEGINNING = "# >>> aibridge >>>"
"""What the first line is known by; the words behind it are for people."""


class _Block(NamedTuple):
    """Where the block is.

    Args:
        start: Offset of the first mark.
        stop: Offset behind the last mark and its line end.
        lines: What stands between the marks, without the last line end.
        end: The last mark.
    """

    start: int
    stop: int
    lines: str
    end: str


def load(text: str) -> Value:
    """Return the block that a text has, as the member of an object; an empty object when it has none.

    Raises:
        DocumentError: A mark has no partner, or there are two blocks, with the line.
    """
    block = _find(text)
    return {} if block is None else {MEMBER: block.lines}


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    A new block goes to the end. Taking out what was put in returns the bytes from before,
    also where the last line has no line end.

    Raises:
        DocumentError: The marks are damaged, or an operation means anything else than the block.
    """
    for operation in operations:
        if operation.path != (MEMBER,) or isinstance(operation, Append):
            raise DocumentError(f"a text of this kind has no `{dotted(operation.path)}`")
        match operation:
            case Delete():
                text = _without(text)
            case Put():
                text = _with(text, load(operation.source).get(MEMBER, ABSENT))
            case _:
                text = _with(text, operation.value)
    return text


def remarks(text: str) -> list[str]:
    """Return the lines of `text` that are not ours and not empty."""
    return [line for line in _without(text).splitlines() if line.strip()]


def _find(text: str) -> _Block | None:
    found: _Block | None = None
    begun: tuple[int, int, int] | None = None
    at = 0
    for number, line in enumerate(_lines(text), 1):
        words = line.strip()
        if words.startswith(_BEGINNING):
            if begun is not None or found is not None:
                raise _damaged("a second block of ours begins here", number)
            begun = (at, at + len(line), number)
        elif words in (END, END_UNTERMINATED):
            if begun is None:
                raise _damaged("a block of ours ends here that never began", number)
            inside = [each.removesuffix("\n").removesuffix("\r") for each in _lines(text[begun[1] : at])]
            found = _Block(begun[0], at + len(line), "\n".join(inside), words)
            begun = None
        at += len(line)
    if begun is not None:
        raise _damaged("a block of ours begins here and never ends", begun[2])
    return found


def _lines(text: str) -> list[str]:
    """Cut at line feeds alone, as shells do; each keeps its own."""
    pieces = text.split("\n")
    return [piece + "\n" for piece in pieces[:-1]] + pieces[-1:] * bool(pieces[-1])


def _damaged(message: str, line: int) -> DocumentError:
    return DocumentError(
        message, line=line, hint=f"put the lines between `{_BEGINNING} …` and `{END}` right, or take all of them out"
    )


def _with(text: str, value: Value) -> str:
    if not isinstance(value, str):
        raise DocumentError(f"a block must be text, and this is {kind(value)}")
    block = _find(text)
    if block is not None:
        last = text[block.start : block.stop]
        end = "\n" if last.endswith("\n") else ""
        return text[: block.start] + _written(value, block.end) + end + text[block.stop :]
    if text and not text.endswith("\n"):
        return text + "\n" + _written(value, END_UNTERMINATED) + "\n"
    return text + _written(value, END) + "\n"


def _written(lines: str, end: str) -> str:
    # line feeds alone, whatever the file has: to a shell a carriage return is part of the last word
    return f"{BEGIN}\n{lines}\n{end}"


def _without(text: str) -> str:
    block = _find(text)
    if block is None:
        return text
    before, after = text[: block.start], text[block.stop :]
    if block.end == END_UNTERMINATED and not after:
        before = before.removesuffix("\n")
    return before + after
