"""Tokens of ours where they should not be."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import Ran, RunAibridge

STATE = ".local/state/aibridge"


def found(ran: Ran) -> list[tuple[str, int, str, bool]]:
    rows: list[dict[str, Any]] = ran.data["data"]["found"]
    return [
        (Path(row["path"]).name, row["line"], row["standing"], row["fixable"]) for row in rows if not row["belongs"]
    ]


@pytest.fixture(name="token")
def signed_in_by_us(aibridge: RunAibridge, signed_in: Token) -> str:
    """The token of `aibridge login`."""
    assert aibridge("login", "--store", "file").code == 0
    return aibridge("token").out.strip()


def test_nothing_is_found(home: Path, aibridge: RunAibridge, token: str) -> None:
    """Where a token belongs it is no finding: our sign-in, the copy a client reads, a file it was asked to be in."""
    aibridge("configure", "opencode", "--yes")
    aibridge("configure", "droid", "--credential", "file", "--yes")

    ran = aibridge("secrets")

    assert (ran.code, ran.out) == (0, "no token of ours stands where it should not\n")
    assert "`~/.factory/settings.json` holds a token, as it should\n" in ran.err
    assert aibridge("secrets", "--fix").out == ran.out


def test_where_people_leave_them(home: Path, aibridge: RunAibridge, token: str) -> None:
    """Start-up files, histories, copies and clients' logs are told with line, id and a remedy; never the token."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    shutil.copy(home / ".factory/settings.json", home / ".factory/settings.json.bak")
    (home / ".bashrc").write_text(f"# mine\nexport CODER_SESSION_TOKEN={token}\n")
    (home / ".bash_history").write_text(f"ls\n\ncurl -H 'Coder-Session-Token: {token}' x\n")
    (home / ".codex/sessions").mkdir(parents=True)
    (home / ".codex/sessions/1.jsonl").write_text(json.dumps({"text": token}))

    ran = aibridge("secrets")

    identity, _, secret = token.partition("-")
    assert ran.code == 3
    assert f"~/.bashrc:2: token {identity} (in use), start-up file\n  take the line out, and use `eval" in ran.out
    assert f"~/.bash_history:3: token {identity} (in use), history\n  take the line out" in ran.out
    assert f"~/.codex/sessions/1.jsonl:1: token {identity} (in use), client record\n" in ran.out
    assert f"(in use), copy\n  a copy that somebody made: remove it, `rm {home}/.factory/settings.json.bak`" in ran.out
    assert "then `aibridge rotate` makes the token useless\n" in ran.out
    assert secret not in ran.out + ran.err
    assert secret not in aibridge("secrets", "--json").out


def test_after_a_rotation(home: Path, aibridge: RunAibridge, token: str) -> None:
    """A token that was replaced is known still, by its id and by the hash of what we wrote."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    shutil.copy(home / ".factory/settings.json", home / ".factory/settings.json~")
    assert aibridge("rotate", "--yes").code == 0

    ran = aibridge("secrets", "--json")

    rows = found(ran)
    assert {(name, standing, fixable) for name, _, standing, fixable in rows} == {("settings.json~", "replaced", False)}
    for record in (home / STATE / "sign-ins").iterdir():  # nothing but the journal knows it then
        record.write_text("".join(line for line in record.read_text().splitlines(True) if "earlier" not in line))
    assert found(aibridge("secrets", "--json")) == rows


def test_an_old_token_in_a_clients_file(home: Path, aibridge: RunAibridge, deployment: Deployment, token: str) -> None:
    """A file that we wrote with a token that is not in use any more gets the present one."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    file = home / ".factory/settings.json"
    assert aibridge("login", "--store", "file").code == 0
    newer = aibridge("token").out.strip()
    assert newer != token

    ran = aibridge("secrets")
    assert ran.code == 3
    assert "(replaced, once in use), client file\n  `aibridge configure droid` writes the present one\n" in ran.out

    ran = aibridge("secrets", "--fix", "--yes")

    assert ran.code == 0
    assert token not in file.read_text()
    assert newer in file.read_text()
    assert not any(each.partition("-")[2] in ran.out + ran.err for each in (token, newer))
    assert aibridge("unconfigure", "--yes").code == 0
    assert not file.exists()


