from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.credentials.workspace import PAIRS, from_workspace, in_workspace

HERE = "https://coder.example.com"
TOKEN = "ABCDEFGHIJ-0123456789012345678901"
WORKSPACE = {
    "CODER": "true",
    "CODER_AGENT_URL": f"{HERE}/",
    "CODER_AGENT_TOKEN": "4f5c1f4e-0000-4000-8000-000000000000",
}
ANTHROPIC = {"ANTHROPIC_BASE_URL": f"{HERE}/api/v2/aibridge/anthropic", "ANTHROPIC_AUTH_TOKEN": TOKEN}


def found(make_facts: Any, origin: str = HERE, **environ: str) -> tuple[str, str] | None:
    return from_workspace(make_facts(environ=environ), origin)


@pytest.mark.parametrize(("name", "address"), PAIRS)
def test_each_variable(make_facts: Any, name: str, address: str) -> None:
    """Each of the variables that templates set is found, beside an address on the deployment."""
    environ = WORKSPACE | {name: f" {TOKEN} ", address: f"{HERE}/api/v2/ai-gateway/openai/v1"}
    assert found(make_facts, **environ) == (TOKEN, name)


def test_the_order(make_facts: Any) -> None:
    """A name that only Coder uses goes before one that others use too."""
    environ = WORKSPACE | ANTHROPIC | {"CODER_API_TOKEN": TOKEN[::-1].replace("-", "") + "x"}
    assert found(make_facts, **environ) == (TOKEN, "ANTHROPIC_AUTH_TOKEN")
    environ["CODER_API_TOKEN"] = "JIHGFEDCBA-1098765432109876543210"
    assert found(make_facts, **environ) == ("JIHGFEDCBA-1098765432109876543210", "CODER_API_TOKEN")


@pytest.mark.parametrize(
    "change",
    [
        {"ANTHROPIC_BASE_URL": ""},
        {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"},
        {"ANTHROPIC_BASE_URL": "http://coder.example.com/api/v2/aibridge/anthropic"},
        {"ANTHROPIC_BASE_URL": "https://coder.example.com:8443/api/v2/aibridge/anthropic"},
        {"ANTHROPIC_BASE_URL": "https://coder.example.com.evil.example/api"},
        {"ANTHROPIC_BASE_URL": "https://user@coder.example.com/"},
        {"ANTHROPIC_BASE_URL": "::::"},
    ],
)
def test_an_address_elsewhere(make_facts: Any, change: dict[str, str]) -> None:
    """A token beside another address, or none, is not this deployment's."""
    assert found(make_facts, **(WORKSPACE | ANTHROPIC | change)) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "sk-ant-api03-0123456789012345678901234567890123456789",
        "sk-0123456789012345678901234567890",
        WORKSPACE["CODER_AGENT_TOKEN"],
        f"{TOKEN}x",
        TOKEN.replace("-", "_"),
        TOKEN.replace("A", "ä"),
    ],
)
def test_another_shape(make_facts: Any, token: str) -> None:
    """A provider's key, an agent's token and whatever else is no session token is passed over."""
    assert found(make_facts, **(WORKSPACE | ANTHROPIC | {"ANTHROPIC_AUTH_TOKEN": token})) is None


def test_another_deployment(make_facts: Any) -> None:
    """The agent's own deployment is the only one that its variables speak for."""
    environ = WORKSPACE | {"CODER_API_TOKEN": TOKEN}
    assert found(make_facts, "https://other.example.com", **environ) is None
    assert found(make_facts, "http://coder.example.com", **environ) is None


@pytest.mark.parametrize(
    ("environ", "answer"),
    [
        (WORKSPACE, True),
        ({"CODER_AGENT_URL": HERE, "CODER_WORKSPACE_ID": "1"}, True),
        ({"CODER_AGENT_URL": HERE, "CODER_WORKSPACE_NAME": "dev"}, True),
        ({"CODER_AGENT_URL": HERE}, False),
        ({"CODER": "true", "CODER_WORKSPACE_ID": "1"}, False),
        ({"CODER_AGENT_URL": HERE, "CODER": "false"}, False),
        ({}, False),
    ],
)
def test_in_workspace(make_facts: Any, environ: dict[str, str], answer: bool) -> None:
    """A workspace is told by its agent's address and one more of the agent's variables."""
    assert in_workspace(make_facts(environ=environ)) is answer
    assert (found(make_facts, **(environ | ANTHROPIC)) is not None) is answer
