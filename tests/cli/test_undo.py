"""Going back to before a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.claude_settings import settings_file
from tests.cli.history import runs
from tests.cli.homes import STATE, files

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_undo_and_undo_again(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The last run is undone to the byte; the undo is a run, and is undone in its turn."""
    settings_file(home)
    before = files(home)
    aibridge("configure", "claude-code", "codex", "--yes")
    configured = files(home)

    ran = aibridge("undo", "--yes")

    assert ran.code == 0
    assert "`~/.claude/settings.json` updated\n`~/.codex/config.toml` removed\n" in ran.err
    assert files(home) == before
    assert aibridge("undo", "--yes").code == 0
    assert files(home) == configured
    assert aibridge("check").code == 0
    first, second, third = runs(aibridge)
    commands = [run["command"] for run in aibridge("history", "--json").data["data"]["runs"]]
    assert commands == ["configure", f"undo {first}", f"undo {second}"]
    assert aibridge("undo", third, "--yes").code == 0
    assert files(home) == before


def test_a_dry_run(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A dry run shows the differences and writes nothing; without a terminal and `--yes` nothing is written either."""
    settings_file(home)
    aibridge("configure", "claude-code", "--yes")
    before = files(home)

    ran = aibridge("undo", "--dry-run")

    assert ran.code == 0
    assert '-  "apiKeyHelper": ' in ran.out
    assert ran.err.endswith("nothing was written (dry run)\n")
    assert aibridge("undo").code == 2
    assert files(home) == before
    assert len(runs(aibridge)) == 1


def test_an_unconfigure_is_undone(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """What `unconfigure` took back comes again as it was, way and model included."""
    settings_file(home)
    aibridge("configure", "codex", "--credential", "env", "--model", "gpt-5.4", "--yes")
    configured = files(home)
    aibridge("unconfigure", "--yes")

    assert aibridge("undo", "--yes").code == 0

    assert files(home) == configured


def test_one_of_several(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """One run is undone and others stay; one that a later run built on is left, with the way out told."""
    aibridge("configure", "claude-code", "--yes")
    aibridge("configure", "codex", "--yes")
    aibridge("configure", "codex", "--credential", "env", "--yes")
    first, second, third = runs(aibridge)

    ran = aibridge("undo", second, "--yes")
    assert ran.code == 1
    assert (
        f"warning: `codex` stays as it is: it was changed by a later run ({third}); undo that first, or use" in ran.err
    )
    assert aibridge("undo", first, "--yes").code == 0
    assert not (home / ".claude").exists()
    assert "CODER_AI_BRIDGE_TOKEN" in (home / ".codex/config.toml").read_text()

    assert aibridge("undo", third, "--yes").code == 0
    assert "CODER_AI_BRIDGE_TOKEN" not in (home / ".codex/config.toml").read_text()
    assert aibridge("undo", second, "--yes").code == 0
    assert not (home / ".codex").exists()


def test_all_since(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """All runs since one are undone in one run; edits that were made meanwhile stay."""
    aibridge("configure", "claude-code", "--yes")
    settled = files(home)
    aibridge("configure", "codex", "--yes")
    aibridge("configure", "opencode", "--yes")
    aibridge("unconfigure", "claude-code", "--yes")
    config = home / ".codex/config.toml"
    config.write_text(config.read_text() + '\n[mine]\nkey = "1"\n')

    ran = aibridge("undo", "--all-since", runs(aibridge)[1], "--yes", "--json")

    assert ran.code == 0
    assert sorted(ran.data["data"]["clients"]) == ["claude-code", "codex", "opencode"]
    assert config.read_text() == '[mine]\nkey = "1"\n'
    config.unlink()
    config.parent.rmdir()
    assert files(home) == settled


def test_later_edits_stay(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A key of ours that was changed since stays and is named, as with `unconfigure`."""
    file = settings_file(home)
    aibridge("configure", "claude-code", "--yes")
    data = json.loads(file.read_text())
    data["env"]["ANTHROPIC_BASE_URL"] = "https://mine"
    file.write_text(json.dumps(data))

    ran = aibridge("undo", "--yes")

    assert ran.code == 0
    assert (
        "`env.ANTHROPIC_BASE_URL` in `~/.claude/settings.json` was changed since we wrote it, so it stays\n" in ran.err
    )
    assert json.loads(file.read_text()) == {"theme": "dark", "env": {"ANTHROPIC_BASE_URL": "https://mine"}}


def test_which_run(aibridge: RunAibridge, signed_in: Token) -> None:
    """A run that is not there, none at all, and two ways of naming one are errors in the call."""
    assert (aibridge("undo").code, aibridge("undo", "last").code) == (0, 2)
    aibridge("configure", "codex", "--yes")
    for words in (["nothing"], ["last", "--all-since", "last"], ["--all-since", "x"]):
        assert aibridge("undo", *words).code == 2
    assert aibridge("undo", "last", "--yes").code == 0


def test_not_signed_in_any_more(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Taking back needs no token; configuring again does, and says so."""
    aibridge("configure", "codex", "--yes")
    (home / ".config/coderv2/session").unlink()
    assert aibridge("undo", "--yes").code == 0
    assert not (home / ".codex").exists()

    ran = aibridge("undo", "--yes")

    assert ran.code == 1
    assert "warning: `codex` stays as it is: not signed in to " in ran.err
    assert "nothing was undone of run " in ran.err


def test_a_rotation_cannot_be_undone(
    home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """A token that was replaced is not kept anywhere, so the run that replaced it cannot be undone."""
    aibridge("login")
    aibridge("configure", "droid", "--credential", "file", "--yes")
    assert aibridge("rotate", "--yes").code == 0
    before = files(home)

    ran = aibridge("undo", "--yes")

    assert ran.code == 1
    assert "(`rotate`) wrote again what was configured alike before, and what it replaced" in ran.err
    assert files(home) == before


def test_for_programs(aibridge: RunAibridge, signed_in: Token) -> None:
    """The JSON's keys are pinned."""
    aibridge("configure", "codex", "--yes")

    ran = aibridge("undo", "--yes", "--json")

    assert (ran.data["command"], ran.data["status"]) == ("undo", "done")
    assert ran.data["data"].keys() == {
        "undone", "all_since", "dry_run", "applied", "run", "clients", "problems", "files", "stayed", "gone",
        "elsewhere",
    }  # fmt: skip
    assert ran.data["data"]["clients"] == ["codex"]


def test_a_token_in_a_file_comes_back_masked(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Undoing an `unconfigure` writes the token where it stood, 0600, and shows it nowhere."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    aibridge("unconfigure", "--yes")

    ran = aibridge("undo", "--yes")

    file = home / ".factory/settings.json"
    assert signed_in.text in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert signed_in.secret not in ran.out + ran.err
    assert signed_in.secret not in (home / STATE / "journal.jsonl").read_text()


def test_a_run_that_changed_nothing_but_our_records(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A second `configure` after an edit of the user's notes the edit; the last run is the one before it."""
    file = settings_file(home)
    aibridge("configure", "claude-code", "--yes")
    file.write_text(file.read_text().replace("dark", "light"))
    assert aibridge("configure", "claude-code", "--yes").out == ""

    assert aibridge("history").out.endswith("  configure  claude-code\n  nothing but our own records\n")
    assert aibridge("undo", "--yes").code == 0
    assert file.read_text() == '{\n  "theme": "light" }\n'


def test_what_stays_is_told_before_the_question(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the clients that cannot go back are named before anybody answers, and `n` writes nothing."""
    file = settings_file(home)
    aibridge("configure", "claude-code", "codex", "--yes")
    file.write_text("{broken")
    before = files(home)
    monkeypatch.setattr("aibridge_cli.facts.Facts.unattended", False)

    ran = aibridge("undo", stdin="n\n")

    assert ran.code == 1
    assert ran.err.index("warning: `claude-code` stays as it is: ") < ran.err.index("Write this? [y/N]: ")
    assert files(home) == before
