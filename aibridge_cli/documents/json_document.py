"""A JSON document that was read once, for its data and for its edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aibridge_cli.documents.json_edit import Editor
from aibridge_cli.documents.json_layout import layout_of
from aibridge_cli.documents.json_text import WHITE, expect_end, read, skip_white, value_at
from aibridge_cli.documents.json_tree import Node, Raw, open_at, render
from aibridge_cli.documents.operations import Append, Operation, Put, Set, Value


class JsonDocument(NamedTuple):
    """A text with its data, ready to be edited.

    Args:
        text: As it was read.
        head: What stands before the value at the root.
        root: That value, None in a text of nothing but whitespace and comments.
        tail: What stands after it.
        data: What the text means. Not to be changed.
    """

    text: str
    head: str
    root: Node | None
    tail: str
    data: Value

    def splice(self, operations: Sequence[Operation]) -> str:
        """Return the text with the operations carried out one after the other, unchecked.

        Raises:
            DocumentError: An operation has no place in this text.
        """
        layout = layout_of(self.text)
        editor = Editor(self.text, layout)
        sources: dict[str, Node | None] = {}
        root = self.root
        for operation in operations:
            match operation:
                case Set():
                    root = editor.with_value(root, operation.path, operation.value)
                case Append():
                    root = editor.with_item(root, operation.path, operation.value)
                case Put():
                    if operation.source not in sources:
                        sources[operation.source] = read(operation.source, document).root
                    root = editor.with_original(root, operation.path, sources[operation.source])
                case _:
                    root = root and editor.without(root, operation.path, operation.prune)
        if root is None:
            return self.text
        if self.root is None:
            comments = self.text.rstrip(WHITE)
            return render(comments, layout.newline if comments else "", root, layout.newline)
        return render(self.head, root, self.tail)


def document(text: str, plain: str) -> JsonDocument:
    """Read a text for editing.

    Args:
        text: The document.
        plain: The same, where needed with spaces for comments and trailing commas.

    Raises:
        ValueError: The text is not JSON.
        RecursionError: It is nested more deeply than the interpreter can follow.
    """
    root: Node
    start = skip_white(plain, 0)
    if start == len(plain):
        return JsonDocument(text, text, None, "", {})
    if plain[start] in "{[":
        root, value, end = open_at(text, plain, start)
    else:
        value, end = value_at(plain, start)
        root = Raw(text, plain, start, end)
    expect_end(plain, end)
    return JsonDocument(text, text[:start], root, text[end:], value)
