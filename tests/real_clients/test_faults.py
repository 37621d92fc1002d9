"""Faults in a client's file, and what each costs: why the profiles write, take out and refuse what they do."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

PROMPT = "Say hello"
ANSWER = "Hello from the loopback deployment"
CLAUDE, CODEX = ".claude/settings.json", ".codex/config.toml"
OPENCODE_MODEL = ("-m", "openai/gpt-5.4")


@pytest.mark.parametrize("fault", ["// mine\n", '"model": 5,\n'], ids=["a remark", "a value of another type"])
def test_claude_code_drops_a_file_with_a_fault(clients: Clients, aibridge: Aibridge, fault: str) -> None:
    """One remark, or one value of a wrong type, and address and key are gone: nothing reaches the deployment."""
    aibridge.sign_in()
    aibridge("configure", "claude-code", "--yes")
    path = clients.home / CLAUDE
    path.write_text(path.read_text(encoding="utf-8").replace("{", f"{{\n{fault}", 1), encoding="utf-8")
    run = clients.run("claude-code", PROMPT)
    assert (run.code != 0, run.asked()) == (True, [])


def test_claude_code_takes_its_file_before_the_shell(clients: Clients, aibridge: Aibridge) -> None:
    """Its file wins over the shell's variables, so `aibridge env` alone cannot send a configured client elsewhere."""
    token = aibridge.sign_in()
    aibridge("configure", "claude-code", "--credential", "file", "--yes")
    shell = {"ANTHROPIC_BASE_URL": "https://elsewhere.example.com", "ANTHROPIC_AUTH_TOKEN": "stale-0000000000"}
    run = clients.run("claude-code", PROMPT, env=shell)
    assert ANSWER in run.stdout, run.stderr
    assert {request.headers["authorization"] for request in run.asked()} == {f"Bearer {token}"}


@pytest.mark.parametrize(
    "line", ['env_key = "OPENAI_API_KEY"', 'experimental_bearer_token = "x"', "requires_openai_auth = true"]
)
def test_codex_does_not_start_with_two_ways_to_a_key(clients: Clients, aibridge: Aibridge, line: str) -> None:
    """Beside the command that prints the key nothing else may stand: `configure` takes it out, and brings it back."""
    table = f'[model_providers.aibridge]\nname = "mine"\nbase_url = "http://localhost/v1"\n{line}\n'
    path = clients.home / CODEX
    path.parent.mkdir()
    path.write_text(table, encoding="utf-8")
    aibridge.sign_in()
    aibridge("configure", "codex", "--yes")
    assert line.partition(" ")[0] not in tomllib.loads(path.read_text(encoding="utf-8"))["model_providers"]["aibridge"]
    assert ANSWER in clients.run("codex", PROMPT).stdout
    path.write_text(
        path.read_text(encoding="utf-8").replace("[model_providers.aibridge]", f"[model_providers.aibridge]\n{line}"),
        encoding="utf-8",
    )
    run = clients.run("codex", PROMPT)
    assert (run.code != 0, run.asked()) == (True, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('model_provider = "aibridge"', 'model_provider = "absent"'),
        ('wire_api = "responses"', 'wire_api = "chat"'),
        ("[model_providers.aibridge]", "[model_providers.openai]"),
    ],
    ids=["a provider that is not there", "a protocol of the past", "a name that is the client's own"],
)
def test_codex_does_not_start_with_a_fault(clients: Clients, aibridge: Aibridge, before: str, after: str) -> None:
    """What it does not know stops it, with an error and no request."""
    aibridge.sign_in()
    aibridge("configure", "codex", "--yes")
    path = clients.home / CODEX
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    run = clients.run("codex", PROMPT)
    assert (run.code != 0, run.asked()) == (True, [])


def test_opencode_does_not_start_without_the_file_of_ours(clients: Clients, aibridge: Aibridge) -> None:
    """A reference to a file that is not there stops it, and configuring again makes the file anew."""
    aibridge.sign_in()
    aibridge("configure", "opencode", "--yes")
    (kept,) = (clients.home / ".local/state/aibridge/tokens").iterdir()
    kept.unlink()
    run = clients.run("opencode", PROMPT, *OPENCODE_MODEL)
    assert (run.code != 0, run.asked()) == (True, [])
    aibridge("configure", "opencode", "--yes")
    assert ANSWER in clients.run("opencode", PROMPT, *OPENCODE_MODEL).stdout


def test_opencode_sends_an_empty_key_without_its_variable(clients: Clients, aibridge: Aibridge) -> None:
    """By the way `env` without the variable the key is empty, and a personal one of the shell is not taken instead."""
    aibridge.sign_in()
    aibridge("configure", "opencode", "--credential", "env", "--yes")
    shell = {"OPENAI_API_KEY": "sk-openai-personal-0000000000"}
    run = clients.run("opencode", PROMPT, *OPENCODE_MODEL, env=shell, until=lambda: bool(clients.arrived()))
    assert {request.headers.get("authorization", "").strip() for request in run.asked()} <= {"", "Bearer"}


def test_opencode_passes_the_deployment_by_with_a_chatgpt_sign_in(clients: Clients, aibridge: Aibridge) -> None:
    """With such a sign-in its OpenAI provider goes to OpenAI, whatever its file says."""
    token = aibridge.sign_in()
    aibridge("configure", "opencode", "--yes")
    login = clients.home / ".local/share/opencode/auth.json"
    login.parent.mkdir(parents=True)
    sign_in = {"type": "oauth", "access": "own-access", "refresh": "own-refresh", "expires": 4102444800000}
    login.write_text(json.dumps({"openai": sign_in}), encoding="utf-8")
    run = clients.run("opencode", PROMPT, *OPENCODE_MODEL, until=lambda: "chatgpt.com:443" in clients.proxy.targets)
    assert run.asked() == []
    assert not [head for head in clients.proxy.heads if token in head]
