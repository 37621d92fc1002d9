"""Files of variables (`NAME=value`, one a line) to assignments, each with its span.

There is no standard. What is taken for an assignment here is what python-dotenv, dotenv of npm
and a shell agree on; Docker's `--env-file` also keeps quotes and knows no `export`. A value that they
read differently (an escape, a `$`, a `#` or a space without quotes) is `Unsettled`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aibridge_cli.documents.lines import below
from aibridge_cli.documents.operations import Unsettled
from aibridge_cli.errors import DocumentError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
"""What every reader takes for itself, without quotes."""

_REST = re.compile(r"[ \t]*(#[^\r\n]*|)")
_HEAD = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(=[ \t]*)?")
_QUOTED = re.compile(r"""'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`""")
_BARE = re.compile(r"(?:[^\s#]|[ \t]+(?=[^\s#])|(?<=[^\s=])#)*")
_SETTLED = re.compile(r"""[^\\$'"`\r\n]*""")


class Assignment(NamedTuple):
    """A variable as it stands in the text.

    Args:
        name: Its name.
        start: Offset at which its line begins.
        named: Offset after its name.
        value: Offset of its value, quotes included.
        end: Offset after its value.
        after: Offset of the line below it.
        text: Its value; None for a name without `=`.
        remark: The comment behind it, or "".
    """

    name: str
    start: int
    named: int
    value: int
    end: int
    after: int
    text: str | None
    remark: str


def read(text: str) -> tuple[list[Assignment], list[str]]:
    """Return the assignments of a text and its comments, both in order.

    Raises:
        DocumentError: With line and column of what is no assignment.
    """
    found: list[Assignment] = []
    remarks: list[str] = []
    at = 0
    while at < len(text):
        remark, after = _rest(text, at)
        if _ends(text, after):
            remarks += [remark] if remark else []
            at = below(text, after)
            continue
        found.append(_assignment(text, at))
        remarks += [found[-1].remark] if found[-1].remark else []
        at = found[-1].after
    return found, remarks


def refusal(text: str, offset: int, message: str) -> DocumentError:
    """Return the error about what stands at an offset."""
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return DocumentError(message, line=line, column=column, hint="correct it by hand; nothing was written")


def _assignment(text: str, start: int) -> Assignment:
    head = _HEAD.match(text, start)
    if head is None:
        raise refusal(text, start, "this line is no assignment, as in `NAME=value`")
    value = head.end()
    raw = ""
    if head[2]:
        quoted = text[value : value + 1] in {"'", '"', "`"}
        match = (_QUOTED if quoted else _BARE).match(text, value)
        if quoted and match is None:
            raise refusal(text, value, "this quote is never closed")
        raw = match[0] if match else ""
        value = value if raw else text.index("=", head.end(1)) + 1
    else:
        value = head.end(1)
    remark, after = _rest(text, value + len(raw))
    if not _ends(text, after):
        raise refusal(text, start if not head[2] else after, "this line is no assignment, as in `NAME=value`")
    said = None if not head[2] else _meaning(raw)
    return Assignment(head[1], start, head.end(1), value, value + len(raw), below(text, after), said, remark)


def _meaning(raw: str) -> str:
    if raw[:1] in {"'", '"', "`"} and raw:
        inner = raw[1:-1]
        return inner if raw[0] != "`" and _SETTLED.fullmatch(inner) else Unsettled(raw)
    return raw if PLAIN.fullmatch(raw) else Unsettled(raw)


def _rest(text: str, at: int) -> tuple[str, int]:
    """Return the comment that follows, and the offset after it or after the space there."""
    found = _REST.match(text, at)
    return (found[1], found.end()) if found else ("", at)


def _ends(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n" or text.startswith("\r\n", at)
