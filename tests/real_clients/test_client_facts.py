"""What the profiles rest on and no configured run shows: how the real clients behave on their own.

When a new version of a client breaks one of these, its profile has to be looked at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

PROMPT = "Say hello"
ANSWER = "Hello from the loopback deployment"
SCHEMA = "https://opencode.ai/config.json"
OPENCODE_CONFIG = ".config/opencode/opencode.json"


def write(path: Path, text: str) -> bytes:
    """Write a configuration file and return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.read_bytes()


def test_older_codex_ignores_the_auth_command(clients: Clients) -> None:
    """Codex before 0.118.0 sends no token when all it has is an auth command, and says nothing about it."""
    helper = clients.home / "print-token"
    helper.write_text(f"#!/bin/sh\necho {clients.deployment.tokens.issue().text}\n", encoding="utf-8")
    helper.chmod(0o700)
    configuration = (
        'model_provider = "coder"\n[model_providers.coder]\nname = "Coder"\n'
        f'base_url = "{clients.deployment.url}/api/v2/aibridge/openai/v1"\nwire_api = "responses"\n'
        "request_max_retries = 0\nstream_max_retries = 0\n"
        f"[model_providers.coder.auth]\ncommand = {json.dumps(str(helper))}\n"
    )
    write(clients.home / ".codex/config.toml", configuration)
    run = clients.run("codex-before-auth", PROMPT)
    assert run.code == 1
    assert {(request.headers.get("authorization"), request.status) for request in run.asked()} == {(None, 400)}


def test_opencode_through_chat_completions(clients: Clients) -> None:
    """OpenCode's OpenAI-compatible provider speaks Chat Completions, here under the gateway's newer prefix."""
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "options": {
            "baseURL": f"{clients.deployment.url}/api/v2/ai-gateway/openai/v1",
            "apiKey": clients.deployment.tokens.issue().text,
        },
        "models": {"any": {}},
    }
    write(clients.home / OPENCODE_CONFIG, json.dumps({"provider": {"coder": provider}}))
    run = clients.run("opencode", PROMPT, "-m", "coder/any")
    assert ANSWER in run.stdout, run.stderr
    assert {request.path for request in run.asked()} == {"/api/v2/ai-gateway/openai/v1/chat/completions"}


def test_opencode_adds_its_schema_to_a_file_without_one(clients: Clients) -> None:
    """OpenCode rewrites a configuration file that names no schema, and leaves one that does."""
    path = clients.home / OPENCODE_CONFIG
    write(path, '{ /* mine */ "disabled_providers": ["opencode"]}')
    clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4")
    after = path.read_text(encoding="utf-8")
    assert after == f'{{\n  "$schema": "{SCHEMA}", /* mine */ "disabled_providers": ["opencode"]}}'
    clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4")
    assert path.read_text(encoding="utf-8") == after


def test_opencode_appends_its_own_path_to_the_generic_variables(clients: Clients) -> None:
    """Not configured, OpenCode takes address and key from the variables, but Anthropic's without `/v1`."""
    token, gateway = clients.deployment.tokens.issue().text, f"{clients.deployment.url}/api/v2/aibridge"
    openai = {"OPENAI_BASE_URL": f"{gateway}/openai/v1", "OPENAI_API_KEY": token}
    anthropic = {"ANTHROPIC_BASE_URL": f"{gateway}/anthropic", "ANTHROPIC_API_KEY": token}
    first = clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4", env=openai)
    second = clients.run("opencode", PROMPT, "-m", "anthropic/claude-sonnet-4-5", env=anthropic)
    assert {(request.path, request.status) for request in first.asked()} == {
        ("/api/v2/aibridge/openai/v1/responses", 200)
    }
    assert {(request.path, request.status) for request in second.asked()} == {
        ("/api/v2/aibridge/anthropic/messages", 404)
    }
    assert not {"api.openai.com:443", "api.anthropic.com:443"}.intersection(first.outside + second.outside)


def test_token_that_ended_is_reported_at_once(clients: Clients) -> None:
    """A token that is no longer accepted ends Claude Code with the gateway's own 403."""
    token = clients.deployment.tokens.issue()
    clients.deployment.tokens.revoke(token.id)
    gateway = f"{clients.deployment.url}/api/v2/aibridge/anthropic"
    run = clients.run("claude-code", PROMPT, env={"ANTHROPIC_BASE_URL": gateway, "ANTHROPIC_AUTH_TOKEN": token.text})
    assert (run.code, "403 unauthorized" in run.stdout) == (1, True)
    assert {request.status for request in run.asked()} == {403}


def test_continue_copies_a_personal_key_into_its_file(clients: Clients, aibridge: Aibridge) -> None:
    """Without a terminal Continue rewrites its file for ANTHROPIC_API_KEY; undo takes our models alone."""
    token, path = aibridge.sign_in(), clients.home / ".continue/config.yaml"
    write(path, "name: Mine\nversion: 0.0.1\nrules: [ 'Be brief' ]   # always\n")
    aibridge("configure", "continue-cli", "--credential", "file", "--yes")
    run = clients.run("continue-cli", PROMPT, env={"ANTHROPIC_API_KEY": "sk-ant-personal-0000000000"})
    assert ANSWER in run.stdout, run.stderr
    assert "sk-ant-personal-0000000000" in path.read_text(encoding="utf-8")
    aibridge("unconfigure", "continue-cli", "--yes")
    left = path.read_text(encoding="utf-8")
    assert token not in left
    assert "api/v2/aibridge" not in left
    assert "sk-ant-personal-0000000000" in left
    assert "# always" in left
