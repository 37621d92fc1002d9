"""Profiles of clients that need more than plain keys, from `configure` to `unconfigure`."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

HEAD = """
name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
paths.config = ["~/.quill"]
"""


@pytest.fixture
def profiles(home: Path) -> Path:
    """The user's own profiles."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    return folder


def test_a_client_that_rewrites_its_own_entry(
    home: Path, profiles: Path, aibridge: RunAibridge, signed_in: Token
) -> None:
    """A time stamp of the client's does not make a second run write, and the entry goes as one."""
    (profiles / "quill.toml").write_text(f"""{HEAD}
credential = ["file"]
[[edit]]
file = "{{config}}/providers.json"
format = "json"
secret = true
whole = [["providers", "ours"]]
[edit.set]
last = "ours"
[edit.set.providers.ours.settings]
url = "{{gateway.openai}}"
key = "{{token}}"
[edit.default]
version = 1
[edit.default.providers.ours]
updated = "2026-01-01T00:00:00Z"
""")
    file = home / ".quill/providers.json"
    file.parent.mkdir()
    file.write_text('{"version": 2, "last": "mine", "providers": {"mine": {}}}')
    aibridge("configure", "quill", "--yes")
    data = json.loads(file.read_text())
    assert (data["version"], data["providers"]["ours"]["updated"]) == (2, "2026-01-01T00:00:00Z")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    data["providers"]["ours"] |= {"updated": "2026-02-02T00:00:00Z", "source": "manual"}
    file.write_text(json.dumps(data))
    assert aibridge("configure", "quill", "--yes").out == ""
    assert json.loads(file.read_text()) == data
    back = aibridge("unconfigure", "quill", "--yes")

    assert json.loads(file.read_text()) == {"version": 2, "last": "mine", "providers": {"mine": {}}}
    assert "an object of ours in `providers.ours`" in back.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_yaml_and_variables(
    home: Path, profiles: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """YAML and a file of variables are configured, checked a second time, edited by the user, and taken back."""
    (profiles / "quill.toml").write_text(f"""{HEAD}
credential = ["file"]
[[edit]]
file = "{{config}}/config.yaml"
format = "yaml"
set.provider = "openai"
set.options.host = "{{gateway.root}}"
remove = [["options", "proxy"]]
include = [{{ at = ["enabled"], values = ["openai"] }}]
[[edit]]
file = "{{config}}/.env"
format = "dotenv"
secret = true
set.OPENAI_BASE_URL = "{{gateway.openai}}"
set.OPENAI_API_KEY = "{{token}}"
""")
    folder = home / ".quill"
    folder.mkdir()
    config, variables = folder / "config.yaml", folder / ".env"
    before = (
        "# mine\nprovider: 'local' # for now\noptions:\n    # through the office\n    proxy: on\nenabled:\n- local\n"
    )
    config.write_text(before)
    variables.write_text('export OPENAI_API_KEY="mine" # personal\n')

    ran = aibridge("configure", "quill", "--yes")

    root = f"{deployment.url}/api/v2/aibridge"
    assert ran.code == 0
    assert signed_in.text not in ran.out + ran.err
    assert config.read_text() == (
        "# mine\nprovider: openai # for now\noptions:\n"
        f'    # through the office\n    host: "{root}"\nenabled:\n- local\n- openai\n'
    )
    assert variables.read_text() == (
        f"export OPENAI_API_KEY={signed_in.text} # personal\nOPENAI_BASE_URL={root}/openai/v1\n"
    )
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    assert "nothing to do" in aibridge("configure", "quill", "--yes").err

    config.write_text(config.read_text().replace("- local\n", "- local\n- later # added\n"))
    aibridge("unconfigure", "quill", "--yes")
    assert config.read_text() == before.replace("- local\n", "- local\n- later # added\n")
    assert variables.read_text() == 'export OPENAI_API_KEY="mine" # personal\n'
