"""Files of variables, edited by span: `NAME=value`, `export`, quotes and comments stay as they are.

A value is written only in the one form that all readers of such files take alike, without
quotes; what has no such form is refused, as is a name that stands twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from aibridge_cli.documents.dotenv_reading import NAME, PLAIN, Assignment, read, refusal
from aibridge_cli.documents.lines import below_the_same, remarks_above, with_lines, without_lines
from aibridge_cli.documents.operations import (
    ABSENT,
    Append,
    KeyPath,
    Operation,
    Put,
    Set,
    Unsettled,
    Value,
    dotted,
    kind,
    mismatch,
    same,
)
from aibridge_cli.errors import DocumentError


def load(text: str) -> Value:
    """Return the variables of `text`; a name without `=` is None, and of two the last counts.

    Raises:
        DocumentError: With line and column of what is no assignment.
    """
    return {each.name: each.text for each in read(text)[0]}


def remarks(text: str) -> list[str]:
    """Return the comments of `text` in order, as written."""
    return read(text)[1]


def splice(text: str, operations: Sequence[Operation]) -> str:
    """Return `text` with the operations carried out one after the other, unchecked.

    Taking out what was put in returns the bytes from before.

    Raises:
        DocumentError: An operation has no place in this text.
    """
    for operation in operations:
        match operation:
            case Set():
                text = _set(text, operation.path, operation.value)
            case Put():
                text = _put(text, operation.path, operation.source)
            case Append():
                standing = _standing(text, operation.path)
                raise mismatch(operation.path, "a list", standing.text if standing else ABSENT)
            case _:
                text = _delete(text, operation.path)
    return text


def _set(text: str, path: KeyPath, value: Value) -> str:
    if not path and isinstance(value, dict):
        for name in load(text).keys() - value.keys():
            text = _delete(text, (name,))
        for name, item in value.items():
            text = _set(text, (name,), item)
        return text
    standing = _standing(text, path)
    if standing is not None and same(standing.text, value):
        return text
    raw = _written(path, value)
    if standing is not None:
        equals = "=" if standing.text is None else ""
        return text[: standing.value] + equals + raw + text[standing.end :]
    name = str(path[0])
    if NAME.fullmatch(name) is None:
        raise DocumentError(f"`{name}` is not the name of a variable")
    found = read(text)[0]
    return with_lines(text, found[-1].after if found else len(text), [f"{name}={raw}"], _newline(text))


def _delete(text: str, path: KeyPath) -> str:
    standing = _standing(text, path) if len(path) == 1 else None
    return text if standing is None else without_lines(text, standing.start, standing.after)


def _put(text: str, path: KeyPath, source: str) -> str:
    origin = _standing(source, path)
    if origin is None:
        raise DocumentError(f"there is nothing at `{dotted(path)}` to put back")
    standing = _standing(text, path)
    if standing is not None:
        return text[: standing.named] + source[origin.named : origin.end] + text[standing.end :]
    above = 0
    here = {each.name: each.after for each in read(text)[0]}
    for each in read(source)[0]:
        if each.start < origin.start:
            above = here.get(each.name, above)
    at = below_the_same(text, above, remarks_above(source, origin.start))
    raw = source[origin.start : origin.after]
    line = raw.removesuffix("\n").removesuffix("\r")
    return with_lines(text, at, [line], _newline(source)) if text or line != raw else raw


def _standing(text: str, path: KeyPath) -> Assignment | None:
    found = [each for each in read(text)[0] if each.name == path[0]] if path else []
    if len(found) > 1:
        raise refusal(text, found[1].start, f"`{path[0]}` stands here a second time")
    if len(path) != 1:
        raise mismatch(path[:1], "an object", found[0].text if found else ABSENT)
    return found[0] if found else None


def _written(path: KeyPath, value: Value) -> str:
    if isinstance(value, Unsettled):
        return value
    if not isinstance(value, str):
        raise DocumentError(f"`{dotted(path)}` is a variable, which cannot hold {kind(value)}")
    if PLAIN.fullmatch(value) is None:
        raise DocumentError(
            f"the value for `{dotted(path)}` has characters that programs read differently in such a file",
            hint="only letters, digits and `_./:@%+,=-` mean the same to all of them",
        )
    return value


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
