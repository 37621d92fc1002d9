"""Each client, configured by hand as its maker documents, answers through the deployment.

These runs prove the test bed and the facts that the profiles rest on; what `aibridge configure`
writes is tested beside them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_clients.conftest import Clients

pytestmark = pytest.mark.real_client

PROMPT = "Say hello"
ANSWER = "Hello from the loopback deployment"
VARIABLE = "CODER_AI_BRIDGE_TOKEN"


def helper(home: Path, token: str) -> str:
    """Write a program that prints a token, and return its path."""
    path = home / "print-token"
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' '{token}'\n", encoding="utf-8")
    path.chmod(0o700)
    return str(path)


def write(path: Path, text: str) -> bytes:
    """Write a configuration file and return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.read_bytes()


@pytest.mark.parametrize("way", ["helper", "file", "env"])
def test_anthropic_terminal_client_answers(clients: Clients, way: str) -> None:
    """Claude Code takes the token from a helper command, its settings file or the environment."""
    token, gateway = clients.deployment.tokens.issue().text, f"{clients.deployment.url}/api/v2/aibridge/anthropic"
    settings, environment = clients.home / ".claude/settings.json", {}
    variables = {"ANTHROPIC_BASE_URL": gateway, "ANTHROPIC_AUTH_TOKEN": "", "ANTHROPIC_API_KEY": ""}
    before = b""
    if way == "helper":
        command = helper(clients.home, token)
        before = write(settings, json.dumps({"apiKeyHelper": command, "env": variables}))
    elif way == "file":
        before = write(settings, json.dumps({"env": {**variables, "ANTHROPIC_AUTH_TOKEN": token}}))
    else:
        environment = {**variables, "ANTHROPIC_AUTH_TOKEN": token}
    run = clients.run("claude-code", PROMPT, env=environment)
    assert (run.stdout.strip(), run.code) == (ANSWER, 0), run.stderr
    assert {request.path for request in run.asked()} == {"/api/v2/aibridge/anthropic/v1/messages?beta=true"}
    assert {request.headers.get("authorization") for request in run.asked()} == {f"Bearer {token}"}
    assert run.outside == ()
    if before:
        assert settings.read_bytes() == before


@pytest.mark.parametrize("way", ["helper", "file", "env"])
def test_openai_terminal_client_answers(clients: Clients, way: str) -> None:
    """Codex takes the token from an auth command, its configuration file or the environment."""
    token, environment = clients.deployment.tokens.issue().text, {}
    if way == "helper":
        credential = f"[model_providers.coder.auth]\ncommand = {json.dumps(helper(clients.home, token))}\n"
    elif way == "file":
        credential = f'experimental_bearer_token = "{token}"\n'
    else:
        credential, environment = f'env_key = "{VARIABLE}"\n', {VARIABLE: token}
    settings = clients.home / ".codex/config.toml"
    before = write(settings, provider_table(clients) + credential)
    run = clients.run("codex", PROMPT, env=environment)
    assert (run.stdout.strip(), run.code) == (ANSWER, 0), run.stderr
    assert {request.path for request in run.asked()} == {"/api/v2/aibridge/openai/v1/responses"}
    assert {request.headers.get("authorization") for request in run.requests} == {f"Bearer {token}"}
    assert settings.read_bytes() == before


def test_older_openai_terminal_client_ignores_the_auth_command(clients: Clients) -> None:
    """Codex before 0.118.0 sends no token when all it has is an auth command, and says nothing about it."""
    command = helper(clients.home, clients.deployment.tokens.issue().text)
    credential = f"[model_providers.coder.auth]\ncommand = {json.dumps(command)}\n"
    write(clients.home / ".codex/config.toml", provider_table(clients) + credential)
    run = clients.run("codex-before-auth", PROMPT)
    assert run.code == 1
    assert {(request.headers.get("authorization"), request.status) for request in run.asked()} == {(None, 400)}


