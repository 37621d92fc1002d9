from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Protocol

import pytest

from aibridge_cli.clients import version as module
from aibridge_cli.clients.profile import Profile, Version
from aibridge_cli.clients.version import installed_version
from aibridge_cli.facts import Facts
from tests.processes import has_ended

PROFILE = Profile(
    "example", "example.toml", "Example", "", "", "supported", version=Version(("example", "--version", "a b"))
)


class MakeFacts(Protocol):
    def __call__(self, **given: Any) -> Facts: ...


@pytest.fixture
def facts(tmp_path: Path, make_facts: MakeFacts) -> Facts:
    return make_facts(environ={"PATH": f"{tmp_path}:/usr/bin:/bin", "MARK": "kept"})


def script(folder: Path, lines: str) -> None:
    file = folder / "example"
    file.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo 'codex-cli 0.169.0'", "0.169.0"),
        ("echo '2.1.330 (Example)'", "2.1.330"),
        ("echo v1.2", "1.2"),
        ("echo 1.2.3-beta.4; echo 9.9", "1.2.3"),
        ("echo 7", None),
        ("echo 1.2.3 >&2", None),
        ("echo 1.2.3; exit 1", None),
        ("printf '\\377 1.5\\n'", "1.5"),
        (":", None),
    ],
)
def test_the_first_dotted_number_is_the_version(tmp_path: Path, facts: Facts, line: str, expected: str | None) -> None:
    """Standard output only, of a program that succeeded."""
    script(tmp_path, line)
    assert installed_version(PROFILE, facts) == expected


def test_the_program_gets_words_environment_and_no_input(tmp_path: Path, facts: Facts) -> None:
    """Arguments are a list, the environment is the facts', and nothing can be read."""
    script(tmp_path, '[ "$*" = "--version a b" ] && [ "$2" = "a b" ] && [ "$MARK" = kept ] && ! read x && echo 1.0')
    assert installed_version(PROFILE, facts) == "1.0"


def test_a_client_that_is_not_there(make_facts: MakeFacts, facts: Facts) -> None:
    """Not installed, or a profile that does not say how to ask."""
    assert installed_version(PROFILE, make_facts()) is None
    assert installed_version(Profile("example", "", "", "", "", "supported"), facts) is None


def test_a_program_that_cannot_be_started(tmp_path: Path, facts: Facts) -> None:
    """An interpreter that is gone is one more way of not knowing."""
    file = tmp_path / "example"
    file.write_text("#!/no/such/interpreter\n", encoding="utf-8")
    file.chmod(0o755)
    assert installed_version(PROFILE, facts) is None


def test_a_client_that_does_not_answer_is_ended(tmp_path: Path, facts: Facts) -> None:
    """After the limit the program and what it started are gone."""
    script(tmp_path, f"sleep 60 & echo $! > '{tmp_path}/child'; wait")
    assert installed_version(PROFILE, facts, limit=0.5) is None
    assert has_ended(int((tmp_path / "child").read_text(encoding="utf-8")))


def test_an_interruption_ends_the_client_too(tmp_path: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C while waiting leaves no process behind."""
    script(tmp_path, f"echo $$ > '{tmp_path}/child'; sleep 60")

    class Interrupted(subprocess.Popen[bytes]):
        def communicate(self, *_args: Any, **_kwargs: Any) -> Any:
            waiting = threading.Event()
            while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text(encoding="utf-8"):
                waiting.wait(0.01)
            raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        installed_version(PROFILE, facts)
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_on_windows_the_program_itself_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no process groups to signal there."""
    with subprocess.Popen(["sleep", "60"]) as process:
        monkeypatch.setattr(sys, "platform", "win32")
        module._end(process)
        monkeypatch.undo()
        assert process.wait() != 0
