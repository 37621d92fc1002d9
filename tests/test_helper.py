from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.errors import UsageError
from aibridge_cli.folders import session_file
from aibridge_cli.helper import helper_command, program_command, quote_for_shell

HERE = "https://coder.example.com"
HOME = "/home/me"


def helper(facts: Any, home: str = HOME, **given: Any) -> str:
    """Return the command line after the program."""
    words = helper_command(facts, HERE, home=home, **given)
    return " ".join(words[words.index("token") :])


@pytest.mark.parametrize(
    ("platform", "environ", "pins"),
    [
        ("linux", {}, ""),
        ("linux", {"XDG_STATE_HOME": f"{HOME}/.local/state", "XDG_CONFIG_HOME": f"{HOME}/.config"}, ""),
        ("linux", {"XDG_STATE_HOME": "/x"}, " --state-dir /x/aibridge"),
        ("linux", {"AIBRIDGE_STATE_DIR": "/s"}, " --state-dir /s"),
        ("linux", {"XDG_CONFIG_HOME": "/x"}, " --coder-config-dir /x/coderv2"),
        ("linux", {"CODER_CONFIG_DIR": "/c"}, " --coder-config-dir /c"),
        ("linux", {"CODER_URL": HERE, "CODER_SESSION_TOKEN": "t", "PATH": "/bin"}, ""),
        ("macos", {}, ""),
        ("macos", {"CODER_CONFIG_DIR": "/c"}, " --coder-config-dir /c"),
    ],
)
def test_pins(make_facts: Any, platform: str, environ: dict[str, str], pins: str) -> None:
    """Only what a client without our environment would not find is spelled out."""
    facts = make_facts(platform=platform, environ=environ, home=HOME, python="/venv/bin/python")
    assert helper(facts) == f"token --url {HERE}{pins}"


def test_other_home(make_facts: Any) -> None:
    """Where `HOME` is not the account's, the folders below it are spelled out."""
    facts = make_facts(home="/tmp/other")
    pins = "--state-dir /tmp/other/.local/state/aibridge --coder-config-dir /tmp/other/.config/coderv2"
    assert helper(facts) == f"token --url {HERE} {pins}"
    assert helper(facts, home="") == f"token --url {HERE} {pins}"


