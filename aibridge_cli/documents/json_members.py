"""Members put into a JSON object or list, and taken out again.

`removed` takes what `added` gave: without our members the bytes are those from before. The
exception is an object that had none, which comes back as `{}` when it held only whitespace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from aibridge_cli.documents.json_layout import Layout, layout_in, name
from aibridge_cli.documents.json_text import WHITE
from aibridge_cli.documents.json_tree import Branch, Member, Node
from aibridge_cli.documents.json_trivia import has_line_end, is_white, joined, own_line, remark, same_line, starts_line


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a member stands in another document, for it to stand likewise here.

    Args:
        branch: The object that holds it there.
        index: Its index there.
    """

    branch: Branch
    index: int

    @property
    def member(self) -> Member:
        """The member as it is there."""
        return self.branch.members[self.index]

    @property
    def above(self) -> str:
        """What stands before the member, without its own line."""
        before = self.member.before
        return before[: len(before) - len(own_line(before))]

    @property
    def remark(self) -> str:
        """The comment at the end of the member's line, when it has the line to itself."""
        return remark(self.branch.space(self.index + 1)) if own_line(self.member.before) else ""

    @property
    def gap(self) -> str | None:
        """What stands between the member and a neighbour on the same line, None where there is no such."""
        beside = self.index or 1
        gap = self.branch.members[beside].before if beside < len(self.branch.members) else None
        return gap if gap is not None and not gap.strip(" \t") else None

    def place_in(self, branch: Branch) -> int:
        """Return the index for the member here: behind the nearest sibling that it follows there.

        Where none of those is left it is the place before the nearest that follows it,
        or the end.
        """
        siblings = self.branch.members
        for sibling in reversed(siblings[: self.index]):
            if (found := branch.find(sibling.key)) is not None:
                return found + 1
        for sibling in siblings[self.index + 1 :]:
            if (found := branch.find(sibling.key)) is not None:
                return found
        return len(branch.members)


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
        style = replace(style, gap=style.gap if origin.gap is None else origin.gap)
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
    index, there = origin.index, origin.branch
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
    return replace(branch, members=(*branch.members, member), end=there.end)


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
    return replace(branch, members=(*branch.members, member), end=own_remark + end)


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


def removed(branch: Branch, index: int, newline: str, residue: str = "") -> Branch:
    """Return the branch without one member, its comma, its own line and the comment at that line's end.

    Comments above the member stay, and so does the comment of a line that it shares.

    Args:
        branch: An object or list.
        index: The member's index.
        newline: The document's line end.
        residue: Comments from within the value that are to stay in its place.
    """
    member = branch.members[index]
    last = index == len(branch.members) - 1
    line = own_line(member.before)
    above = member.before[: len(member.before) - len(line)]
    space = branch.space(index + 1)
    own_remark = remark(space)
    ends = starts_line(space[len(own_remark) :])
    if line and ends:
        left, right = above, space[len(own_remark) :]
    elif ends:
        left, right = member.before.rstrip(WHITE), space
    elif not last:
        left, right = member.before, space.lstrip(" \t")
    else:
        left = above if line else member.before.rstrip(WHITE)
        right = space if has_line_end(space) else space[len(space.rstrip(WHITE)) :]
    beyond = member.after[len(same_line(member.after)) :]
    if not is_white(beyond):
        residue += beyond
    if residue:
        left = joined(left[: len(left) - len(own_line(left))] if starts_line(residue) else left, residue, newline)
    rest = joined(left, right, newline)
    if not last:
        return branch.revised(index, branch.members[index + 1]._replace(before=rest), drop=2)
    branch = branch.revised(index)
    if branch.members and not member.comma:
        before = branch.members[-1]
        rest = rest if is_white(before.after) else joined(before.after, rest, newline)
        branch = branch.revised(index - 1, before._replace(after="", comma=""))
    if not branch.members and is_white(rest):
        rest = ""
    return replace(branch, end=rest)
