from __future__ import annotations

import json
from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.conftest import RunAibridge


def address(home: Path) -> str:
    settings = json.loads((home / ".claude" / "settings.json").read_text())
    return str(settings["env"]["ANTHROPIC_BASE_URL"])


def test_a_providers_name_is_written_and_remembered(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """`configure` writes the name into the path, and later runs and `env` know it."""
    done = aibridge("configure", "claude-code", "--provider-name", "anthropic=bedrock", "--yes")
    assert done.code == 0
    assert address(home) == f"{deployment.url}/api/v2/aibridge/bedrock"

    again = aibridge("configure", "claude-code", "--yes")
    assert "nothing to do" in again.err
    printed = aibridge("env", "--shell", "sh")
    assert f"ANTHROPIC_BASE_URL={deployment.url}/api/v2/aibridge/bedrock" in printed.out.replace("'", "")
    assert f"{deployment.url}/api/v2/aibridge/bedrock" in aibridge("env", "claude-code", "--shell", "sh").out

    aibridge("unconfigure", "--yes")
    assert f"{deployment.url}/api/v2/aibridge/bedrock" in aibridge("env", "--shell", "sh").out


def test_the_other_path_and_back(aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token) -> None:
    """`--gateway-path` is remembered, and naming the usual one forgets it."""
    aibridge("configure", "claude-code", "--gateway-path", "ai-gateway", "--yes")
    assert address(home) == f"{deployment.url}/api/v2/ai-gateway/anthropic"

    aibridge("configure", "claude-code", "--gateway-path", "aibridge", "--yes")
    assert address(home) == f"{deployment.url}/api/v2/aibridge/anthropic"
    assert not (home / ".local/state/aibridge/gateways").exists() or not [
        path for path in (home / ".local/state/aibridge/gateways").iterdir() if path.is_file()
    ]


def test_a_standalone_gateway_and_back(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """`--gateway-url` is another machine's; `--gateway-path` leads back to the deployment."""
    aibridge("configure", "claude-code", "--gateway-url", "https://gateway.example.com/", "--yes")
    assert address(home) == "https://gateway.example.com/anthropic"

    aibridge("configure", "claude-code", "--gateway-path", "aibridge", "--yes")
    assert address(home) == f"{deployment.url}/api/v2/aibridge/anthropic"


def test_a_dry_run_remembers_nothing(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """What was only looked at does not count later."""
    aibridge("configure", "claude-code", "--provider-name", "anthropic=bedrock", "--dry-run")

    assert "bedrock" not in aibridge("env", "--shell", "sh").out
    assert not (home / ".local/state/aibridge/gateways").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider-name", "bedrock"), "names no wire and provider"),
        (("--provider-name", "google=x"), "names no wire and provider"),
        (("--provider-name", "openai=a/b"), "cannot be the name of a provider"),
        (("--gateway-path", "ai-gateway", "--gateway-url", "https://g.example.com"), "give one of them"),
        (("--gateway-url", "http://gateway.example.com"), "without encryption"),
        (("--gateway-url", "https://gateway.example.com/a?b"), "has a `?` in it"),
        (("--gateway-url", "https://gateway.example.com/a b"), "white space"),
        (("--gateway-url", "https://gateway.example.com/../x"), "cannot be a gateway's"),
    ],
)
def test_what_cannot_be_meant(words: tuple[str, ...], said: str, aibridge: RunAibridge, signed_in: Token) -> None:
    """A mistake ends with 2, names the option, and changes nothing."""
    done = aibridge("configure", "claude-code", *words, "--yes")

    assert done.code == 2
    assert said in done.err
