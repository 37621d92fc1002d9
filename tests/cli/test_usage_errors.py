"""A call that cannot be read: told in words, and with `--json` as every other error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer

from aibridge_cli.cli import app

if TYPE_CHECKING:
    from tests.conftest import RunAibridge


@pytest.mark.parametrize(
    ("words", "command", "message"),
    [
        ("configure codex --nothing --json", "configure", "No such option: --nothing"),
        ("configure --json codex --credential none", "configure", "Invalid value for '--credential': 'none' is not"),
        ("clients --json show", "clients", "Missing argument 'CLIENT'"),
        ("tokens revoke --json", "tokens", "Missing argument"),
        ("history --json more", "history", "Got unexpected extra argument"),
        ("configrue --json", "", "No such command 'configrue'"),
        ("--nothing configure --json", "configure", "No such option: --nothing"),
    ],
)
def test_for_programs(words: str, command: str, message: str, aibridge: RunAibridge) -> None:
    """The object has the code `usage` and says what is wrong; nothing else is printed."""
    ran = aibridge(*words.split())

    assert (ran.code, ran.err) == (2, "")
    assert (ran.data["version"], ran.data["command"], ran.data["status"]) == (1, command, "error")
    assert ran.data["error"].keys() == {"code", "message", "hint"}
    assert ran.data["error"]["code"] == "usage"
    assert ran.data["error"]["message"].startswith(message)
    assert "\n" not in ran.data["error"]["message"]
    assert ran.data["error"]["hint"] == f"see `{f'aibridge {command}'.rstrip()} --help`"


@pytest.mark.parametrize("words", ["configure codex --nothing", "--nothing", "run codex --nothing -- --json"])
def test_for_people(words: str, aibridge: RunAibridge) -> None:
    """Without `--json`, or with one that is a client's, Typer's own words are on standard error."""
    ran = aibridge(*words.split())

    assert (ran.code, ran.out) == (2, "")
    assert "No such option: --nothing" in ran.err


def test_what_is_caught() -> None:
    """The class that is not exported is the one that is meant."""
    assert app._Misuse.__name__ == "UsageError"
    assert issubclass(typer.BadParameter, app._Misuse)
