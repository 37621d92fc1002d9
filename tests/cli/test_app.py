"""Help, usage errors, and the form of what is said."""

from __future__ import annotations

import importlib
import inspect
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.cli.app import COMMANDS

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


def test_help_lists_every_command(aibridge: RunAibridge) -> None:
    """`--help` names each command with its line, and imports none of them."""
    out = aibridge("--help").out

    for name, (_, summary) in COMMANDS.items():
        assert f"  {name}" in out
        assert summary in out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_commands_say(name: str) -> None:
    """The line in the table is the first line of the command's own help."""
    module, summary = COMMANDS[name]
    app = importlib.import_module(module).app
    callbacks = [app.registered_callback] if app.registered_callback else app.registered_commands
    documented = inspect.getdoc(callbacks[0].callback) or ""

    first = documented.splitlines()[0].rstrip(".").split(",")[0].split(":")[0]
    assert first in summary


NESTED = [["clients", "show"], ["tokens", "list"], ["tokens", "create"], ["tokens", "revoke"]]


@pytest.mark.parametrize("words", [[name] for name in COMMANDS] + NESTED, ids=" ".join)
def test_every_example_works(
    words: list[str], home: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """Each help ends with an example, and the example runs as it stands."""
    if words not in (["login"], ["demo"]):
        assert aibridge("login").code == 0
    if words == ["tokens", "revoke"]:
        deployment.tokens.issue("nightly")
    out = aibridge(*words, "--help").out
    example = out.split("Example: ")[-1].split("Examples: ")[-1]
    commands = " ".join(example.split()).replace("https://coder.example.com", deployment.url).split("; ")

    for command in commands:
        ran = subprocess.run(
            ["bash", "-euc", command.replace("aibridge ", f"{shlex.quote(PROGRAM)} ", 1)],
            env={"HOME": str(home), "PATH": f"{os.path.dirname(PROGRAM)}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr


def test_no_command_is_help(aibridge: RunAibridge) -> None:
    """Without a command the help is shown, and the exit code is that of a usage error."""
    ran = aibridge()

    assert ran.code == 2
    assert "configure" in ran.out + ran.err


def test_a_misspelled_command_gets_a_suggestion(aibridge: RunAibridge) -> None:
    """A command that is nearly right is answered with the right one."""
    ran = aibridge("confgure")

    assert ran.code == 2
    assert "configure" in ran.err


def test_the_version(aibridge: RunAibridge) -> None:
    """`--version` says the same on the fast path and after another flag's parsing."""
    from aibridge_cli import __version__
    from aibridge_cli.cli.app import main

    assert aibridge("--version").out == f"aibridge {__version__}\n"
    assert main.__doc__


def test_a_bug_is_reported_without_values(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """What nobody foresaw is told with its place and kind, and never with a value."""

    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")

    monkeypatch.setattr("aibridge_cli.cli.configure.prepare", broken)

    ran = aibridge("configure", "codex")

    assert ran.code == 1
    assert "(RuntimeError at " in ran.err
    assert "AAAAAAAAAA" not in ran.err


def test_a_closed_pipe_is_quiet(home: Path, signed_in: Token) -> None:
    """A reader that goes away early is no error message."""
    ran = subprocess.run(
        ["bash", "-c", f"{shlex.quote(PROGRAM)} clients show codex | head -n 1"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stdout == "Codex CLI (codex): OpenAI's coding agent for the terminal\n"
    assert ran.stderr == ""
