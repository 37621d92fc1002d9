"""Where a path leads in a YAML tree, and what may not be edited there."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.documents.operations import KeyPath, dotted, mismatch
from aibridge_cli.documents.yaml_nodes import Entry, Node, Tree, refusal
from aibridge_cli.documents.yaml_reading import node_data
from aibridge_cli.documents.yaml_scalars import meaning, name_of
from aibridge_cli.errors import DocumentError

_BY_HAND = "change it by hand; nothing was written"


class Trail(NamedTuple):
    """The way from the root along a path, as far as it goes.

    Args:
        tree: The text that was read.
        path: The whole path, its indexes counted from the start as far as the way goes.
        nodes: The values met, the root first; one more than `indexes`.
        indexes: Which entry of each value the next one is.
    """

    tree: Tree
    path: KeyPath
    nodes: tuple[Node, ...]
    indexes: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether there is a value at the path."""
        return len(self.indexes) == len(self.path)

    @property
    def node(self) -> Node:
        """The last value met."""
        return self.nodes[-1]

    @property
    def parent(self) -> Node:
        """The collection that the last value is in."""
        return self.nodes[-2]

    @property
    def entry(self) -> Entry:
        """The entry whose value is the last one met."""
        return self.nodes[-2].entries[self.indexes[-1]]

    @property
    def rest(self) -> KeyPath:
        """The part of the path that is not there."""
        return self.path[len(self.indexes) :]

    @property
    def flow(self) -> bool:
        """Whether the last value stands between brackets or braces of another."""
        return any(node.style for node in self.nodes[:-1])

    def up(self, count: int) -> Trail:
        """Return the trail of an enclosing collection."""
        return Trail(self.tree, self.path[:-count], self.nodes[:-count], self.indexes[:-count])


def follow(tree: Tree, root: Node, path: KeyPath) -> Trail:
    """Return the trail of a path in a tree from its root.

    Raises:
        DocumentError: A collection on the way cannot be edited.
    """
    nodes, indexes = [root], []
    for depth, key in enumerate(path):
        node = nodes[-1]
        index = _index(tree, node, key)
        if index is None:
            break
        _guard_collection(tree.text, node)
        entry = node.entries[index]
        if entry.explicit:
            raise refusal(tree.text, entry.start, f"`{key}` is written with a `?`, which is not edited", _BY_HAND)
        indexes.append(index)
        nodes.append(entry.value)
        if isinstance(key, int):
            path = (*path[:depth], index, *path[depth + 1 :])
    return Trail(tree, path, tuple(nodes), tuple(indexes))


def guard(trail: Trail) -> None:
    """Refuse to change the last value where others may share it or readers differ on it.

    Raises:
        DocumentError: It has an alias, an anchor or a tag, or something in it has an anchor.
    """
    _guard_collection(trail.tree.text, trail.node)
    guard_anchors(trail)


def guard_anchors(trail: Trail) -> None:
    """Refuse to take the last value out where others may refer to it.

    Raises:
        DocumentError: It has an anchor, or something in it has.
    """
    waiting = [trail.node]
    while waiting:
        node = waiting.pop()
        if node.anchor and node.kind != "alias":
            raise refusal(
                trail.tree.text, node.start, f"others may refer to this by its anchor `&{node.anchor}`", _BY_HAND
            )
        waiting += [entry.value for entry in node.entries]
        waiting += [entry.key for entry in node.entries if entry.key is not None]


def is_null(node: Node) -> bool:
    """Tell whether a value is null, written or not."""
    return node.kind == "scalar" and meaning(node) is None


def wrong_kind(trail: Trail, wanted: str) -> DocumentError:
    """Return the error for a value of the wrong kind, with its place."""
    tree = trail.tree
    error = mismatch(trail.path[: len(trail.indexes)], wanted, node_data(tree.text, trail.node))
    return refusal(tree.text, trail.node.start, error.message, error.hint)


def _index(tree: Tree, node: Node, key: str | int) -> int | None:
    if isinstance(key, int):
        count = len(node.entries)
        return key % count if node.kind == "sequence" and -count <= key < count else None
    if node.kind != "mapping":
        return None
    found = [at for at, each in enumerate(node.entries) if each.key and name_of(each.key, tree.text) == key]
    if len(found) > 1:
        second = node.entries[found[1]].start
        raise refusal(tree.text, second, f"`{key}` stands here a second time", "leave one of them; nothing was written")
    return found[0] if found else None


def _guard_collection(text: str, node: Node) -> None:
    if node.kind == "alias":
        raise refusal(text, node.start, f"`*{node.anchor}` is shared with other places", _BY_HAND)
    if node.anchor:
        raise refusal(text, node.start, f"others may refer to this by its anchor `&{node.anchor}`", _BY_HAND)
    if node.tag:
        raise refusal(text, node.start, "this has a tag, which programs read differently", _BY_HAND)
    if node.style == "pair":
        raise refusal(text, node.start, "this pair in a list has no braces, so it is not edited", _BY_HAND)
    for entry in node.entries if node.kind == "mapping" else ():
        if entry.key is not None and text[entry.key.start : entry.key.end] == "<<":
            raise refusal(text, entry.start, "a merge key stands here, which not every program follows", _BY_HAND)


def no_item(trail: Trail) -> DocumentError:
    """Return the error for an index that a list does not have."""
    depth = len(trail.indexes)
    place = dotted(trail.path[:depth])
    return refusal(
        trail.tree.text, trail.node.start, f"there is no item {trail.path[depth]} in the list at `{place}`", _BY_HAND
    )
