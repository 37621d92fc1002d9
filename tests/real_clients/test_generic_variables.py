"""What clients that were not configured do with all the variables of `aibridge env`: as their profiles say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real_clients.conftest import Aibridge, Clients, Run

pytestmark = pytest.mark.real_client

ANTHROPIC, OPENAI = "api.anthropic.com:443", "api.openai.com:443"
CLAUDE, GPT = "claude-sonnet-4-5", "gpt-5.4"
SECONDS_OF_NOTHING = 90.0  # one waits half a minute for its maker
# how each is asked by one protocol, and the vendor of that protocol
CASES = [
    ("claude-code", (), ANTHROPIC),
    ("cline", ("-P", "anthropic"), ANTHROPIC),
    ("cline", ("-P", "openai-native"), OPENAI),
    ("codex", (), OPENAI),
    ("copilot", ("--model", CLAUDE, "-p"), ANTHROPIC),
    ("droid", (), ANTHROPIC),
    ("goose", ("--provider", "anthropic", "--model", CLAUDE, "-t"), ANTHROPIC),
    ("kilo", ("-m", f"anthropic/{CLAUDE}"), ANTHROPIC),
    ("nanocoder", ("run",), OPENAI),
    ("opencode", ("-m", f"anthropic/{CLAUDE}"), ANTHROPIC),
    ("pi", ("--provider", "anthropic", "--model", CLAUDE, "-p"), ANTHROPIC),
    ("pi", ("--provider", "openai", "--model", GPT, "-p"), OPENAI),
    ("qwen-code", ("-p",), OPENAI),
]


def enough(clients: Clients, vendor: str) -> Callable[[], bool]:
    """Return what tells that the client has shown where it goes, or that it goes nowhere."""
    start = time.monotonic()
    return lambda: (
        bool(clients.arrived()) or vendor in clients.proxy.targets or time.monotonic() - start > SECONDS_OF_NOTHING
    )


def verdict(run: Run, vendor: str) -> str:
    """Return the word that a profile would have for what was seen."""
    if vendor in run.outside:
        return "leaks"
    if not run.asked():
        return "ignored"
    return "breaks" if {request.status for request in run.asked()} == {404} else "works"


@pytest.mark.parametrize(("client", "arguments", "vendor"), CASES)
def test_the_verdict_of_the_profile(
    clients: Clients, aibridge: Aibridge, client: str, arguments: tuple[str, ...], vendor: str
) -> None:
    """A client takes address and key, or the key alone, or the address in another sense, or neither."""
    aibridge.sign_in()
    profile = Catalogue([shipped_folder()]).load(client)
    assert profile.generic_env is not None
    run = clients.run(
        client,
        "Say hello",
        *arguments,
        env=aibridge.evaluated("--anthropic-api-key", {}),
        until=enough(clients, vendor),
    )
    seen, expected = verdict(run, vendor), profile.generic_env.verdict
    # one that ignores them may ask its maker for models or a sign-in, with nothing of ours
    assert seen in ({"ignored", "leaks"} if expected == "ignored" else {expected})
