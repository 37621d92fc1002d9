"""The real clients in a shell that has the generic variables of `aibridge env`, and no configuration of ours.

Each profile says what its client makes of them: it works, ignores them, breaks, or leaks the token to its vendor.
Here the client is run, not configured, and what it sent to the deployment and wanted to send elsewhere is read.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.cases import FILES
from tests.real_clients.conftest import Aibridge, Clients
from tests.real_clients.outside import holds
from tests.real_clients.python_clients import COMMANDS, PythonClients
from tests.real_clients.test_configured import ANSWER, PROMPT, credentials

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment
    from tests.real_clients.conftest import Run
    from tests.real_clients.proxy import RefusingProxy

pytestmark = pytest.mark.real_client

CLAUDE, GPT = "claude-sonnet-4-5", "gpt-5.4"
SECONDS = 60


class Probe(NamedTuple):
    """A question to a client that nobody configured.

    Args:
        client: The client.
        arguments: How it is asked, by its own names for models.
        verdict: What it then makes of the variables.
        key: Whether `ANTHROPIC_API_KEY` is among them, as by `aibridge env --anthropic-api-key`.
    """

    client: str
    arguments: tuple[str, ...]
    verdict: str
    key: bool = False


NPM = [
    Probe("aicommits", (), "ignored"),
    Probe("claude-code", (), "works"),
    Probe("cline", ("-P", "openai-native", "-m", GPT), "leaks"),
    Probe("codex", (), "ignored"),
    Probe("continue-cli", (), "leaks", key=True),
    Probe("copilot", ("--model", CLAUDE, "-p"), "ignored"),
    Probe("droid", ("-m", GPT), "ignored"),
    Probe("goose", ("--provider", "anthropic", "--model", CLAUDE, "-t"), "works", key=True),
    Probe("kilo", ("-m", f"anthropic/{CLAUDE}"), "breaks", key=True),
    Probe("nanocoder", ("--model", GPT, "run"), "ignored"),
    Probe("opencode", ("-m", f"openai/{GPT}"), "works"),
    Probe("opencode", ("-m", f"anthropic/{CLAUDE}"), "breaks", key=True),
    Probe("opencommit", (), "ignored"),
    Probe("oracle", (), "works"),
    # its command ends with the option for the question; the last one counts
    Probe("oracle", ("passed over", "-m", "claude-4.5-sonnet", "-p"), "breaks", key=True),
    Probe("pi", ("--model", f"openai/{GPT}", "-p"), "leaks"),
    Probe("qwen-code", ("-m", GPT, "-p"), "ignored"),
]
PYPI = [
    Probe("aider", ("--model", f"openai/{GPT}", "--message"), "works"),
    Probe("clai", ("-m", f"openai:{GPT}"), "works"),
    Probe("deepagents-code", ("-M", f"openai:{GPT}", "-n"), "works"),
    Probe("gptme", ("-m", f"openai/{GPT}"), "works"),
    Probe("hermes-agent", ("-m", GPT, "-z"), "ignored"),
    Probe("langchain", (f"openai:{GPT}",), "works"),
    Probe("litellm", (f"openai/{GPT}",), "works"),
    Probe("llm", ("-m", GPT), "works"),
    Probe("mini-swe-agent", ("-m", f"openai/{GPT}", "-t"), "works"),
    Probe("mistral-vibe", ("vibe", "--max-turns=1", "-p"), "ignored"),
    Probe("openai-agents", (GPT,), "works"),
    Probe("openhands", ("openhands", "--headless", "-t"), "ignored"),
    Probe("shell-gpt", ("--model", GPT), "works"),
]
WORST = ("leaks", "breaks", "works", "ignored")


def named(probe: Probe) -> str:
    return "-".join([probe.client, *(word for word in probe.arguments if not word.startswith("-"))])


def test_every_verdict_is_proven() -> None:
    """The worst of what a client's probes show is the verdict of its profile, for each client that is run here."""
    for client in {*FILES, *COMMANDS}:
        shown = {probe.verdict for probe in NPM + PYPI if probe.client == client}
        generic = Catalogue([shipped_folder()]).load(client).generic_env
        assert generic is not None, client
        assert generic.verdict == next(verdict for verdict in WORST if verdict in shown), client


@pytest.mark.parametrize("probe", NPM, ids=named)
def test_a_client_from_npm(probe: Probe, clients: Clients) -> None:
    """It makes of the variables what its profile says."""
    assert_verdict(probe, clients)


@pytest.mark.parametrize("probe", PYPI, ids=named)
def test_a_client_from_pypi(probe: Probe, home: Path, deployment: Deployment, proxy: RefusingProxy) -> None:
    """It makes of the variables what its profile says."""
    assert_verdict(probe, PythonClients("", home, deployment, proxy))


def assert_verdict(probe: Probe, clients: Clients) -> None:
    """Run a client with the variables alone, and fail unless it does with them what is expected."""
    aibridge = Aibridge(clients)
    token = aibridge.sign_in()
    shell = aibridge.evaluated("", {}, *(["--anthropic-api-key"] if probe.key else []))
    assert token in shell["OPENAI_API_KEY"]

    def leaked() -> bool:
        return any(holds(each.content or b"", token) for each in clients.proxy.sent)  # type: ignore[attr-defined]

    end = time.monotonic() + SECONDS
    run = clients.run(
        probe.client, PROMPT, *probe.arguments, env=shell, until=lambda: leaked() or time.monotonic() > end
    )

    assert verdict(run, token) == probe.verdict, told(run, token)


def verdict(run: Run, token: str) -> str:
    """Return what a client made of the variables."""
    if any(holds(each.content or b"", token) for each in run.sent):
        return "leaks"
    ours = [request for request in run.asked() if token in credentials(request)]
    if not ours:
        return "ignored"
    return "works" if ANSWER in run.stdout and {request.status for request in ours} == {200} else "breaks"


def told(run: Run, token: str) -> str:
    """Return what there is to know about a run."""
    requests = [f"{each.method} {each.path} {each.status} {token in credentials(each)}" for each in run.requests]
    sent = [f"{each.target}: {(each.content or b'nothing').splitlines()[:1]}" for each in run.sent]
    return "\n".join([*requests, *sent, *map(str, run.outside), f"exit code {run.code}", run.stdout, run.stderr])
