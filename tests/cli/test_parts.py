"""A client that is a program for the terminal and an editor's extension: what is done for each."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import carry_out, plan_configure
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import Values
from aibridge_cli.errors import AibridgeError
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge

TERMINAL = {".cline/data/settings/providers.json"}
EDITOR = {".cline/data/globalState.json", ".cline/data/secrets.json"}


def written(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in (home / ".cline").rglob("*") if path.is_file()}


def install(home: Path) -> Path:
    extension = home / ".vscode-server/extensions/saoudrizwan.claude-dev-4.1.13"
    extension.mkdir(parents=True)
    return extension


def test_only_what_is_here_is_written(home: Path, signed_in: Token, aibridge: RunAibridge) -> None:
    """Without the extension its files are not made, and no step is about it."""
    ran = aibridge("configure", "cline", "--yes")
    assert ran.code == 0, ran.err
    assert written(home) == TERMINAL
    assert "editor" not in ran.err


def test_a_part_that_comes_later(home: Path, signed_in: Token, aibridge: RunAibridge) -> None:
    """With the extension there `check` misses its settings, configuring again adds them, and tells the steps."""
    aibridge("configure", "cline", "--yes")
    assert aibridge("check", "cline").code == 0
    install(home)
    missed = aibridge("check", "cline", "--json")
    assert missed.code == 3
    assert {Path(each["path"]).name for each in missed.data["data"]["clients"][0]["drifts"]} == {
        "globalState.json",
        "providers.json",
        "secrets.json",
    }
    ran = aibridge("configure", "cline", "--yes")
    assert "let the editor read its files" in ran.err
    assert written(home) == TERMINAL | EDITOR
    assert aibridge("check", "cline").code == 0


def test_a_part_that_goes(home: Path, signed_in: Token, aibridge: RunAibridge) -> None:
    """Files of the editor's own keep the settings after its extension went; ours alone go with `unconfigure`."""
    install(home)
    state = home / ".cline/data/globalState.json"
    state.parent.mkdir(parents=True)
    state.write_text('{ "mode" : "plan" }', encoding="utf-8")
    aibridge("configure", "cline", "--yes")
    install_folder = home / ".vscode-server/extensions/saoudrizwan.claude-dev-4.1.13"
    install_folder.rmdir()
    assert aibridge("check", "cline").code == 0
    aibridge("unconfigure", "cline", "--yes")
    assert state.read_text(encoding="utf-8") == '{ "mode" : "plan" }'
    assert written(home) == {".cline/data/globalState.json"}


def test_show_is_about_what_is_here(home: Path, aibridge: RunAibridge) -> None:
    """`clients show` names the keys of the parts that are here."""
    before = aibridge("clients", "show", "cline").out
    install(home)
    after = aibridge("clients", "show", "cline").out
    assert "actModeApiProvider" not in before
    assert "actModeApiProvider" in after
    assert "its editor: not run" in before


TEXTS = st.one_of(
    st.text(max_size=30),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ).map(json.dumps),
)


@pytest.mark.parametrize("name", ["globalState.json", "secrets.json", "settings/providers.json"])
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_a_file_that_is_not_understood_is_left_alone(name: str, text: str) -> None:
    """Whatever stands in a file: if it is no object, nothing is touched; if it is one or null, what it has stays."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "data", name)
        file.parent.mkdir(parents=True)
        file.write_bytes(text.encode())
        store = Store(f"{scratch}/state")
        try:
            carry_out(store, lambda: plan_configure(store, [wanted(scratch)]), "configure", show=lambda _plan: None)
        except AibridgeError:
            assert [path for path in Path(scratch, "data").rglob("*") if path.is_file()] == [file]
            assert file.read_bytes() == text.encode()
        else:
            before = json.loads(text) if text.strip("\ufeff \t\r\n") else {}
            assert isinstance(before or {}, dict)
            after = json.loads(file.read_bytes())
            assert {key: after[key] for key in before or {} if key not in {"providers", "lastUsedProvider"}} == {
                key: value for key, value in (before or {}).items() if key not in {"providers", "lastUsedProvider"}
            }


def wanted(scratch: str) -> Wanted:
    profile = Catalogue([shipped_folder()]).load("cline")
    origin = "https://coder.example.com"
    values = Values(
        deployment_url=origin,
        gateway_root=f"{origin}/a",
        gateway_openai=f"{origin}/a/openai/v1",
        gateway_anthropic=f"{origin}/a/anthropic",
        token=Secret("a-token"),
        token_file=f"{scratch}/token",
        helper=("/aibridge", "token"),
    )
    filled = render(
        profile, "file", values, platform="linux", paths={"data": f"{scratch}/data"}, quote=" ".join, parts={"editor"}
    )
    return Wanted(filled, origin)
