"""What users met where two credentials fight, or a wrong one is sent, and what `doctor` says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.loopback import Fault
from tests.cli.claude_settings import change_settings
from tests.cli.findings import finding, green, problems
from tests.cli.reported import cause, mend, notes

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

KEY = "sk-ant-api03-made-up-0123456789"
SIGN_IN = {"claudeAiOauth": {"accessToken": "sk-ant-oat01-made-up", "refreshToken": "sk-ant-ort01-made-up"}}


def settings(home: Path) -> dict[str, object]:
    return dict(json.loads((home / ".claude/settings.json").read_text()))


def test_a_providers_key_beside_our_address(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“403 since I put my own key in”: a personal key goes to the deployment in place of the token; `--fix` undoes it.

    https://github.com/coder/mux/pull/3529
    """
    aibridge("configure", "claude-code", "--yes")
    ours = settings(home)
    environment = {**dict(ours["env"]), "ANTHROPIC_AUTH_TOKEN": KEY}  # type: ignore[call-overload]
    change_settings(home, env=environment)

    first = cause(aibridge)

    assert first["check"] == "client.credential"
    assert "`Authorization` carries a provider's key, from `env.ANTHROPIC_AUTH_TOKEN`" in first["found"]
    assert KEY not in json.dumps(first)
    mend(aibridge)
    assert settings(home) == ours
    assert green(aibridge)


def test_both_kinds_of_keys_at_once(
    aibridge: RunAibridge, home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“Auth conflict: Using ANTHROPIC_API_KEY”: in the file ours are empty, so what a shell has does not count.

    https://github.com/coder/registry/pull/691
    """
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-made-up")
    aibridge("configure", "claude-code", "--yes")
    assert green(aibridge)
    environment = dict(settings(home)["env"])  # type: ignore[call-overload]
    del environment["ANTHROPIC_API_KEY"]
    change_settings(home, env=environment)

    ran = aibridge("doctor", "--json")

    assert problems(ran) == ["client.conflict"]
    told = next(
        each
        for each in ran.data["data"]["findings"]
        if (each["check"], each["level"]) == ("client.conflict", "problem")
    )
    assert told["fix"] == "`unset ANTHROPIC_API_KEY`, also where it is set when a shell starts"
    assert KEY not in ran.out
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert green(aibridge)


@pytest.mark.parametrize("kept", ["sign-in", "console"])
def test_a_sign_in_that_loses(kept: str, aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“Both are set · auth may not work as expected”: ours wins; the note says how the other one is taken out.

    https://github.com/anthropics/claude-code/issues/9699
    """
    aibridge("configure", "claude-code", "--yes")
    file = home / (".claude/.credentials.json" if kept == "sign-in" else ".claude.json")
    file.write_text(json.dumps(SIGN_IN if kept == "sign-in" else {"primaryApiKey": KEY}))

    ran = aibridge("doctor", "--json")

    assert ran.code == 0
    told = finding(ran, "client.sign-in")
    what = "a sign-in at claude.ai" if kept == "sign-in" else "a key of Anthropic's console"
    assert told["found"].startswith(f"it keeps {what} beside ours, which counts where ours is missing")
    assert told["fix"] == "`claude auth logout` takes it out, where you do not need it"
    assert "made-up" not in ran.out
    file.unlink()
    assert notes(aibridge("doctor", "--json"), "client.sign-in") == []


def test_a_token_that_a_module_left_behind(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """“An old token after an update of the template”: a Coder token in the client's record is named, by its place."""
    aibridge("configure", "claude-code", "--yes")
    stale = deployment.tokens.issue()
    (home / ".claude.json").write_text(json.dumps({"primaryApiKey": stale.text, "hasCompletedOnboarding": True}))

    ran = aibridge("doctor", "--json")

    said = finding(ran, "client.conflict")
    assert "a Coder token that is not the one in use, from `primaryApiKey`" in said["found"]
    assert said["fix"] == f"take `primaryApiKey` out of `{home}/.claude.json`"
    assert stale.text not in ran.out
    (home / ".claude.json").write_text('{"hasCompletedOnboarding": true}')
    assert "client.conflict" not in {each["check"] for each in aibridge("doctor", "--json").data["data"]["findings"]}


def test_a_chat_sign_in_before_a_key(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“403 after I signed in with ChatGPT first”: our provider takes neither, unless it is told to.

    https://github.com/openai/codex/issues/2833
    """
    aibridge("configure", "codex", "--yes")
    kept = {"auth_mode": "chatgpt", "OPENAI_API_KEY": "sk-made-up", "tokens": {"access_token": "eyJmYWtl.made-up"}}
    (home / ".codex/auth.json").write_text(json.dumps(kept))
    assert green(aibridge)
    assert finding(aibridge("doctor", "--json"), "client.sign-in")["fix"].startswith("`codex logout` takes it out")
    file = home / ".codex/config.toml"
    ours = file.read_text()
    table = "[model_providers.aibridge]\n"
    file.write_text(ours.replace(table, f"{table}requires_openai_auth = true\n"))

    first = cause(aibridge)

    assert first["check"] == "client.came-back"
    assert "`model_providers.aibridge.requires_openai_auth` stands there again" in first["found"]
    mend(aibridge)
    assert file.read_text() == ours
    assert green(aibridge)


def test_a_key_in_a_start_up_file(
    aibridge: RunAibridge, home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“An OPENAI_API_KEY in .zprofile won over my sign-in”: it does not matter here; a stale variable of ours does.

    https://github.com/openai/codex/issues/2896
    """
    profile = home / ".zprofile"
    profile.write_text("export OPENAI_API_KEY=sk-made-up-0123456789\n")
    aibridge("configure", "codex", "--credential", "env", "--yes")
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    assert green(aibridge)
    profile.write_text("# mine\nexport CODER_AI_BRIDGE_TOKEN=AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB\n")

    first = cause(aibridge)

    assert first["check"] == "client.start-up-file"
    assert first["looked_at"] == f"`{profile}`:2"
    assert first["fix"].startswith("take the line out, then `unset CODER_AI_BRIDGE_TOKEN`")
    profile.write_text("# mine\n")
    assert green(aibridge)


def test_the_variable_that_was_not_exported(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“Missing environment variable”: the command that sets it in a shell is told, and it sets it."""
    aibridge("configure", "codex", "--credential", "env", "--yes")

    first = cause(aibridge)

    assert first["check"] == "client.token"
    assert first["fix"] == '`eval "$(aibridge env codex)"`'
    printed = json.loads(aibridge("env", "codex", "--shell", "json").out)
    for name, value in printed.items():
        monkeypatch.setenv(name, value)
    assert green(aibridge)


def test_the_providers_own_refusal(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“exceeded retry limit, last status: 401”: whose key it is, in the provider's words, which the client hides.

    https://github.com/openai/codex/issues/7362
    """
    aibridge("configure", "codex", "--yes")
    deployment.behave(faults=frozenset({Fault.UPSTREAM_REJECTS_KEY}))

    first = cause(aibridge)

    assert first["check"] == "provider.openai"
    assert "your Coder token is fine: “Incorrect API key provided”" in first["found"]
    assert first["fix"] == "an administrator of the deployment must look at the provider's key"
    deployment.behave(faults=frozenset())
    assert green(aibridge)
