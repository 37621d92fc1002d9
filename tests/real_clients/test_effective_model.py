"""The resolver against the real client: which of all the places that name a model decides."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.diagnosis.effective import effective
from aibridge_cli.diagnosis.reading import Disk
from aibridge_cli.facts import Facts
from tests.real_clients.conftest import Runner
from tests.real_clients.proxy import RefusingProxy
from tests.real_clients.recorder import RecordingServer

pytestmark = pytest.mark.real_client

SETTINGS, LOCAL, PROJECT = (
    ".claude/settings.json",
    "project/.claude/settings.local.json",
    "project/.claude/settings.json",
)
PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SETTINGS, ("model",)),
    (SETTINGS, ("env", "ANTHROPIC_MODEL")),
    (PROJECT, ("model",)),
    (LOCAL, ("env", "ANTHROPIC_MODEL")),
    ("", ("ANTHROPIC_MODEL",)),
)
"""Where a model can be named: a file and the key in it, or the environment."""


def combinations() -> list[tuple[str, ...]]:
    """Return every way in which each place names a model or not, and those in which one is empty."""
    named = list(itertools.product(("absent", "named"), repeat=len(PLACES)))
    emptied = [
        tuple("empty" if at == place else "named" for at in range(len(PLACES)))
        for place, (_, key) in enumerate(PLACES)
        if key[-1] != "model"
    ]
    return named + emptied


def row(folder: Path, states: tuple[str, ...], clients_folder: str) -> tuple[str, str]:
    """Return the model that the resolver says and the one that the client asked for; "" is the client's own choice."""
    home = folder / "home"
    (home / "project/.claude").mkdir(parents=True)
    (home / "project/.git").mkdir()
    with RecordingServer() as recorder, RefusingProxy() as proxy:
        documents: dict[str, Any] = {
            SETTINGS: {"env": {"ANTHROPIC_BASE_URL": recorder.url, "ANTHROPIC_AUTH_TOKEN": "made-up"}}
        }
        variables = {}
        for number, ((file, key), state) in enumerate(zip(PLACES, states, strict=True)):
            value = "" if state == "empty" else f"made-up-{number}"
            if state != "absent" and not file:
                variables[key[0]] = value
            elif state != "absent":
                document = documents.setdefault(file, {})
                for word in key[:-1]:
                    document = document.setdefault(word, {})
                document[key[-1]] = value
        for file, document in documents.items():
            (home / file).parent.mkdir(parents=True, exist_ok=True)
            (home / file).write_text(json.dumps(document), encoding="utf-8")
        clients = Runner(clients_folder, home, lambda: recorder.requests, proxy)
        profile = Catalogue([shipped_folder()]).load("claude-code")
        environ = {**clients.environment, **variables}
        facts = Facts(environ=environ, platform="linux", home=str(home), cwd=str(home / "project"))
        (outcome,) = effective(profile, facts, Disk()).outcomes
        run = clients.run("claude-code", "Say hello", env=variables)
        asked = {each.body["model"] for each in run.asked() if each.path.partition("?")[0] == "/v1/messages"}
        own = {model for model in asked if not model.startswith("made-up")}
        assert asked, run.stderr
        return outcome.models[0].text.reveal() if outcome.models else "", " ".join(sorted(asked - own))


def test_the_model_that_is_asked_for(clients_folder: str, tmp_path: Path) -> None:
    """In every combination of the places that name a model, the client asks for the one that the resolver says."""
    every = combinations()
    with ThreadPoolExecutor(2) as pool:
        rows = list(
            pool.map(lambda numbered: row(tmp_path / str(numbered[0]), numbered[1], clients_folder), enumerate(every))
        )
    assert {states: both for states, both in zip(every, rows, strict=True) if both[0] != both[1]} == {}
    assert {said for said, _ in rows} == {"", *(f"made-up-{number}" for number in range(len(PLACES)))}
