"""Signing in with somebody at the terminal, and with nobody there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from tests.cli.homes import contents

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


class Talk:
    """`aibridge login` with somebody at the terminal."""

    def __init__(self, home: Path, *words: str, **environ: str) -> None:
        self.program = pexpect.spawn(
            PROGRAM,
            ["login", *words],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", **environ},
            cwd=home,
            encoding="utf-8",
            timeout=60,
        )

    def paste(self, text: str) -> None:
        """Answer the question for the token."""
        self.program.expect_exact("Paste the token: ")
        self.program.sendline(text)

    def end(self) -> tuple[int | None, str]:
        """Return the exit code and what was said since the last question."""
        self.program.expect(pexpect.EOF)
        self.program.close()
        return self.program.exitstatus, str(self.program.before)


def test_pasting(home: Path, deployment: Deployment) -> None:
    """At a terminal the page is named and the token asked for; what is pasted is not shown."""
    given = deployment.tokens.issue()
    talk = Talk(home, deployment.url, "--store", "file")
    talk.program.expect_exact(f"open {deployment.url}/cli-auth and copy the token")
    talk.paste(given.text)

    code, said = talk.end()

    assert code == 0
    assert given.secret not in said
    assert f"signed in to `{deployment.url}` as `developer`, with the token from what was pasted" in said


def test_pasting_the_wrong_thing_first(home: Path, deployment: Deployment) -> None:
    """Something that is no token, and a token that is refused, are asked for again."""
    given = deployment.tokens.issue()
    talk = Talk(home, deployment.url, "--store", "file")
    talk.paste("sk-ant-something-else")
    talk.program.expect_exact("a key of an AI provider")
    talk.paste("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")
    talk.program.expect_exact("the deployment refused that token")
    talk.paste(given.text)

    assert talk.end()[0] == 0


@pytest.mark.parametrize(
    ("words", "environ", "code", "said"),
    [
        (("--store", "keyring"), {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}, 1, "cannot be used"),
        (
            (),
            {"AIBRIDGE_STORE": "keyring", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
            1,
            "cannot be used",
        ),
        ((), {"AIBRIDGE_STORE": "drawer"}, 2, "`AIBRIDGE_STORE` is `drawer`"),
    ],
)
def test_a_store_that_cannot_be_used(
    words: tuple[str, ...],
    environ: dict[str, str],
    code: int,
    said: str,
    home: Path,
    deployment: Deployment,
) -> None:
    """Where the store that was named cannot be used nobody is asked for a token first."""
    talk = Talk(home, deployment.url, *words, **environ)

    ended, printed = talk.end()

    assert (ended, said in printed, "Paste" in printed) == (code, True, False)
    assert deployment.requests == []


def test_giving_up(home: Path, deployment: Deployment) -> None:
    """Ctrl-C at the question ends with 130, Ctrl-D and an empty line with 2; nothing is written."""
    for key, expected in (("\x03", 130), ("\x04", 2), ("\r", 2)):
        talk = Talk(home, deployment.url)
        talk.program.expect_exact("Paste the token: ")
        talk.program.send(key)
        assert talk.end()[0] == expected
    assert contents(home) == {}


def test_the_browser(home: Path, deployment: Deployment) -> None:
    """The page is opened in the browser that `BROWSER` names, and the token is never part of the address."""
    seen = home / "opened"
    program = home / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$*" > {seen}\n')
    program.chmod(0o755)
    given = deployment.tokens.issue()
    talk = Talk(home, deployment.url, "--store", "file", BROWSER=str(program))
    talk.program.expect_exact(f"opened {deployment.url}/cli-auth and copy the token")
    talk.paste(given.text)

    assert talk.end()[0] == 0
    assert seen.read_text() == f"{deployment.url}/cli-auth"


def test_nothing_secret_in_the_process_table(home: Path, deployment: Deployment) -> None:
    """While signing in waits for the deployment, no command line on this machine has the token in it."""
    given = deployment.tokens.issue()
    talk = Talk(home, deployment.url, "--store", "file")
    talk.paste(given.text)
    lines = [
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.is_dir() and path.exists()
    ]

    assert talk.end()[0] == 0
    assert lines
    assert not [line for line in lines if given.secret.encode() in line]


def test_unattended(home: Path, deployment: Deployment, signed_in: Token) -> None:
    """`AIBRIDGE_NONINTERACTIVE=1` keeps a terminal from being asked."""
    deployment.tokens.expire(signed_in.id)
    talk = Talk(home, deployment.url, AIBRIDGE_NONINTERACTIVE="1")

    assert talk.end()[0] == 4


def test_a_job_writes_nothing(home: Path, deployment: Deployment) -> None:
    """`CODER_URL` and `CODER_SESSION_TOKEN` make every reading command work, and leave the home empty."""
    token = deployment.tokens.issue("job")
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "CODER_URL": deployment.url,
        "CODER_SESSION_TOKEN": token.text,
    }
    commands = [
        "token",
        "token --json",
        "env",
        "env codex --shell sh",
        "status",
        "status --check --within 1h",
        "tokens list",
    ]

    for command in commands:
        done = subprocess.run(
            [PROGRAM, *command.split()], env=environment, capture_output=True, text=True, check=False, stdin=-3
        )
        assert done.returncode == 0, (command, done.stderr)
    assert contents(home) == {}
