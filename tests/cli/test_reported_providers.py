"""What users met about providers, routes and lists of models, and what `doctor` says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.loopback import Fault
from tests.cli.findings import green
from tests.cli.reported import cause, do, mend, notes

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


def test_a_provider_that_was_switched_off(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“Since this morning every request is a 503”: an administrator switched the provider off, and on again."""
    aibridge("configure", "codex", "--yes")
    deployment.behave(switched_off=frozenset({"openai"}))

    first = cause(aibridge)

    assert first["check"] == "provider.openai"
    assert "an administrator of the deployment switched this AI provider off" in first["found"]
    assert 'AI provider "openai" is disabled' in first["found"]
    assert first["fix"] == "ask for it to be switched on"
    deployment.behave(switched_off=frozenset())
    assert green(aibridge)


def test_a_provider_that_was_switched_off_and_has_another_beside_it(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """“They moved us to Azure”: the other provider of the same wire is offered, and `--fix` goes over to it."""
    aibridge("configure", "codex", "--yes")
    deployment.behave(providers={"openai": "openai", "azure": "openai"}, switched_off=frozenset({"openai"}))

    first = cause(aibridge)

    assert first["fix"] == "`aibridge configure codex --provider-name openai=azure`"
    mend(aibridge)
    assert f'"{deployment.url}/api/v2/aibridge/azure/v1"' in (home / ".codex/config.toml").read_text()
    assert green(aibridge)


def test_models_tell_who_is_switched_off(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“Where did the models go?”: `models` says why a provider lists none."""
    deployment.behave(switched_off=frozenset({"anthropic"}))

    ran = aibridge("models")

    assert "provider `anthropic` lists no models: an administrator of the deployment switched" in ran.err


def test_noise_of_an_older_deployment(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“My log is full of 404s for `/api/event_logging/batch`”: a note that they do no harm, and no problem.

    https://github.com/coder/aibridge/issues/153
    """
    aibridge("configure", "claude-code", "--yes")
    assert notes(aibridge("doctor", "--json"), "gateway.event-logging") == []
    deployment.behave(faults=frozenset({Fault.NO_EVENT_LOGGING}))

    (said,) = notes(aibridge("doctor", "--json"), "gateway.event-logging")

    assert "do no harm" in said
    assert green(aibridge)


def test_a_list_of_models_at_a_wrong_path(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“`/v1/v1/models` is a 404, but answers come”: what Coder 2.30 did is a note, and no problem.

    https://github.com/coder/aibridge/issues/176
    """
    aibridge("configure", "codex", "--yes")
    deployment.behave(faults=frozenset({Fault.NO_MODEL_LIST}))

    (said,) = notes(aibridge("doctor", "--json"), "provider.openai")

    assert said == "`openai` is there and lists no models"
    assert green(aibridge)


def test_a_name_that_is_not_the_wires(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """“route not supported: POST /anthropic/v1/messages”: the provider is called otherwise, and `--fix` uses the name.

    https://github.com/coder/mux/pull/3844
    """
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(providers={"bedrock": "anthropic"})

    first = cause(aibridge)

    assert first["check"] == "provider.anthropic"
    assert first["fix"] == "`aibridge configure claude-code --provider-name anthropic=bedrock`"
    do(aibridge, first["fix"])
    assert f"{deployment.url}/api/v2/aibridge/bedrock" in (home / ".claude/settings.json").read_text()
    assert green(aibridge)


def test_models_that_a_member_does_not_see(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“No models”: a member may not list providers, and Anthropic wants its version header; both are found.

    https://github.com/coder/mux/pull/3844
    """
    ran = aibridge("models", "--json")

    found = {each["name"]: each["models"] for each in ran.data["data"]["providers"]}
    assert found["anthropic"] == ["loopback-anthropic-large", "loopback-anthropic-small"]
    assert found["openai"] == ["loopback-openai-large", "loopback-openai-small"]
    assert not ran.data["data"]["listed"]
