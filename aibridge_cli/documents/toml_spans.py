"""TOML text to statements, each with the span it stands on.

The text is known to be valid (`aibridge_cli.documents.toml_reading.load`); what does not
fit the grammar here still stops with an error and is never guessed at.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from aibridge_cli.errors import DocumentError

_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_SPACE = re.compile(r"[ \t]*")
_TRIVIA = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_COMMENT = re.compile(r"#[^\r\n]*")
_LINE_END = re.compile(r"\r?\n|\Z")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r"""|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
    # a date and its time may be one space apart
    r"""|(?:\d{4}-\d\d-\d\d (?=\d))?[^\s,\[\]{}#"'=]++""",
    re.DOTALL,
)

Words = tuple[str, ...]


class Entry(NamedTuple):
    """One item of an array or one pair of an inline table.

    Args:
        start: Offset of its key, or of its value in an array.
        end: Offset after its value.
        key: The words of its key; empty in an array.
        value: Its value.
        comma: Offset of the comma after it, or -1.
    """

    start: int
    end: int
    key: Words
    value: Written
    comma: int


class Written(NamedTuple):
    """A value as it stands in the text.

    Args:
        start: Offset of its first character.
        end: Offset after its last.
        bracket: `[` for an array, `{` for an inline table, else "".
        entries: What stands between the brackets.
    """

    start: int
    end: int
    bracket: Literal["", "[", "{"] = ""
    entries: tuple[Entry, ...] = ()


class Statement(NamedTuple):
    """One line, or the lines of one pair.

    Args:
        kind: `table` is `[x]`, `element` is `[[x]]`.
        start: Offset of the first line's start, indentation included.
        first: Offset of the first character that is not indentation.
        end: Offset after the line end.
        key: The words of the header or of the pair's key.
        value: The value of a pair.
    """

    kind: Literal["blank", "comment", "table", "element", "pair"]
    start: int
    first: int
    end: int
    key: Words = ()
    value: Written | None = None


def scan(text: str) -> tuple[list[Statement], list[str]]:
    """Return the statements of `text`, which together cover it, and its comments in order.

    Raises:
        DocumentError: The text does not follow the grammar of TOML.
    """
    scanner = _Scanner(text)
    return scanner.statements(), scanner.comments


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.comments: list[str] = []

    def statements(self) -> list[Statement]:
        found = []
        while self.at < len(self.text):
            found.append(self._statement())
        return found

    def _statement(self) -> Statement:
        start = self.at
        first = self._take(_SPACE)
        self.at = first
        if self._next() == "[":
            return self._header(start, first)
        kind: Literal["blank", "comment", "pair"] = "blank"
        key: Words = ()
        value = None
        if self._next() == "#":
            kind = "comment"
        elif self._next() not in {"\r", "\n", ""}:
            kind = "pair"
            key = self._key()
            self.at = self._take(_EQUALS)
            value = self._value()
        self._finish_line()
        return Statement(kind, start, first, self.at, key, value)

    def _header(self, start: int, first: int) -> Statement:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at = self._take(_SPACE, self.at + brackets)
        key = self._key()
        self.at = self._take(_SPACE)
        if not self.text.startswith("]" * brackets, self.at):
            raise self._unexpected()
        self.at += brackets
        self._finish_line()
        return Statement("element" if brackets == 2 else "table", start, first, self.at, key)

    def _key(self) -> Words:
        words = []
        while True:
            end = self._take(_KEY)
            words.append(_word(self.text[self.at : end]))
            self.at = end
            dot = _DOT.match(self.text, self.at)
            if dot is None:
                return tuple(words)
            self.at = dot.end()

    def _value(self) -> Written:
        start = self.at
        bracket = self._next()
        if bracket not in {"[", "{"}:
            self.at = self._take(_SCALAR)
            return Written(start, self.at)
        close = "]" if bracket == "[" else "}"
        self.at += 1
        entries: list[Entry] = []
        while True:
            self._skip_trivia()
            if self._next() == close:
                self.at += 1
                return Written(start, self.at, "[" if bracket == "[" else "{", tuple(entries))
            if entries and entries[-1].comma < 0:
                raise self._unexpected()
            entries.append(self._entry(bracket))

    def _entry(self, bracket: str) -> Entry:
        start = self.at
        key: Words = ()
        if bracket == "{":
            key = self._key()
            self.at = self._take(_EQUALS)
        value = self._value()
        self._skip_trivia()
        comma = -1
        if self._next() == ",":
            comma = self.at
            self.at += 1
        return Entry(start, value.end, key, value, comma)

    def _finish_line(self) -> None:
        self.at = self._take(_SPACE)
        comment = _COMMENT.match(self.text, self.at)
        if comment is not None:
            self.comments.append(comment[0])
            self.at = comment.end()
        self.at = self._take(_LINE_END)

    def _skip_trivia(self) -> None:
        end = self._take(_TRIVIA)
        self.comments += _COMMENT.findall(self.text, self.at, end)
        self.at = end

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str], at: int | None = None) -> int:
        match = pattern.match(self.text, self.at if at is None else at)
        if match is None:
            raise self._unexpected()
        return match.end()

    def _unexpected(self) -> DocumentError:
        line, column = position(self.text, self.at)
        return DocumentError("this is not valid TOML", line=line, column=column)


def _word(raw: str) -> str:
    if raw[0] not in "\"'":
        return raw
    if raw[0] == "'" or "\\" not in raw:
        return raw[1:-1]
    from aibridge_cli.documents.toml_reading import value_of

    return str(value_of(raw))
