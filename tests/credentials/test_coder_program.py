from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aibridge_cli.child import Outcome
from aibridge_cli.credentials import coder_program
from aibridge_cli.credentials.coder_program import ask_for_token, find_coder, version_file
from aibridge_cli.errors import AibridgeError
from tests.processes import has_ended

HERE = "https://coder.example.com"
TOKEN = "ABCDEFGHIJ-0123456789012345678901"
NEW = """[ "$1" = version ] && { echo '{"version": "v2.31.0-devel+abc"}'; exit; }"""

# Stand-ins for the Coder CLI, which behave as it does in these versions and note how they were called.
NOTE = 'echo "$*" >> "$HOME/calls"\n'
CODER_2_30 = f"""{NOTE}case "$1 $2" in
"version --output=json") echo '{{"version":"v2.30.4+0a1b2c3","build_time":"2026-02-03T10:00:00Z","slim":false}}' ;;
"login "*) echo "Attempting to authenticate with argument URL: '$2'" >&2; touch "$HOME/browser"; sleep 60 ;;
esac"""
CODER_2_31 = f"""{NOTE}case "$*" in
"version --output=json") echo '{{"version":"v2.31.0+0a1b2c3","build_time":"2026-03-03T10:00:00Z","slim":false}}' ;;
"login token --url {HERE}") echo {TOKEN} ;;
*) echo "error: You are not logged in. Try logging in using 'coder login <url>'." >&2; exit 1 ;;
esac"""


@pytest.fixture(name="home")
def home_folder(tmp_path: Path) -> Path:
    """The home that `make_facts` names."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture(name="installed")
def installed_coder(fake_coder: Any) -> Callable[[str], str]:
    """A stand-in that is as large as a real Coder CLI might at least be."""

    def install(script: str) -> str:
        program: str = fake_coder(f"{script}\nexit")
        with open(program, "a", encoding="utf-8") as file:
            file.write("#" * coder_program.SMALLEST_PROGRAM)
        return program

    return install


def state_folder(home: Path) -> Path:
    folder = home / ".local" / "state" / "aibridge"
    folder.mkdir(parents=True)
    return folder


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def test_version_2_31(make_facts: Any, fake_coder: Any, home: Path) -> None:
    """A new enough program is asked for the deployment's token, and says so when it has none."""
    program = fake_coder(CODER_2_31)
    assert ask_for_token(make_facts(), program, HERE) == TOKEN
    assert calls(home) == ["version --output=json", f"login token --url {HERE}"]
    with pytest.raises(AibridgeError) as caught:
        ask_for_token(make_facts(), program, "https://other.example.com")
    assert caught.value.message == (
        f"`{program} login token` failed: You are not logged in. Try logging in using 'coder login <url>'."
    )


def test_version_2_30(make_facts: Any, fake_coder: Any, home: Path) -> None:
    """An older program, which would open a browser, is never asked to log in."""
    program = fake_coder(CODER_2_30)
    for _ in range(2):
        with pytest.raises(AibridgeError, match=r"is older than 2\.31 and cannot print its token"):
            ask_for_token(make_facts(), program, HERE)
    assert calls(home) == ["version --output=json"] * 2
    assert not (home / "browser").exists()


def test_environment(make_facts: Any, fake_coder: Any, tmp_path: Path) -> None:
    """The program sees a home and no browser, and no token or URL that it would answer with instead."""
    program = fake_coder(f'{NEW}\necho "${{CODER_SESSION_TOKEN-none}},${{CODER_URL-none}},$CODER_NO_OPEN,$HOME"')
    facts = make_facts(environ={"CODER_SESSION_TOKEN": "x", "CODER_URL": "https://y", "HOME": ""})
    assert ask_for_token(facts, program, HERE) == f"none,none,1,{tmp_path}/home"
    homeless = make_facts(environ={"HOME": "/given"}, home="")
    assert ask_for_token(homeless, program, HERE) == "none,none,1,/given"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("""echo '{"version": "v1.99.0"}'""", "is older than 2.31"),
        ("""echo 'Coder v2.31'""", "does not say which version it is"),
        ("""echo '{"version": "dev"}'""", "does not say which version it is"),
        ("""echo '{"version": 2}'""", "does not say which version it is"),
        ("""echo '[]'""", "does not say which version it is"),
        ("""echo '"x"'""", "does not say which version it is"),
        ("""printf '\\377\\000{'""", "does not say which version it is"),
        ("head -c 100000 /dev/urandom", "does not say which version it is"),
        ("true", "does not say which version it is"),
        ("exit 3", "version --output=json` failed: exit code 3"),
        ("kill -9 $$", "version --output=json` failed: ended by signal 9"),
        (f"{NEW}\nkill -15 $$", "login token` failed: ended by signal 15"),
        (f"{NEW}\necho hello >&2; echo 'error: not \033[31mlogged in' >&2; exit 1", "failed: not [31mlogged in"),
        (f"{NEW}\nprintf '\\377' >&2; exit 1", "login token` failed: \ufffd"),
    ],
)
def test_failures(make_facts: Any, fake_coder: Any, script: str, message: str) -> None:
    """Every failure is an error with the reason."""
    program = fake_coder(script)
    with pytest.raises(AibridgeError) as caught:
        ask_for_token(make_facts(environ={"PATH": os.environ["PATH"]}), program, HERE)
    assert message in caught.value.message


