"""What a check found."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Level = Literal["ok", "note", "problem", "skipped"]


class Finding(NamedTuple):
    """What one check found.

    Args:
        check: The check's id, which scripts may rely on, as in `deployment.reachable`.
        subject: What was looked at: a deployment's URL, a client's id, or a path.
        level: `ok`; `note` (worth knowing, nothing to do); `problem`; or `skipped`, when
            an earlier problem leaves nothing to look at.
        looked_at: Where the answer was looked for, in words.
        found: What was found, in words; never a secret.
        fix: What to do about it, as commands in backticks where there is one; "" for nothing.
        fixable: Whether `--fix` does it.
    """

    check: str
    subject: str
    level: Level
    looked_at: str
    found: str
    fix: str = ""
    fixable: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return self._asdict()


def first_cause(findings: tuple[Finding, ...]) -> Finding | None:
    """Return the first problem, from which later ones may follow; None when there is none."""
    return next((finding for finding in findings if finding.level == "problem"), None)
