"""A client with a choice of providers, of which ours is one: `doctor` tells which one counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.findings import finding

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge

MODEL = ("--model", "anthropic=claude-sonnet-4-5")
TOOK = "`aibridge configure goose --model WIRE=ID`"


@pytest.fixture(name="config")
def config_file(home: Path) -> Path:
    """The client's own file, in which the user had chosen its maker's provider."""
    file = home / ".config" / "goose" / "config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine\nGOOSE_PROVIDER: anthropic\nGOOSE_MODEL: claude-opus-4-1\n")
    return file


def test_a_provider_that_was_chosen_before(
    aibridge: RunAibridge, config: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configured without a model the client goes past the deployment; naming one is what helps."""
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    aibridge("configure", "goose", "--yes")

    said = finding(aibridge("doctor", "goose", "--json"), "client.url")

    assert said["level"] == "problem"
    because = f"because of `GOOSE_PROVIDER` in `{config}` (the user's settings)"
    assert said["found"] == f"requests go to Anthropic, past the deployment, {because}"
    assert (said["fix"], said["fixable"]) == (TOOK, False)

    aibridge("configure", "goose", *MODEL, "--yes")
    assert finding(aibridge("doctor", "goose", "--json"), "client.url")["level"] == "ok"


def test_a_provider_that_a_variable_names(
    aibridge: RunAibridge, home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable goes before the file, and an address for it before the maker's."""
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    aibridge("configure", "goose", *MODEL, "--yes")
    monkeypatch.setenv("GOOSE_PROVIDER", "anthropic")

    said = finding(aibridge("doctor", "goose", "--json"), "client.url")
    assert (
        said["found"] == "requests go to Anthropic, past the deployment, because of `GOOSE_PROVIDER` in the environment"
    )
    assert said["fix"].startswith("`unset GOOSE_PROVIDER`")

    monkeypatch.setenv("ANTHROPIC_HOST", "https://elsewhere.example.com")
    monkeypatch.setenv("ANTHROPIC_API_KEY", signed_in.text)
    done = aibridge("doctor", "goose", "--json")
    assert finding(done, "client.url")["found"].endswith("; that is not this deployment")
    assert "which would get a token that is not meant for it" in finding(done, "client.credential")["found"]


def test_the_generic_variables_reach_it(
    aibridge: RunAibridge, config: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Anthropic's other key its address is set as well, so the client's own provider gets to the deployment."""
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    aibridge("configure", "goose", "--yes")
    for line in aibridge("env", "--shell", "docker", "--anthropic-api-key").out.splitlines():
        monkeypatch.setenv(*line.split("=", 1))

    done = aibridge("doctor", "goose", "--json")

    assert [finding(done, check)["level"] for check in ("client.url", "client.credential")] == ["ok", "ok"]
