"""What users met where another tool had set a client up, or set it up again, and what `doctor` says of it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from tests.cli.findings import green, problems
from tests.cli.reported import cause, do, mend, notes

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

BY_HAND = """\
model_provider = "ai_gateway"

[model_providers.ai_gateway]
name = "AI Gateway"
base_url = "https://coder.example.com/api/v2/ai-gateway/openai/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
"""
BY_MODULE = """\
# >>> coder-managed: codex module >>>
preferred_auth_method = "apikey"
model_provider = "aigateway"
[model_providers.aigateway]
name = "AI Gateway"
base_url = "https://coder.example.com/api/v2/aibridge/openai/v1"
env_key = "OPENAI_CODER_AIGATEWAY_SESSION_TOKEN"
wire_api = "responses"
# <<< coder-managed: codex module <<<
"""
MINE = "[tui]\nnotifications = true  # mine\n"


def config(home: Path, text: str) -> Path:
    file = home / ".codex/config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_set_up_by_hand_after_the_documentation(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“The provider's name keeps changing”: a provider of the documentation is named, taken over, and then left.

    https://github.com/coder/registry/pull/935
    """
    file = config(home, BY_HAND + MINE)

    first = cause(aibridge, "codex")

    assert first["check"] == "client.configured"
    assert "`model_provider` is `ai_gateway`" in first["found"]
    do(aibridge, first["fix"])
    assert green(aibridge)
    (left,) = notes(aibridge("doctor", "--json"), "client.other-tool")
    assert left.startswith("`model_providers.ai_gateway`, which Coder's registry module, or")
    file.write_text(file.read_text().replace(BY_HAND.partition("\n\n")[2], ""))
    assert notes(aibridge("doctor", "--json"), "client.other-tool") == []
    assert green(aibridge)


def test_set_up_by_a_module_of_the_template(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“`configure` is refused in my workspace”: the module keeps that part; without it all is well.

    https://github.com/coder/registry/pull/896
    """
    file = config(home, BY_MODULE + MINE)
    assert aibridge("configure", "codex", "--yes").code == 1

    first = cause(aibridge, "codex")

    assert "`model_provider` is `aigateway`" in first["found"]
    assert "take `enable_ai_gateway` out of it" in first["fix"]
    assert first["fix"].endswith("; then `aibridge configure codex`")
    assert not first["fixable"]
    file.write_text(MINE)
    do(aibridge, first["fix"])
    assert green(aibridge)
    assert MINE in file.read_text()


def test_the_module_writes_beside_us_at_the_next_start(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“It is back to the old one since I restarted the workspace”: the module's part goes before ours."""
    file = config(home, MINE)
    aibridge("configure", "codex", "--yes")
    ours = file.read_text()
    file.write_text(BY_MODULE + ours)

    first = cause(aibridge)

    assert first["check"] == "client.other-tool"
    assert first["fix"].startswith("where a workspace template has the module, take `enable_ai_gateway` out of it; ")
    file.write_text(ours)
    assert green(aibridge)


def test_a_key_that_stands_twice(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“It does not start any more”: the key is named with its line, and whose part one of the two is in."""
    file = config(home, MINE)
    aibridge("configure", "codex", "--yes")
    ours = file.read_text()
    file.write_text('# >>> coder-managed: codex module >>>\nmodel_provider = "aigateway"\n# <<< coder-managed\n' + ours)

    first = cause(aibridge)

    assert first["check"] == "client.file"
    assert ":4:" in first["found"]
    (mark,) = notes(aibridge("doctor", "--json"), "client.marks")
    assert "`coder-managed: codex module`" in mark
    file.write_text(ours)
    assert green(aibridge)


def test_another_tool_takes_the_client_back(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“It worked until I ran the other script”: what that chose is told, and `--fix` takes it over again."""
    file = config(home, MINE)
    aibridge("configure", "codex", "--yes")
    configured = file.read_text()
    file.write_text(configured.replace('model_provider = "aibridge"', 'model_provider = "aigateway"', 1))

    first = cause(aibridge)

    assert first["check"] == "client.other-tool"
    assert problems(aibridge("doctor", "--json")) == ["client.other-tool"]
    mend(aibridge)
    assert file.read_text() == configured
    assert green(aibridge)


def test_an_older_set_up_by_profiles(aibridge: RunAibridge, home: Path, deployment: Deployment) -> None:
    """“`profile` is no longer supported”: what an older documentation asked for is taken out with the rest.

    https://github.com/coder/coder/pull/23199
    """
    file = config(home, 'profile = "aibridge"\n[profiles.aibridge]\nmodel_provider = "aibridge"\n' + MINE)
    token = deployment.tokens.issue()
    (home / ".config/coderv2").mkdir(parents=True)
    (home / ".config/coderv2/url").write_text(deployment.url)
    (home / ".config/coderv2/session").write_text(token.text)

    do(aibridge, cause(aibridge, "codex")["fix"])

    data = tomllib.loads(file.read_text())
    assert "profile" not in data
    assert "aibridge" not in data.get("profiles", {})
    assert green(aibridge)
    file.write_text(f'profile = "aibridge"\n{file.read_text()}')
    first = cause(aibridge)
    assert first["check"] == "client.came-back"
    mend(aibridge)
    assert green(aibridge)
