"""A JSON text as a tree that forgets nothing and is opened only where it is edited.

Every character is in exactly one place of the tree: in a value, or in what stands round the
members of a container. Rendering is joining, so what was not replaced is as it was.
Nothing here is ever changed in place: an edit is a new tree that shares the rest.
"""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.documents.json_text import refuse, skip_white, value_at
from aibridge_cli.documents.json_trivia import split_comma
from aibridge_cli.documents.operations import Value


# Named tuples, because there is one of each for every member of a large file, and a frozen
# dataclass takes three times as long to make.
class Raw(NamedTuple):
    """A value that has not been opened.

    Args:
        text: A text that holds it.
        plain: The same with spaces for comments and trailing commas.
        start: Its offset there.
        end: The offset after it.
    """

    text: str
    plain: str
    start: int
    end: int


class Member(NamedTuple):
    """A member of an object or an item of a list, with all that stands round it.

    Args:
        before: From the bracket or comma before it to its first character.
        key: What its name means, "" in a list.
        name: The name as written, with its quotes, "" in a list.
        colon: From name to value, "" in a list.
        value: The value.
        after: From the value to its comma, "" without one.
        comma: "," or "".
    """

    before: str
    key: str
    name: str
    colon: str
    value: Node
    after: str
    comma: str


class Branch(NamedTuple):
    """An object or list that has been opened.

    Args:
        brackets: `{}` or `[]`.
        members: In order.
        end: From the last comma, or the last value without one, to the closing bracket.
        raw: What it was when it was opened, None for a new one.
    """

    brackets: str
    members: tuple[Member, ...]
    end: str
    raw: Raw | None = None

    def find(self, key: str) -> int | None:
        """Return the index of the member that counts for `key`: the last of that name."""
        return next((index for index in reversed(range(len(self.members))) if self.members[index].key == key), None)

    def space(self, index: int) -> str:
        """Return what stands before the member at `index`, or before the closing bracket."""
        return self.members[index].before if index < len(self.members) else self.end

    def revised(self, index: int, *members: Member, drop: int = 1) -> Branch:
        """Return the branch with `members` in place of the `drop` ones at `index`."""
        return self._replace(members=(*self.members[:index], *members, *self.members[index + drop :]))


Node = Raw | Branch


def new(text: str) -> Raw:
    """Return a value that was not in the document, as it is to be written, without comments."""
    return Raw(text, text, 0, len(text))


def render(*parts: Node | str) -> str:
    """Return the text of trees and of what stands round them."""
    pieces: list[str] = []
    for part in parts:
        _collect(part, pieces)
    return "".join(pieces)


def _collect(part: Node | str, pieces: list[str]) -> None:
    if isinstance(part, str):
        pieces.append(part)
    elif isinstance(part, Raw):
        pieces.append(part.text[part.start : part.end])
    else:
        pieces.append(part.brackets[0])
        for member in part.members:
            pieces += (member.before, member.name, member.colon)
            _collect(member.value, pieces)
            pieces += (member.after, member.comma)
        pieces += (part.end, part.brackets[1])


def data(node: Node) -> Value:
    """Return what a tree means."""
    if isinstance(node, Raw):
        return value_at(node.plain, node.start)[0]
    if node.brackets == "[]":
        return [data(member.value) for member in node.members]
    return {member.key: data(member.value) for member in node.members}


def opened(node: Node) -> Node:
    """Return an object or list as a branch, and anything else as it is."""
    if isinstance(node, Raw) and node.plain[node.start] in "{[":
        return open_at(node.text, node.plain, node.start)[0]
    return node


def open_at(text: str, plain: str, start: int) -> tuple[Branch, Value, int]:
    """Open the object or list at an offset.

    Args:
        text: The text that holds it.
        plain: The same with spaces for comments and trailing commas.
        start: The offset of its opening bracket.

    Returns:
        The branch, what it means, and the offset after its closing bracket.

    Raises:
        ValueError: The text is not JSON.
        RecursionError: It is nested more deeply than the interpreter can follow.
    """
    brackets = "{}" if plain[start] == "{" else "[]"
    members: list[Member] = []
    values: list[Value] = []
    key = ""
    edge = start + 1
    index = skip_white(plain, edge)
    comma = "" if plain[index : index + 1] == brackets[1] else ","
    while comma:
        first = named = begin = index
        if brackets == "{}":
            if plain[first : first + 1] != '"':
                refuse("expecting a key in double quotes", plain, first)
            key, named = value_at(plain, first)
            begin = skip_white(plain, named)
            if plain[begin : begin + 1] != ":":
                refuse("expecting ':' after the key", plain, begin)
            begin = skip_white(plain, begin + 1)
        value, end = value_at(plain, begin)
        index = skip_white(plain, end)
        follows = plain[index : index + 1]
        if follows not in (",", brackets[1]) or not follows:
            refuse(f"expecting ',' or '{brackets[1]}'", plain, index)
        comma = "," if follows == "," else ""
        raw = Raw(text, plain, begin, end)
        after = text[end:index] if comma else ""
        members.append(Member(text[edge:first], key, text[first:named], text[named:begin], raw, after, comma))
        values.append(value)
        edge = end
        if comma:
            edge = index + 1
            index = skip_white(plain, edge)
    space = text[edge:index]
    if members and text is not plain:
        after, comma, space = split_comma(space)
        members[-1] = members[-1]._replace(after=after, comma=comma)
    branch = Branch(brackets, tuple(members), space, Raw(text, plain, start, index + 1))
    if brackets == "[]":
        return branch, values, index + 1
    return branch, {member.key: value for member, value in zip(members, values, strict=True)}, index + 1
