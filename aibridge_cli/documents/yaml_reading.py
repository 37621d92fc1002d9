"""YAML text to plain Python data."""

from __future__ import annotations

from aibridge_cli.documents.operations import Unsettled, Value
from aibridge_cli.documents.yaml_nodes import Node, Tree, read, refusal
from aibridge_cli.documents.yaml_scalars import meaning, name_of

LARGEST = 100_000
"""How many values a document may have once its aliases are followed."""


def load(text: str) -> Value:
    """Return the data of `text`; one without a value is an empty object.

    An alias means what it stands for; merge keys are not followed, because not every reader
    does. Of pairs with the same key the last counts.

    Raises:
        DocumentError: With line and column where the text is not valid YAML or cannot be edited.
    """
    return data_of(read(text))


def data_of(tree: Tree) -> Value:
    """Return what a whole tree means.

    Raises:
        DocumentError: An alias stands for nothing, or for what it is in, or for very much.
    """
    return {} if tree.root is None else _Reading(tree.text).value(tree.root)


def node_data(text: str, node: Node) -> Value:
    """Return what one node means; an alias in it is `Unsettled`."""
    return _Reading(text, follow=False).value(node)


class _Reading:
    def __init__(self, text: str, *, follow: bool = True) -> None:
        self.text = text
        self.follow = follow
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.count = 0

    def value(self, node: Node) -> Value:
        before = self.count
        self.count += 1
        if node.kind == "alias":
            return self._alias(node)
        value: Value
        if node.kind == "scalar":
            value = meaning(node)
        elif node.kind == "sequence":
            value = [self.value(entry.value) for entry in node.entries]
        else:
            value = {}
            for entry in node.entries:
                key = entry.key or entry.value
                if key.kind != "scalar" or key.anchor:
                    self.value(key)
                value[name_of(key, self.text)] = self.value(entry.value)
        if node.anchor:
            self.anchors[node.anchor] = (value, self.count - before)
        if self.count > LARGEST:
            raise refusal(self.text, node.start, f"this file holds more than {LARGEST} values")
        return value

    def _alias(self, node: Node) -> Value:
        if not self.follow:
            return Unsettled(f"*{node.anchor}")
        if node.anchor not in self.anchors:
            raise refusal(self.text, node.start, f"`*{node.anchor}` stands for nothing that is above it")
        value, size = self.anchors[node.anchor]
        self.count += size
        return value
