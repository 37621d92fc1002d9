"""What each operation does to the tree of a JSON text."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aibridge_cli.documents.json_adding import added
from aibridge_cli.documents.json_layout import Layout, layout_in, written
from aibridge_cli.documents.json_origin import Origin
from aibridge_cli.documents.json_removing import removed
from aibridge_cli.documents.json_text import WHITE, fault
from aibridge_cli.documents.json_tree import Branch, Node, Raw, data, opened
from aibridge_cli.documents.operations import ABSENT, KeyPath, Value, dotted, mismatch, same
from aibridge_cli.errors import DocumentError

Leaf = Callable[[Node | None, Layout], Node]
"""Makes the value at the end of a path from the one that stands there, in the style of its place."""


class Editor(NamedTuple):
    """Edits trees of one document.

    Args:
        text: The document as it was read, for the places in errors.
        layout: Its style.
    """

    text: str
    layout: Layout

    def with_value(self, root: Node | None, path: KeyPath, value: Value) -> Node:
        """Return the tree with a value in its place, the same tree when an equal one stands there."""

        def leaf(standing: Node | None, layout: Layout) -> Node:
            return standing if standing is not None and same(data(standing), value) else written(value, layout)

        return self._revised(root, path, 0, leaf, self.layout, None)

    def with_item(self, root: Node | None, path: KeyPath, value: Value) -> Node:
        """Return the tree with one more item at the end of the list at `path`."""

        def leaf(standing: Node | None, layout: Layout) -> Node:
            if standing is None and not path:
                standing = Branch("{}", (), "")  # what a text without a value means
            if standing is None or _is_null(standing):
                return written([value], layout)
            branch = self._container(standing, path, "[]")
            item = written(value, layout_in(branch, len(branch.members), layout))
            return added(branch, "", item, layout)

        return self._revised(root, path, 0, leaf, self.layout, None)

    def with_original(self, root: Node | None, path: KeyPath, source: Node | None) -> Node:
        """Return the tree with the value that stands at `path` of another, as it is written there."""
        value = _verbatim(source, path)
        return self._revised(root, path, 0, lambda _standing, _layout: value, self.layout, source)

    def without(self, node: Node, path: KeyPath, prune: int) -> Node:
        """Return the tree without what stands at `path`, and without up to `prune` containers left empty."""
        if not path:
            return node
        key, rest = path[0], path[1:]
        branch = opened(node)
        indices = _indices(branch, key)
        if not isinstance(branch, Branch) or not indices:
            return node
        residue = ""
        if rest:
            member = branch.members[indices[-1]]
            value = self.without(member.value, rest, prune)
            if value is member.value:
                return node
            if len(rest) > prune or not isinstance(value, Branch) or value.members:
                return branch.revised(indices[-1], member._replace(value=value))
            residue = value.end.rstrip(WHITE)
        for index in reversed(indices):
            branch = removed(branch, index, self.layout.newline, residue)
            residue = ""
        return branch

    def _revised(
        self, node: Node | None, path: KeyPath, depth: int, leaf: Leaf, layout: Layout, source: Node | None
    ) -> Node:
        if depth == len(path):
            return leaf(node, layout)
        key = path[depth]
        branch = self._container(node, path[:depth], "[]" if isinstance(key, int) else "{}")
        index = next(reversed(_indices(branch, key)), None)
        origin = _origin(source, key)
        if index is None and isinstance(key, int):
            raise self._fault(f"there is no item {key} in the list at `{dotted(path[:depth])}`", branch)
        style = layout_in(branch, len(branch.members) if index is None else index, layout)
        standing = None if index is None else branch.members[index].value
        value = self._revised(standing, path, depth + 1, leaf, style, origin.member.value if origin else None)
        if index is None:
            return added(branch, str(key), value, layout, origin)
        if value is standing:
            return branch
        return branch.revised(index, branch.members[index]._replace(value=value))

    def _container(self, node: Node | None, path: KeyPath, brackets: str) -> Branch:
        wanted = "an object" if brackets == "{}" else "a list"
        if brackets == "{}" and (node is None or _is_null(node)):
            return Branch("{}", (), "")
        if node is None:
            raise mismatch(path, wanted, ABSENT)
        node = opened(node)
        if isinstance(node, Branch) and node.brackets == brackets:
            return node
        error = mismatch(path, wanted, data(node))
        raise self._fault(error.message, node, hint=error.hint)

    def _fault(self, message: str, node: Node, hint: str = "") -> DocumentError:
        raw = node if isinstance(node, Raw) else node.raw
        if raw is None or raw.text is not self.text:
            return DocumentError(message, hint=hint)
        return fault(message, self.text, raw.start, hint=hint)


def _is_null(node: Node) -> bool:
    return isinstance(node, Raw) and node.plain.startswith("null", node.start)


def _indices(node: Node, key: str | int) -> list[int]:
    """Return the indices of all members that `key` means, the one that counts last."""
    if not isinstance(node, Branch) or (node.brackets == "[]") != isinstance(key, int):
        return []
    if isinstance(key, int):
        count = len(node.members)
        return [key % count] if -count <= key < count else []
    return [index for index, member in enumerate(node.members) if member.key == key]


def _origin(source: Node | None, key: str | int) -> Origin | None:
    branch = opened(source) if source is not None else None
    if not isinstance(branch, Branch):
        return None
    indices = _indices(branch, key)
    return Origin(branch, indices[-1]) if indices else None


def _verbatim(source: Node | None, path: KeyPath) -> Node:
    for key in path:
        origin = _origin(source, key)
        source = origin.member.value if origin else None
    if source is None:
        raise DocumentError(f"there is nothing at `{dotted(path)}` to put back")
    return source
