"""New values into a YAML text: beside others, or in place of one."""

from __future__ import annotations

from aibridge_cli.documents.lines import behind, below, column, line_start, with_lines, without_lines
from aibridge_cli.documents.operations import KeyPath, Value
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.toml_spans import Entry, Written
from aibridge_cli.documents.yaml_lines import item_lines, mapping_lines, pair_lines, style_of
from aibridge_cli.documents.yaml_nodes import Entry as EntryOfNode
from aibridge_cli.documents.yaml_nodes import Node, Tree, refusal
from aibridge_cli.documents.yaml_places import Trail, guard, is_null, no_item, wrong_kind
from aibridge_cli.documents.yaml_scalars import written


def add(trail: Trail, value: Value) -> str:
    """Return the text with a value at a path that is not there.

    Raises:
        DocumentError: There is no place for it.
    """
    guard_containers(trail)
    text, node = trail.tree.text, trail.node
    key, inner = trail.rest[0], trail.rest[1:]
    if isinstance(key, int):
        raise no_item(trail) if node.kind == "sequence" else wrong_kind(trail, "a list")
    if is_null(node):
        return replace(trail, nested(trail.rest, value))
    if node.kind != "mapping":
        raise wrong_kind(trail, "an object")
    value = nested(inner, value)
    if _opens(trail):
        return _with_block(trail, {key: value})
    if node.style:
        quoted = in_quotes(text, node)
        pair = f"{written(key, quoted=quoted)}: {written(value, quoted=quoted)}"
        return spliced(text, added(text, box_of(node), pair, len(node.entries) - 1))
    style = style_of(trail.tree)
    indentation = column(text, node.entries[0].start)
    lines = pair_lines(key, value, indentation, style)
    return with_lines(text, behind(text, node.end, indentation), lines, style.newline)


def add_to_nothing(tree: Tree, path: KeyPath, value: Value) -> str:
    """Return the text of a document without a value with one at a path.

    Raises:
        DocumentError: The path begins with an index.
    """
    if isinstance(path[0], int):
        raise refusal(tree.text, 0, "there is no list in this file")
    style = style_of(tree)
    return with_lines(tree.text, tree.end, pair_lines(path[0], nested(path[1:], value), 0, style), style.newline)


def append(trail: Trail, value: Value) -> str:
    """Return the text with one more item at the end of the list that the trail ends with.

    Raises:
        DocumentError: There is no list.
    """
    guard_containers(trail)
    text, node = trail.tree.text, trail.node
    if is_null(node):
        return replace(trail, [value])
    if node.kind != "sequence":
        raise wrong_kind(trail, "a list")
    if _opens(trail):
        return _with_block(trail, [value])
    if node.style:
        item = written(value, quoted=in_quotes(text, node))
        return spliced(text, added(text, box_of(node), item, len(node.entries) - 1))
    style = style_of(trail.tree)
    last = node.entries[-1]
    gap = text[last.start + 1 : last.value.start]
    if gap and not gap.strip(" "):
        style = style._replace(gap=gap)
    indentation = column(text, node.entries[0].start)
    lines = item_lines(value, indentation, style)
    return with_lines(text, behind(text, node.end, indentation), lines, style.newline)


def replace(trail: Trail, value: Value) -> str:
    """Return the text with another value in place of the one that the trail ends with.

    Raises:
        DocumentError: It cannot be taken out of this place.
    """
    guard(trail)
    text, node = trail.tree.text, trail.node
    if not trail.indexes:
        raise refusal(text, node.start, "the only value of this file cannot be edited safely")
    inline = not isinstance(value, dict | list) or not value
    if trail.flow or node.style in {"{", "["} or (inline and not node.block):
        return _in_place(trail, written(value, quoted=trail.flow and in_quotes(text, trail.parent)))
    if inline:
        return _without_block(trail, f" {written(value)}")
    return _with_block(trail, value)


def nested(words: KeyPath, value: Value) -> Value:
    """Return `value` inside one dict for each word, outermost first."""
    for word in reversed(words):
        value = {word: value}
    return value


def in_quotes(text: str, node: Node) -> bool:
    """Tell whether a flow collection is written as JSON is, with all words in double quotes."""
    words = [part for entry in node.entries for part in (entry.key or entry.value,) if part.kind == "scalar"]
    return bool(words) and all(text[word.start : word.start + 1] == '"' for word in words)


def box_of(node: Node) -> Written:
    """Return a flow collection as the editor of bracketed lists knows it."""
    entries = []
    for entry in node.entries:
        end = max(entry.value.end, entry.colon, entry.key.end if entry.key else 0)
        entries.append(Entry(entry.start, end, (), Written(entry.value.start, end), entry.comma))
    return Written(node.start, node.end, "[" if node.style == "[" else "{", tuple(entries))


def guard_containers(trail: Trail) -> None:
    """Refuse to add to what others may share.

    Raises:
        DocumentError: The last value met has an alias, an anchor or a tag.
    """
    guard(trail._replace(nodes=(*trail.nodes[:-1], trail.node._replace(entries=_merges(trail)))))


def _merges(trail: Trail) -> tuple[EntryOfNode, ...]:
    text = trail.tree.text
    return tuple(
        entry for entry in trail.node.entries if entry.key is not None and text[entry.key.start : entry.key.end] == "<<"
    )


def _opens(trail: Trail) -> bool:
    """Tell whether an empty collection is written as taking the last line out of one leaves it.

    Then lines may take its place, because taking them out gives the same bytes back.
    """
    if not trail.indexes or trail.flow or trail.entry.key is None:
        return False
    return trail.tree.text[trail.entry.colon : trail.node.end] in {" {}", " []"}


def _in_place(trail: Trail, new: str) -> str:
    text, node, entry = trail.tree.text, trail.node, trail.entry
    if node.start < node.end:
        return text[: node.start] + new + text[node.end :]
    if entry.key is not None and entry.colon < 0:
        raise refusal(text, entry.start, "this key has no value, and cannot be given one safely")
    at = node.start if entry.colon < 0 else entry.colon
    return f"{text[:at]} {new}{text[at:]}"


def _without_block(trail: Trail, new: str) -> str:
    """Put a word in place of a collection of lines; a comment at the key's line stays there."""
    text, node, entry = trail.tree.text, trail.node, trail.entry
    head = entry.colon if entry.colon >= 0 else entry.start + 1
    if "\n" not in text[head : node.start]:
        return text[:head] + new + text[node.end :]
    shorter = without_lines(text, line_start(text, node.start), below(text, node.end))
    return shorter[:head] + new + shorter[head:]


def _with_block(trail: Trail, value: Value) -> str:
    text, node, entry = trail.tree.text, trail.node, trail.entry
    style = style_of(trail.tree)
    indentation = column(text, entry.start)
    if entry.key is None:
        lines = item_lines(value, indentation, style)
        return text[: entry.start] + style.newline.join(lines)[indentation:] + text[node.end :]
    bare = _without_block(trail, "")
    at = behind(bare, entry.colon, indentation)
    deeper = indentation + (style.unit if isinstance(value, dict) else style.dash)
    if at > below(bare, entry.colon):  # remarks stand where the lines of a collection would
        remark = bare[line_start(bare, at - 1) : at]
        deeper = len(remark) - len(remark.lstrip(" "))
    if isinstance(value, dict):
        lines = mapping_lines(value, deeper, style)
    else:
        lines = [line for item in value for line in item_lines(item, deeper, style)]
    return with_lines(bare, at, lines, style.newline)
