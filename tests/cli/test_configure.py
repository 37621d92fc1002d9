"""The two commands of the product, through the real entry point, in an empty home."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.homes import files
from tests.shipped import writing_on_linux

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")
CLIENTS = ("claude-code", "codex", "opencode")


def test_three_clients_and_back(home: Path, aibridge: RunAibridge) -> None:
    """Three clients are configured in one run, and taken back to an empty home in another."""
    before = files(home)

    assert aibridge("configure", *CLIENTS, "--yes").code == 0
    assert {".claude/settings.json", ".codex/config.toml", ".config/opencode/opencode.jsonc"} <= files(home).keys()
    assert aibridge("unconfigure", "--yes").code == 0

    assert files(home) == before
    assert not (home / ".claude").exists()


def test_dry_run_writes_nothing(home: Path, aibridge: RunAibridge) -> None:
    """A dry run shows the differences on standard output and leaves the home as it is."""
    before = files(home)

    ran = aibridge("configure", *CLIENTS, "--dry-run")

    assert ran.code == 0
    assert "+++ ~/.codex/config.toml\n" in ran.out
    assert ran.err.endswith("nothing was written (dry run)\n")
    assert files(home) == before
    assert not (home / ".local").exists()


@pytest.mark.parametrize("client", [profile.id for profile in writing_on_linux()])
def test_files_that_we_made_are_no_clients(aibridge: RunAibridge, client: str) -> None:
    """A client that is not installed is not taken for one because of the files we made for it."""
    aibridge("configure", client, "--yes")

    (row,) = [row for row in aibridge("clients", "--json").data["data"]["clients"] if row["id"] == client]

    assert row["configured"]
    assert row["found"] == []


def test_all_takes_in_what_is_configured(aibridge: RunAibridge) -> None:
    """`--all` takes in what is configured already, though it is not found."""
    aibridge("configure", "codex", "--yes")

    assert aibridge("configure", "--all", "--yes").err.endswith("nothing to do: everything is configured like this\n")


def test_a_second_run_has_nothing_to_do(home: Path, aibridge: RunAibridge) -> None:
    """Configured once, everything is as it should be."""
    aibridge("configure", *CLIENTS, "--yes")
    before = files(home)

    ran = aibridge("configure", *CLIENTS, "--yes")

    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("nothing to do: everything is configured like this\n")
    assert files(home) == before


def test_no_token_in_output_or_records(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The token is in its 0600 file and nowhere else that we wrote or printed."""
    printed = [
        aibridge("configure", *CLIENTS, "--yes"),
        aibridge("clients"),
        aibridge("configure", *CLIENTS, "--json", "-n"),
    ]

    assert not any(signed_in.text in ran.out + ran.err for ran in printed)
    holding = [name for name, content in files(home).items() if signed_in.text.encode() in content]
    ours = [path for path in (home / ".local").rglob("*") if path.is_file() and signed_in.text in path.read_text()]
    assert holding == [".config/coderv2/session"]
    assert [path.parent.name for path in ours] == ["tokens"]
    assert ours[0].stat().st_mode & 0o777 == 0o600


def test_json_output(aibridge: RunAibridge, deployment: Deployment) -> None:
    """With `--json` one object says what was done; its keys are pinned."""
    data = aibridge("configure", "codex", "--yes", "--json").data

    assert sorted(data) == ["command", "data", "messages", "status", "version"]
    assert (data["version"], data["command"], data["status"]) == (1, "configure", "done")
    assert sorted(data["data"]) == ["applied", "clients", "deployment", "dry_run", "files", "keychain", "run"]
    assert data["data"]["deployment"] == deployment.url
    assert data["data"]["clients"] == [{"id": "codex", "credential": "helper"}]
    (file,) = data["data"]["files"]
    assert (file["action"], file["secret"], file["own"]) == ("create", False, False)


