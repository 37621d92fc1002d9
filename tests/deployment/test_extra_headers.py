from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.deployment.extra_headers import Header, extra_headers, needs_headers
from aibridge_cli.errors import GatewayError
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret
from tests.processes import has_ended

if TYPE_CHECKING:
    from pathlib import Path

CODER = "https://coder.example.com"


def facts_with(header: str = "", command: str = "", platform: str = "linux") -> Facts:
    environ = {"PATH": os.environ["PATH"], "CODER_HEADER": header, "CODER_HEADER_COMMAND": command}
    return Facts(environ=environ, platform=platform, home="/home/me")


def sent(facts: Facts) -> list[tuple[str, str]]:
    return [(header.name, header.value.reveal()) for header in extra_headers(facts, CODER)]


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        ("", []),
        ("  ", []),
        ("X-One=1", [("X-One", "1")]),
        ("X-One=1,X-Two=a=b==", [("X-One", "1"), ("X-Two", "a=b==")]),
        ("X-One=1, X-Two=2,", [("X-One", "1"), ("X-Two", "2")]),
        ('"X-One=1,2",X-Two=2', [("X-One", "1,2"), ("X-Two", "2")]),
        ('X-One=say "hi"', [("X-One", 'say "hi"')]),
        ("X-One=1,X-One=2", [("X-One", "1"), ("X-One", "2")]),
        ("X-Empty=", [("X-Empty", "")]),
        (" X-One = 1 ", [("X-One", "1")]),
    ],
)
def test_variable(value: str, headers: list[tuple[str, str]]) -> None:
    """`CODER_HEADER` is a line of comma-separated values, each a name and a value."""
    assert sent(facts_with(value)) == headers


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "=hunter2",
        "X One=hunter2",
        "X-Ö=hunter2",
        "X-One:hunter2",
        "X-One=hunter2\x00",
        "X-One=hunter2é",
        '"X-One=hunter2',
    ],
)
def test_not_a_header(value: str) -> None:
    """What is no header is an error that names the variable and shows no value."""
    with pytest.raises(GatewayError, match="CODER_HEADER") as caught:
        sent(facts_with(value))
    assert "hunter2" not in caught.value.message + caught.value.hint


@given(value=st.text(max_size=60))
def test_whatever_stands_in_the_variable(value: str) -> None:
    """Any text is headers that can be sent, or an error of ours."""
    try:
        headers = sent(facts_with(value))
    except GatewayError:
        return
    assert all(name and (name + text).isascii() and "\n" not in text and "\r" not in text for name, text in headers)


def test_command() -> None:
    """The command is run by the shell, is told the deployment, and prints a header a line."""
    command = "printf 'X-One=1\\r\\n\\nX-For=%s\\n' \"$CODER_URL\"; echo not this >&2"
    assert sent(facts_with("X-Zero=0", command)) == [("X-Zero", "0"), ("X-One", "1"), ("X-For", CODER)]


def test_command_that_prints_nothing() -> None:
    """A command may have nothing to add."""
    assert sent(facts_with(command="true")) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("echo X-One=hunter2; exit 3", "failed with exit code 3"),
        ("echo hunter2 >&2; exit 3", "failed with exit code 3"),
        ("kill -9 $$", "was ended by signal 9"),
        ("echo hunter2", "line 1 that `CODER_HEADER_COMMAND` printed is not a header"),
        ("echo X-One=1; echo hunter2", "line 2 that"),
        ("head -c 70000 /dev/zero | tr '\\0' x", "printed more than headers"),
    ],
)
def test_command_that_fails(command: str, said: str) -> None:
    """A command that fails, or prints something else, is named, and what it printed is not shown."""
    with pytest.raises(GatewayError, match="CODER_HEADER_COMMAND") as caught:
        sent(facts_with(command=command))
    assert said in caught.value.message
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_command_that_takes_too_long(tmp_path: Path) -> None:
    """A command that does not end is ended in time, with what it started."""
    pid = tmp_path / "pid"
    command = f"(sleep 600 & echo $! > '{pid}'; wait); true"
    with pytest.raises(GatewayError, match=r"took longer than 0\.3 s"):
        extra_headers(facts_with(command=command), CODER, time_limit=0.3)
    assert has_ended(int(pid.read_text()))


def test_shell_that_is_not_there() -> None:
    """Where there is no shell the command cannot be run, and that is said."""
    with pytest.raises(
        GatewayError, match=r"`CODER_HEADER_COMMAND` needs a shell: `cmd\.exe` cannot be run: No such file"
    ):
        sent(facts_with(command="echo X-One=1", platform="windows"))


def test_values_are_secrets() -> None:
    """A value does not show itself."""
    assert extra_headers(facts_with("X-One=hunter2"), CODER) == (Header("X-One", Secret("hunter2")),)
    assert "hunter2" not in repr(extra_headers(facts_with("X-One=hunter2"), CODER))


@pytest.mark.parametrize(("header", "command", "needed"), [("", "", False), ("X=1", "", True), ("", "true", True)])
def test_clients_need_them_too(header: str, command: str, needed: bool) -> None:
    """Either variable means that clients of the deployment must send headers as well."""
    assert needs_headers(facts_with(header, command)) is needed
