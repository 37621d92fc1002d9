"""`aibridge shell`, as transcripts: a block of ours goes into a start-up file and out again."""

from __future__ import annotations

import codecs
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.documents.fenced import BEGIN, END

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_install_and_uninstall(home: Path, aibridge: RunAibridge) -> None:
    """The block is shown and added, a second run writes nothing, and taking it out returns the bytes."""
    file = home / ".zshrc"
    file.write_bytes(b"alias ll='ls -l'\nexport Z=1")

    ran = aibridge("shell", "install", "zsh", "--yes")
    assert ran.code == 0
    assert "+if [ -x " in ran.out
    assert ran.err == "`~/.zshrc` updated\ndone; `aibridge shell uninstall` takes it back\n"
    written = file.read_bytes()
    assert written.startswith(b"alias ll='ls -l'\nexport Z=1\n" + BEGIN.encode())

    assert (
        aibridge("shell", "install", "zsh", "--yes").err
        == "nothing to do: it is in place: a new shell has the variables\n"
    )
    assert file.read_bytes() == written
    assert aibridge("shell", "status").out == "zsh  ~/.zshrc  in place\n"

    assert aibridge("shell", "uninstall", "--yes").err == "`~/.zshrc` updated\ndone\n"
    assert file.read_bytes() == b"alias ll='ls -l'\nexport Z=1"
    assert aibridge("shell", "uninstall", "--yes").err == "nothing to do: it is not in place\n"
    assert "no start-up file has a block of ours" in aibridge("shell", "status").err


def test_a_file_that_was_not_there(home: Path, aibridge: RunAibridge) -> None:
    """It is made with its folders, and goes with them."""
    before = sorted(home.rglob("*"))

    aibridge("shell", "install", "fish", "--yes")
    assert (home / ".config/fish/conf.d/aibridge.fish").read_text().endswith(f"{END}\n")
    aibridge("shell", "uninstall", "fish", "--yes")

    left = [path for path in sorted(home.rglob("*")) if path not in before and ".local" not in path.parts]
    assert left == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"one\r\ntwo\r\n",
        b"one\r\ntwo",
        codecs.BOM_UTF8 + b"one\n",
        "Zürich 東京\n\n\n".encode(),
        b"# >>> conda initialize >>>\nconda\n# <<< conda initialize <<<\n",
    ],
)
def test_every_other_byte_stays(home: Path, aibridge: RunAibridge, content: bytes) -> None:
    """Line ends, a byte order mark and other programs' blocks are as they were, with our block and without."""
    file = home / ".zshrc"
    file.write_bytes(content)

    aibridge("shell", "install", "zsh", "--yes")
    assert file.read_bytes().startswith(content)
    aibridge("shell", "uninstall", "--yes")

    assert file.read_bytes() == content


def test_what_was_edited_since(home: Path, aibridge: RunAibridge) -> None:
    """Edits around the block stay; a block that was edited stays too, and is named."""
    file = home / ".zshrc"
    file.write_text("one\n")
    aibridge("shell", "install", "zsh", "--yes")

    file.write_text("zero\n" + file.read_text() + "two\n")
    aibridge("shell", "uninstall", "--yes")
    assert file.read_text() == "zero\none\ntwo\n"

    aibridge("shell", "install", "zsh", "--yes")
    file.write_text(file.read_text().replace("--quiet", "--quiet --anthropic-api-key"))
    assert aibridge("shell", "status").out == "zsh  ~/.zshrc  changed\n"
    ran = aibridge("shell", "uninstall", "--yes")
    assert "note: the block in `~/.zshrc` was changed since we wrote it, so it stays; take it out by hand\n" in ran.err
    assert "--anthropic-api-key" in file.read_text()


def test_damaged_marks(home: Path, aibridge: RunAibridge) -> None:
    """A mark without its partner stops with file and line, and nothing is written."""
    file = home / ".zshrc"
    file.write_text(f"one\n{BEGIN}\ntwo\n")

    ran = aibridge("shell", "install", "zsh", "--yes")

    assert (ran.code, file.read_text()) == (1, f"one\n{BEGIN}\ntwo\n")
    assert ran.err.startswith(f"error: `{file}`:2: a block of ours begins here and never ends\nhint: ")


def test_a_block_that_cannot_be_read(home: Path, aibridge: RunAibridge) -> None:
    """`status` says what is wrong with each file rather than fail over one; a block that is gone is gone."""
    file = home / ".zshrc"
    aibridge("shell", "install", "zsh", "--yes")
    file.write_text(f"{BEGIN}\n")
    assert "cannot be read: " in aibridge("shell", "status").out
    file.write_bytes(b"\xff")
    assert "this is not UTF-8 text" in aibridge("shell", "status").out
    file.write_text("one\n")
    assert aibridge("shell", "status", "--json").data["data"]["files"] == [
        {"shell": "zsh", "path": str(file), "state": "gone"}
    ]


