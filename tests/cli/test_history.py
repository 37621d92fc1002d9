"""The journal as people and programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.claude_settings import settings_file
from tests.cli.history import runs

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_history(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Each run is told with its time, command, clients, files and keys, the newest last."""
    assert (aibridge("history").out, aibridge("history").code) == ("nothing was changed yet\n", 0)
    settings_file(home, '{"model": "x", "env": {"CLAUDE_CODE_USE_VERTEX": "1"}}')
    aibridge("configure", "claude-code", "--yes")
    aibridge("unconfigure", "claude-code", "--yes")

    ran = aibridge("history")

    lines = ran.out.splitlines()
    first, second = runs(aibridge)
    assert lines[0].startswith(f"{first}  20")
    assert lines[0].endswith(" UTC  configure  claude-code")
    assert lines[1] == "  ~/.claude/settings.json updated"
    assert lines[2] == "    taken out: env.CLAUDE_CODE_USE_VERTEX"
    assert lines[3] == "    set: env.ANTHROPIC_BASE_URL, env.ANTHROPIC_API_KEY, apiKeyHelper, env.ANTHROPIC_AUTH_TOKEN"
    assert lines[4].startswith(second)
    assert lines[6].startswith("    taken back: ")


def test_history_for_programs(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The JSON's keys are pinned; files of ours are told as such, and no secret is in it."""
    aibridge("configure", "opencode", "--yes")

    ran = aibridge("history", "--json")

    (run,) = ran.data["data"]["runs"]
    assert run.keys() == {"id", "time", "command", "clients", "files"}
    assert [(file.keys(), file["action"], file["own"]) for file in run["files"]] == [
        ({"path", "action", "own", "keys"}, "created", False),
        ({"path", "action", "own", "keys"}, "created", True),
    ]
    assert ran.data["data"]["damaged_lines"] == []
    assert "(a file of ours that holds the token)\n" in aibridge("history").out
    assert signed_in.secret not in ran.out
