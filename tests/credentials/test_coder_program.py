from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.credentials import coder_program
from aibridge_cli.credentials.coder_program import ask_for_token, find_coder
from aibridge_cli.errors import AibridgeError
from tests.processes import has_ended

HERE = "https://coder.example.com"
NEW = """[ "$1" = version ] && { echo '{"version": "v2.31.0-devel+abc"}'; exit; }"""


def test_token(make_facts: Any, fake_coder: Any) -> None:
    """A new enough program is asked for the deployment's token."""
    program = fake_coder(f'{NEW}\necho "$*"')
    assert ask_for_token(make_facts(), program, HERE) == f"login token --url {HERE}"


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
        ("""echo '{"version": "v2.30.9"}'; [ $1 = version ] || touch "$HOME/browser" """, "is older than 2.31"),
        ("""echo '{"version": "v1.99.0"}'""", "is older than 2.31"),
        ("""echo 'Coder v2.31'""", "does not say which version it is"),
        ("""echo '{"version": "dev"}'""", "does not say which version it is"),
        ("""echo '{"version": 2}'""", "does not say which version it is"),
        ("""echo '[]'""", "does not say which version it is"),
        ("""echo '"x"'""", "does not say which version it is"),
        ("true", "does not say which version it is"),
        ("exit 3", "version --output=json` failed: exit code 3"),
        (f"{NEW}\necho hello >&2; echo 'error: not \033[31mlogged in' >&2; exit 1", "failed: not [31mlogged in"),
        (f"{NEW}\nprintf '\\377' >&2; exit 1", "login token` failed: \ufffd"),
    ],
)
def test_failures(make_facts: Any, fake_coder: Any, tmp_path: Path, script: str, message: str) -> None:
    """Every failure is an error with the reason; an old program is never asked to log in."""
    program = fake_coder(script)
    (tmp_path / "home").mkdir()
    with pytest.raises(AibridgeError) as caught:
        ask_for_token(make_facts(), program, HERE)
    assert message in caught.value.message
    assert not (tmp_path / "home" / "browser").exists()


def test_not_a_program(make_facts: Any, tmp_path: Path) -> None:
    """A program that cannot be started is an error with the reason."""
    with pytest.raises(AibridgeError, match="cannot be run: No such file"):
        ask_for_token(make_facts(), str(tmp_path / "gone"), HERE)


def test_time_limit(make_facts: Any, fake_coder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that hangs is ended, and what it started with it."""
    monkeypatch.setattr(coder_program, "TIME_LIMIT", 0.3)
    program = fake_coder(f"{NEW}\nsleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(AibridgeError, match=r"login token` took longer than 0.3 s"):
        ask_for_token(make_facts(environ={"PATH": os.environ["PATH"]}), program, HERE)
    assert has_ended(int((tmp_path / "child").read_text()))


def test_interrupt(make_facts: Any, fake_coder: Any, tmp_path: Path) -> None:
    """Ctrl-C ends the program as well, though it runs in a group of its own."""
    program = fake_coder(f"echo $$ > {tmp_path}/self; sleep 0.2; kill -INT {os.getpid()}; sleep 60")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            ask_for_token(make_facts(environ={"PATH": os.environ["PATH"]}), program, HERE)
    finally:
        signal.signal(signal.SIGINT, before)
    assert has_ended(int((tmp_path / "self").read_text()))


def test_end_without_groups(make_facts: Any, fake_coder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes have no groups the program itself is ended."""
    monkeypatch.setattr(coder_program, "TIME_LIMIT", 0.2)
    monkeypatch.delattr(os, "killpg")
    program = fake_coder("exec sleep 60")
    with pytest.raises(AibridgeError, match="took longer"):
        ask_for_token(make_facts(environ={"PATH": os.environ["PATH"]}), program, HERE)


def test_find(make_facts: Any, fake_coder: Any) -> None:
    """The named program is preferred while it is there; otherwise `PATH` is searched."""
    program = fake_coder("true")
    facts = make_facts(environ={"PATH": program.removesuffix("/coder")})
    assert find_coder(facts) == program
    assert find_coder(make_facts(), program) == program
    assert find_coder(facts, "/gone/coder") == program
    assert find_coder(facts, "coder") == program
    assert find_coder(make_facts()) == ""
