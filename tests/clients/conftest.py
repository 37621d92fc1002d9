from __future__ import annotations

from typing import Any, Protocol

import pytest

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.rendered import Values
from aibridge_cli.secret import Secret

HEAD = """
name = "Example"
summary = "An example client"
docs = "https://example.com/docs"
status = "supported"
speaks = ["openai"]
"""


class Load(Protocol):
    def __call__(self, text: str, file: str = "example.toml") -> Profile: ...


class MakeValues(Protocol):
    def __call__(self, **given: Any) -> Values: ...


@pytest.fixture
def load() -> Load:
    """Load a profile whose first lines (name, summary, docs, status, speaks) are given."""

    def load_text(text: str, file: str = "example.toml") -> Profile:
        return load_profile(HEAD + text, file)

    return load_text


@pytest.fixture
def make_values() -> MakeValues:
    """What the placeholders stand for with the deployment `https://coder.example.com`."""

    def make(**given: Any) -> Values:
        root = "https://coder.example.com/api/v2/aibridge"
        usual: dict[str, Any] = {
            "deployment_url": "https://coder.example.com",
            "gateway_root": root,
            "gateway_openai": f"{root}/openai/v1",
            "gateway_anthropic": f"{root}/anthropic",
            "token": Secret("a-token"),
            "token_file": "/home/ada/.local/state/aibridge/tokens/coder.example.com",
            "helper": ("/opt/my tools/aibridge", "token", "--url", "https://coder.example.com"),
            "helper_file": "/home/ada/.local/state/aibridge/helpers/coder.example.com",
        }
        return Values(**(usual | given))

    return make
