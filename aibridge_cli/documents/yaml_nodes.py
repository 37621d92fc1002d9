"""YAML text to a tree of nodes, each with the span that it stands on.

PyYAML's scanner and parser read the text; its constructors are not used, because what a
plain word means depends on the reader (`aibridge_cli.documents.yaml_scalars`), and its nodes
forget anchors and where dashes, colons and commas are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any, Literal, NamedTuple

from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner
from yaml.tokens import (
    BlockEntryToken,
    DocumentEndToken,
    DocumentStartToken,
    FlowEntryToken,
    KeyToken,
    ScalarToken,
    Token,
    ValueToken,
)

from aibridge_cli.errors import DocumentError

DEEPEST = 100
"""How many containers may lie in one another; far below the interpreter's own limit."""

_COMMENT = re.compile(r"#[^\r\n]*")
_ODD_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_HINT = "correct it by hand; nothing was written"


class Entry(NamedTuple):
    """A pair of a mapping or an item of a sequence.

    Args:
        start: Offset of its key, of its `?`, or of its dash; in a flow sequence of its value.
        key: Its key; None in a sequence.
        colon: Offset after the colon, or -1 without one.
        value: Its value, of no width where nothing is written.
        comma: In a flow collection the offset of the comma after it, or -1.
        explicit: Whether its key stands behind a `?`.
    """

    start: int
    key: Node | None
    colon: int
    value: Node
    comma: int = -1
    explicit: bool = False


class Node(NamedTuple):
    """A value as it stands in the text.

    Args:
        kind: What it is.
        start: Offset of its first character, an anchor or a tag included.
        end: Offset after its last; a literal's last line end does not count, nor do empty lines that it does not keep.
        anchor: Its anchor, or for an alias the name of what it stands for.
        tag: Its tag as far as one is written.
        style: A scalar's quote or `|` or `>`, a flow collection's bracket, else "".
        text: What a scalar says.
        entries: What a collection holds.
    """

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    end: int
    anchor: str = ""
    tag: str = ""
    style: str = ""
    text: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def block(self) -> bool:
        """Whether it is a collection that is written with lines and indentation."""
        return self.kind in {"mapping", "sequence"} and not self.style


class Tree(NamedTuple):
    """A text that was read.

    Args:
        text: The text.
        root: Its value; None when it has nothing but comments and markers.
        comments: Its comments in order, as written.
        top: Offset of the line below the marker `---`, or 0.
        end: Offset of the line of `...`, or the text's length.
    """

    text: str
    root: Node | None
    comments: list[str]
    top: int
    end: int


def read(text: str) -> Tree:
    """Return the tree of a text.

    Raises:
        DocumentError: With line and column where it is not valid YAML, holds more than one
            document, or has line ends on which readers do not agree.
    """
    odd = _ODD_BREAK.search(text)
    if odd is not None:
        raise refusal(text, odd.start(), "this line end is one that programs read differently", "use line feeds")
    recorder: Any = None
    try:
        recorder = _Recorder(text)
        return _Composer(text, recorder).tree()
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise refusal(text, mark.index if mark else 0, f"this is not valid YAML: {problem.problem}") from None
    except ReaderError as problem:
        raise refusal(text, problem.position, "this character may not stand in YAML") from None
    except (ValueError, OverflowError):
        raise DocumentError("this is not valid YAML: an escape stands for no character", hint=_HINT) from None
    finally:
        if recorder is not None:
            recorder.dispose()


def refusal(text: str, offset: int, message: str, hint: str = _HINT) -> DocumentError:
    """Return the error about what stands at an offset."""
    offset = min(offset, len(text))
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return DocumentError(message, line=line, column=column, hint=hint)


