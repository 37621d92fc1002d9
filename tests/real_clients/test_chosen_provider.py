"""A client with a choice of providers: what the real one does with a choice of before us, and what doctor says."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.real_clients.cases import HOSTILE
from tests.real_clients.conftest import COMMANDS, SECONDS
from tests.real_clients.test_configured import PROMPT, assert_answered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

CONFIG = ".config/goose/config.yaml"
CHOSEN = "# mine\nGOOSE_PROVIDER: anthropic\nGOOSE_MODEL: claude-sonnet-4-5\n"
MODEL = ("--model", "anthropic=claude-sonnet-4-5")
VENDOR = "api.anthropic.com:443"


def choose(clients: Clients) -> None:
    """Choose Anthropic's own provider, as people had before us."""
    file = clients.home / CONFIG
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(CHOSEN, encoding="utf-8")


def told(aibridge: Aibridge, environ: Mapping[str, str]) -> dict[str, Any]:
    """What doctor says about the address in use."""
    done = subprocess.run(
        [aibridge.program, "doctor", "goose", "--json"],
        env={**aibridge.clients.environment, **environ},
        cwd=aibridge.clients.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    findings = json.loads(done.stdout)["data"]["findings"]
    return dict(next(finding for finding in findings if finding["check"] == "client.url"))


def test_a_personal_key_and_a_provider_of_before(clients: Clients, aibridge: Aibridge) -> None:
    """Without a model of ours the earlier provider stays, goes to its maker without our token, and doctor says so."""
    token = aibridge.sign_in()
    choose(clients)
    aibridge("configure", "goose", "--yes")
    shell = aibridge.evaluated("goose", HOSTILE)

    run = clients.run("goose", PROMPT, "-t", env=shell)

    assert run.asked() == []
    assert VENDOR in run.outside
    assert not [head for head in clients.proxy.heads if token in head]
    said = told(aibridge, shell)
    assert (said["level"], "requests go to Anthropic, past the deployment" in said["found"]) == ("problem", True)


def test_a_personal_key_beside_our_provider(clients: Clients, aibridge: Aibridge) -> None:
    """With a model of ours the client starts with our provider, and no other key or address in the shell counts."""
    token = aibridge.sign_in()
    choose(clients)
    aibridge("configure", "goose", *MODEL, "--yes")
    shell = aibridge.evaluated("goose", {**HOSTILE, "ANTHROPIC_HOST": "https://elsewhere.example.com"})

    run = clients.run("goose", PROMPT, "-t", env=shell)

    assert_answered(run, token, "/anthropic/v1/messages")
    assert run.outside == ()
    assert told(aibridge, shell)["level"] == "ok"
    aibridge("unconfigure", "goose", "--yes")
    assert (clients.home / CONFIG).read_text(encoding="utf-8") == CHOSEN


def test_its_own_provider_by_the_generic_variables(clients: Clients, aibridge: Aibridge) -> None:
    """Anthropic's other key comes with the address that this client reads, so the token goes nowhere else."""
    token = aibridge.sign_in()
    choose(clients)
    program = COMMANDS["goose"][0]
    through = (aibridge.program, "run", "--anthropic-api-key", "--", os.path.join(clients.folder, program))

    run = clients.run("goose", PROMPT, "-t", through=through)

    assert_answered(run, token, "/anthropic/v1/messages")
    assert run.outside == ()
