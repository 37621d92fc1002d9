"""What users met about addresses, and about going back, and what our commands say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.claude_settings import change_settings, settings_file
from tests.cli.findings import finding, green
from tests.cli.homes import files
from tests.cli.reported import cause, do, mend

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge


@pytest.mark.parametrize(
    "path",
    ["/api/v2/api/experimental/aibridge/openai/v1", "/api/v2/aibridge/openai", "/api/v2/aibridge/v1/v1", "/openai/v1"],
)
def test_an_address_that_was_typed(
    path: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """“404, though it is the address of the page”: a wrong path of the right deployment is told, and `--fix` writes it.

    https://github.com/coder/coder/pull/20340, https://github.com/coder/aibridge/issues/162
    """
    aibridge("configure", "codex", "--yes")
    file = home / ".codex/config.toml"
    ours = file.read_text()
    right = f"{deployment.url}/api/v2/aibridge/openai/v1"
    file.write_text(ours.replace(right, deployment.url + path))

    first = cause(aibridge)

    assert first["check"] == "client.address"
    assert first["found"] == f"it is `{deployment.url}{path}`, a wrong path of this deployment"
    assert first["fix"] == f"`aibridge configure codex` writes `{right}`"
    mend(aibridge)
    assert file.read_text() == ours
    assert green(aibridge)


def test_the_address_of_another_program_is_still_there(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """“I removed it and I am still hijacked”: an address that a removed program left is taken over, and comes back.

    https://github.com/musistudio/claude-code-router/issues/1580
    """
    file = settings_file(home, '{"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"}}\n')
    before = files(home)

    first = cause(aibridge, "claude-code")

    assert first["check"] == "client.configured"
    do(aibridge, first["fix"])
    assert green(aibridge)
    change_settings(home, env={"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"})
    assert cause(aibridge)["found"] == "it leads to `http://127.0.0.1:3456`, not to this deployment"
    mend(aibridge)
    assert green(aibridge)
    assert aibridge("unconfigure", "--yes").code == 0
    assert "3456" in file.read_text()
    assert files(home).keys() == before.keys()


def test_going_back_after_a_repair(aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token) -> None:
    """“Nothing to undo, it says”: a repair has nothing to go back to; what does is named, and works."""
    settings_file(home)
    before = files(home)
    aibridge("configure", "claude-code", "--yes")
    deployment.behave(providers={"bedrock": "anthropic"})
    mend(aibridge)

    ran = aibridge("undo", "--yes", "--json")

    assert ran.code == 1
    said = ran.data["data"]["problems"]["claude-code"]
    assert said.startswith(f"run {ran.data['data']['undone']} (`doctor --fix`) wrote again")
    assert f"nothing was undone of run {ran.data['data']['undone']}" in ran.data["messages"]
    do(aibridge, said)
    assert files(home) == before


def test_an_editor_from_the_dock(aibridge: RunAibridge, signed_in: Token) -> None:
    """“It works in the terminal, not from the dock”: who chooses variables is told where they are seen."""
    ran = aibridge("configure", "zed", "--credential", "env", "--yes")

    assert "started from a dock or a menu it has none of them" in ran.err
    assert "settings and keys are those of the machine in front of you" in ran.err


def test_a_client_without_an_address_to_set(aibridge: RunAibridge, signed_in: Token) -> None:
    """“How do I set it up in Cursor?”: not at all; the reason and where it is discussed are told."""
    ran = aibridge("configure", "cursor", "--yes")
    assert ran.code == 2
    assert "https://" in ran.err
    told = finding(aibridge("doctor", "cursor", "--json"), "client.configured")
    assert told["found"].startswith("it cannot be configured: ")


def test_linux_inside_windows(aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """“It is configured, but the client of Windows goes elsewhere”: each side has files of its own, which is said.

    https://github.com/farion1231/cc-switch/issues/131
    """
    aibridge("configure", "codex", "--yes")
    monkeypatch.setenv("WSL_DISTRO_NAME", "Ubuntu-24.04")

    done = aibridge("doctor", "--json")

    assert done.code == 0
    told = finding(done, "machine.wsl")
    assert (told["level"], told["found"].partition(",")[0]) == ("note", "this is `Ubuntu-24.04` inside Windows")
    assert told["fix"] == "install `aibridge` on Windows too, and configure those clients there"
    monkeypatch.delenv("WSL_DISTRO_NAME")
    assert "machine.wsl" not in aibridge("doctor").out
