"""Whether anything has changed since `configure`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

STATE = ".local/state/aibridge"


def everything(home: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in home.rglob("*") if path.is_file()}


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_as_configured(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Right after `configure` nothing differs; nothing is written, and the deployment is not asked."""
    aibridge("configure", "claude-code", "codex", "opencode", "--yes")
    before = everything(home)
    deployment.clear()

    ran = aibridge("check")

    assert (ran.code, ran.out) == (0, "claude-code: as configured\ncodex: as configured\nopencode: as configured\n")
    assert ran.err == ""
    assert everything(home) == before
    assert deployment.requests == []


def test_nothing_is_configured(aibridge: RunAibridge) -> None:
    """Where nothing is configured nothing differs; a client that is named should be."""
    assert (aibridge("check").code, aibridge("check").out) == (0, "no client is configured by us\n")

    ran = aibridge("check", "codex")

    assert ran.code == 3
    assert ran.out == ("codex: `codex` is not configured by us\n  hint: `aibridge configure codex` configures it\n")
    assert aibridge("check", "cdex").code == 2


def test_a_file_changed_by_hand(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Each key is told with what stands there and what would be written; no secret is shown."""
    aibridge("configure", "claude-code", "--yes")
    file = home / ".claude/settings.json"
    replaced(file, f"{deployment.url}/api/v2/aibridge/anthropic", "https://user:hidden@elsewhere.example")
    replaced(file, '"ANTHROPIC_API_KEY": ""', '"ANTHROPIC_API_KEY": "hidden"')

    ran = aibridge("check")

    assert ran.code == 3
    assert ran.out == (
        "claude-code: not as configured\n"
        "  ~/.claude/settings.json\n"
        "    env.ANTHROPIC_BASE_URL changed: by you or the client, since we wrote it\n"
        '      is "https://user:***@elsewhere.example"\n'
        f'      `configure` writes "{deployment.url}/api/v2/aibridge/anthropic"\n'
        "    env.ANTHROPIC_API_KEY changed: by you or the client, since we wrote it\n"
        '      is "***"\n'
        '      `configure` writes ""\n'
    )
    assert ran.err == "`aibridge configure claude-code --credential helper` writes it again\n"
    assert "hidden" not in aibridge("check", "--json").out


def test_the_command_that_is_told_mends_it(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """What the last line says makes everything as it was configured, model and way included."""
    aibridge("configure", "codex", "--credential", "env", "--model", "gpt-5.4", "--yes")
    replaced(home / ".codex/config.toml", 'model = "gpt-5.4"\n', "")

    command = aibridge("check").err.strip().split("`")[1]

    assert command == "aibridge configure codex --credential env --model gpt-5.4"
    assert aibridge(*command.split()[1:], "--yes").code == 0
    assert aibridge("check").code == 0


def test_for_programs(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The JSON has stable words for what differs and who did it."""
    aibridge("configure", "codex", "claude-code", "--yes")
    replaced(home / ".codex/config.toml", 'wire_api = "responses"\n', "")

    ran = aibridge("check", "openai-codex", "--json")

    assert ran.code == 3
    assert (ran.data["command"], ran.data["status"]) == ("check", "found")
    (client,) = ran.data["data"]["clients"]
    assert client == {
        "id": "codex",
        "as_configured": False,
        "problem": "",
        "hint": "",
        "notes": [],
        "drifts": [
            {
                "path": str(home / ".codex/config.toml"),
                "key": "model_providers.aibridge.wire_api",
                "kind": "missing",
                "by": "unknown",
                "found": None,
                "wanted": '"responses"',
                "words": "",
            }
        ],
    }


def test_without_a_token(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """In a job that is not signed in, keys are held against our records, the token itself included."""
    aibridge("configure", "codex", "claude-code", "--yes")
    aibridge("configure", "droid", "--credential", "file", "--yes")
    (home / ".config/coderv2/session").unlink()

    ran = aibridge("check")
    assert (ran.code, ran.out) == (0, "claude-code: as configured\ncodex: as configured\ndroid: as configured\n")
    assert ran.err.startswith("note: values that depend on the sign-in were held against our records: not signed in")

    replaced(home / ".factory/settings.json", signed_in.text, "another")
    replaced(home / ".codex/config.toml", '"--url"', '"--uri"')
    ran = aibridge("check")
    assert ran.code == 3
    assert (
        "    customModels[id=custom:coder-openai].apiKey changed: by you or the client, since we wrote it\n" in ran.out
    )
    assert "    model_providers.aibridge.auth.args changed: by you or the client, since we wrote it\n" in ran.out
    assert signed_in.text not in ran.out + ran.err


def test_another_token(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A file with an older token of ours would be written again; neither token is shown."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    newer = deployment.tokens.issue()
    (home / ".config/coderv2/session").write_text(newer.text)

    ran = aibridge("check")

    assert ran.code == 3
    assert "    customModels[id=custom:coder-openai].apiKey changed: we would write it otherwise now\n" in ran.out
    assert not any(token.secret in ran.out + ran.err for token in (signed_in, newer))


def test_the_client_rewrites_its_file(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client that writes its settings anew, in its own layout and with keys of its own, changes nothing of ours."""
    aibridge("configure", "claude-code", "--yes")
    file = home / ".claude/settings.json"
    settings = json.loads(file.read_text())
    file.write_text(json.dumps({"theme": "dark", **dict(sorted(settings.items())), "feedback": {"shown": 3}}))

    assert aibridge("check").code == 0


def test_the_client_drops_what_it_does_not_know(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client or another tool that leaves our keys out when it writes is seen."""
    aibridge("configure", "claude-code", "--yes")
    (home / ".claude/settings.json").write_text('{"theme": "dark"}\n')

    ran = aibridge("check")

    assert ran.code == 3
    assert "    apiKeyHelper missing: it does not show by whom\n" in ran.out


def test_a_file_that_cannot_be_read(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A broken file is named with line and column, and no command is offered that would fail."""
    aibridge("configure", "claude-code", "--yes")
    (home / ".claude/settings.json").write_text('{"env": \n')

    ran = aibridge("check")

    assert ran.code == 3
    assert f"    not readable (`{home}/.claude/settings.json`:2:1: " in ran.out
    assert ran.err == ""
    (home / ".claude/settings.json").unlink()
    (home / ".claude/settings.json").mkdir()
    ran = aibridge("check")
    assert ran.code == 3
    assert "is a folder, and a file is needed there" in ran.out


def test_a_broken_profile(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client whose profile is broken or gone is told, and the others are looked at."""
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    aibridge("configure", "claude-code", "codex", "--yes")
    (profiles / "codex.toml").write_text("name = 1\n")

    ran = aibridge("check")

    assert ran.code == 3
    assert ran.out.startswith(f"claude-code: as configured\ncodex: `{profiles}/codex.toml`: ")


@pytest.mark.parametrize(("version", "noted"), [("99.0.1", True), ("2.1.330", False), ("2.1.99", False)])
def test_a_newer_client(
    version: str, noted: bool, home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that is newer than what the profile was run against is a note and no difference."""
    aibridge("configure", "claude-code", "--yes")
    program = home / "bin/claude"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{version} (Claude Code)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}/bin:/usr/bin:/bin")

    ran = aibridge("check")

    assert ran.code == 0
    assert (f"note: Claude Code {version} is newer than what its profile was run against" in ran.err) == noted


def test_an_unfinished_run(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A run that was interrupted is mentioned, and left to the next one that writes."""
    aibridge("configure", "codex", "--yes")
    pending = home / STATE / "pending.json"
    pending.write_text('{"id": "x", "phase": "staging", "steps": [], "state": {}}')

    ran = aibridge("check")

    assert ran.err == "note: a run was interrupted; the next one that writes finishes it first\n"
    assert pending.exists()


def test_another_deployment_is_in_use(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client is compared with the deployment it was configured for, whichever is in use now."""
    aibridge("configure", "codex", "--credential", "env", "--yes")
    monkeypatch.setenv("CODER_URL", "https://other.example")

    assert aibridge("check").code == 0


def kilo_on_first_start(home: Path) -> None:
    """As seen: adds a permission and a schema, and keeps what is there."""
    (file,) = (home / ".config/kilo").iterdir()
    data = {"$schema": "https://app.kilo.ai/config.json", **json.loads(file.read_text())}
    file.write_text(json.dumps({**data, "permission": {"bash": "ask"}}, indent=2))


def qwen_code_on_start(home: Path) -> None:
    """As seen: writes the file in its own layout, and leaves the earlier one beside it."""
    file = home / ".qwen/settings.json"
    (home / ".qwen/settings.json.orig").write_bytes(file.read_bytes())
    file.write_text(json.dumps({"$version": 3, **json.loads(file.read_text())}, indent=2))


def codex_when_a_folder_is_trusted(home: Path) -> None:
    """Adds a table for the project at the end."""
    file = home / ".codex/config.toml"
    file.write_text(file.read_text() + '\n[projects."/src/mine"]\ntrust_level = "trusted"\n')


def claude_code_when_a_setting_is_chosen(home: Path) -> None:
    """Writes all of it anew with two spaces, its key added, without a line end."""
    file = home / ".claude/settings.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "theme": "dark", "model": "opus"}, indent=2))


@pytest.mark.parametrize(
    ("client", "rewrite", "added"),
    [
        ("kilo", kilo_on_first_start, '"bash": "ask"'),
        ("qwen-code", qwen_code_on_start, '"$version"'),
        ("codex", codex_when_a_folder_is_trusted, "trust_level"),
        ("claude-code", claude_code_when_a_setting_is_chosen, '"theme": "dark"'),
    ],
)
def test_what_clients_do_to_their_own_files(
    client: str, rewrite: Callable[[Path], None], added: str, home: Path, aibridge: RunAibridge, signed_in: Token
) -> None:
    """A client that writes its file anew changes nothing of ours: no drift, no second run, and undo keeps its edits."""
    aibridge("configure", client, "--yes")
    rewrite(home)
    rewritten = everything(home)

    assert (aibridge("check").out, aibridge("check").code) == (f"{client}: as configured\n", 0)
    assert aibridge("configure", client, "--yes").out == ""
    assert {name: each for name, each in everything(home).items() if STATE not in name} == {
        name: each for name, each in rewritten.items() if STATE not in name
    }
    assert aibridge("undo", "--yes").code == 0
    assert aibridge("check").out == "no client is configured by us\n"
    kept = "".join(content.decode() for name, (content, _) in everything(home).items() if STATE not in name)
    assert added in kept


def test_no_deployment_is_in_use(home: Path, aibridge: RunAibridge, signed_in: Token, deployment: Deployment) -> None:
    """The command that mends names the deployment when nothing else does."""
    aibridge("configure", "codex", "--credential", "env", "--yes")
    shutil.rmtree(home / ".config/coderv2")
    replaced(home / ".codex/config.toml", 'wire_api = "responses"\n', "")

    ran = aibridge("check")

    assert f"`aibridge configure codex --credential env --url {deployment.url}` writes it again\n" in ran.err


def test_a_pack_that_does_not_allow_it_any_more(
    home: Path, aibridge: RunAibridge, signed_in: Token, tmp_path: Path
) -> None:
    """What an organisation's rules would refuse is told, as configuring it again would be refused."""
    aibridge("configure", "codex", "claude-code", "--yes")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.toml").write_text('name = "our"\nversion = "1"\nallowed-clients = ["claude-code"]\n')
    assert aibridge("pack", "add", str(pack), "--yes").code == 0

    ran = aibridge("check")

    assert ran.code == 3
    assert ran.out == (
        "claude-code: as configured\ncodex: the pack `our` does not allow `codex`\n  hint: it allows claude-code\n"
    )
