from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.cli.clients import MEANINGS
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.placeholders import BUILT_IN

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_the_table(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """One line for each client: what it speaks, how it gets the token, how sure that is, whether it is configured."""
    aibridge("configure", "codex", "--yes")

    lines = aibridge("clients").out.splitlines()

    assert lines[0].split() == [
        "client",
        "name",
        "OpenAI",
        "Anthropic",
        *["token", "by", "secret", "on", "disk", "proven", "with", "here"],
        "configured",
    ]
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
        "no",
        "0.169.0",
        "-",
        "helper,",
        deployment.url,
    ]


def test_as_json(aibridge: RunAibridge) -> None:
    """The same for programs, with pinned keys."""
    clients = aibridge("clients", "--json").data["data"]["clients"]

    assert sorted(clients[0]) == [
        "aliases",
        "configured",
        "credential",
        "found",
        "id",
        "name",
        "opt_in",
        "proof",
        "secret_on_disk",
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
    assert out.count("  ~/.claude/settings.json") == 3
    assert '    env.ANTHROPIC_BASE_URL = "{gateway.anthropic}"\n' in out
    assert "(https://" in out
    assert "also called claude\n" in out
    assert "\n  {gateway.anthropic}: the deployment's address for Anthropic's protocol, without `/v1`\n" in out


def test_show_as_json(aibridge: RunAibridge) -> None:
    """The same for programs."""
    data = aibridge("clients", "show", "opencode", "--json").data["data"]

    keys = {key["key"] for edit in data["ways"]["reference"] for key in edit["keys"]}
    assert {"provider.openai.options.apiKey", "disabled_providers"} <= keys


@pytest.mark.parametrize("client", ["amp", "antigravity", "cursor", "gemini", "kiro", "windsurf"])
def test_a_client_without_a_way_to_the_deployment_is_refused(
    client: str, home: Path, aibridge: RunAibridge, signed_in: Token
) -> None:
    """`configure` says why not, what works instead and where that is discussed, and ends as for a wrong call."""
    profile = Catalogue([shipped_folder()]).load(client)

    ran = aibridge("configure", client, "--yes")

    assert ran.code == 2
    assert ran.err == f"error: {profile.name} cannot be configured: {profile.reason}\nhint: see {profile.link}\n"


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
    """On a terminal the headings stand out, and `NO_COLOR` keeps them plain."""
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", "200")

    assert "\x1b[" in aibridge("clients").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in aibridge("clients").out


@pytest.mark.parametrize("columns", [40, 69, 70, 80, 120])
def test_on_a_terminal_of_any_width(
    aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch, signed_in: Token, columns: int
) -> None:
    """No line is wider than the terminal, and no client is cut in two."""
    aibridge("configure", "codex", "--yes")
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")

    lines = aibridge("clients").out.splitlines()

    assert max(map(len, lines)) <= max(columns, len("  configured: helper, http://127.0.0.1:65535"))
    assert [line.split()[0].rstrip(":") for line in lines if line.startswith(("claude-code", "codex", "opencode"))] == [
        "claude-code",
        "codex",
        "opencode",
    ]


def test_lines_for_a_narrow_terminal(
    aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch, deployment: Deployment, signed_in: Token
) -> None:
    """Where a table has no room, each client has lines of its own."""
    aibridge("configure", "codex", "--yes")
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", "40")

    assert (
        "codex: Codex CLI\n"
        "  speaks OpenAI\n"
        "  token by helper, file, env\n"
        "  secret on disk: no\n"
        "  proven with 0.169.0\n"
        "  not found here\n"
        f"  configured: helper, {deployment.url}\n"
    ) in aibridge("clients").out


def test_every_placeholder_has_a_meaning() -> None:
    """Whatever a profile may write in braces is told in words."""
    assert set(MEANINGS) == set(BUILT_IN)


def test_steps_and_lists_are_shown(home: Path, aibridge: RunAibridge) -> None:
    """What only a person can do is on the page, as are items of lists, and braces that stand for themselves."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "by-hand.toml").write_text(
        'name = "By Hand"\nsummary = "an editor"\ndocs = "https://x"\nstatus = "guided"\nspeaks = ["openai"]\n'
        'credential = ["manual", "file"]\n[paths]\nconfig = ["~/.by-hand"]\n'
        '[[manual]]\ntitle = "Enter the token"\nsteps = ["open `{gateway.openai}`", "paste"]\n'
        'when = { credential = "manual" }\n'
        '[[edit]]\nfile = "{config}/a.json"\nformat = "json"\nsecret = true\nwhen = { credential = "file" }\n'
        '[[edit.upsert]]\nat = ["models"]\nmatch = { name = "{{ours}}" }\nvalue = { key = "{token}" }\n'
        '[[outranked_by]]\nwhat = "a project\'s file"\nfiles = ["{config}/b.json"]\n'
    )

    out = aibridge("clients", "show", "by-hand").out

    assert "not run against the real program\ndescribed by ~/.config/aibridge/profiles/by-hand.toml\n" in out
    assert "\nby hand: Enter the token (credential manual)\n  1. open `{gateway.openai}`\n  2. paste\n" in out
    assert '  ~/.by-hand/a.json (holds the token, 0600)\n    models = {"name": "{{ours}}", "key": "{token}"}\n' in out
    assert "  a project's file (~/.by-hand/b.json)\n" in out
    assert out.endswith("  {token}: the Coder token\n  {{ and }}: the braces themselves\n")


def test_a_client_that_cannot_be_configured_is_refused_before_anything_else(
    home: Path, aibridge: RunAibridge, signed_in: Token
) -> None:
    """No sign-in is asked for what no sign-in would change."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "closed.toml").write_text(
        'name = "Closed"\nsummary = "an editor"\ndocs = "https://x"\nstatus = "unsupported"\n'
        'reason = "it has no option for the base URL"\nlink = "https://y"\n'
    )
    (home / ".config/coderv2/session").unlink()

    assert aibridge("configure", "closed").code == 2
