"""What Kilo's profile rests on and no configured run shows."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

PROMPT = "Say hello"
OPENAI = ("-m", "openai/gpt-5.4")
CONFIGURATION = ".config/kilo/kilo.jsonc"


def examined(aibridge: Aibridge) -> list[dict[str, Any]]:
    """Return what `doctor` finds."""
    done = subprocess.run(
        [aibridge.program, "doctor", "kilo", "--json"],
        env=aibridge.clients.environment,
        cwd=aibridge.clients.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return list(json.loads(done.stdout)["data"]["findings"])


def test_a_chatgpt_sign_in_passes_the_deployment_by(clients: Clients, aibridge: Aibridge) -> None:
    """With such a sign-in the provider goes to OpenAI, whatever its address and key; `doctor` says so."""
    token = aibridge.sign_in()
    aibridge("configure", "kilo", "--yes")
    login = clients.home / ".local/share/kilo/auth.json"
    login.parent.mkdir(parents=True)
    sign_in = {"type": "oauth", "access": "own-access", "refresh": "own-refresh", "expires": 4102444800000}
    login.write_text(json.dumps({"openai": sign_in}), encoding="utf-8")
    run = clients.run("kilo", PROMPT, *OPENAI, until=lambda: "chatgpt.com:443" in clients.proxy.targets)
    assert run.asked() == []
    assert "chatgpt.com:443" in run.outside
    assert not [head for head in clients.proxy.heads if token in head]
    (address,) = [each for each in examined(aibridge) if each["check"] == "client.url" and each["level"] == "problem"]
    assert "with the ChatGPT sign-in" in address["found"]


def test_a_file_of_ours_that_is_missing_stops_it(clients: Clients, aibridge: Aibridge) -> None:
    """Kilo does not start without the file that it is referred to: so `unconfigure` takes the reference out first."""
    aibridge.sign_in()
    aibridge("configure", "kilo", "--yes")
    (kept,) = (clients.home / ".local/state/aibridge/tokens").iterdir()
    kept.unlink()
    run = clients.run("kilo", PROMPT, *OPENAI)
    assert run.code != 0
    assert run.asked() == []
    assert str(kept) in run.stdout + run.stderr
    aibridge("configure", "kilo", "--yes")
    assert "Hello from the loopback deployment" in clients.run("kilo", PROMPT, *OPENAI).stdout


def test_a_variable_that_is_not_set_is_an_empty_key(clients: Clients, aibridge: Aibridge) -> None:
    """By the way `env` without the variable nothing of anybody's is sent as a key."""
    aibridge.sign_in()
    aibridge("configure", "kilo", "--credential", "env", "--yes")
    run = clients.run("kilo", PROMPT, *OPENAI, env={"OPENAI_API_KEY": "sk-openai-personal-0000000000"})
    assert {request.headers.get("authorization", "").strip() for request in run.asked()} <= {"", "Bearer"}
    assert "api.openai.com:443" not in run.outside


def test_another_file_of_the_folder_wins(clients: Clients, aibridge: Aibridge) -> None:
    """Settings in `opencode.json` of its folder win over `kilo.jsonc`, which `doctor` notices."""
    aibridge.sign_in()
    other = clients.home / ".config/kilo/opencode.json"
    other.parent.mkdir(parents=True)
    elsewhere = f"{clients.deployment.url}/elsewhere"
    other.write_text(json.dumps({"provider": {"openai": {"options": {"baseURL": elsewhere}}}}), encoding="utf-8")
    aibridge("configure", "kilo", "--yes")
    run = clients.run("kilo", PROMPT, *OPENAI, until=lambda: bool(clients.arrived()))
    assert {request.path for request in run.asked()} == {"/elsewhere/responses"}
    (address,) = [each for each in examined(aibridge) if each["check"] == "client.url" and each["level"] == "problem"]
    assert f"{elsewhere}`, by `provider.openai.options.baseURL` in `{other}`" in address["found"]
