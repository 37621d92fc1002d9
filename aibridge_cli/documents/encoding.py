"""Bytes of a configuration file to text and back, without losing a byte.

Pure. Only UTF-8 is edited: another encoding is named and left alone.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from aibridge_cli.errors import DocumentError

OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class Decoded(NamedTuple):
    """A text and whether a UTF-8 byte order mark stood before it."""

    text: str
    mark: bool = False

    def encode(self, text: str) -> bytes:
        """Return another text as bytes in the same clothes."""
        return (codecs.BOM_UTF8 if self.mark else b"") + text.encode("utf-8")


def decode(content: bytes) -> Decoded:
    """Return the text of a file; line ends stay as they are.

    Raises:
        DocumentError: The bytes are not UTF-8, with the line and column of the first that is not.
    """
    for other, name in OTHER_MARKS:
        if content.startswith(other):
            raise DocumentError(f"this file is {name}, and only UTF-8 can be edited", hint="save it as UTF-8")
    mark = content.startswith(codecs.BOM_UTF8)
    body = content[len(codecs.BOM_UTF8) :] if mark else content
    try:
        return Decoded(body.decode("utf-8"), mark)
    except UnicodeDecodeError as problem:
        before = body[: problem.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise DocumentError("this is not UTF-8 text", line=line, column=column, hint="save it as UTF-8") from None
