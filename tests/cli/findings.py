"""What `aibridge doctor --json` found."""

from __future__ import annotations

from typing import Any

from tests.conftest import Ran, RunAibridge


def problems(done: Ran) -> list[str]:
    """The ids of the checks that found a problem, in their order."""
    return [finding["check"] for finding in done.data["data"]["findings"] if finding["level"] == "problem"]


def finding(done: Ran, check: str) -> dict[str, Any]:
    return next(each for each in done.data["data"]["findings"] if each["check"] == check)


def green(aibridge: RunAibridge, *words: str) -> bool:
    done = aibridge("doctor", *words, "--json")
    return done.code == 0 and problems(done) == []
