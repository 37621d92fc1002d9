from __future__ import annotations

import os

import pytest

from aibridge_cli import folders
from aibridge_cli.credentials.gateway_settings import USUAL, gateway_of, gateway_settings, remember
from aibridge_cli.errors import FileProblem, UsageError
from tests.conftest import MakeFacts

ORIGIN = "https://coder.example.com"
OTHER = "https://coder.example.org"


def test_a_deployment_is_as_usual_until_something_else_is_said(make_facts: MakeFacts) -> None:
    """Nothing is remembered at first, and nothing needs to be there."""
    facts = make_facts()

    assert gateway_settings(facts, ORIGIN) == USUAL
    assert gateway_of(facts, ORIGIN).anthropic == f"{ORIGIN}/api/v2/aibridge/anthropic"
    assert not os.path.exists(folders.state_folder(facts))


def test_what_differs_is_remembered_for_that_deployment_alone(make_facts: MakeFacts) -> None:
    """Names and path go into a small private file, and count for no other deployment."""
    facts = make_facts()

    remember(facts, ORIGIN, {"anthropic": "bedrock"})
    remember(facts, ORIGIN, {"path": "ai-gateway"})

    assert gateway_of(facts, ORIGIN).anthropic == f"{ORIGIN}/api/v2/ai-gateway/bedrock"
    assert gateway_of(facts, OTHER).anthropic == f"{OTHER}/api/v2/aibridge/anthropic"
    path = folders.gateway_file(facts, ORIGIN)
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(path, encoding="utf-8") as file:
        assert file.read() == "aibridge gateway 1\npath\tai-gateway\nanthropic\tbedrock\n"


def test_the_usual_is_forgotten_again(make_facts: MakeFacts) -> None:
    """Naming what is usual leaves no file behind."""
    facts = make_facts()
    remember(facts, ORIGIN, {"anthropic": "bedrock"})

    remember(facts, ORIGIN, {"anthropic": "anthropic"})

    assert not os.path.exists(folders.gateway_file(facts, ORIGIN))


def test_a_standalone_gateway(make_facts: MakeFacts) -> None:
    """Its address replaces the deployment's and its path."""
    facts = make_facts()
    remember(facts, ORIGIN, {"url": "https://gateway.example.com/llm", "openai": "azure"})

    assert gateway_of(facts, ORIGIN).openai == "https://gateway.example.com/llm/azure/v1"


@pytest.mark.parametrize("text", ["later version 9\nopenai\tx\n", "aibridge gateway 1\nopenai\ta/b\n"])
def test_a_file_that_we_did_not_write_is_named(text: str, make_facts: MakeFacts) -> None:
    """It is not guessed what was meant."""
    facts = make_facts()
    path = folders.gateway_file(facts, ORIGIN)
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)

    with pytest.raises(FileProblem, match="gateways"):
        gateway_settings(facts, ORIGIN)


def test_without_a_home_nothing_is_remembered(make_facts: MakeFacts) -> None:
    """A shell that has only variables is served as usual; a folder that cannot be meant is an error."""
    assert gateway_settings(make_facts(home=""), ORIGIN) == USUAL
    with pytest.raises(UsageError):
        gateway_settings(make_facts(environ={"AIBRIDGE_STATE_DIR": "here"}), ORIGIN)
