"""How new lines of a YAML text are to look."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.documents.lines import column, starts_line
from aibridge_cli.documents.operations import Value
from aibridge_cli.documents.yaml_nodes import Node, Tree
from aibridge_cli.documents.yaml_scalars import written


class Style(NamedTuple):
    """The customs of a document.

    Args:
        newline: Its line end.
        unit: By how many spaces a mapping is indented within another.
        dash: By how many spaces the dashes of a list are indented below its key.
        gap: What stands between a dash and its item.
    """

    newline: str = "\n"
    unit: int = 2
    dash: int = 2
    gap: str = " "


def style_of(tree: Tree) -> Style:
    """Return the customs of a document, as far as its lines tell."""
    newline = "\r\n" if "\r\n" in tree.text else "\n"
    unit = dash = gap = None
    waiting = [tree.root] if tree.root is not None else []
    while waiting:
        node = waiting.pop(0)
        for entry in node.entries if node.block else ():
            value = entry.value
            waiting.append(value)
            if not value.block or not value.entries or not starts_line(tree.text, entry.start, "- "):
                continue
            deeper = column(tree.text, value.entries[0].start) - column(tree.text, entry.start)
            if node.kind == "mapping" and value.kind == "mapping" and unit is None and deeper > 0:
                unit = deeper
            if node.kind == "mapping" and value.kind == "sequence" and dash is None and deeper >= 0:
                dash = deeper
        if gap is None and node.block and node.kind == "sequence" and node.entries:
            gap = _gap(tree.text, node)
    unit = unit or 2
    return Style(newline, unit, unit if dash is None else dash, gap or " ")


def pair_lines(key: str, value: Value, indentation: int, style: Style) -> list[str]:
    """Return the lines of a new pair, without line ends."""
    head = f"{' ' * indentation}{written(key)}:"
    if isinstance(value, dict) and value:
        return [head, *mapping_lines(value, indentation + style.unit, style)]
    if isinstance(value, list) and value:
        return [head, *(line for item in value for line in item_lines(item, indentation + style.dash, style))]
    return [f"{head} {written(value)}"]


def mapping_lines(value: dict[str, Value], indentation: int, style: Style) -> list[str]:
    """Return the lines of a new mapping that is not empty."""
    return [line for key, item in value.items() for line in pair_lines(key, item, indentation, style)]


def item_lines(value: Value, indentation: int, style: Style) -> list[str]:
    """Return the lines of a new item of a list."""
    head = f"{' ' * indentation}-{style.gap}"
    if not isinstance(value, dict | list) or not value:
        return [head + written(value)]
    lines = (
        mapping_lines(value, len(head), style)
        if isinstance(value, dict)
        else [line for item in value for line in item_lines(item, len(head), style)]
    )
    return [head + lines[0][len(head) :], *lines[1:]]


def _gap(text: str, node: Node) -> str:
    entry = node.entries[-1]
    gap = text[entry.start + 1 : entry.value.start]
    return gap if gap and not gap.strip(" ") else ""
