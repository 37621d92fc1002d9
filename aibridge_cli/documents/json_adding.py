"""Members put into a JSON object or list.

`json_removing.removed` takes what `added` gave: without our members the bytes are those from
before. The exception is an object that had none, which comes back as `{}` when it held only
whitespace.
"""

from __future__ import annotations

from aibridge_cli.documents.json_layout import Layout, layout_in, name
from aibridge_cli.documents.json_origin import Origin
from aibridge_cli.documents.json_removing import removed
from aibridge_cli.documents.json_text import WHITE
from aibridge_cli.documents.json_tree import Branch, Member, Node
from aibridge_cli.documents.json_trivia import has_line_end, is_white, own_line, remark, starts_line


def added(branch: Branch, key: str, value: Node, layout: Layout, origin: Origin | None = None) -> Branch:
    """Return the branch with a new member: at its end, or where it stands in its origin.

    Args:
        branch: An object or list.
        key: The member's key; not used in a list.
        value: Its value.
        layout: The style of the branch.
        origin: Where the member comes from, if it does.
    """
    at = len(branch.members) if origin is None else origin.place_in(branch)
    style = layout_in(branch, at - 1, layout)
    if origin is not None:
        member = origin.member._replace(value=value)
        style = style._replace(gap=style.gap if origin.gap is None else origin.gap)
    elif branch.brackets == "{}":
        member = Member("", key, name(key), style.colon, value, "", "")
    else:
        member = Member("", "", "", "", value, "", "")
    if origin is not None and (as_before := _as_before(branch, at, member, layout.newline, origin)):
        return as_before
    if at < len(branch.members):
        return _inserted(branch, at, member, style, origin)
    if origin is not None and not branch.members and is_white(branch.end):
        return _refilled(branch, member, origin)
    return _appended(branch, member, layout, style, origin)


def _as_before(branch: Branch, at: int, member: Member, newline: str, origin: Origin) -> Branch | None:
    """Undo `removed` exactly, or return None when the place is not as that would have left it."""
    index, there = origin.place, origin.branch
    left = removed(there, index, newline)
    if branch.space(at) != left.space(index) or (at < len(branch.members)) != (index < len(left.members)):
        return None
    if at < len(branch.members):
        return branch.revised(at, member, branch.members[at]._replace(before=there.space(index + 1)))
    closing = [[(last.comma, last.after) for last in each.members[-1:]] for each in (branch, left)]
    if closing[0] != closing[1]:
        return None
    if at:
        before = there.members[index - 1]
        branch = branch.revised(at - 1, branch.members[-1]._replace(comma=before.comma, after=before.after))
    return branch._replace(members=(*branch.members, member), end=there.end)


def _appended(branch: Branch, member: Member, layout: Layout, style: Layout, origin: Origin | None) -> Branch:
    kept = branch.end.rstrip(WHITE)
    lines = not style.inline or bool(kept and has_line_end(branch.end))
    if lines:
        kept += remark(branch.end[len(kept) :])
    if lines and origin is not None and _fits(origin.above, branch.end):
        kept = origin.above
    end = branch.end[len(kept) :]
    gap = style.gap
    if branch.members:
        last = branch.members[-1]
        member = member._replace(comma=last.comma)
        branch = branch.revised(len(branch.members) - 1, last._replace(comma=","))
    else:
        member = member._replace(comma=origin.branch.members[-1].comma if origin is not None else "")
        gap = style.pad if branch.brackets == "{}" else ""
        if not kept and not has_line_end(end):
            end = layout.newline + layout.indent if lines else gap
    before = kept + (_line(style, origin) if lines else " " if kept else gap)
    return _closed(branch, member._replace(before=before), end, origin)


def _refilled(branch: Branch, member: Member, origin: Origin) -> Branch:
    """Return an empty container with the member, in the shape that the container has in the origin."""
    first, end, comma = origin.branch.members[0].before, origin.branch.end, origin.branch.members[-1].comma
    before = own_line(member.before) or first[: len(first) - len(first.lstrip(" \t"))]
    return _closed(branch, member._replace(before=before, comma=comma), end[len(end.rstrip(WHITE)) :], origin)


def _closed(branch: Branch, member: Member, end: str, origin: Origin | None) -> Branch:
    """Return the branch with the member behind all others, and what its origin has behind it."""
    own_remark = origin.remark if origin is not None and starts_line(end) else ""
    if not member.comma:
        own_remark, member = member.after + own_remark, member._replace(after="")
    return branch._replace(members=(*branch.members, member), end=own_remark + end)


def _inserted(branch: Branch, at: int, member: Member, style: Layout, origin: Origin | None) -> Branch:
    follower = branch.members[at]
    space = follower.before
    kept = origin.above if origin is not None and _fits(origin.above, space) else remark(space)
    if not style.inline and starts_line(space[len(kept) :]):
        before = kept + _line(style, origin)
        space = (origin.remark if origin is not None else "") + space[len(kept) :]
    elif at:
        before = style.gap
    else:
        before = space[: len(space) - len(space.lstrip(WHITE))]
        space = style.gap + space[len(before) :]
    new = member._replace(before=before, comma=",")
    return branch.revised(at, new, follower._replace(before=space))


def _line(style: Layout, origin: Origin | None) -> str:
    line = own_line(origin.member.before) if origin is not None else ""
    return line or style.newline + style.indent


def _fits(above: str, space: str) -> bool:
    return space.startswith(above) and starts_line(space[len(above) :])
