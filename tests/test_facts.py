from __future__ import annotations

import os
import pwd
import sys
from typing import Any

import pytest

from aibridge_cli.facts import account_home, gather, with_variables


def test_gather(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The facts are those of this process."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOME", " value\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bin/aibridge"])
    facts = gather()
    assert (facts.home, facts.cwd, facts.program) == (str(tmp_path), str(tmp_path), f"{tmp_path}/bin/aibridge")
    assert (facts.variable("SOME"), facts.variable("NONE")) == ("value", "")
    assert (facts.parent, facts.python) == (os.getppid(), sys.executable)


def test_facts_never_change(make_facts: Any) -> None:
    """Nothing can be put into the facts later."""
    with pytest.raises(AttributeError):
        make_facts().home = "/elsewhere"


@pytest.mark.parametrize("home", ["", "relative", None])
def test_home_that_is_no_path(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    """An empty or relative `HOME` counts as unset: it would mean the root or the working folder."""
    if home is None:
        monkeypatch.delenv("HOME", raising=False)
    else:
        monkeypatch.setenv("HOME", home)
    assert gather().home == pwd.getpwuid(os.getuid()).pw_dir


def test_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user id without an account has no home unless `HOME` names one."""
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    monkeypatch.delenv("HOME", raising=False)
    assert account_home() == ""
    assert gather().home == ""


def test_no_password_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Where there is no password database, the system's own variable is believed."""
    monkeypatch.setitem(sys.modules, "pwd", None)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert account_home() == str(tmp_path)


def test_gone_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder that was removed is "", and no traceback."""

    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", gone)
    monkeypatch.setattr(sys, "argv", [])
    facts = gather()
    assert (facts.cwd, facts.program) == ("", "")


def test_closed_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that are closed or missing are no terminals."""
    with open(os.devnull, encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
    monkeypatch.setattr(sys, "stdout", None)
    facts = gather()
    assert (facts.terminal, facts.terminal_output) == (False, False)


def test_with_variables(make_facts: Any) -> None:
    """Variables are added or replaced in a copy."""
    facts = make_facts(environ={"A": "1", "B": "2"}, parent=7, terminal=True)
    changed = with_variables(facts, B="3", C="4")
    assert (changed.environ, facts.environ) == ({"A": "1", "B": "3", "C": "4"}, {"A": "1", "B": "2"})
    assert (changed.home, changed.parent, changed.terminal) == (facts.home, 7, True)