def test_login_shells_of_bash(home: Path, aibridge: RunAibridge) -> None:
    """A file for login shells that leaves `.bashrc` unread gets the line too, in words of all that read it."""
    (home / ".profile").write_text("PATH=$PATH:/opt\n")

    ran = aibridge("shell", "install", "bash", "--hook", "--yes")

    assert "note: login shells of bash read `~/.profile`, which does not read `~/.bashrc`" in ran.err
    assert "PROMPT_COMMAND" in (home / ".bashrc").read_text()
    assert "env --shell sh --quiet" in (home / ".profile").read_text()
    assert aibridge("shell", "status").out == "bash  ~/.bashrc  in place\nbash  ~/.profile  in place\n"
    assert aibridge("shell", "install", "bash", "--hook", "--yes").err.endswith(
        "in place: a new shell has the variables\n"
    )

    (home / ".profile").write_text("PATH=$PATH:/opt\n. ~/.bashrc\n")
    aibridge("shell", "install", "bash", "--yes")
    assert (home / ".profile").read_text() == "PATH=$PATH:/opt\n. ~/.bashrc\n"

    (home / ".bash_profile").write_text("A=1\n")
    aibridge("shell", "install", "bash", "--hook", "--yes")
    assert "PROMPT_COMMAND" in (home / ".bash_profile").read_text()
    (home / ".bash_profile").write_bytes(b"\xff")
    assert ".bash_profile`:1:1: this is not UTF-8 text" in aibridge("shell", "install", "bash", "--yes").err


def test_another_file_than_before(home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the shell reads another file now, the block moves there."""
    aibridge("shell", "install", "zsh", "--yes")
    (home / "z").mkdir()
    monkeypatch.setenv("ZDOTDIR", str(home / "z"))

    aibridge("shell", "install", "zsh", "--yes")

    assert not (home / ".zshrc").exists()
    assert (home / "z/.zshrc").exists()


def test_clients_and_hook(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The line names the clients that were asked for, and the hook the files that a sign-in changes."""
    ran = aibridge("shell", "install", "fish", "--hook", "--clients", "codex,claude", "--dry-run")

    assert ran.err.endswith("nothing was written (dry run)\n")
    assert "env codex claude --shell fish --quiet" in ran.out
    assert f"{home}/.config/coderv2/session" in ran.out
    assert "/sign-ins/" in ran.out
    assert signed_in.text not in ran.out
    assert not (home / ".config/fish").exists()


def test_a_hook_and_a_keychain(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the Coder CLI keeps its session in the keychain, what the hook does not see is said."""
    monkeypatch.setattr("aibridge_cli.cli.shell.files_are_the_store", lambda _: False)

    ran = aibridge("shell", "install", "zsh", "--hook", "--dry-run")

    assert "note: a new session of `coder login` is in the system's keychain" in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("install", "psh"), "`psh` is not a supported shell"),
        (("install", "docker"), "docker is no shell"),
        (("install", "cmd"), "cmd reads no start-up file"),
        (("install", "nu", "--hook"), "nu cannot look for a new token"),
        (("install", "zsh", "--clients", "codec"), "unknown client `codec`"),
        (("install", "zsh"), "there is no terminal to ask on"),
        (("uninstall", "docker"), "docker is no shell"),
    ],
)
def test_called_wrongly(home: Path, aibridge: RunAibridge, words: tuple[str, ...], message: str) -> None:
    """What cannot be is a usage error, and nothing is written."""
    ran = aibridge("shell", *words)

    assert ran.code == 2
    assert message in ran.err
    assert not (home / ".zshrc").exists()


def test_two_shells_that_read_one_file(home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file holds one block; for the second shell the command says whose it is, and how it goes."""
    (home / "shrc").write_text("a=1\n")
    (home / "link").symlink_to("shrc")
    monkeypatch.setenv("ENV", str(home / "shrc"))
    aibridge("shell", "install", "sh", "--yes")
    monkeypatch.setenv("ENV", str(home / "link"))

    refused = aibridge("shell", "install", "ksh", "--yes")

    assert refused.code == 2
    assert "has the block for sh already, and ksh reads it too\n" in refused.err
    assert "hint: `aibridge shell uninstall sh` takes that one out\n" in refused.err
    assert aibridge("shell", "uninstall", "sh", "--yes").code == 0
    assert aibridge("shell", "install", "ksh", "--yes").code == 0
    assert (home / "link").is_symlink()


def test_no_client_is_configured_by_it(home: Path, aibridge: RunAibridge) -> None:
    """A start-up file is nobody's configuration: it does not count as a client, and `unconfigure` leaves it."""
    aibridge("shell", "install", "zsh", "--yes")

    assert aibridge("unconfigure", "--yes").err == "nothing to take back\n"
    assert (home / ".zshrc").exists()
    assert (home / ".local/state/aibridge/configured").read_text() == ""


def test_a_shell_reads_it(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A shell that reads the file has the variables, as JSON says as well."""
    data = aibridge("shell", "install", "bash", "--yes", "--json").data

    assert [file["path"] for file in data["data"]["files"]] == [str(home / ".bashrc")]
    ran = subprocess.run(
        ["bash", "-c", ". ~/.bashrc; printenv OPENAI_API_KEY"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"{signed_in.text}\n"
