"""`aibridge secrets` in files that a client reads and that we never write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_our_token_in_the_settings_of_a_project(
    aibridge: RunAibridge, home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody put it there, so it is told and not called ours, and `--fix` leaves the project's file alone."""
    aibridge("configure", "claude-code", "--credential", "file", "--yes")
    file = home / "project/.claude/settings.json"
    file.parent.mkdir(parents=True)
    text = json.dumps({"env": {"ANTHROPIC_AUTH_TOKEN": signed_in.text}})
    file.write_text(text)
    monkeypatch.chdir(home / "project")

    ran = aibridge("secrets", "--fix", "--yes", "--json")

    (found,) = [each for each in ran.data["data"]["found"] if each["path"] == str(file)]
    assert ran.code == 3
    assert found["fix"].startswith("we did not write it: ")
    assert not found["fixable"]
    assert file.read_text() == text
