"""The whole life of a token, and where it may stand meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")
STATE = ".local/state/aibridge"


class Watched:
    """Runs commands in a home, and keeps what they say and what other processes could see of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.said = ""
        self.arguments: list[str] = []

    def __call__(self, *words: str, typed: str | None = None) -> str:
        """Run a command that must succeed; return what it printed."""
        process = subprocess.Popen(
            [PROGRAM, *words],
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            cwd=self.home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.arguments.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
        printed, complained = process.communicate(typed)
        assert process.returncode == 0, complained
        self.said += complained + ("" if words[:1] in (("token",), ("env",)) else printed)
        return printed

    def holding(self, secret: str) -> list[str]:
        """The files of the home that hold a text, in their content or their name."""
        return sorted(
            str(path.relative_to(self.home))
            for path in self.home.rglob("*")
            if secret in str(path) or (path.is_file() and secret.encode() in path.read_bytes())
        )


def test_no_copy_outside_the_places_named(home: Path, deployment: Deployment, signed_in: Token) -> None:
    """From sign-in to sign-out a token stands in the places that README names, in no output, log or command line."""
    run = Watched(home)
    deployment.behave(session_expiry_refresh=False)
    record = f"{STATE}/sign-ins/http_127.0.0.1_{deployment.url.rpartition(':')[2]}"
    copy = f"{STATE}/tokens/http_127.0.0.1_{deployment.url.rpartition(':')[2]}"

    run("login", "--store", "file")
    first = run("token").strip()
    assert run.holding(first) == [record]

    run("configure", "claude-code", "codex", "opencode", "--yes")
    run("configure", "droid", "--credential", "file", "--yes")
    assert run.holding(first) == [".factory/settings.json", record, copy]

    run("status", "--verify")
    run("env")
    run("tokens", "list")
    run("rotate", "--yes")
    second = run("token").strip()
    assert run.holding(first) == []
    assert run.holding(second) == [".factory/settings.json", record, copy]

    made = run("tokens", "create", "nightly").strip()
    assert run.holding(made) == []
    run.said = run.said.replace(made, "")  # its own answer

    run("logout", "--everywhere", "--yes")
    for token in (first, second, made, signed_in.text):
        secret = token.partition("-")[2]
        assert run.holding(secret) == ([".config/coderv2/session"] if token == signed_in.text else [])
        assert secret not in run.said
        assert not [line for line in run.arguments if secret in line]
