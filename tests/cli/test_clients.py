from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_the_table(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """One line for each client: what it speaks, how it gets the token, whether it is here and configured."""
    aibridge("configure", "codex", "--yes")

    lines = aibridge("clients").out.splitlines()

    assert lines[0].split() == ["client", "name", "OpenAI", "Anthropic", "token", "by", "here", "configured"]
    (codex,) = [line for line in lines if line.startswith("codex ")]
    assert codex.split() == [
        "codex",
        "Codex",
        "CLI",
        "yes",
        "-",
        "helper,",
        "file,",
        "env",
        "yes",
        "helper,",
        deployment.url,
    ]


def test_as_json(aibridge: RunAibridge) -> None:
    """The same for programs, with pinned keys."""
    clients = aibridge("clients", "--json").data["data"]["clients"]

    assert sorted(clients[0]) == [
        "configured",
        "credential",
        "found",
        "id",
        "name",
        "speaks",
        "status",
        "summary",
        "tested",
    ]


def test_show(home: Path, aibridge: RunAibridge) -> None:
    """Each key is shown with its reason and source, for each way."""
    out = aibridge("clients", "show", "claude").out

    assert out.startswith("Claude Code (claude-code): ")
    assert "--credential helper\n  ~/.claude/settings.json\n" in out
    assert "    env.ANTHROPIC_BASE_URL = '{gateway.anthropic}'\n" in out
    assert "(https://" in out


def test_show_as_json(aibridge: RunAibridge) -> None:
    """The same for programs."""
    data = aibridge("clients", "show", "opencode", "--json").data["data"]

    keys = {key["key"] for edit in data["ways"]["reference"] for key in edit["keys"]}
    assert {"provider.openai.options.apiKey", "disabled_providers"} <= keys


def test_a_client_that_is_not_supported(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client that cannot be configured is listed and shown with the reason, and `configure` refuses with it."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "closed.toml").write_text(
        'name = "Closed"\nsummary = "an editor"\ndocs = "https://x"\nstatus = "unsupported"\n'
        'reason = "it has no option for the base URL"\nlink = "https://y"\n'
    )

    assert "unsupported" in aibridge("clients").out
    assert (
        "unsupported: it has no option for the base URL\nsee https://y\n" in aibridge("clients", "show", "closed").out
    )
    ran = aibridge("configure", "closed", "--yes")
    assert ran.code == 2
    assert ran.err == "error: Closed cannot be configured: it has no option for the base URL\nhint: see https://y\n"


def test_a_broken_profile_is_a_warning_in_the_list(home: Path, aibridge: RunAibridge) -> None:
    """A profile that cannot be read does not hide the others."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("name = 1")

    ran = aibridge("clients")

    assert ran.code == 0
    assert "codex" in ran.out
    assert "warning: " in ran.err


def test_on_a_terminal(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the table is drawn, and `NO_COLOR` keeps it plain."""
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", "200")

    assert "\x1b[" in aibridge("clients").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in aibridge("clients").out