def test_all_passes_over_what_it_cannot_do_alone(
    home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--all`, clients that are unsupported or need a person's hand stay as they are, though they are here."""
    (home / "bin").mkdir()
    (home / "bin/cursor").write_text("#!/bin/sh\n")
    (home / "bin/cursor").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}/bin:/usr/bin:/bin")
    for folder in (".codex", ".config/zed", ".config/JetBrains"):
        (home / folder).mkdir(parents=True)
    (home / ".config/zed/settings.json").write_text("// mine\n{}\n")
    (home / ".codex/config.toml").write_text("# mine\n")
    before = files(home)

    ran = aibridge("configure", "--all", "--yes", "--json")

    here = [row["id"] for row in aibridge("clients", "--json").data["data"]["clients"] if row["found"]]
    assert here == ["codex", "cursor", "jetbrains-ai", "zed"]
    assert [client["id"] for client in ran.data["data"]["clients"]] == ["codex"]
    assert "note: Zed needs your hand: `aibridge configure zed`" in ran.data["messages"]
    assert {name for name, content in files(home).items() if before.get(name) != content} == {".codex/config.toml"}


def test_all_means_every_client_found(home: Path, aibridge: RunAibridge) -> None:
    """`--all` configures the clients that are on this machine."""
    assert aibridge("configure", "--all", "--yes").code == 2
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text("# mine\n")

    ran = aibridge("configure", "--all", "--yes", "--json")

    assert [client["id"] for client in ran.data["data"]["clients"]] == ["codex"]


def test_a_token_from_standard_input_is_kept_for_the_helper(
    home: Path, aibridge: RunAibridge, deployment: Deployment
) -> None:
    """A helper that starts later finds the token that was typed once; it goes with the client."""
    token = deployment.tokens.issue("typed").text
    url = deployment.url

    ran = aibridge("configure", "claude-code", "codex", "--token-stdin", "--url", url, "--yes", stdin=f" {token}\n")
    assert ran.code == 0
    assert ran.err.count("goes before others, until `aibridge login` or `unconfigure`\n") == 1
    assert aibridge("token", "--url", url).out == f"{token}\n"
    aibridge("unconfigure", "--yes")

    assert aibridge("token", "--url", url).out != f"{token}\n"
    assert list((home / ".local/state/aibridge/sessions").iterdir()) == []


def test_require_secretless(aibridge: RunAibridge, deployment: Deployment) -> None:
    """With `--require-secretless` the token is written to no file, or the run fails."""
    done = aibridge("configure", "codex", "opencode", "--require-secretless", "--yes", "--json").data
    assert done["data"]["clients"] == [{"id": "codex", "credential": "helper"}, {"id": "opencode", "credential": "env"}]
    assert not any(file["secret"] for file in done["data"]["files"])

    token = deployment.tokens.issue().text
    ran = aibridge("configure", "codex", "--require-secretless", "--token-stdin", "--yes", stdin=token)

    assert ran.code == 2
    assert "where the helper of Codex CLI will not find it later" in ran.err


def test_models(home: Path, aibridge: RunAibridge) -> None:
    """A model is written where it is given, by name alone when only one provider can be meant."""
    aibridge("configure", "codex", "--model", "gpt-5.4", "--yes")
    aibridge("configure", "opencode", "--model", "anthropic=claude-sonnet-4-5", "--yes")

    assert 'model = "gpt-5.4"\n' in (home / ".codex/config.toml").read_text()
    assert '"model": "anthropic/claude-sonnet-4-5"' in (home / ".config/opencode/opencode.jsonc").read_text()


def test_a_file_tracked_by_git_is_warned_of(home: Path, aibridge: RunAibridge) -> None:
    """A token that would land in a work tree, also through a link, is worth a warning."""
    dotfiles = home / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "config.toml").write_text("# mine\n")
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").symlink_to(dotfiles / "config.toml")
    subprocess.run(["git", "init", "-q", str(dotfiles)], check=True)
    subprocess.run(["git", "-C", str(dotfiles), "add", "."], check=True)

    ran = aibridge("configure", "codex", "--credential", "file", "--dry-run")

    assert f"warning: `{dotfiles}/config.toml` holds the token and is tracked by git\n" in ran.err


def test_insecure_http_is_possible(aibridge: RunAibridge, deployment: Deployment) -> None:
    """Plain http is accepted when it is asked for, and the helper is told as well."""
    token = deployment.tokens.issue().text

    ran = aibridge(
        "configure",
        "claude-code",
        "--url",
        "http://coder.internal",
        "--insecure-http",
        "--token-stdin",
        "-n",
        stdin=token,
    )

    assert ran.code == 0
    assert "--insecure-http" in ran.out


def test_a_pasted_address_is_cut(aibridge: RunAibridge, deployment: Deployment) -> None:
    """An address copied from a document, with the gateway's path, means the deployment."""
    ran = aibridge("configure", "codex", "--url", f"{deployment.url}/api/v2/aibridge/openai/v1/", "-n", "--json")

    assert ran.data["data"]["deployment"] == deployment.url


def test_the_helper_works_from_an_empty_environment(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """What was written as the helper prints the token for a client that was started with nothing set."""
    aibridge("configure", "claude-code", "--yes")
    helper = json.loads((home / ".claude/settings.json").read_text())["apiKeyHelper"]

    ran = subprocess.run(["/bin/sh", "-c", helper], env={}, cwd="/", capture_output=True, text=True, check=True)

    assert ran.stdout == f"{signed_in.text}\n"
    assert os.path.isabs(helper.split()[0].strip("'"))
