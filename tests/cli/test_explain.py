"""Why each key is there, and what was there before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

KEYS = {"path", "key", "kind", "standing", "value", "before", "before_unknown", "why"}


def keys(ran: Any) -> dict[str, dict[str, Any]]:
    return {key["key"]: key for key in ran.data["data"]["keys"]}


def codex(home: Path, text: str) -> Path:
    (home / ".codex").mkdir(exist_ok=True)
    file = home / ".codex/config.toml"
    file.write_text(text)
    return file


def test_a_configured_client(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Each key is told with its value, its reason and source, and what stood there before."""
    codex(home, 'model_provider = "openai"\nprofile = "work"\n')
    aibridge("configure", "codex", "--yes")

    ran = aibridge("explain", "codex")

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == f"Codex CLI (codex) is configured by `helper` for {deployment.url}"
    assert lines[3] == "~/.codex/config.toml"
    start = lines.index('  model_provider = "aibridge"')
    assert lines[start + 1].startswith("    why: makes the deployment the provider that is used; ")
    assert lines[start + 1].endswith(" (https://developers.openai.com/codex/config-reference)")
    assert lines[start + 2] == '    before: "openai"'
    taken = lines.index("  profile taken out")
    assert lines[taken + 2] == '    before: "work"'
    assert lines[-1] == "`aibridge unconfigure codex` takes all of it back"


