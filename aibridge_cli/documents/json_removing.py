"""Members taken out of a JSON object or list."""

from __future__ import annotations

from aibridge_cli.documents.json_text import WHITE
from aibridge_cli.documents.json_tree import Branch
from aibridge_cli.documents.json_trivia import has_line_end, is_white, joined, own_line, remark, same_line, starts_line


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
    if line and ends:  # its lines are its own: they go, with the remark at their end
        left, right = above, space[len(own_remark) :]
    elif ends:  # the line began with another, whose remark it may be
        left, right = member.before.rstrip(WHITE), space
    elif not last:  # the next one takes its place on the line
        left, right = member.before, space.lstrip(" \t")
    else:  # the closing bracket does, and a remark before that can only be about this member
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
    return branch._replace(end=rest)
