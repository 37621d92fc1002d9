"""Values out of a YAML text."""

from __future__ import annotations

from aibridge_cli.documents.lines import below, line_start, starts_line, without_lines
from aibridge_cli.documents.toml_lists import removed as removed_from_brackets
from aibridge_cli.documents.toml_lists import spliced
from aibridge_cli.documents.yaml_adding import box_of, replace
from aibridge_cli.documents.yaml_places import Trail, guard_anchors


def remove(trail: Trail, prune: int) -> str:
    """Return the text without the value that the trail ends with.

    Args:
        trail: To the value.
        prune: How many enclosing collections may go too, from the inside out, each only
            when it is left empty.

    Raises:
        DocumentError: It cannot be taken out.
    """
    while prune and len(trail.indexes) > 1 and len(trail.parent.entries) == 1:
        trail, prune = trail.up(1), prune - 1
    guard_anchors(trail)
    text, parent, index, entry = trail.tree.text, trail.parent, trail.indexes[-1], trail.entry
    if parent.style:
        return spliced(text, removed_from_brackets(text, box_of(parent), index))
    end = max(entry.value.end, entry.colon)
    if len(parent.entries) == 1:
        if len(trail.indexes) > 1:
            return replace(trail.up(1), {} if parent.kind == "mapping" else [])
        if parent.kind == "sequence" or (trail.tree.end < len(text) and not trail.tree.top):
            # `...` alone is no document
            return text[: parent.start] + ("[]" if parent.kind == "sequence" else "{}") + text[end:]
    if starts_line(text, entry.start):
        return without_lines(text, line_start(text, entry.start), below(text, end))
    following = text[below(text, end) :]
    return text[: entry.start] + following.lstrip(" \r\n")
