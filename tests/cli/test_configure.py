"""The two commands of the product, through the real entry point, in an empty home."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")
CLIENTS = ("claude-code", "codex", "opencode")
SHIPPED = Catalogue([shipped_folder()])


def files(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and ".local/state/aibridge" not in str(path)
    }


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


@pytest.mark.parametrize("client", [each for each in SHIPPED.ids() if SHIPPED.load(each).edits])
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


@pytest.mark.parametrize("words", [(), ("codex", "--all")])
def test_clients_or_all(aibridge: RunAibridge, words: tuple[str, ...]) -> None:
    """Either clients are named or `--all` is given."""
    assert aibridge("configure", *words).code == 2


def test_all_means_every_client_found(home: Path, aibridge: RunAibridge) -> None:
    """`--all` configures the clients that are on this machine."""
    assert aibridge("configure", "--all", "--yes").code == 2
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text("# mine\n")

    ran = aibridge("configure", "--all", "--yes", "--json")

    assert [client["id"] for client in ran.data["data"]["clients"]] == ["codex"]


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


@pytest.mark.parametrize(("client", "way"), [("codex", "reference"), ("opencode", "helper")])
def test_a_way_that_the_client_has_not(aibridge: RunAibridge, client: str, way: str) -> None:
    """A way that does not exist for the client is an error that names the ways that do."""
    ran = aibridge("configure", client, "--credential", way)

    assert ran.code == 2
    assert "possible: `--credential" in ran.err


def test_models(home: Path, aibridge: RunAibridge) -> None:
    """A model is written where it is given, by name alone when only one provider can be meant."""
    aibridge("configure", "codex", "--model", "gpt-5.4", "--yes")
    aibridge("configure", "opencode", "--model", "anthropic=claude-sonnet-4-5", "--yes")

    assert 'model = "gpt-5.4"\n' in (home / ".codex/config.toml").read_text()
    assert '"model": "anthropic/claude-sonnet-4-5"' in (home / ".config/opencode/opencode.jsonc").read_text()


@pytest.mark.parametrize("model", ["gpt-5.4", "google=x", "openai="])
def test_models_that_do_not_fit(aibridge: RunAibridge, model: str) -> None:
    """A model that could mean several providers, or another one, is an error that says how to write it."""
    ran = aibridge("configure", "opencode", "--model", model)

    assert ran.code == 2
    assert "openai=" in ran.err


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


def test_unconfigure_one_of_three(home: Path, aibridge: RunAibridge) -> None:
    """One client is taken back and the others stay."""
    aibridge("configure", *CLIENTS, "--yes")

    ran = aibridge("unconfigure", "claude", "--yes")

    assert ran.code == 0
    assert "`~/.claude/settings.json` removed" in ran.err
    assert not (home / ".claude").exists()
    assert (home / ".codex/config.toml").exists()


def test_unconfigure_what_is_not_configured(aibridge: RunAibridge) -> None:
    """Taking back what is not configured says so and is no failure."""
    ran = aibridge("unconfigure", "codex", "--yes")

    assert ran.code == 0
    assert ran.err == "`codex` is not configured by us\nnothing to take back\n"


def test_unconfigure_names_or_all(aibridge: RunAibridge) -> None:
    """Names and `--all` together are an error."""
    assert aibridge("unconfigure", "codex", "--all").code == 2


def test_unconfigure_reports_what_stays(home: Path, aibridge: RunAibridge) -> None:
    """A key that was changed since is named, in words and as data."""
    aibridge("configure", "claude-code", "--yes")
    file = home / ".claude/settings.json"
    settings = json.loads(file.read_text())
    settings["env"]["ANTHROPIC_BASE_URL"] = "https://elsewhere"
    file.write_text(json.dumps(settings))

    dry = aibridge("unconfigure", "--dry-run", "--json").data["data"]
    ran = aibridge("unconfigure", "--yes")

    assert [each["key"] for each in dry["stayed"]] == ["env.ANTHROPIC_BASE_URL"]
    assert (
        "`env.ANTHROPIC_BASE_URL` in `~/.claude/settings.json` was changed since we wrote it, so it stays\n" in ran.err
    )
    assert json.loads(file.read_text()) == {"env": {"ANTHROPIC_BASE_URL": "https://elsewhere"}}


def test_the_helper_works_from_an_empty_environment(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """What was written as the helper prints the token for a client that was started with nothing set."""
    aibridge("configure", "claude-code", "--yes")
    helper = json.loads((home / ".claude/settings.json").read_text())["apiKeyHelper"]

    ran = subprocess.run(["/bin/sh", "-c", helper], env={}, cwd="/", capture_output=True, text=True, check=True)

    assert ran.stdout == f"{signed_in.text}\n"
    assert os.path.isabs(helper.split()[0].strip("'"))
