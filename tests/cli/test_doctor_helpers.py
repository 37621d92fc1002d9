"""`aibridge doctor`: the commands that clients run for the token."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.cli.claude_settings import change_settings
from tests.cli.findings import finding, green, problems
from tests.conftest import RunAibridge
from tests.processes import executable

FIX = ("doctor", "--fix", "--yes")


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_the_helpers_program_is_gone(
    client: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """After an installation moved, `--fix` writes where the program is now."""
    aibridge("configure", client, "--yes")
    file = home / {"claude-code": ".claude/settings.json", "codex": ".codex/config.toml"}[client]
    program = str(Path(sys.executable).with_name("aibridge"))
    file.write_text(file.read_text().replace(program, "/opt/gone/aibridge"))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert "is not there" in finding(done, "client.helper")["found"]
    assert aibridge(*FIX).code == 0
    assert program in file.read_text()
    assert green(aibridge)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo", "is empty"),
        ("echo sk-ant-made-up", "a key of an AI provider"),
        ("echo one; echo two", "white space in it"),
        ("echo trouble >&2; exit 7", "the command failed: trouble"),
        ("echo AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB", "the gateway refuses it: “unauthorized”"),
        ('test -n "$HOME" && echo never', "the command failed: exit code 1"),
    ],
)
def test_a_helper_that_somebody_changed(
    script: str, said: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token, tmp_path: Path
) -> None:
    """What another command prints is judged as the gateway would, and not shown; `--fix` writes ours again."""
    aibridge("configure", "claude-code", "--yes")
    helper = executable(tmp_path / "helper", f"#!/bin/sh\n{script}\n")
    change_settings(home, apiKeyHelper=str(helper))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert said in finding(done, "client.helper")["found"]
    assert "made-up" not in done.out + done.err
    assert "BBBBBBBB" not in done.out + done.err
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_helper_that_never_ends(
    aibridge: RunAibridge, home: Path, signed_in: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended after a while, and said."""
    monkeypatch.setattr("aibridge_cli.diagnosis.helper_checks.TIME_LIMIT", 0.2)
    aibridge("configure", "claude-code", "--yes")
    change_settings(home, apiKeyHelper=str(executable(tmp_path / "helper", "#!/bin/sh\nsleep 60\n")))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert "did not end within 0.2 s" in finding(done, "client.helper")["found"]


def test_a_slow_helper_is_worth_a_note(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good token that comes late is no failure yet."""
    monkeypatch.setattr("aibridge_cli.diagnosis.helper_checks.SLOW", 0.0)
    aibridge("configure", "claude-code", "--yes")

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "client.helper-slow")["level"] == "note"
