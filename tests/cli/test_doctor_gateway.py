"""`aibridge doctor`: where the gateway is, and what its providers are called."""

from __future__ import annotations

import json
import os
from pathlib import Path

from aibridge_cli.loopback import Deployment, Fault, Token
from tests.cli.findings import finding, green
from tests.conftest import RunAibridge

CLIENTS = ("claude-code", "opencode")


def test_a_provider_of_another_name_is_found_and_used(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """`--fix` shows what changes, writes the name into each client's file, and remembers it."""
    aibridge("configure", *CLIENTS, "--yes")
    deployment.behave(providers={"bedrock": "anthropic", "openai": "openai"})

    done = aibridge("doctor", "--json")
    assert done.data["data"]["first_cause"] == "provider.anthropic"
    assert finding(done, "provider.anthropic")["fixable"]
    assert finding(done, "provider.anthropic")["fix"] == (
        "`aibridge configure claude-code opencode --provider-name anthropic=bedrock`"
    )

    looked = aibridge("doctor", "--fix", "--dry-run")
    assert looked.code == 3
    assert '+    "ANTHROPIC_BASE_URL": "' + deployment.url + '/api/v2/aibridge/bedrock"' in looked.out
    assert "bedrock" not in (home / ".claude/settings.json").read_text()

    fixed = aibridge("doctor", "--fix", "--yes")
    assert fixed.code == 0
    assert "`~/.claude/settings.json` updated" in fixed.err
    assert json.loads((home / ".claude/settings.json").read_text())["env"]["ANTHROPIC_BASE_URL"].endswith("/bedrock")
    assert green(aibridge)
    aibridge("unconfigure", "--yes")
    assert not (home / ".claude").exists()


def test_several_providers_are_offered_and_none_is_guessed(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Which of two is meant only a person knows."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(administrator=True, providers={"east": "anthropic", "west": "anthropic"})

    done = aibridge("doctor", "--json")

    assert finding(done, "provider.anthropic")["found"].endswith("but `east`, `west`")
    assert not finding(done, "provider.anthropic")["fixable"]
    aibridge("configure", "claude-code", "--provider-name", "anthropic=west", "--yes")
    assert green(aibridge)


def test_a_name_that_nobody_could_guess(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A member is told to ask for the name, and naming it makes all of it green."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(providers={"prod-eu": "anthropic"})

    done = aibridge("doctor", "--json")

    assert "you may not list its providers" in finding(done, "provider.anthropic")["found"]
    assert "ask an administrator" in finding(done, "provider.anthropic")["fix"]
    aibridge("configure", "claude-code", "--provider-name", "anthropic=prod-eu", "--yes")
    assert green(aibridge)


def test_the_gateway_is_at_the_other_path(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A deployment that serves only the newer path is found there, and `--fix` goes over to it."""
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(prefixes=("ai-gateway",))

    done = aibridge("doctor", "--json")
    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert finding(done, "gateway.ready")["fix"] == "`aibridge configure claude-code --gateway-path ai-gateway`"

    assert aibridge("doctor", "--fix", "--yes").code == 0
    assert f"{deployment.url}/api/v2/ai-gateway/anthropic" in (home / ".claude/settings.json").read_text()
    assert green(aibridge)


def test_what_is_remembered_is_broken(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A file of ours that somebody else wrote is named, and removing it helps."""
    folder = home / ".local/state/aibridge/gateways"
    folder.mkdir(parents=True)
    port = deployment.url.rpartition(":")[2]
    file = folder / f"http_127.0.0.1_{port}"
    file.write_text("something else\n")

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert str(file) in finding(done, "gateway.ready")["found"]
    os.remove(file)
    assert green(aibridge)


def test_a_provider_without_a_list_of_models(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Bedrock lists none, and versions about 2.30 asked at a wrong path: worth a note, and no failure."""
    aibridge("configure", "claude-code", "codex", "--yes")
    deployment.behave(faults=frozenset((Fault.NO_MODEL_LIST,)))

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "provider.openai")["level"] == "note"
    assert finding(done, "provider.openai")["found"] == "`openai` is there and lists no models"


def test_a_standalone_gateway(aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token) -> None:
    """The deployment is asked about the token, and the gateway of its own about all else."""
    deployment.behave(prefixes=())
    with Deployment() as standalone:
        standalone.tokens.adopt(signed_in.text)
        url = f"{standalone.url}/api/v2/ai-gateway"
        aibridge("configure", "claude-code", "--gateway-url", url, "--yes")

        assert green(aibridge)
        assert [request.path for request in standalone.requests if "count_tokens" in request.path]
        assert f"{url}/anthropic" in (home / ".claude/settings.json").read_text()
        assert aibridge("models", "--json").data["data"]["gateway"] == url


def test_standalone_gateway_that_is_gone(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """It is the gateway that does not answer, and going back to the deployment's own one helps."""
    with Deployment() as standalone:
        url = standalone.url
    aibridge("configure", "claude-code", "--gateway-url", url, "--yes")

    done = aibridge("doctor", "--json")

    assert done.data["data"]["first_cause"] == "gateway.ready"
    assert url in finding(done, "gateway.ready")["found"]
    aibridge("configure", "claude-code", "--gateway-path", "aibridge", "--yes")
    assert green(aibridge)