def test_a_leftover_of_ours(home: Path, aibridge: RunAibridge, token: str) -> None:
    """What we once wrote, and what is not part of any configuration now, is taken out; the rest stays to the byte."""
    aibridge("configure", "codex", "--credential", "file", "--yes")
    file = home / ".codex/config.toml"
    written = file.read_text()
    aibridge("unconfigure", "--yes")
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"# mine\n{written}")  # as from a backup

    assert "we once wrote it, and it is not part of what is configured now\n" in aibridge("secrets").out
    preview = aibridge("secrets", "--fix", "--dry-run")
    assert preview.code == 3
    assert file.read_text() == f"# mine\n{written}"
    ran = aibridge("secrets", "--fix", "--yes")

    assert ran.code == 0
    left = [line for line in written.splitlines() if token not in line]
    assert file.read_text().splitlines() == ["# mine", *left]
    assert token not in preview.out + preview.err + ran.out + ran.err
    undone = aibridge("undo", "--yes")
    assert "nothing to undo: what that run took away is not kept\n" in undone.err


def test_what_somebody_else_wrote_is_not_touched(home: Path, aibridge: RunAibridge, token: str) -> None:
    """A token that was pasted into a client's file is told, and left."""
    (home / ".claude").mkdir()
    file = home / ".claude/settings.json"
    file.write_text(json.dumps({"env": {"ANTHROPIC_AUTH_TOKEN": token}}))
    before = file.read_bytes()

    ran = aibridge("secrets", "--fix", "--yes")

    assert ran.code == 3
    assert "  we did not write it: `aibridge configure` sets the client up, or take it out by hand; then" in ran.out
    assert file.read_bytes() == before


def test_a_file_that_git_tracks(home: Path, aibridge: RunAibridge, token: str) -> None:
    """A token in a repository is called out; a client that can ask for it instead is configured so."""
    aibridge("configure", "codex", "--credential", "file", "--yes")
    folder = home / ".codex"
    subprocess.run(["git", "init", "--quiet", folder], check=True, env={"HOME": str(home), "PATH": "/usr/bin:/bin"})
    subprocess.run(["git", "-C", folder, "add", "config.toml"], check=True)

    ran = aibridge("secrets")
    assert ran.code == 3
    assert "(in use), client file, tracked by git\n  git tracks it; configured in another way" in ran.out
    ran = aibridge("secrets", "--fix", "--yes")

    assert ran.code == 0
    assert token not in (folder / "config.toml").read_text()
    clients = aibridge("status", "--json").data["data"]["clients"]
    assert [client["credential"] for client in clients] == ["helper"]


def test_leftovers_in_our_own_folder(home: Path, aibridge: RunAibridge, token: str) -> None:
    """Files that a crash left, and copies that no client needs, are removed; what undo may need is told."""
    aibridge("configure", "opencode", "--yes")
    (copy,) = (home / STATE / "tokens").iterdir()
    (copy.parent / "coder.example.com").write_text(token)
    (home / STATE / "sign-ins" / (copy.name + "~")).write_text(f"token\t{token}\n")
    (home / ".config/opencode/.opencode.jsonc.aibridge-1.tmp").write_text(token)
    (home / STATE / "images/1").write_text(token)
    (home / STATE / "notes").write_text(token)

    before = found(aibridge("secrets", "--json"))
    ran = aibridge("secrets", "--fix", "--yes", "--json")

    assert {row[0] for row in before if row[3]} == {
        "coder.example.com", f"{copy.name}~", ".opencode.jsonc.aibridge-1.tmp",
    }  # fmt: skip
    assert ran.code == 3
    assert [row[0] for row in found(ran)] == ["notes", "1"]
    assert copy.read_text() == token
    assert not (copy.parent / "coder.example.com").exists()