def test_a_client_that_is_not_configured(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """What would be set is told in the same way, with what stands there now; nothing is written."""
    file = codex(home, 'model_provider = "openai"\nprofile = "work"\n')
    before = file.read_bytes()

    ran = aibridge("explain", "codex")

    assert ran.code == 0
    assert ran.out.startswith(
        "Codex CLI (codex) is not configured; `aibridge configure codex` would set by `helper`:\n"
    )
    assert '  model_provider = "aibridge"\n' in ran.out
    assert '    now: "openai"\n' in ran.out
    assert "  profile would be taken out\n" in ran.out
    assert "takes all of it back" not in ran.out
    assert file.read_bytes() == before
    assert not (home / ".local").exists()


def test_without_a_deployment(aibridge: RunAibridge) -> None:
    """Nobody needs to be signed in: what is not known stays a placeholder."""
    ran = aibridge("explain", "codex", "--json")

    assert ran.code == 0
    url = keys(ran)["model_providers.aibridge.base_url"]
    assert url["value"] == '"{deployment.url}/api/v2/aibridge/openai/v1"'
    assert ran.data["data"]["configured"] is None
    assert ran.data["data"]["undo"] == ""


def test_for_programs(home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The JSON's keys are pinned, and it has neither the token nor another secret that stood there."""
    (home / ".claude").mkdir()
    (home / ".claude/settings.json").write_text('{"env": {"ANTHROPIC_API_KEY": "hidden"}, "model": "sonnet"}')
    aibridge("configure", "claude-code", "--credential", "file", "--yes")

    ran = aibridge("explain", "claude", "--json")

    data = ran.data["data"]
    assert data.keys() == {
        "id", "name", "profile", "docs", "configured", "credential", "keys", "variables", "variables_from",
        "by_hand", "outranked_by", "undo",
    }  # fmt: skip
    assert data["configured"] == {"credential": "file", "deployment": deployment.url}
    assert all(key.keys() == KEYS for key in data["keys"])
    assert keys(ran)["env.ANTHROPIC_AUTH_TOKEN"]["value"] == '"***"'
    assert keys(ran)["env.ANTHROPIC_API_KEY"]["before"] == '"***"'
    assert "hidden" not in ran.out
    assert signed_in.secret not in ran.out


def test_changed_since(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A key that was changed, one that is gone, one that is back and one that was so before us are told apart."""
    file = codex(home, 'profile = "work"\nmodel = "mine"\n[model_providers.aibridge]\nwire_api = "responses"\n')
    aibridge("configure", "codex", "--yes")
    text = file.read_text().replace('model_provider = "aibridge"', 'model_provider = "theirs"\nprofile = "home"')
    file.write_text(text.replace("supports_websockets = false\n", ""))

    ran = aibridge("explain", "codex", "--json")

    found = {name: key["standing"] for name, key in keys(ran).items()}
    assert found["model_provider"] == "changed since"
    assert found["model_providers.aibridge.supports_websockets"] == "gone"
    assert found["profile"] == "changed since"
    assert found["model_providers.aibridge.wire_api"] == "was so before us"
    assert found["model_providers.aibridge.base_url"] == "as we wrote it"
    out = aibridge("explain", "codex").out
    assert "  profile back again\n" in out
    assert '  model_provider = "theirs"\n' in out
    assert "    changed since we wrote it, so undo leaves it\n" in out
    assert "    was so before us, so undo leaves it\n" in out


def test_what_would_win(home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the profile says would win is listed, and what of it is here is said."""
    project = home / "project"
    (project / ".claude").mkdir(parents=True)
    (project / ".claude/settings.json").write_text("{}")
    monkeypatch.chdir(project)
    monkeypatch.setenv("CLAUDE_CODE_USE_VERTEX", "1")

    ran = aibridge("explain", "claude-code", "--json")

    rivals = {each["what"]: each for each in ran.data["data"]["outranked_by"]}
    assert rivals["the project's settings"]["here"] == [str(project / ".claude/settings.json")]
    assert rivals["a switch to another cloud"]["here"] == ["CLAUDE_CODE_USE_VERTEX"]
    assert rivals["managed settings"]["here"] == []
    assert "    here: ~/project/.claude/settings.json\n" in aibridge("explain", "claude-code").out


def test_our_own_file_does_not_win_over_itself(
    home: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the home the project's settings are the user's, which are ours."""
    aibridge("configure", "claude-code", "--yes")
    monkeypatch.chdir(home)

    assert "here:" not in aibridge("explain", "claude-code").out


def test_lists_and_variables(aibridge: RunAibridge, signed_in: Token) -> None:
    """Items of ours in lists are shown whole, and variables by name."""
    aibridge("configure", "droid", "--yes")

    out = aibridge("explain", "droid").out

    assert '  customModels has {"id": "custom:coder-anthropic", ' in out
    assert '"apiKey": "${CODER_AI_BRIDGE_TOKEN}"}\n' in out
    assert "  CODER_AI_BRIDGE_TOKEN = ***\n" in out
    assert "by hand: its maker's models stay the default" in out


def test_a_client_that_is_set_up_by_hand(aibridge: RunAibridge) -> None:
    """Of a client without a file of settings the steps are told; of one that cannot be configured, why."""
    assert "by hand: " in aibridge("explain", "zed").out

    ran = aibridge("explain", "cursor")

    assert ran.code == 2
    assert "Cursor cannot be configured: " in ran.err


def test_a_broken_profile(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Without its profile a configured client is explained from our records; what is not configured is an error."""
    codex(home, 'model_provider = "openai"\n')
    aibridge("configure", "codex", "--yes")
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    (profiles / "codex.toml").write_text("name = 1\n")
    (profiles / "droid.toml").write_text("name = 1\n")

    ran = aibridge("explain", "codex")

    assert ran.code == 0
    assert '  model_provider = "aibridge"\n    before: "openai"\n' in ran.out
    assert "warning: its profile cannot be read, so this is from our records alone: " in ran.err
    assert aibridge("explain", "droid").code == 1


def test_a_missing_kept_copy(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Where the kept copy is gone, that is said in its place."""
    codex(home, 'model_provider = "openai"\n')
    aibridge("configure", "codex", "--yes")
    for image in (home / ".local/state/aibridge/images").iterdir():
        image.unlink()

    ran = aibridge("explain", "codex")

    assert ran.code == 0
    assert "    before: not known; `" in ran.out


def test_a_file_that_cannot_be_read(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A broken file or a folder in its place leaves our records, and is told where it can be."""
    file = codex(home, "")
    aibridge("configure", "codex", "--yes")
    file.write_text("[")
    assert "    gone since we wrote it\n" in aibridge("explain", "codex").out
    file.unlink()
    file.mkdir()

    ran = aibridge("explain", "codex")

    assert ran.code == 0
    assert ran.err == f"warning: `{file}`: is a folder, and a file is needed there\n"


def test_what_the_profile_wants_now(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A key that a newer profile wants is told as not there yet; one that cannot be filled in is a warning."""
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    profile = (
        'name = "Quill"\nsummary = "writes"\ndocs = "https://quill.example"\nstatus = "supported"\n'
        'speaks = ["openai"]\ncredential = ["WAY"]\n[paths]\nown = ["~/.quill"]\n'
        '[env]\nQUILL = "{token}"\n[[edit]]\nfile = "{own}/quill.json"\nformat = "json"\n'
        'remove = [["old"]]\n[[edit.include]]\nat = ["list"]\nvalues = ["ours"]\n'
        '[edit.set]\nbase = "{gateway.openai}"\n'
    )
    (profiles / "quill.toml").write_text(profile.replace("WAY", "env"))
    aibridge("configure", "quill", "--yes")
    (profiles / "quill.toml").write_text(profile.replace("WAY", "env") + "added = 1\n")

    out = aibridge("explain", "quill").out

    assert "  added = 1\n    not so now: `aibridge configure` would write it\n    now: nothing\n" in out
    assert '  list has "ours"\n' in out
    (profiles / "quill.toml").write_text(profile.replace("WAY", "helper") + 'command = "{helper}"\n')
    assert "warning: what its profile wants now cannot be told: " in aibridge("explain", "quill").err


def test_not_signed_in_any_more(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A configured client is explained without a token as well, and a token in a file is masked still."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    (home / ".config/coderv2/session").unlink()

    ran = aibridge("explain", "droid")

    assert ran.code == 0
    assert '"apiKey": "***"}' in ran.out
    assert signed_in.secret not in ran.out
