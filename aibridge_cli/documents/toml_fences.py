"""Parts of a TOML file that another tool manages.

A *fence* is what stands between the comment lines `# >>> NAME` and `# <<< NAME`, both
included. One without an end reaches to the end of the file: where the other tool's part
stops is then unknown, so none of it is ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from aibridge_cli.documents.toml_spans import Statement
from aibridge_cli.errors import DocumentError

_MARK = re.compile(r"#[ \t]*(>>>|<<<)[ \t]*([^\s<>]+)")


class Fence(NamedTuple):
    """The statements from `first` to `last`, both included, that belong to the tool `name`."""

    name: str
    first: int
    last: int
    closed: bool = True

    def parts(self, index: int) -> bool:
        """Tell whether a line put in before statement `index` would stand inside."""
        return self.first < index <= self.last or (not self.closed and index > self.last)

    def refusal(self, line: int) -> DocumentError:
        """Return the error for a change that would have to be made at `line`, inside."""
        end = f"and `# <<< {self.name}`" if self.closed else "and the end that it should have"
        return DocumentError(
            f"this would change what another tool keeps between `# >>> {self.name}` {end}",
            line=line,
            hint=f"change it with the tool that writes `{self.name}`, or take its marks out"
            if self.closed
            else f"put the line `# <<< {self.name}` where that part ends",
        )


def find_fences(text: str, statements: Sequence[Statement]) -> list[Fence]:
    """Return the fences of `text` in order."""
    fences = []
    name, first = "", 0
    for index, statement in enumerate(statements):
        mark = _MARK.match(text, statement.first) if statement.kind == "comment" else None
        if mark is None:
            continue
        if not name and mark[1] == ">>>":
            name, first = mark[2], index
        elif name == mark[2] and mark[1] == "<<<":
            fences.append(Fence(name, first, index))
            name = ""
    if name:
        fences.append(Fence(name, first, len(statements) - 1, closed=False))
    return fences
