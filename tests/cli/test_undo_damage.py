"""Going back where our records, the kept copies or the client's file are damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.claude_settings import settings_file
from tests.cli.homes import STATE, files

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


@pytest.mark.parametrize("damage", ["", "{", '{"version": 1}', "gone"])
def test_damaged_records(damage: str, home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """With `state.json` broken or gone, and the profile broken, undo works from the journal and the kept copies."""
    file = settings_file(home)
    before = file.read_bytes()
    aibridge("configure", "claude-code", "--yes")
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    (profiles / "claude-code.toml").write_text("name = 1\n")
    state = home / STATE / "state.json"
    if damage == "gone":
        state.unlink()
    else:
        state.write_text(damage)

    assert aibridge("undo", "--yes").code == 0

    assert file.read_bytes() == before
    ran = aibridge("undo", "--yes")
    assert ran.code == 1
    assert "warning: `claude-code` stays as it is: `" in ran.err


def test_a_journal_cut_short(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A line that was cut short is said, and the runs that can be read are undone."""
    before = files(home)
    aibridge("configure", "codex", "--yes")
    aibridge("configure", "claude-code", "--yes")
    journal = home / STATE / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0][:100] + b"\n" + lines[1])

    ran = aibridge("history")
    assert f"warning: line 1 of `~/{STATE}/journal.jsonl` cannot be read; the run in it is not shown\n" in ran.err
    assert aibridge("undo", "--yes").code == 0
    assert not (home / ".claude").exists()

    assert aibridge("unconfigure", "--yes").code == 0
    assert files(home) == before


def test_the_journals_last_line_cut_short(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client that a run changed which cannot be read stays, and both ways out that are told work."""
    before = files(home)
    aibridge("configure", "claude-code", "codex", "--yes")
    aibridge("configure", "claude-code", "--credential", "env", "--yes")
    journal = home / STATE / "journal.jsonl"
    first, last = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first + last[:100])
    run = json.loads(aibridge("history", "--json").out)["data"]["runs"][0]["id"]

    ran = aibridge("undo", "--dry-run")

    assert (
        "`claude-code` stays as it is: it was changed by a later run that the journal does not show; "
        "`--all-since` undoes that as well, and `aibridge unconfigure claude-code` takes back all of it"
    ) in ran.err
    looked = aibridge("undo", "--all-since", run, "--dry-run")
    assert looked.code == 0
    assert "`~/.claude/settings.json` would be removed" in looked.out + looked.err
    assert aibridge("unconfigure", "claude-code", "--yes").code == 0
    assert not (home / ".claude").exists()
    assert aibridge("unconfigure", "codex", "--yes").code == 0
    assert files(home) == before


def test_a_missing_kept_copy(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Where the kept copy is gone, the client stays as it is, the others go back, and nothing is lost."""
    file = settings_file(home)
    aibridge("configure", "claude-code", "codex", "--yes")
    configured = file.read_bytes()
    for image in (home / STATE / "images").iterdir():
        image.unlink()

    ran = aibridge("undo", "--yes")

    assert ran.code == 1
    assert "warning: `claude-code` stays as it is: `" in ran.err
    assert "is needed to put back what stood before, and cannot be read" in ran.err
    assert file.read_bytes() == configured
    assert not (home / ".codex").exists()
    assert aibridge("undo", "--whole-files", "--yes").code in (0, 1)
    assert file.read_bytes() == configured


def test_a_file_that_cannot_be_edited(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A broken file is left and named; with `--whole-files` the kept copy comes back, and the broken one is kept."""
    file = settings_file(home)
    before = file.read_bytes()
    aibridge("configure", "claude-code", "--yes")
    file.write_text('{"broken')

    ran = aibridge("undo", "--yes")
    assert ran.code == 1
    assert f"warning: `claude-code` stays as it is: `{file}`:1:" in ran.err
    assert "or add `--whole-files`)" in ran.err
    assert file.read_text() == '{"broken'

    ran = aibridge("undo", "--whole-files", "--yes")
    assert ran.code == 0
    assert file.read_bytes() == before
    kept = ran.err.partition("as it was found is kept as `")[2].partition("`")[0]
    assert (home / STATE / kept).read_text() == '{"broken'


def test_an_unfinished_run(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A run that was interrupted is mentioned by `history`, and finished or rolled back by `undo` first."""
    aibridge("configure", "codex", "--yes")
    (home / STATE / "pending.json").write_text('{"id": "x", "phase": "staging", "steps": [], "state": {}}')
    assert aibridge("history").err == "note: a run was interrupted; the next one that writes finishes it first\n"

    ran = aibridge("undo", "--yes")

    assert ran.code == 0
    assert ran.err.startswith("note: an interrupted run (x) was rolled back\n")


def test_what_cannot_be_put_back_whole(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`--whole-files` does not do what harms another client, or what the kept copy is missing for."""
    file = settings_file(home)
    aibridge("configure", "claude-code", "--yes")
    for image in (home / STATE / "images").iterdir():
        image.unlink()
    file.write_text("{broken")

    ran = aibridge("undo", "--whole-files", "--yes")

    assert ran.code == 1
    assert "warning: `claude-code` stays as it is: `" in ran.err
    assert file.read_text() == "{broken"
