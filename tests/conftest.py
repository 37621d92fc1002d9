from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from aibridge_cli.facts import Facts
from aibridge_cli.fast import main
from aibridge_cli.loopback import Deployment, Token


class MakeFacts(Protocol):
    def __call__(self, **given: Any) -> Facts: ...


@pytest.fixture
def make_facts(tmp_path: Any) -> MakeFacts:
    """Facts of a Linux machine with an empty environment and an empty home, unless given otherwise."""

    def make(**given: Any) -> Facts:
        usual: dict[str, Any] = {"environ": {}, "platform": "linux", "home": str(tmp_path / "home"), "cwd": "/"}
        return Facts(**(usual | given))

    return make


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of the program did."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON object it printed."""
        return json.loads(self.out)


class RunAibridge(Protocol):
    def __call__(self, *words: str, stdin: str = ...) -> Ran: ...


@pytest.fixture(name="home")
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home in an environment that says nothing else."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if not name.startswith(("COVERAGE", "PYTEST", "LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.chdir(home)
    return home


@pytest.fixture(name="aibridge")
def run_aibridge(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunAibridge:
    """The program, run in this process through its real entry point."""
    program = os.path.join(os.path.dirname(sys.executable), "aibridge")

    def run(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.argv", [program, *words])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main()
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(name="deployment")
def running_deployment() -> Iterator[Deployment]:
    """A loopback deployment that works."""
    with Deployment() as deployment:
        yield deployment


@pytest.fixture(name="signed_in")
def coder_session(home: Path, deployment: Deployment) -> Token:
    """A session of the Coder CLI in the home folder."""
    token = deployment.tokens.issue()
    folder = home / ".config" / "coderv2"
    folder.mkdir(parents=True)
    (folder / "url").write_text(deployment.url)
    (folder / "session").write_text(token.text)
    return token