def test_a_copy_of_ours_with_an_old_token(home: Path, aibridge: RunAibridge, token: str) -> None:
    """The file that a client reads the token from gets the present one."""
    aibridge("configure", "opencode", "--yes")
    (copy,) = (home / STATE / "tokens").iterdir()
    aibridge("login", "--store", "file")
    copy.write_text(token)

    assert "`aibridge configure opencode` writes the present one\n" in aibridge("secrets").out
    assert aibridge("secrets", "--fix", "--yes").code == 0
    assert copy.read_text() == aibridge("token").out.strip()


def test_like_ours(home: Path, aibridge: RunAibridge, deployment: Deployment, token: str) -> None:
    """A text of that shape beside an address of ours is named as what it is: perhaps one of ours."""
    (home / ".zshrc").write_text(f"export CODER_URL={deployment.url}\nexport T=abcdefghij-{'k' * 22}\n")

    ran = aibridge("secrets")

    assert ran.code == 3
    assert ran.out.startswith("~/.zshrc:2: token abcdefghij (looks like ours), start-up file\n")


def test_consent(home: Path, aibridge: RunAibridge, token: str) -> None:
    """Without a terminal and `--yes` nothing is written."""
    aibridge("configure", "opencode", "--yes")
    stale = home / STATE / "tokens/coder.example.com"
    stale.write_text(token)

    assert aibridge("secrets", "--fix").code == 2
    assert stale.exists()


def test_for_programs(home: Path, aibridge: RunAibridge, token: str) -> None:
    """The JSON's keys are pinned."""
    (home / ".profile").write_text(token)

    data = aibridge("secrets", "--json").data["data"]

    assert data.keys() == {"searched", "found", "applied", "run"}
    (row,) = [row for row in data["found"] if not row["belongs"]]
    assert row == {
        "path": str(home / ".profile"),
        "line": 1,
        "kind": "start-up file",
        "client": "",
        "token": token.partition("-")[0],
        "standing": "in use",
        "belongs": False,
        "tracked_by_git": False,
        "fix": 'take the line out, and use `eval "$(aibridge env)"` instead'
        "; then `aibridge rotate` makes the token useless",
        "fixable": False,
    }


def test_what_was_not_searched(home: Path, aibridge: RunAibridge, signed_in: Token, tmp_path: Path) -> None:
    """A link out of the home, a broken profile and a token that cannot be had are said."""
    (tmp_path / "outside").write_text(signed_in.text)
    (home / ".bashrc").symlink_to(tmp_path / "outside")
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    (profiles / "quill.toml").write_text("name = 1\n")

    ran = aibridge("secrets")

    assert ran.code == 0
    assert f"note: `{home}/.bashrc` is a link out of the home folder\n" in ran.err
    assert "note: not searched for a client: " in ran.err
    (home / ".config/coderv2/session").unlink()
    assert "note: there is no token for `" in aibridge("secrets").err
    (home / ".config/coderv2/url").unlink()
    assert "note: no deployment is in use: " in aibridge("secrets").err


def test_a_journal_that_is_damaged(home: Path, aibridge: RunAibridge, token: str) -> None:
    """What of the journal cannot be read is said, as tokens written then may not be known."""
    aibridge("configure", "droid", "--credential", "file", "--yes")
    journal = home / STATE / "journal.jsonl"
    journal.write_text('{"state": 1}\n' + journal.read_text())

    ran = aibridge("secrets")

    assert ran.code == 0
    assert "note: a line of the journal cannot be read, so tokens written then may not be known\n" in ran.err


def test_a_file_that_cannot_be_edited(home: Path, aibridge: RunAibridge, token: str) -> None:
    """A leftover of ours in a broken file is told, and mending it is refused with line and column."""
    aibridge("configure", "codex", "--credential", "file", "--yes")
    file = home / ".codex/config.toml"
    written = file.read_text()
    aibridge("unconfigure", "--yes")
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{written}\n[broken")

    assert "codex/config.toml:" in aibridge("secrets").out
    ran = aibridge("secrets", "--fix", "--yes")

    assert ran.code == 1
    assert f"error: `{file}`:" in ran.err
    assert file.read_text() == f"{written}\n[broken"