@pytest.mark.parametrize(
    ("model", "path"),
    [("anthropic/claude-sonnet-4-5", "anthropic/v1/messages"), ("openai/gpt-5.4", "openai/v1/responses")],
)
@pytest.mark.parametrize("way", ["reference", "file", "env"])
def test_client_of_both_wires_answers(clients: Clients, way: str, model: str, path: str) -> None:
    """OpenCode takes the token from a file it names, its configuration file or the environment, on both wires."""
    token, environment, key = clients.deployment.tokens.issue().text, {}, ""
    if way == "reference":
        write(clients.home / "token", token)
        key = "{file:~/token}"
    elif way == "file":
        key = token
    else:
        key, environment = f"{{env:{VARIABLE}}}", {VARIABLE: token}
    gateway = f"{clients.deployment.url}/api/v2/aibridge"
    providers = {
        wire: {"options": {"baseURL": f"{gateway}/{wire}/v1", "apiKey": key}} for wire in ("anthropic", "openai")
    }
    settings = clients.home / ".config/opencode/opencode.json"
    schema = "https://opencode.ai/config.json"
    before = write(settings, json.dumps({"$schema": schema, "provider": providers, "disabled_providers": ["opencode"]}))
    run = clients.run("opencode", PROMPT, "-m", model, env=environment)
    assert run.code == 0, run.stderr
    assert ANSWER in run.stdout
    assert {request.path for request in run.asked()} == {f"/api/v2/aibridge/{path}"}
    sent = {request.headers.get("x-api-key") or request.headers.get("authorization") for request in run.asked()}
    assert sent <= {token, f"Bearer {token}"}
    assert len(sent) == 1
    assert settings.read_bytes() == before


def test_client_of_both_wires_answers_through_chat_completions(clients: Clients) -> None:
    """OpenCode's OpenAI-compatible provider speaks Chat Completions to the deployment."""
    token, gateway = clients.deployment.tokens.issue().text, f"{clients.deployment.url}/api/v2/ai-gateway/openai/v1"
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "options": {"baseURL": gateway, "apiKey": token},
        "models": {"any": {}},
    }
    write(clients.home / ".config/opencode/opencode.json", json.dumps({"provider": {"coder": provider}}))
    run = clients.run("opencode", PROMPT, "-m", "coder/any")
    assert ANSWER in run.stdout, run.stderr
    assert {request.path for request in run.asked()} == {"/api/v2/ai-gateway/openai/v1/chat/completions"}


def test_client_of_both_wires_adds_its_schema_to_a_file_without_one(clients: Clients) -> None:
    """OpenCode rewrites a configuration file that names no schema, and leaves one that does."""
    settings = clients.home / ".config/opencode/opencode.json"
    before = write(settings, '{"disabled_providers": ["opencode"]}')
    clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4")
    after = settings.read_bytes()
    assert after != before
    assert json.loads(after) == {"$schema": "https://opencode.ai/config.json", "disabled_providers": ["opencode"]}
    clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4")
    assert settings.read_bytes() == after


def test_token_rejected_by_the_deployment_is_reported(clients: Clients) -> None:
    """A token that is no longer accepted ends each client with an error, and gets the gateway's 403."""
    token = clients.deployment.tokens.issue()
    clients.deployment.tokens.revoke(token.id)
    gateway = f"{clients.deployment.url}/api/v2/aibridge/anthropic"
    run = clients.run("claude-code", PROMPT, env={"ANTHROPIC_BASE_URL": gateway, "ANTHROPIC_AUTH_TOKEN": token.text})
    assert run.code != 0
    assert {request.status for request in run.asked()} == {403}


def provider_table(clients: Clients) -> str:
    """Return the start of a Codex configuration that asks once and ends inside our provider's table."""
    return (
        'model_provider = "coder"\n\n[model_providers.coder]\nname = "Coder"\n'
        f'base_url = "{clients.deployment.url}/api/v2/aibridge/openai/v1"\nwire_api = "responses"\n'
        f"request_max_retries = 0\nstream_max_retries = 0{os.linesep}"
    )
