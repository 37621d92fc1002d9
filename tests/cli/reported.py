"""Following the advice of `aibridge doctor` as a user would: read the first cause, do what it says, look again."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from tests.cli.findings import finding

if TYPE_CHECKING:
    from tests.conftest import Ran, RunAibridge


def cause(aibridge: RunAibridge, *clients: str) -> dict[str, Any]:
    """Run `doctor`, and return the problem that it calls the first cause."""
    ran = aibridge("doctor", *clients, "--json")
    assert ran.code == 3, ran.out
    first = finding(ran, ran.data["data"]["first_cause"])
    return next(
        each for each in ran.data["data"]["findings"] if each["check"] == first["check"] and each["level"] == "problem"
    )


def notes(ran: Ran, check: str) -> list[str]:
    """Return what the notes of a check say."""
    return [
        each["found"] for each in ran.data["data"]["findings"] if each["check"] == check and each["level"] == "note"
    ]


def do(aibridge: RunAibridge, fix: str) -> Ran:
    """Run the first `aibridge …` command of a fix, and say yes."""
    command = next(words for words in re.findall(r"`([^`]+)`", fix) if words.startswith("aibridge "))
    ran = aibridge(*shlex.split(command)[1:], "--yes")
    assert ran.code == 0, ran.err
    return ran


def mend(aibridge: RunAibridge) -> None:
    """Have `doctor --fix` do what it marks as its own to do."""
    ran = aibridge("doctor", "--fix", "--yes")
    assert ran.code == 0, ran.out
