"""Following the advice of `aibridge doctor` as a user would: read the first cause, do what it says, look again."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Ran, RunAibridge


def problems(ran: Ran) -> dict[str, dict[str, Any]]:
    """Return the problems of `doctor --json` by check, the first of each, in their order."""
    found: dict[str, dict[str, Any]] = {}
    for each in ran.data["data"]["findings"]:
        if each["level"] == "problem":
            found.setdefault(each["check"], each)
    return found


def cause(aibridge: RunAibridge, *clients: str) -> dict[str, Any]:
    """Run `doctor`, and return the problem that it calls the first cause."""
    ran = aibridge("doctor", *clients, "--json")
    assert ran.code == 3, ran.out
    first = next(iter(problems(ran).values()))
    assert ran.data["data"]["first_cause"] == first["check"]
    return first


def notes(ran: Ran, check: str) -> list[str]:
    """Return what the notes of a check say."""
    return [
        each["found"] for each in ran.data["data"]["findings"] if each["check"] == check and each["level"] == "note"
    ]


def do(aibridge: RunAibridge, fix: str, **names: str) -> Ran:
    """Run the first `aibridge …` command of a fix, with what stands there in capitals filled in, and say yes."""
    command = next(words for words in re.findall(r"`([^`]+)`", fix) if words.startswith("aibridge "))
    for name, value in names.items():
        command = command.replace(name, value)
    ran = aibridge(*shlex.split(command)[1:], "--yes")
    assert ran.code == 0, ran.err
    return ran


def mend(aibridge: RunAibridge) -> None:
    """Have `doctor --fix` do what it marks as its own to do."""
    ran = aibridge("doctor", "--fix", "--yes")
    assert ran.code == 0, ran.out


def content(aibridge: RunAibridge, *clients: str) -> bool:
    """Tell whether `doctor` finds nothing in the way any more."""
    ran = aibridge("doctor", *clients, "--json")
    return ran.code == 0 and not problems(ran)
