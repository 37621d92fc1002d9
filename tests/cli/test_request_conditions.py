"""What a client sends can depend on how it was configured: `when` of `[[request]]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.loopback import Token
from tests.cli.findings import problems
from tests.conftest import Ran, RunAibridge

PEN = """
name = "Pen"
summary = "Sends what its model needs"
docs = "https://pen.example/docs"
status = "supported"
speaks = ["openai", "anthropic"]
credential = ["helper"]
model = "optional"

[paths]
config = ["~/.pen"]

[[edit]]
file = "{config}/a.json"
format = "json"
[edit.set]
base = "{gateway.openai}"
key = "{helper}"

[[edit]]
file = "{config}/a.json"
format = "json"
when = { model = "anthropic" }
[edit.set]
other = "{gateway.anthropic}"
model = "{model.anthropic}"

[[request]]
wire = "openai-chat"
base = ["base"]
path = "/chat/completions"
headers = { Authorization = "Bearer {token}" }

[[request]]
wire = "anthropic-messages"
base = ["other"]
path = "/v1/messages"
headers = { Authorization = "Bearer {token}" }
when = { model = "anthropic" }
"""


@pytest.fixture(autouse=True)
def a_profile(home: Path) -> None:
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "pen.toml").write_text(PEN)


def looked_at(done: Ran) -> list[str]:
    return [each["looked_at"] for each in done.data["data"]["findings"] if each["check"] == "client.address"]


def test_without_a_model(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Only what it sends without one is looked at."""
    aibridge("configure", "pen", "--yes")

    done = aibridge("doctor", "pen", "--json")

    assert (problems(done), looked_at(done)) == ([], [f"`base` in `{home}/.pen/a.json`"])


def test_with_a_model(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """With one of that wire its request is looked at as well."""
    aibridge("configure", "pen", "--model", "anthropic=claude-sonnet-4-5", "--yes")

    done = aibridge("doctor", "pen", "--json")

    assert looked_at(done) == [f"`base` in `{home}/.pen/a.json`", f"`other` in `{home}/.pen/a.json`"]
