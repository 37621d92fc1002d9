from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.providers import Discovery, discover, wire_of
from aibridge_cli.loopback import Deployment, Fault
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from tests.conftest import MakeFacts

USUAL = {"openai": "openai", "anthropic": "anthropic"}


def found(
    make_facts: MakeFacts, deployment: Deployment, names: dict[str, str] | None = None, *, thorough: bool = True
) -> Discovery:
    token = Secret(deployment.tokens.issue().text)
    with Client(make_facts(), deployment.url, token=token) as client:
        return discover(client, client, f"{deployment.url}/api/v2/aibridge", token, names or USUAL, thorough=thorough)


def test_an_administrator_lists_them(deployment: Deployment, make_facts: MakeFacts) -> None:
    """The deployment's own list says it all, whatever the names."""
    deployment.behave(administrator=True, providers={"prod-claude": "anthropic", "east": "openai"})

    discovery = found(make_facts, deployment)

    assert discovery.listed
    assert {(each.name, each.wire, each.models) for each in discovery.providers} == {
        ("prod-claude", "anthropic", ("loopback-anthropic-large", "loopback-anthropic-small")),
        ("east", "openai", ("loopback-openai-large", "loopback-openai-small")),
    }


def test_a_member_finds_them_by_their_usual_names(deployment: Deployment, make_facts: MakeFacts) -> None:
    """Who may not list them asks each name that Coder gives at first."""
    deployment.behave(providers={"bedrock": "anthropic", "azure": "openai"})

    discovery = found(make_facts, deployment)

    assert not discovery.listed
    assert discovery.of_wire("anthropic") == ("bedrock",)
    assert discovery.of_wire("openai") == ("azure",)
    asked = [request for request in deployment.requests if request.path.endswith("/bedrock/v1/models")]
    assert [request.headers["anthropic-version"] for request in asked] == ["2023-06-01"]
    assert all("coder-session-token" not in request.headers for request in asked)


def test_names_that_somebody_told_us_are_tried_first(deployment: Deployment, make_facts: MakeFacts) -> None:
    """A name of the administrator's own choice is found when it is known; no more is asked than needed."""
    deployment.behave(providers={"prod-claude": "anthropic", "openai": "openai"})

    discovery = found(make_facts, deployment, {"anthropic": "prod-claude", "openai": "openai"}, thorough=False)

    assert {provider.name for provider in discovery.providers} == {"prod-claude", "openai"}
    assert len([request for request in deployment.requests if request.path.endswith("/models")]) == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [({"licensed": False}, "unlicensed"), ({"enabled": False}, "not-enabled"), ({"prefixes": ()}, "no-such-prefix")],
)
def test_what_stands_in_the_way_of_all_of_them(
    state: dict[str, object], code: str, deployment: Deployment, make_facts: MakeFacts
) -> None:
    """Without the feature nothing is concluded about any name."""
    deployment.behave(**state)

    discovery = found(make_facts, deployment)

    assert discovery.obstacle is not None
    assert discovery.obstacle.code == code
    assert discovery.providers == ()


def test_a_provider_that_refuses_is_there(deployment: Deployment, make_facts: MakeFacts) -> None:
    """A key that the provider refuses is no reason to call the name wrong."""
    deployment.behave(faults=frozenset((Fault.UPSTREAM_REJECTS_KEY,)))

    discovery = found(make_facts, deployment)

    provider = discovery.named("openai")
    assert provider is not None
    assert provider.answered.code == "provider-refuses-key"
    assert provider.models == ()


@pytest.mark.parametrize("administrator", [True, False])
def test_a_provider_that_is_switched_off(administrator: bool, deployment: Deployment, make_facts: MakeFacts) -> None:
    """It is found and not offered, and others are looked for in its place."""
    deployment.behave(
        administrator=administrator,
        providers={"openai": "openai", "anthropic": "anthropic", "azure": "openai"},
        switched_off=frozenset({"openai"}),
    )

    discovery = found(make_facts, deployment, thorough=False)

    assert discovery.of_wire("openai") == ("azure",)
    provider = discovery.named("openai")
    assert provider is not None
    assert provider.answered.said == 'provider_disabled: AI provider "openai" is disabled'


def test_wires_of_types() -> None:
    """Bedrock speaks Anthropic's wire; whatever is new speaks OpenAI's."""
    assert [wire_of(kind) for kind in ("anthropic", "bedrock", "azure", "new")] == [
        "anthropic",
        "anthropic",
        "openai",
        "openai",
    ]
