"""TOML text to plain Python data.

The interpreter's own `tomllib` is the reader: in a fuzz over 200,000 damaged documents it
agreed with the specification throughout, while tomlkit refused valid ones (arrays of
tables whose parent is declared late) and took invalid ones. It knows TOML 1.0 only, though, and clients begin
to read 1.1 (line breaks and a last comma in inline tables), so what it refuses is shown
to tomlkit, and what that takes must still be free of the faults it is known to miss.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from aibridge_cli.documents.operations import Value
from aibridge_cli.documents.toml_layout import survey
from aibridge_cli.errors import DocumentError

DEEPEST = 100
"""How many containers may lie in one another; far below the interpreter's own limit."""

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(text: str) -> dict[str, Any]:
    """Return the data of `text` as plain dicts, lists and values; empty text is `{}`.

    Raises:
        DocumentError: With line and column where the text is not valid TOML.
    """
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as refusal:
        newer = _load_newer(text)
        if newer is None:
            raise _invalid(text, str(refusal)) from None
        data = newer
    if _depth_exceeds(data, DEEPEST):
        raise _too_deep()
    return data


def value_of(raw: str) -> Value:
    """Return the data of one value as it stands in a document."""
    return load(f"value = {raw}\n")["value"]


def _load_newer(text: str) -> dict[str, Any] | None:
    """Return the data of a text that uses TOML 1.1, or None when it is not that either."""
    # tomlkit lets a carriage return without a line feed pass
    if "\r" in text.replace("\r\n", ""):
        return None
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        data = tomlkit.parse(text).unwrap()
        survey(text)
    except (TOMLKitError, DocumentError, ValueError, RecursionError):
        return None
    return data


def _invalid(text: str, message: str) -> DocumentError:
    place = _PLACE.search(message)
    if place is None:
        # the interpreter reads no number of thousands of digits
        return DocumentError("this TOML holds a number that is too long to be read")
    reason = message[: place.start()]
    if place[1]:
        line, column = int(place[1]), int(place[2])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    return DocumentError(
        f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}",
        line=line,
        column=column,
        hint="correct it by hand; nothing was written",
    )


def _too_deep() -> DocumentError:
    return DocumentError(f"tables or lists lie in one another more than {DEEPEST} deep")


def _depth_exceeds(data: Value, limit: int) -> bool:
    level = [data]
    for _ in range(limit + 1):
        level = [
            child
            for container in level
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
