"""What Droid's profile rests on and no configured run shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.real_clients.conftest import Aibridge, Clients, Run

pytestmark = pytest.mark.real_client

ANSWER = "Hello from the loopback deployment"
SETTINGS = ".factory/settings.json"


def ask(clients: Clients, **variables: str) -> Run:
    """Ask the deployment's OpenAI model."""
    return clients.run("droid", "Say hello", "-m", "custom:coder-openai", env=variables)


def write(clients: Clients, name: str, text: str) -> None:
    """Write one of its files."""
    path = clients.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "before",
    [
        '{"customModels": [{"model": "x", "baseUrl": "http://localhost/v1", "apiKey": "x", "provider": "coder"}]}',
        '{"theme": "dark", }',
    ],
    ids=["an item with a provider that it does not know", "a comma before a closing brace"],
)
def test_a_fault_in_the_file_loses_all_of_it(clients: Clients, aibridge: Aibridge, before: str) -> None:
    """A fault of the user's costs our models as well: the client passes the whole file over. Ours has none."""
    write(clients, SETTINGS, before)
    aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "file", "--yes")
    run = ask(clients)
    assert (run.code != 0, run.asked()) == (True, [])


OWN_MODEL = {
    "id": "custom:mine",
    "model": "mine",
    "baseUrl": "http://localhost/v1",
    "apiKey": "x",
    "provider": "generic-chat-completion-api",
}


def test_the_list_of_the_second_file_takes_the_place_of_ours(clients: Clients, aibridge: Aibridge) -> None:
    """Lists are not put together: one in `settings.local.json` has the place of ours, as `explain` warns."""
    write(clients, ".factory/settings.local.json", json.dumps({"customModels": [OWN_MODEL]}))
    aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "file", "--yes")
    run = ask(clients)
    assert run.asked() == []
    assert "custom:mine" in run.stdout + run.stderr
    assert str(clients.home / ".factory/settings.local.json") in aibridge("explain", "droid", "--json")


def test_the_list_of_a_project_stands_beside_ours(clients: Clients, aibridge: Aibridge) -> None:
    """A project that has models of its own takes none of ours away."""
    write(clients, "project/.factory/settings.json", json.dumps({"customModels": [OWN_MODEL]}))
    aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "file", "--yes")
    assert ANSWER in ask(clients).stdout


def test_a_variable_that_is_not_set(clients: Clients, aibridge: Aibridge) -> None:
    """Without its variable the client sends the reference itself as the key, and nobody's own."""
    aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "env", "--yes")
    run = clients.run(
        "droid",
        "Say hello",
        "-m",
        "custom:coder-openai",
        env={"OPENAI_API_KEY": "sk-openai-personal-0000000000"},
        until=lambda: bool(clients.arrived()),
    )
    assert {request.headers["authorization"] for request in run.asked()} == {"Bearer ${CODER_AI_BRIDGE_TOKEN}"}


def test_without_a_model_of_the_deployment_it_asks_to_sign_in(clients: Clients, aibridge: Aibridge) -> None:
    """Its maker's models stay the default until one is named: then nothing is asked of the deployment."""
    token = aibridge.sign_in()
    aibridge("configure", "droid", "--credential", "file", "--yes")
    run = clients.run("droid", "Say hello", until=lambda: bool(clients.proxy.targets) and not clients.arrived())
    assert run.asked() == []
    assert not [head for head in clients.proxy.heads if token in head]