def test_not_a_program(make_facts: Any, tmp_path: Path) -> None:
    """A program that cannot be started is an error with the reason."""
    with pytest.raises(AibridgeError, match="cannot be run: No such file"):
        ask_for_token(make_facts(), str(tmp_path / "gone"), HERE)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("sleep 60 & echo $! > ../child; wait", "version --output=json"),
        (f"{NEW}\nsleep 60 & echo $! > ../child; wait", "login token"),
    ],
)
def test_time_limit(
    make_facts: Any, fake_coder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    """A program that hangs is ended, and what it started with it."""
    monkeypatch.setattr(coder_program, "TIME_LIMIT", 1.0)
    script = script.replace("../", f"{tmp_path}/")
    with pytest.raises(AibridgeError, match=rf"{words}` took longer than 1 s"):
        ask_for_token(make_facts(environ={"PATH": os.environ["PATH"]}), fake_coder(script), HERE)
    assert has_ended(int((tmp_path / "child").read_text()))


def test_one_limit_for_both_runs(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What asking for the version took is not there for asking for the token."""
    clock, limits = [100.0], []

    def run(command: list[str], _environment: Any, seconds: float) -> Outcome:
        limits.append(seconds)
        clock[0] += 3.5
        return Outcome(0, b'{"version": "2.31.0"}' if command[1] == "version" else b"token\n", "")

    monkeypatch.setattr(coder_program, "run", run)
    monkeypatch.setattr(coder_program, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    assert ask_for_token(make_facts(), "/gone/coder", HERE) == "token"
    assert limits == [5.0, 1.5]


def test_the_version_is_asked_once(make_facts: Any, installed: Any, home: Path) -> None:
    """What a program is stays known until the file is another one."""
    state = state_folder(home)
    program = installed(CODER_2_31)
    for _ in range(2):
        assert ask_for_token(make_facts(), program, HERE) == TOKEN
    assert calls(home) == ["version --output=json", *[f"login token --url {HERE}"] * 2]
    assert version_file(make_facts()) == str(state / "coder-version")
    assert (state / "coder-version").stat().st_mode & 0o777 == 0o600
    installed(CODER_2_30)
    for _ in range(2):
        with pytest.raises(AibridgeError, match=r"is older than 2\.31"):
            ask_for_token(make_facts(), program, HERE)
    assert calls(home)[3:] == ["version --output=json"]
    assert not (home / "browser").exists()


def test_a_link_that_points_elsewhere_now(make_facts: Any, installed: Any, home: Path, tmp_path: Path) -> None:
    """A link to another version is another program."""
    state_folder(home)
    link = tmp_path / "coder"
    os.rename(installed(CODER_2_31), tmp_path / "coder-2.31")
    os.rename(installed(CODER_2_30), tmp_path / "coder-2.30")
    link.symlink_to("coder-2.31")
    assert ask_for_token(make_facts(), str(link), HERE) == TOKEN
    link.unlink()
    link.symlink_to("coder-2.30")
    with pytest.raises(AibridgeError, match=r"is older than 2\.31"):
        ask_for_token(make_facts(), str(link), HERE)


def test_a_wrapper_is_asked_each_time(make_facts: Any, fake_coder: Any, installed: Any, home: Path) -> None:
    """Behind a small script, or a program of another name, another version may stand next time."""
    state = state_folder(home)
    ask_for_token(make_facts(), fake_coder(CODER_2_31), HERE)
    launcher = installed(CODER_2_31).replace("/coder", "/launcher")
    os.rename(launcher.replace("/launcher", "/coder"), launcher)
    os.symlink(launcher, launcher.replace("/launcher", "/coder"))
    ask_for_token(make_facts(), launcher.replace("/launcher", "/coder"), HERE)
    assert not (state / "coder-version").exists()
    assert calls(home).count("version --output=json") == 2


def test_nothing_is_left_by_reading(make_facts: Any, installed: Any, home: Path) -> None:
    """Where we have no state folder none is made."""
    assert ask_for_token(make_facts(), installed(CODER_2_31), HERE) == TOKEN
    assert [entry.name for entry in home.iterdir()] == ["calls"]


def test_a_state_folder_that_cannot_be_written(make_facts: Any, installed: Any, home: Path, tmp_path: Path) -> None:
    """Then the version is asked each time, and the token comes all the same."""
    program = installed(CODER_2_31)
    state = state_folder(home)
    (state / "coder-version").mkdir()
    assert ask_for_token(make_facts(), program, HERE) == TOKEN
    relative = make_facts(environ={"AIBRIDGE_STATE_DIR": "relative"})
    assert ask_for_token(relative, program, HERE) == TOKEN
    assert calls(home).count("version --output=json") == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[:-1].removesuffix(" known"),
        lambda line: line.replace("2.31 known", "2.3"),
        lambda line: line.replace("2.31", "x.y"),
        lambda line: line.replace("2.31", "9"),
        lambda line: line[:0],
        lambda line: "\udcff" + line,
        lambda line: "\t" * len(line),
        lambda line: line * 2,
    ],
)
def test_a_damaged_memory(make_facts: Any, installed: Any, home: Path, damage: Callable[[str], str]) -> None:
    """A line that is not whole or not ours counts for nothing, and is written anew."""
    memory = state_folder(home) / "coder-version"
    program = installed(CODER_2_31)
    ask_for_token(make_facts(), program, HERE)
    whole = memory.read_text()
    memory.write_bytes(damage(whole).encode(errors="surrogateescape"))
    assert ask_for_token(make_facts(), program, HERE) == TOKEN
    assert calls(home).count("version --output=json") == 2
    assert memory.read_text() == whole


def test_find(make_facts: Any, fake_coder: Any) -> None:
    """The named program is preferred while it is there; otherwise `PATH` is searched."""
    program = fake_coder("true")
    facts = make_facts(environ={"PATH": program.removesuffix("/coder")})
    assert find_coder(facts) == program
    assert find_coder(make_facts(), program) == program
    assert find_coder(facts, "/gone/coder") == program
    assert find_coder(facts, "coder") == program
    assert find_coder(make_facts()) == ""
