"""What the completion scripts know, held to what `--help` prints."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pytest
import typer

from aibridge_cli.cli import command_tree
from aibridge_cli.cli.command_tree import program
from aibridge_cli.completions.tree import Command, Values, walk
from tests.conftest import RunAibridge

PROGRAM = program()


def section(text: str, title: str) -> str:
    """Return a section of a help text; a line that goes on is joined to the one before."""
    found = re.search(rf"^{title}:\n((?:  .*\n|\n)*?)(?=^\S|^  Ex|\Z)", text, flags=re.MULTILINE)
    return re.sub(r"\n {10,}", "   ", found[1]) if found else ""


@pytest.mark.parametrize("command", list(walk(PROGRAM)), ids=lambda command: command.path or "program")
def test_the_tree_is_what_help_shows(command: Command, aibridge: RunAibridge) -> None:
    """Commands, flags, whether a flag takes a value, and the words it may be, are those of the help."""
    text = aibridge(*command.path.split(), "--help").out
    flags = {}
    for line in section(text, "Options").splitlines():
        spelled = re.match(r"  (-[\w-]+(?:(?:, |/| / )--?[\w-]+)*)(?: (\S+))?", line)
        if spelled:
            flags[tuple(sorted(re.findall(r"--?[\w-]+", spelled[1])))] = spelled[2] or ""

    assert {tuple(sorted(flag.names)) for flag in command.flags} == set(flags)
    for flag in command.flags:
        shown = flags[tuple(sorted(flag.names))]
        assert bool(flag.value) == bool(shown)
        if shown.startswith("<"):
            assert flag.value is not None
            assert "|".join(flag.value.words) == shown.strip("<>")
    names = re.findall(r"^  ([a-z-]+)  ", section(text, "Commands"), flags=re.MULTILINE)
    assert [each.name for each in command.commands] == names


def test_clients_and_shells_are_known_by_their_metavars() -> None:
    """An argument that help calls CLIENT completes to clients, `--shell` to shells."""
    commands = {command.path: command for command in walk(PROGRAM)}
    (clients,) = commands["configure"].arguments
    shell = next(flag.value for flag in commands["env"].flags if "--shell" in flag.names)

    assert clients == Values("clients", label="client", repeated=True)
    assert commands["clients show"].arguments == (Values("clients", label="client"),)
    assert shell is not None
    assert "fish" in shell.words
    assert commands["completion"].arguments[0].words == ("bash", "zsh", "fish", "powershell")


def test_other_forms_of_a_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups in groups, flags with an opposite, flags named after their parameter, and hidden ones are read."""
    inner = typer.Typer()

    @inner.callback()
    def root() -> None:
        """Hold commands."""

    @inner.command("make_it")
    def make(
        size: Annotated[Literal[1, 2], typer.Option()] = 1,
        fast: Annotated[bool, typer.Option("--fast/--slow", help="How; or not.")] = False,
        secret_way: Annotated[bool, typer.Option(hidden=True)] = False,
        plain: int = 0,
    ) -> None:
        """Make it.

        At length.
        """

    @inner.command(hidden=True)
    def unseen() -> None:
        """Not shown."""

    outer = typer.Typer()
    outer.add_typer(inner, name="inner")
    bare = typer.Typer()

    @bare.command()
    def first_one() -> None:
        """Be first."""

    @bare.command()
    def second(
        words: Annotated[list[str], typer.Argument(metavar="CLIENT [-- ARGUMENTS]")],
        clients: Annotated[str, typer.Option(metavar="all|CLIENT,...")] = "",
    ) -> None: ...

    outer.add_typer(bare, name="bare")

    read = command_tree._read(outer, "outer", "All")

    assert [command.path for command in walk(read)] == [
        *("outer", "outer inner", "outer inner make_it", "outer bare", "outer bare first-one", "outer bare second"),
    ]
    assert read.commands[0].summary == "Hold commands."
    made = read.commands[0].commands[0]
    assert made.summary == "Make it."
    assert [flag.names for flag in made.flags] == [("--size",), ("--fast", "--slow"), ("-h", "--help")]
    assert made.flags[0].value == Values("words", ("1", "2"), "size")
    assert made.flags[1].summary == "How"
    last = read.commands[1].commands[1]
    assert [(values.kind, values.repeated) for values in last.arguments] == [("clients", False), ("files", True)]
    assert last.flags[0].value == Values("clients", label="client")
