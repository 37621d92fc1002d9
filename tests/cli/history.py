"""What `aibridge history --json` tells."""

from __future__ import annotations

from tests.conftest import RunAibridge


def runs(aibridge: RunAibridge) -> list[str]:
    """The ids of the runs, the oldest first."""
    return [run["id"] for run in aibridge("history", "--json").data["data"]["runs"]]
