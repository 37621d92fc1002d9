"""`aibridge doctor`: the model that a client will ask for here, whatever names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aibridge_cli.diagnosis.places import MOST
from aibridge_cli.loopback import Token
from tests.cli.claude_settings import change_settings
from tests.cli.findings import finding, green, problems
from tests.cli.reported import notes
from tests.conftest import RunAibridge

LARGE, SMALL = "loopback-anthropic-large", "loopback-anthropic-small"


@pytest.fixture
def project(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a project with a folder for the client's settings."""
    folder = home / "work/project"
    (folder / ".claude").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_a_model_in_the_shell(aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that names what the provider has not got is the first cause, and what to unset is said."""
    aibridge("configure", "claude-code", "--yes")
    monkeypatch.setenv("ANTHROPIC_MODEL", "claude-gone")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.model"]
    found = finding(done, "client.model")
    asked = "which is asked for by `ANTHROPIC_MODEL` in the environment"
    assert found["found"] == f"`anthropic` lists no model `claude-gone`, {asked}"
    assert "`unset ANTHROPIC_MODEL`" in found["fix"]
    monkeypatch.delenv("ANTHROPIC_MODEL")
    assert green(aibridge)


def test_a_model_of_the_project(aibridge: RunAibridge, home: Path, project: Path, signed_in: Token) -> None:
    """In a project the model of its settings counts, and the file is named; elsewhere the user's does."""
    aibridge("configure", "claude-code", "--model", SMALL, "--yes")
    file = project / ".claude/settings.json"
    file.write_text(json.dumps({"env": {"ANTHROPIC_MODEL": "claude-gone"}}))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.model"]
    assert finding(done, "client.model")["found"].endswith("wins over the one that `configure` was given")
    assert f"take `env.ANTHROPIC_MODEL` out of `{file}`" in finding(done, "client.model")["fix"]
    file.unlink()
    assert green(aibridge)


def test_another_model_than_ours(aibridge: RunAibridge, project: Path, signed_in: Token) -> None:
    """One that is there and wins over the model that was named to `configure` is worth a note."""
    aibridge("configure", "claude-code", "--model", SMALL, "--yes")
    (project / ".claude/settings.local.json").write_text(json.dumps({"model": LARGE}))
    done = aibridge("doctor", "--json")
    assert done.code == 0
    (note,) = notes(done, "client.model")
    assert note.startswith(f"`{LARGE}` is there, which is asked for by `model` in ")


@pytest.mark.parametrize("model", ["opus", "Sonnet", "sonnet[1m]", "opusplan"])
def test_a_short_name(aibridge: RunAibridge, home: Path, signed_in: Token, model: str) -> None:
    """A name that the client makes a model of may be there under another, so it is no problem."""
    aibridge("configure", "claude-code", "--yes")
    change_settings(home, model=model)
    assert finding(aibridge("doctor", "--json"), "client.model")["level"] == "note"


def test_a_model_with_a_larger_window(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """What the client keeps for itself at the end of a model is not part of its name."""
    aibridge("configure", "claude-code", "--yes")
    change_settings(home, model=f"{LARGE}[1m]")
    assert finding(aibridge("doctor", "--json"), "client.model")["level"] == "ok"


def test_the_model_of_another_gateway(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """Where requests go elsewhere that is the cause, and the model is not looked for among ours."""
    aibridge("configure", "claude-code", "--yes")
    monkeypatch.setenv("ANTHROPIC_MODEL", "claude-gone")
    settings = json.loads((home / ".claude/settings.json").read_text())
    settings["env"]["ANTHROPIC_BASE_URL"] = "https://gateway.example.com"
    change_settings(home, **settings)
    assert problems(aibridge("doctor", "--json"))[0] == "client.address"
    assert "client.model" not in problems(aibridge("doctor", "--json"))


def test_a_snapshot_of_a_shell_behind_many_sessions(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A client's record of a shell's variables is searched, however many sessions lie deeper beside it."""
    sessions = home / ".codex/sessions/2026/11/23"
    sessions.mkdir(parents=True)
    for number in range(MOST + 1):
        (sessions / f"{number}.jsonl").touch()
    snapshot = home / ".codex/shell_snapshots/0a1b.sh"
    snapshot.parent.mkdir()
    snapshot.write_text(f'declare -x CODER_SESSION_TOKEN="{signed_in.text}"\n')

    done = aibridge("secrets", "--json")

    assert done.code == 3
    (found,) = [each for each in done.data["data"]["found"] if each["path"] == str(snapshot)]
    assert (found["kind"], found["client"], found["standing"]) == ("client record", "codex", "in use")