def test_account_home_is_asked_for(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless told, the account's home is taken from the password database, whatever `HOME` says."""
    monkeypatch.setattr("aibridge_cli.helper.account_home", lambda: "/home/other")
    assert "--state-dir" in helper_command(make_facts(home=HOME), HERE)
    assert "--state-dir" not in helper_command(make_facts(home="/home/other"), HERE)


def test_program_and_consent(make_facts: Any) -> None:
    """The Coder CLI that printed the token is named by its path, and plain http stays agreed to."""
    words = helper(make_facts(home=HOME), coder_command="/opt/coder", insecure_http=True)
    assert words == f"token --url {HERE} --coder-command /opt/coder --insecure-http"


def test_keychain_stays_in_use(make_facts: Any) -> None:
    """The folder is not named when a keychain gave the token: the Coder CLI would leave the keychain aside."""
    facts = make_facts(platform="macos", home="/tmp/other", environ={"AIBRIDGE_STATE_DIR": "/s"})
    assert "--coder-config-dir" not in helper(facts, coder_command="/opt/coder")
    assert "--coder-config-dir" in helper(facts)


def test_installed_program(make_facts: Any, tmp_path: Path) -> None:
    """The entry on `PATH` is used when it leads to the running program, and the program itself when not."""
    (tmp_path / "venv").mkdir()
    program = tmp_path / "venv" / "aibridge"
    program.touch(mode=0o755)
    (tmp_path / "bin").mkdir()
    entry = tmp_path / "bin" / "aibridge"
    entry.symlink_to(program)
    path = {"PATH": str(tmp_path / "bin")}
    assert program_command(make_facts(program=str(program), environ=path)) == (str(entry),)
    assert program_command(make_facts(program=str(program))) == (str(program),)
    entry.unlink()
    entry.touch(mode=0o755)
    assert program_command(make_facts(program=str(program), environ=path)) == (str(program),)


@pytest.mark.parametrize("program", ["", "/gone/aibridge", __file__, "/x/aibridge_cli/__main__.py"])
def test_module(make_facts: Any, program: str) -> None:
    """Started in any other way, the interpreter is told to run the module, away from the working folder."""
    facts = make_facts(program=program, python="/venv/bin/python")
    assert program_command(facts) == ("/venv/bin/python", "-I", "-m", "aibridge_cli")


@pytest.mark.parametrize("name", ["plain", 'it\'s a $(touch ran) "folder"'])
def test_from_a_dock(make_facts: Any, tmp_path: Path, name: str) -> None:
    """The line finds the same token with an empty environment, in a folder that would like to be imported."""
    home = tmp_path / name
    (home / "coder").mkdir(parents=True)
    (home / "coder" / "url").write_text(HERE)
    (home / "coder" / "session").write_text("from-file")
    (tmp_path / "project").mkdir()
    for module in ("aibridge_cli", "os", "sys"):
        (tmp_path / "project" / f"{module}.py").write_text("raise SystemExit('imported from the working folder')")
    facts = make_facts(
        environ={"CODER_CONFIG_DIR": str(home / "coder"), "XDG_STATE_HOME": str(home / "state")},
        home=str(home),
        python=sys.executable,
    )

    def run() -> tuple[int, str, str]:
        line = quote_for_shell(helper_command(facts, HERE), "linux")
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            env={},
            cwd=tmp_path / "project",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    assert run() == (0, "from-file\n", "")
    kept = Path(session_file(facts, HERE))
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    assert run() == (0, "kept\n", "")
    assert not (tmp_path / "project" / "ran").exists()


def test_from_a_dock_through_the_coder_cli(make_facts: Any, tmp_path: Path) -> None:
    """A token that the Coder CLI printed is printed again though no `PATH` leads to it."""
    program = tmp_path / "coder"
    program.write_text('#!/bin/sh\n[ $1 = version ] && echo \'{"version":"v2.31.0"}\' || echo "for $4"\n')
    program.chmod(0o755)
    facts = make_facts(home=str(tmp_path), python=sys.executable)
    words = helper_command(facts, HERE, coder_command=str(program))
    done = subprocess.run(words, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (4, "")  # a token has no white space
    program.write_text('#!/bin/sh\n[ $1 = version ] && echo \'{"version":"v2.31.0"}\' || echo "$4"\n')
    done = subprocess.run(words, env={}, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{HERE}\n", "")


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
def test_quote_for_posix(words: list[str]) -> None:
    """A POSIX shell splits the line into the same words."""
    assert shlex.split(quote_for_shell(tuple(words), "linux")) == words


def test_plain_words_stay_plain() -> None:
    """Words that need no quotes have none, so that the line in the client's file is easy to read."""
    assert quote_for_shell(("/bin/aibridge", "token", "--url", HERE), "macos") == f"/bin/aibridge token --url {HERE}"


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        (r"C:\bin\aibridge.exe", r"C:\bin\aibridge.exe"),
        (r"C:\Program Files\aibridge.exe", r'"C:\Program Files\aibridge.exe"'),
        ("C:\\My Files\\", '"C:\\My Files\\\\"'),
        ("a&b", '"a&b"'),
        ("", '""'),
    ],
)
def test_quote_for_cmd(word: str, quoted: str) -> None:
    """For cmd.exe a word goes between double quotes. As text only: cmd.exe was not run."""
    assert quote_for_shell((word, "token"), "windows") == f"{quoted} token"


@pytest.mark.parametrize("word", ["100%", 'a"b', "a\nb", "wow!"])
def test_refused_for_cmd(word: str) -> None:
    """What cmd.exe would change inside quotes is refused."""
    with pytest.raises(UsageError, match="cannot be written"):
        quote_for_shell((word,), "windows")
