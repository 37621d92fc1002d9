"""`aibridge run` with the real clients: settings that would win are beaten, and nothing is written."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.cases import HOSTILE
from tests.real_clients.test_configured import ANSWER, PROMPT, assert_answered, mentions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

ELSEWHERE = "https://elsewhere.example.com"
# Settings by which each client would go elsewhere with somebody's key.
RIVALS = {
    "claude-code": (
        ".claude/settings.json",
        json.dumps(
            {
                "apiKeyHelper": "echo stale-helper-0000000000",
                "env": {
                    "ANTHROPIC_BASE_URL": f"{ELSEWHERE}/anthropic",
                    "ANTHROPIC_AUTH_TOKEN": "stale-anthropic-0000000000",
                    "ANTHROPIC_API_KEY": "sk-ant-personal-0000000000",
                    "CLAUDE_CODE_USE_BEDROCK": "1",
                },
            }
        ),
    ),
    "codex": (
        ".codex/config.toml",
        (
            'model_provider = "aibridge"\n[model_providers.aibridge]\nname = "Mine"\n'
            f'base_url = "{ELSEWHERE}/openai/v1"\nwire_api = "responses"\n'
            'experimental_bearer_token = "stale-codex-0000000000"\n'
        ),
    ),
    "kilo": (
        ".config/kilo/kilo.jsonc",
        json.dumps(
            {
                "$schema": "https://app.kilo.ai/config.json",  # else the client adds it, and the permission
                "permission": {"bash": "allow"},
                "enabled_providers": ["kilo"],
                "provider": {"anthropic": {"options": {"baseURL": ELSEWHERE, "apiKey": "sk-ant-personal-0000000000"}}},
            }
        ),
    ),
    "opencode": (
        ".config/opencode/opencode.json",
        json.dumps(
            {
                "$schema": "https://opencode.ai/config.json",  # else the client adds it
                "enabled_providers": ["google"],
                "disabled_providers": ["anthropic"],
                "provider": {
                    "anthropic": {
                        "options": {"baseURL": f"{ELSEWHERE}/anthropic/v1", "apiKey": "sk-ant-personal-0000000000"}
                    }
                },
            }
        ),
    ),
}
# Where Codex writes down what its shell exports; when it ends before it is through with that, it leaves it there.
SNAPSHOTS = "/.codex/shell_snapshots/"
CASES = [
    ("claude-code", (), "/anthropic/v1/messages?beta=true"),
    ("codex", (), "/openai/v1/responses"),
    ("copilot", ("--model", "claude-sonnet-4-5", "-p"), "/anthropic/v1/messages"),
    ("kilo", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
    ("opencode", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
]
each_case = pytest.mark.parametrize(("client", "arguments", "path"), CASES)


@each_case
def test_an_empty_home(
    clients: Clients, aibridge: Aibridge, client: str, arguments: tuple[str, ...], path: str
) -> None:
    """One session answers through the deployment, and the token is nowhere afterwards."""
    token = aibridge.sign_in()

    run = clients.run(client, PROMPT, *arguments, env=HOSTILE, through=(aibridge.program, "run", client, "--"))

    assert_answered(run, token, path)
    assert [path for path in mentions(clients.home, token) if SNAPSHOTS not in path] == []
    assert not (clients.home / ".local/state/aibridge").exists()


@each_case
def test_settings_that_would_win(
    clients: Clients, aibridge: Aibridge, client: str, arguments: tuple[str, ...], path: str
) -> None:
    """The user's own settings name another address and key: this session goes to the deployment all the same."""
    token = aibridge.sign_in()
    name, text = RIVALS.get(client, (".unused", ""))
    (clients.home / name).parent.mkdir(parents=True, exist_ok=True)
    (clients.home / name).write_text(text)

    run = clients.run(client, PROMPT, *arguments, through=(aibridge.program, "run", client, "--"))

    assert_answered(run, token, path)
    assert (clients.home / name).read_text() == text


@pytest.mark.parametrize("client", ["droid", "qwen-code"])
def test_a_client_that_needs_its_file(clients: Clients, aibridge: Aibridge, client: str) -> None:
    """Where variables alone would leave the client at its vendor, it is not started."""
    aibridge.sign_in()

    run = clients.run(client, PROMPT, through=(aibridge.program, "run", client, "--"))

    assert (run.code, run.requests, run.outside) == (2, (), ())
    assert "takes the address from its file alone" in run.stderr


def test_a_configured_client_that_needs_its_file(clients: Clients, aibridge: Aibridge) -> None:
    """With the address in its file the client is started with the variables."""
    token = aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "env", "--yes")

    arguments = ("-m", "custom:coder-anthropic")
    run = clients.run("droid", PROMPT, *arguments, env=HOSTILE, through=(aibridge.program, "run", "droid", "--"))

    assert_answered(run, token, "/anthropic/v1/messages")


@pytest.mark.parametrize(("client", "number"), [("claude-code", signal.SIGTERM), ("opencode", signal.SIGINT)])
def test_signals(clients: Clients, aibridge: Aibridge, client: str, number: signal.Signals) -> None:
    """A signal reaches the client itself, which has our process id, and its end is ours."""
    aibridge.sign_in()
    (clients.home / "project").mkdir()
    with subprocess.Popen(
        [aibridge.program, "run", client],
        cwd=clients.home / "project",
        env=clients.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _wait_until(lambda: b"aibridge" not in _command_line(process.pid).split(b"\0")[1:2])
            for _ in range(9):  # a client that is still starting may miss one, as it would at a terminal
                process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                    break
            assert process.returncode not in (None, 0)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_the_whole_screen(clients: Clients, aibridge: Aibridge, tmp_path: Path) -> None:
    """A client that takes the whole terminal draws in it, gets the keys, and gives the terminal back at the end."""
    aibridge.sign_in()
    tmux = shutil.which("tmux")
    assert tmux, "`tmux` is missing: tests/real_shells/install.sh installs it"
    (clients.home / "project").mkdir()
    server = [tmux, "-S", str(tmp_path / "tmux.sock"), "-f", "/dev/null"]
    inner = f"{shlex.quote(aibridge.program)} run opencode -- -m anthropic/claude-sonnet-4-5; echo ended with $?; cat"
    environ = {**clients.environment, "TERM": "xterm-256color", "SHELL": "/bin/sh"}

    def tell(*words: str) -> str:
        done = subprocess.run([*server, *words], env=environ, capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    def shown(text: str) -> bool:
        return text in tell("capture-pane", "-p")

    subprocess.run(
        [*server, "new-session", "-d", "-x", "120", "-y", "40", "-c", str(clients.home / "project"), inner],
        env=environ,
        timeout=30,
        check=True,
    )
    try:
        _wait_until(lambda: shown("Ask anything"))
        tell("send-keys", "-l", PROMPT)
        _wait_until(lambda: shown(PROMPT))
        tell("send-keys", "Enter")
        _wait_until(lambda: shown(ANSWER))
        tell("send-keys", "C-c")
        _wait_until(lambda: shown("ended with 0"))
    finally:
        subprocess.run([*server, "kill-server"], env=environ, capture_output=True, timeout=30, check=False)


def _command_line(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.2)
