"""What `doctor` tells people to do helps, and it does not call a good file a bad one."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.findings import finding, green, problems

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_a_client_of_variables_alone_is_told_to_set_them(aibridge: RunAibridge, signed_in: Token) -> None:
    """Configuring it again would write nothing, so that is neither the advice nor what `--fix` promises."""
    aibridge("configure", "copilot", "--yes")

    said = finding(aibridge("doctor", "copilot", "--json"), "client.url")

    assert (said["level"], said["fix"], said["fixable"]) == ("problem", '`eval "$(aibridge env copilot)"`', False)


def test_a_variable_of_ours_that_is_another_is_set_and_not_only_unset(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the address the client would go to its maker; a header that only stands in the way is taken out."""
    aibridge("configure", "copilot", "--yes")
    monkeypatch.setenv("COPILOT_PROVIDER_TYPE", "anthropic")
    monkeypatch.setenv("COPILOT_PROVIDER_BASE_URL", "https://elsewhere.example")

    said = finding(aibridge("doctor", "copilot", "--json"), "client.url")

    assert (said["fix"], said["fixable"]) == ('`eval "$(aibridge env copilot)"`', False)
    assert "elsewhere.example" in said["found"]


@pytest.mark.parametrize(
    ("client", "path", "text"),
    [
        ("vs-code", ".config/Code/User/chatLanguageModels.json", '[{"vendor": "ollama"}]\r\n'),
        ("mux", ".xum/providers.jsonc", "{}"),
        ("codex", ".codex/config.toml", 'model = "gpt-5.4"\n'),
    ],
)
def test_a_byte_order_mark_is_no_fault(
    aibridge: RunAibridge, home: Path, signed_in: Token, client: str, path: str, text: str
) -> None:
    """A file that some editors of Windows mark as UTF-8 is configured, found in order, and given back."""
    file = home / path
    file.parent.mkdir(parents=True)
    before = codecs.BOM_UTF8 + text.encode()
    file.write_bytes(before)

    assert aibridge("configure", client, "--credential", "file", "--yes").code == 0
    assert file.read_bytes().startswith(codecs.BOM_UTF8)
    assert "client.file" not in problems(aibridge("doctor", client, "--json"))
    assert green(aibridge, client) or client == "codex"
    assert aibridge("unconfigure", client, "--yes").code == 0
    assert file.read_bytes() == before
