"""Where a member of a JSON object stands in another document, for it to come back likewise."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.documents.json_tree import Branch, Member
from aibridge_cli.documents.json_trivia import own_line, remark


class Origin(NamedTuple):
    """Where a member stands in another document, for it to stand likewise here.

    Args:
        branch: The object that holds it there.
        place: Its index there.
    """

    branch: Branch
    place: int

    @property
    def member(self) -> Member:
        """The member as it is there."""
        return self.branch.members[self.place]

    @property
    def above(self) -> str:
        """What stands before the member, without its own line."""
        before = self.member.before
        return before[: len(before) - len(own_line(before))]

    @property
    def remark(self) -> str:
        """The comment at the end of the member's line, when it has the line to itself."""
        return remark(self.branch.space(self.place + 1)) if own_line(self.member.before) else ""

    @property
    def gap(self) -> str | None:
        """What stands between the member and a neighbour on the same line, None where there is no such."""
        beside = self.place or 1
        gap = self.branch.members[beside].before if beside < len(self.branch.members) else None
        return gap if gap is not None and not gap.strip(" \t") else None

    def place_in(self, branch: Branch) -> int:
        """Return the index for the member here: behind the nearest sibling that it follows there.

        Where none of those is left it is the place before the nearest that follows it,
        or the end.
        """
        siblings = self.branch.members
        for sibling in reversed(siblings[: self.place]):
            if (found := branch.find(sibling.key)) is not None:
                return found + 1
        for sibling in siblings[self.place + 1 :]:
            if (found := branch.find(sibling.key)) is not None:
                return found
        return len(branch.members)
