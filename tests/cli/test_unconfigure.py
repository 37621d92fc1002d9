"""Taking back what was configured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.changes import transaction

if TYPE_CHECKING:
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")
CLIENTS = ("claude-code", "codex", "opencode")


def test_unconfigure_one_of_three(home: Path, aibridge: RunAibridge) -> None:
    """One client is taken back and the others stay."""
    aibridge("configure", *CLIENTS, "--yes")

    ran = aibridge("unconfigure", "claude", "--yes")

    assert ran.code == 0
    assert "`~/.claude/settings.json` removed" in ran.err
    assert not (home / ".claude").exists()
    assert (home / ".codex/config.toml").exists()


def test_unconfigure_what_is_not_configured(aibridge: RunAibridge) -> None:
    """Taking back what is not configured says so and is no failure."""
    ran = aibridge("unconfigure", "codex", "--yes")

    assert ran.code == 0
    assert ran.err == "`codex` is not configured by us\nnothing to take back\n"


def test_unconfigure_names_or_all(aibridge: RunAibridge) -> None:
    """Names and `--all` together are an error."""
    assert aibridge("unconfigure", "codex", "--all").code == 2


def test_unconfigure_reports_what_stays(home: Path, aibridge: RunAibridge) -> None:
    """A key that was changed since is named, in words and as data."""
    aibridge("configure", "claude-code", "--yes")
    file = home / ".claude/settings.json"
    settings = json.loads(file.read_text())
    settings["env"]["ANTHROPIC_BASE_URL"] = "https://elsewhere"
    file.write_text(json.dumps(settings))

    dry = aibridge("unconfigure", "--dry-run", "--json").data["data"]
    ran = aibridge("unconfigure", "--yes")

    assert [each["key"] for each in dry["stayed"]] == ["env.ANTHROPIC_BASE_URL"]
    assert (
        "`env.ANTHROPIC_BASE_URL` in `~/.claude/settings.json` was changed since we wrote it, so it stays\n" in ran.err
    )
    assert json.loads(file.read_text()) == {"env": {"ANTHROPIC_BASE_URL": "https://elsewhere"}}


def test_an_interrupted_run_is_taken_back_with_the_rest(
    home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an interrupted run configured, and is finished first, is taken back by the same command."""
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text("# mine\n")

    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_commit", interrupted)
        assert aibridge("configure", "codex", "--yes").code == 130

    ran = aibridge("unconfigure", "--yes")

    assert ran.code == 0
    assert "was finished" in ran.err
    assert (home / ".codex/config.toml").read_text() == "# mine\n"
    assert aibridge("unconfigure", "--yes").err == "nothing to take back\n"
