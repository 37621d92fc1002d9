"""The journal as people read it, and going back to before a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

STATE = ".local/state/aibridge"


def files(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and STATE not in str(path)
    }


def runs(aibridge: RunAibridge) -> list[str]:
    return [run["id"] for run in aibridge("history", "--json").data["data"]["runs"]]


def settings(home: Path, text: str = '{\n  "theme": "dark" }\n') -> Path:
    (home / ".claude").mkdir(exist_ok=True)
    file = home / ".claude/settings.json"
    file.write_text(text)
    return file


def test_history(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Each run is told with its time, command, clients, files and keys, the newest last."""
    assert (aibridge("history").out, aibridge("history").code) == ("nothing was changed yet\n", 0)
    settings(home, '{"model": "x", "env": {"CLAUDE_CODE_USE_VERTEX": "1"}}')
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


def test_undo_and_undo_again(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The last run is undone to the byte; the undo is a run, and is undone in its turn."""
    settings(home)
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
    settings(home)
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
    settings(home)
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
    file = settings(home)
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
    assert "nothing to undo\n" in ran.err


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
    assert "`droid` stays as it is: it was configured alike before; values that were replaced" in ran.err
    assert files(home) == before


@pytest.mark.parametrize("damage", ["", "{", '{"version": 1}', "gone"])
def test_damaged_records(damage: str, home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """With `state.json` broken or gone, and the profile broken, undo works from the journal and the kept copies."""
    file = settings(home)
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
    file = settings(home)
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
    file = settings(home)
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


def test_for_programs(aibridge: RunAibridge, signed_in: Token) -> None:
    """The JSON's keys are pinned."""
    aibridge("configure", "codex", "--yes")

    ran = aibridge("undo", "--yes", "--json")

    assert (ran.data["command"], ran.data["status"]) == ("undo", "done")
    assert ran.data["data"].keys() == {
        "undone", "all_since", "dry_run", "applied", "run", "clients", "problems", "files", "stayed", "gone",
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
    file = settings(home)
    aibridge("configure", "claude-code", "--yes")
    file.write_text(file.read_text().replace("dark", "light"))
    assert aibridge("configure", "claude-code", "--yes").out == ""

    assert aibridge("history").out.endswith("  configure  claude-code\n  nothing but our own records\n")
    assert aibridge("undo", "--yes").code == 0
    assert file.read_text() == '{\n  "theme": "light" }\n'


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
    file = settings(home)
    aibridge("configure", "claude-code", "--yes")
    for image in (home / STATE / "images").iterdir():
        image.unlink()
    file.write_text("{broken")

    ran = aibridge("undo", "--whole-files", "--yes")

    assert ran.code == 1
    assert "warning: `claude-code` stays as it is: `" in ran.err
    assert file.read_text() == "{broken"


def test_what_stays_is_told_before_the_question(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the clients that cannot go back are named before anybody answers, and `n` writes nothing."""
    file = settings(home)
    aibridge("configure", "claude-code", "codex", "--yes")
    file.write_text("{broken")
    before = files(home)
    monkeypatch.setattr("aibridge_cli.facts.Facts.unattended", False)

    ran = aibridge("undo", stdin="n\n")

    assert ran.code == 1
    assert ran.err.index("warning: `claude-code` stays as it is: ") < ran.err.index("Write this? [y/N]: ")
    assert files(home) == before
