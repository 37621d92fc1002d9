"""The guide to adding a client, followed to the letter with the client that it describes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import shipped_folder

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

GUIDE = (Path(__file__).parent.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROFILE, RUN, SHIPPED, LAYERS = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
LINTED = "has no mistakes\n"


@pytest.fixture(name="quill")
def started_profile(home: Path, aibridge: RunAibridge) -> Path:
    """The file that `clients new` starts, filled with the profile of the guide."""
    aibridge("clients", "new", "quill")
    file = home / ".config/aibridge/profiles/quill.toml"
    assert file.exists()
    file.write_text(PROFILE)
    return file


def test_lint_and_test(home: Path, quill: Path, aibridge: RunAibridge) -> None:
    """The first step's profile has no mistakes, and writes just the keys that the guide says for each way."""
    assert aibridge("clients", "lint", str(quill)).out == f"`{quill}` {LINTED}"

    tried = aibridge("clients", "test", str(quill))

    assert tried.code == 0, tried.out
    for way in ("helper", "env"):
        assert f"== {way}, in an empty home\n--- (no file)\n+++ ~/.quill/config.json\n" in tried.out
    assert '"key_command": [' in tried.out
    assert '"key_variable": "QUILL_TOKEN"' in tried.out
    assert not (home / ".quill").exists()


def test_show_and_configure(home: Path, quill: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Signed in, the new client is shown, previewed, configured in `$QUILL_HOME`'s absence, and taken back."""
    mine = home / ".quill/config.json"
    mine.parent.mkdir()
    mine.write_text('{ "api":{"key_variable":"MINE"} ,\n  "theme":"ink" }\n')

    assert aibridge("clients", "show", "quill").code == 0
    preview = aibridge("configure", "quill", "--dry-run")
    assert (preview.code, "+++ ~/.quill/config.json\n" in preview.out) == (0, True)
    assert mine.read_text() == '{ "api":{"key_variable":"MINE"} ,\n  "theme":"ink" }\n'

    assert aibridge("configure", "quill", "--yes").code == 0
    written = json.loads(mine.read_text())
    assert written["theme"] == "ink"
    assert sorted(written["api"]) == ["base", "key_command"]
    assert written["api"]["base"].endswith("/openai/v1")
    assert aibridge("unconfigure", "quill", "--yes").code == 0
    assert mine.read_text() == '{ "api":{"key_variable":"MINE"} ,\n  "theme":"ink" }\n'


def test_the_variable_moves_the_file(
    home: Path, quill: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `QUILL_HOME` set the file is there, as the guide says of this client."""
    monkeypatch.setenv("QUILL_HOME", str(home / "elsewhere"))

    assert aibridge("configure", "quill", "--credential", "env", "--yes").code == 0

    written = json.loads((home / "elsewhere/config.json").read_text())
    assert written["api"]["key_variable"] == "QUILL_TOKEN"
    assert not (home / ".quill").exists()
    assert f"QUILL_TOKEN='{signed_in.text}'" in aibridge("env", "quill").out.replace('"', "'")


@pytest.mark.parametrize("more", [RUN, LAYERS, RUN + LAYERS], ids=["run", "layers", "both"])
def test_what_can_be_added(quill: Path, aibridge: RunAibridge, more: str) -> None:
    """The guide's further tables stand below the profile without a mistake."""
    quill.write_text(f"{PROFILE}\n{more}")

    assert aibridge("clients", "lint", str(quill)).out == f"`{quill}` {LINTED}"
    assert aibridge("clients", "test", str(quill)).code == 0


def test_as_a_shipped_profile(
    home: Path,
    tmp_path: Path,
    aibridge: RunAibridge,
    deployment: Deployment,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second step's profile, among the shipped ones, is linted, listed and configured like them."""
    folder = tmp_path / "client_profiles"
    shutil.copytree(shipped_folder(), folder)
    head, _, tables = PROFILE.partition("\n\n")
    tested, _, rest = SHIPPED.partition("\n\n")
    file = folder / "quill.toml"
    file.write_text(f"#:schema ./profile.schema.json\n{head}\n{tested}\n{tables}\n{rest}")
    monkeypatch.setattr("aibridge_cli.clients.catalogue.shipped_folder", lambda: str(folder))

    assert aibridge("clients", "lint", str(file)).out == f"`{file}` {LINTED}"
    assert "quill" in [row["id"] for row in aibridge("clients", "--json").data["data"]["clients"]]
    assert aibridge("configure", "quill", "codex", "--yes").code == 0
    assert deployment.url in (home / ".quill/config.json").read_text()
