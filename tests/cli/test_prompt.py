"""The question before anything is written, on a real pseudo-terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from aibridge_cli.loopback import Token

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")
QUESTION = "Write this? [y/N]: "
SETTINGS = ".codex/config.toml"


class Conversation:
    """One run of the program with somebody at the terminal.

    Args:
        home: The home folder.
        words: The program's arguments.
    """

    def __init__(self, home: Path, *words: str) -> None:
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm"}
        self.program = pexpect.spawn(
            PROGRAM,
            list(words),
            env=environment,
            cwd=home,
            encoding="utf-8",
            timeout=60,
        )

    def until_asked(self) -> None:
        """Wait for the question."""
        self.program.expect_exact(QUESTION)

    def end(self) -> tuple[int | None, str]:
        """Return the exit code and what was said since the last question."""
        self.program.expect(pexpect.EOF)
        self.program.close()
        return self.program.exitstatus, str(self.program.before).replace("\r\n", "\n")


@pytest.mark.parametrize("answer", ["y", "YES", " y "])
def test_yes(home: Path, signed_in: Token, answer: str) -> None:
    """Whoever says yes has it written."""
    talk = Conversation(home, "configure", "codex")
    talk.until_asked()
    assert not (home / SETTINGS).exists()
    talk.program.sendline(answer)

    code, said = talk.end()

    assert code == 0
    assert said.endswith("done; `aibridge unconfigure` takes it back\n")
    assert (home / SETTINGS).exists()


def test_yes_where_a_file_of_ours_is_written_as_well(home: Path, signed_in: Token) -> None:
    """The very first answer is enough, although our own folder is made only after it."""
    talk = Conversation(home, "configure", "opencode", "codex")
    talk.until_asked()
    talk.program.sendline("y")

    code, said = talk.end()

    assert (code, said.splitlines()[-1]) == (0, "done; `aibridge unconfigure` takes it back")
    assert (home / ".config/opencode/opencode.jsonc").exists()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        pytest.param(lambda program: program.sendline("n"), 1, id="n"),
        pytest.param(lambda program: program.sendline(""), 1, id="enter"),
        pytest.param(lambda program: program.sendeof(), 1, id="Ctrl-D"),
        pytest.param(lambda program: program.sendintr(), 130, id="Ctrl-C"),
    ],
)
def test_anything_but_yes(home: Path, signed_in: Token, act: Callable[[object], None], code: int) -> None:
    """No, no answer, the end of the input and an interruption all leave everything as it is, and say so."""
    talk = Conversation(home, "configure", "codex")
    talk.until_asked()
    act(talk.program)

    ended, said = talk.end()

    assert ended == code
    assert said.endswith("\nnothing was written\n")
    assert not (home / ".codex").exists()


def test_what_is_no_answer_is_asked_again(home: Path, signed_in: Token) -> None:
    """Another word than yes or no is taken for neither."""
    talk = Conversation(home, "configure", "codex")
    talk.until_asked()
    talk.program.sendline("maybe")
    talk.program.expect_exact("answer `y` or `n`")
    talk.until_asked()
    talk.program.sendline("no")

    assert talk.end()[0] == 1
    assert not (home / ".codex").exists()


def test_taking_back_asks_too(home: Path, signed_in: Token) -> None:
    """`unconfigure` shows what goes and asks as well."""
    talk = Conversation(home, "configure", "codex", "--yes")
    assert talk.end()[0] == 0
    talk = Conversation(home, "unconfigure")
    talk.until_asked()
    assert (home / SETTINGS).exists()
    talk.program.sendline("y")

    assert talk.end()[0] == 0
    assert not (home / SETTINGS).exists()