class _Recorder(Reader, Scanner, Parser):
    """PyYAML's parser, which also keeps where each token stood."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        self.seen: list[Token] = []

    def get_token(self) -> Token:
        token: Token = super().get_token()  # type: ignore[no-untyped-call]  # the stubs leave it open
        self.seen.append(token)
        return token


class _Composer:
    def __init__(self, text: str, recorder: Any) -> None:
        self.text = text
        self.events: list[Event] = []
        while recorder.check_event():
            self.events.append(recorder.get_event())
        self.events.reverse()
        tokens: list[Token] = recorder.seen
        self.tokens = tokens
        self.dashes = _starts(tokens, BlockEntryToken)
        self.questions = _starts(tokens, KeyToken)
        self.colons = _starts(tokens, ValueToken)
        self.commas = _starts(tokens, FlowEntryToken)
        self.depth = 0

    def tree(self) -> Tree:
        starts = [event for event in self.events if type(event).__name__ == "DocumentStartEvent"]
        if len(starts) > 1:
            raise refusal(self.text, _offsets(starts[-2])[0], "this file holds more than one document")
        root = None
        for name in ("StreamStartEvent", "DocumentStartEvent"):
            if type(self.events[-1]).__name__ == name:
                self.events.pop()
        if type(self.events[-1]).__name__ != "StreamEndEvent":
            root = self._node()
            if root.kind == "scalar" and root.start == root.end and not root.style:
                root = None
        return Tree(self.text, root, self._comments(), self._top(), self._end())

    def _top(self) -> int:
        markers = [token for token in self.tokens if isinstance(token, DocumentStartToken)]
        line_end = self.text.find("\n", _offsets(markers[0])[1]) if markers else -1
        return line_end + 1 if line_end >= 0 else len(self.text) if markers else 0

    def _end(self) -> int:
        markers = [token for token in self.tokens if isinstance(token, DocumentEndToken)]
        return _offsets(markers[0])[0] if markers else len(self.text)

    def _node(self) -> Node:
        event = self.events.pop()
        start, end = _offsets(event)
        anchor, tag = getattr(event, "anchor", None) or "", getattr(event, "tag", None) or ""
        if isinstance(event, AliasEvent):
            return Node("alias", start, end, anchor)
        if isinstance(event, ScalarEvent):
            style = event.style or ""
            if style in {"|", ">"}:
                end = self._end_of_literal(start, end)
            return Node("scalar", start, end, anchor, tag, style, event.value)
        kind: Literal["mapping", "sequence"] = "mapping" if isinstance(event, MappingStartEvent) else "sequence"
        flow = bool(getattr(event, "flow_style", None))
        self.depth += 1
        if self.depth > DEEPEST:
            raise refusal(self.text, start, f"mappings or lists lie in one another more than {DEEPEST} deep")
        entries: list[Entry] = []
        before = start
        while not type(self.events[-1]).__name__.endswith("EndEvent"):
            entry = self._pair(before) if kind == "mapping" else self._item(flow)
            entries.append(entry)
            before = max(entry.value.end, entry.colon)
        closing, end = _offsets(self.events.pop())
        self.depth -= 1
        if not flow:
            return Node(kind, start, before, anchor, tag, entries=tuple(entries))
        if closing == end:  # the pair without braces that may stand in a flow sequence
            return Node(kind, start, before, anchor, tag, "pair", entries=tuple(entries))
        return Node(
            kind, start, end, anchor, tag, "{" if kind == "mapping" else "[", "", self._with_commas(entries, end)
        )

    def _pair(self, before: int) -> Entry:
        key = self._node()
        value = self._node()
        question = bisect_left(self.questions, before)
        explicit = question < len(self.questions) and self.questions[question] < key.start
        at = bisect_left(self.colons, key.end)
        colon = self.colons[at] + 1 if at < len(self.colons) and self.colons[at] < max(value.start, key.end + 1) else -1
        return Entry(self.questions[question] if explicit else key.start, key, colon, value, explicit=explicit)

    def _item(self, flow: bool) -> Entry:
        value = self._node()
        return Entry(value.start if flow else self.dashes[bisect_left(self.dashes, value.start) - 1], None, -1, value)

    def _with_commas(self, entries: list[Entry], end: int) -> tuple[Entry, ...]:
        found = []
        for index, entry in enumerate(entries):
            until = entries[index + 1].start if index + 1 < len(entries) else end
            at = bisect_left(self.commas, max(entry.value.end, entry.colon))
            comma = self.commas[at] if at < len(self.commas) and self.commas[at] < until else -1
            found.append(entry._replace(comma=comma))
        return tuple(found)

    def _end_of_literal(self, start: int, end: int) -> int:
        raw = self.text[start:end]
        header = raw.split("\n", 1)[0].split("#", 1)[0]
        if "+" in header:
            return start + len(raw.removesuffix("\n").removesuffix("\r"))
        return start + len(raw.rstrip("\r\n"))

    def _comments(self) -> list[str]:
        found: list[str] = []
        at = 0
        for token in self.tokens:
            start, end = _offsets(token)
            if start == end:
                continue
            found += _COMMENT.findall(self.text, at, start)
            if isinstance(token, ScalarToken) and token.style in {"|", ">"}:
                found += _COMMENT.findall(self.text[start:end].split("\n", 1)[0])
            at = end
        return found + _COMMENT.findall(self.text, at)


def _starts(tokens: list[Token], kind: type[Token]) -> list[int]:
    """Return where the tokens of a kind stand; a key that has no `?` is marked by one without width."""
    places = (_offsets(token) for token in tokens if isinstance(token, kind))
    return [start for start, end in places if start < end]


def _offsets(part: Any) -> tuple[int, int]:
    return part.start_mark.index, part.end_mark.index
