"""What a client will really use, told by `doctor` from this folder and this environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import Ran, RunAibridge

KEY = "sk-ant-made-up-0123456789"


def problems(ran: Ran) -> dict[str, str]:
    """The problems by check, with what was found."""
    return {each["check"]: each["found"] for each in ran.data["data"]["findings"] if each["level"] == "problem"}


def test_nothing_in_the_way(aibridge: RunAibridge, signed_in: Token) -> None:
    """Configured and with nothing that outranks it, the value that wins is ours."""
    aibridge("configure", "claude-code", "codex", "opencode", "--yes")

    ran = aibridge("doctor", "--json")

    assert problems(ran) == {}
    assert {"client.url", "client.credential"} <= {each["check"] for each in ran.data["data"]["findings"]}


def test_a_project_that_goes_elsewhere(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project's own settings win in its folder; the file that decides is named, and no key is shown."""
    aibridge("configure", "claude-code", "--yes")
    project = home / "project"
    (project / ".claude").mkdir(parents=True)
    settings = {"env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example.com", "ANTHROPIC_AUTH_TOKEN": KEY}}
    (project / ".claude/settings.json").write_text(json.dumps(settings))

    monkeypatch.chdir(project)
    ran = aibridge("doctor", "claude-code", "--json")

    assert ran.code == 3
    assert "client.url" in problems(ran)
    assert str(project / ".claude/settings.json") in ran.out
    assert KEY not in ran.out


def test_a_project_that_would_send_our_token_elsewhere(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What decides the address is to be changed, which configuring again would not do; doing it helps."""
    aibridge("configure", "claude-code", "--yes")
    project = home / "project/.claude"
    project.mkdir(parents=True)
    local = project / "settings.local.json"
    local.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example.com"}}')

    monkeypatch.chdir(project.parent)
    ran = aibridge("doctor", "claude-code", "--json")

    assert problems(ran).keys() == {"client.url", "client.credential"}
    told = [each for each in ran.data["data"]["findings"] if each["level"] == "problem"]
    assert {each["fix"] for each in told} == {f"take `env.ANTHROPIC_BASE_URL` out of `{local}`"}
    assert not any(each["fixable"] for each in told)
    local.write_text("{}")
    assert aibridge("doctor", "claude-code").code == 0


def test_started_in_the_home(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the client reads the user's file as the project's too, and it is called the user's."""
    aibridge("configure", "claude-code", "--yes")
    monkeypatch.chdir(home)

    ran = aibridge("doctor", "claude-code")

    assert f"in `{home}/.claude/settings.json` (the user's settings)" in ran.out
    assert "the project's settings" not in ran.out


def test_a_key_of_the_shell_that_loses(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's key beside our helper is named with both sides, as a note where ours wins, and is not shown."""
    aibridge("configure", "claude-code", "--yes")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)

    ran = aibridge("doctor", "claude-code", "--json")

    assert problems(ran) == {}
    told = [each["found"] for each in ran.data["data"]["findings"] if each["check"] == "client.conflict"]
    assert len(told) == 1
    assert "`apiKeyHelper`" in told[0]
    assert "`ANTHROPIC_API_KEY` in the environment" in told[0]
    assert KEY not in ran.out
