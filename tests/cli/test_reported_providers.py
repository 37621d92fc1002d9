"""What users met about providers, routes and lists of models, and what `doctor` says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.reported import cause, content, mend

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
    assert content(aibridge)


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
    assert content(aibridge)


def test_models_tell_who_is_switched_off(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """“Where did the models go?”: `models` says why a provider lists none."""
    deployment.behave(switched_off=frozenset({"anthropic"}))

    ran = aibridge("models")

    assert "provider `anthropic` lists no models: an administrator of the deployment switched" in ran.err
