"""JSON texts with comments: what is data in them, what is remark, and where they are wrong.

The parser of the standard library does all the parsing. Where it refuses a text, comments
and trailing commas are blanked, space for character, and it is asked again: every offset in
the blanked text, and so in its errors, is an offset in the original.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from aibridge_cli.documents.operations import Value
from aibridge_cli.errors import DocumentError

Read = TypeVar("Read")

WHITE = " \t\r\n"
"""What JSON calls whitespace."""

STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
LINE_COMMENT = r"//[^\r\n]*(?![^\r\n])"
BLOCK_COMMENT = r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
COMMENT = f"(?:{LINE_COMMENT}|{BLOCK_COMMENT})"

# Each alternative can end in one way only, so that a text that does not match is
# found out in linear time.
_AHEAD = re.compile(rf"(?:[ \t\r\n]|{COMMENT})*[]}}]", re.DOTALL)
_TOKENS = re.compile(
    # many uninteresting tokens at once: strings, text, commas and slashes that are just that
    rf"(?:{STRING}|[^\"/,]+|,(?![ \t\r\n]*[]}}/])|/(?![/*])){{1,1000}}"
    rf"|(?P<comment>{COMMENT})|(?P<comma>,)|(?P<unfinished>\"|/\*)",
    re.DOTALL,
)
_WHITE = re.compile(r"[ \t\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def skip_white(text: str, index: int) -> int:
    """Return the offset of the first character at or after `index` that is not whitespace."""
    found = _WHITE.match(text, index)
    return found.end() if found else index


def value_at(plain: str, index: int) -> tuple[Value, int]:
    """Return the value that starts at `index` of a text without comments, and the offset after it.

    Raises:
        ValueError: The text is not JSON there.
        RecursionError: It is nested more deeply than the interpreter can follow.
    """
    value: tuple[Value, int] = _DECODER.raw_decode(plain, index)
    return value


def whole(_text: str, plain: str) -> Value:
    """Return the value of a whole text; an empty one is an empty object.

    Raises:
        ValueError: The text is not JSON.
        RecursionError: It is nested more deeply than the interpreter can follow.
    """
    start = skip_white(plain, 0)
    if start == len(plain):
        return {}
    value, end = value_at(plain, start)
    expect_end(plain, end)
    return value


def expect_end(plain: str, index: int) -> None:
    """Raise ValueError when anything but whitespace follows `index`."""
    index = skip_white(plain, index)
    if index != len(plain):
        refuse("expecting the end of the text", plain, index)


def refuse(message: str, plain: str, index: int) -> NoReturn:
    """Raise the parser's own error for a flaw at `index`."""
    raise json.JSONDecodeError(message, plain, index)


def read(text: str, how: Callable[[str, str], Read]) -> Read:
    """Return `how(text, plain)`, where `plain` is the text without comments and trailing commas.

    Args:
        text: The document.
        how: Reads `plain`, of the same length; raises ValueError or RecursionError
            where it cannot. It is asked with the text itself first.

    Raises:
        DocumentError: With line and column where the text is not valid.
    """
    try:
        return how(text, text)
    except (ValueError, RecursionError):
        plain = blanked(text)
    try:
        return how(text, plain)
    except (ValueError, RecursionError) as error:
        raise _described(error, text, plain) from None


def blanked(text: str) -> str:
    """Return a text of the same length with spaces for comments and trailing commas.

    A comma is trailing when a value stands before it and a closing bracket after it.
    From the first flaw on the text may be returned as it is.
    """
    pieces: list[str] = []
    done = 0
    before = ""
    for token in _TOKENS.finditer(text):
        if token.lastgroup is None:
            continue
        if token.lastgroup == "unfinished":
            break
        start, end = token.span()
        piece = text[done:start]
        before = piece.rstrip(WHITE)[-1:] or before
        if token.lastgroup == "comma" and (before in ("", "[", "{", ",", ":") or not _AHEAD.match(text, end)):
            continue
        pieces += (piece, " " * (end - start))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def comments(text: str) -> list[str]:
    """Return the comments of a valid text in order, as written."""
    return [token[0] for token in _TOKENS.finditer(text) if token.lastgroup == "comment"]


def fault(
    message: str, text: str, index: int, *, hint: str = "correct it by hand; nothing was written"
) -> DocumentError:
    """Return the error for a flaw at the offset `index` of `text`.

    Lines end as editors show them: at CR LF, LF or a lone CR.
    """
    starts = [0, *(end.end() for end in _LINE_END.finditer(text, 0, index))]
    return DocumentError(message, line=len(starts), column=index - starts[-1] + 1, hint=hint)


def _refused_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _described(error: Exception, text: str, plain: str) -> DocumentError:
    if isinstance(error, RecursionError):
        return DocumentError("nested too deeply to be read", hint="nothing was written")
    if not isinstance(error, json.JSONDecodeError):
        return _unreadable_number(text, plain)
    if text.startswith("/*", error.pos):
        return fault("this comment does not end", text, error.pos)
    words = error.msg.removesuffix(" starting at").removesuffix(" at")
    return fault(f"not valid JSON: {words[:1].lower()}{words[1:]}", text, error.pos)


def _unreadable_number(text: str, plain: str) -> DocumentError:
    digits = sys.get_int_max_str_digits()
    numbers = re.compile(rf"{STRING}|(?P<constant>-?Infinity|NaN)|(?P<long>\d{{{digits + 1},}})", re.DOTALL)
    found = next((number for number in numbers.finditer(plain) if number.lastgroup), None)
    if found and found.lastgroup == "constant":
        return fault(f"not valid JSON: {found[0]} is not a number", text, found.start())
    return fault("this number is too long to be read", text, found.start() if found else 0)


_DECODER: Any = json.JSONDecoder(parse_constant=_refused_constant)
