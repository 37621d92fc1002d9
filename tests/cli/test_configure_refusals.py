"""What `configure` does not do, and says so: nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.homes import files

if TYPE_CHECKING:
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")


def test_json_errors(aibridge: RunAibridge) -> None:
    """With `--json` an error is an object as well, with a stable code."""
    ran = aibridge("configure", "claude-cod", "--json")

    assert ran.code == 2
    assert ran.data["status"] == "error"
    assert ran.data["error"]["code"] == "usage"
    assert ran.data["error"]["message"] == "unknown client `claude-cod`"


def test_an_unknown_client_gets_the_nearest_name(aibridge: RunAibridge) -> None:
    """A misspelled client is answered with the names that are near."""
    ran = aibridge("configure", "opencod")

    assert ran.code == 2
    assert ran.err.startswith("error: unknown client `opencod`\nhint: did you mean `opencode` or `")
    assert ran.err.endswith("`? `aibridge clients` lists them all\n")


def test_nobody_there_to_ask(home: Path, aibridge: RunAibridge) -> None:
    """Without a terminal and without `--yes` nothing is written, and the error says what to add."""
    before = files(home)

    ran = aibridge("configure", "codex")

    assert ran.code == 2
    assert "nothing was written: there is no terminal to ask on" in ran.err
    assert files(home) == before


@pytest.mark.parametrize("words", [(), ("codex", "--all")])
def test_clients_or_all(aibridge: RunAibridge, words: tuple[str, ...]) -> None:
    """Either clients are named or `--all` is given."""
    assert aibridge("configure", *words).code == 2


@pytest.mark.parametrize("name", ["url", "session"])
def test_not_signed_in(home: Path, aibridge: RunAibridge, name: str) -> None:
    """Without a deployment or a token the exit code is 4 and the hint names three ways."""
    (home / ".config/coderv2" / name).unlink()

    ran = aibridge("configure", "codex", "--yes")

    assert ran.code == 4
    for way in ("`aibridge login", "`CODER_SESSION_TOKEN`", "`--token-stdin`"):
        assert way in ran.err


@pytest.mark.parametrize("token", ["sk-ant-api03-abc", "4d3f9f0e-5c3a-4e59-9e5b-0d1b5f3f1a2b", "AAAA AAAA"])
def test_what_is_no_coder_token_is_refused(home: Path, aibridge: RunAibridge, token: str) -> None:
    """A provider's key, an agent's token and white space are refused before anything is written."""
    before = files(home)

    ran = aibridge("configure", "codex", "--token-stdin", "--yes", stdin=token)

    assert ran.code == 2
    assert token not in ran.err
    assert files(home) == before


@pytest.mark.parametrize(("client", "way"), [("codex", "reference"), ("opencode", "helper")])
def test_a_way_that_the_client_has_not(aibridge: RunAibridge, client: str, way: str) -> None:
    """A way that does not exist for the client is an error that names the ways that do."""
    ran = aibridge("configure", client, "--credential", way)

    assert ran.code == 2
    assert "possible: `--credential" in ran.err


@pytest.mark.parametrize("model", ["gpt-5.4", "google=x", "openai="])
def test_models_that_do_not_fit(aibridge: RunAibridge, model: str) -> None:
    """A model that could mean several providers, or another one, is an error that says how to write it."""
    ran = aibridge("configure", "opencode", "--model", model)

    assert ran.code == 2
    assert "openai=" in ran.err


def test_comments_in_strict_json(home: Path, aibridge: RunAibridge) -> None:
    """A client that drops a whole file with comments is not given one: the error says so."""
    (home / ".claude").mkdir()
    (home / ".claude/settings.json").write_text('{\n  // mine\n  "theme": "dark"\n}\n')

    ran = aibridge("configure", "claude-code", "--yes")

    assert ran.code == 1
    assert "`" + str(home) + "/.claude/settings.json`:2:3: " in ran.err
    assert "comment" in ran.err


def test_another_tools_fence(home: Path, aibridge: RunAibridge) -> None:
    """Text between another tool's marks is left alone, and what would have to change there is an error."""
    fenced = '# >>> coder-managed: module >>>\nmodel_provider = "aigateway"\n# <<< coder-managed: module <<<\n'
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text(fenced)

    ran = aibridge("configure", "codex", "--yes")

    assert ran.code == 1
    assert "/.codex/config.toml`:2" in ran.err
    assert (home / ".codex/config.toml").read_text() == fenced


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://coder.example.com", "without encryption"),
        ("https://me:secret@coder.example.com", "has a user name in it"),
        ("", "is empty"),
    ],
)
def test_urls_that_cannot_be(aibridge: RunAibridge, url: str, words: str) -> None:
    """An address that would give the token away, or is none, is refused."""
    ran = aibridge("configure", "codex", "--url", url)

    assert ran.code == 2
    assert words in ran.err
    assert "secret" not in ran.err


def test_another_deployments_token_is_not_used(aibridge: RunAibridge) -> None:
    """A session for one deployment is never taken for another."""
    ran = aibridge("configure", "codex", "--url", "https://other.example.com", "--yes")

    assert ran.code == 4


def test_without_a_home(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no home folder can be found the error says what to set."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("aibridge_cli.facts.account_home", lambda: "")

    ran = aibridge("configure", "codex")

    assert ran.code == 1
    assert "set `HOME`" in ran.err
