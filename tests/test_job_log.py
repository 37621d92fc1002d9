"""Whether the token would end up in the log of a CI job."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from aibridge_cli import job_log

if TYPE_CHECKING:
    from tests.conftest import RunAibridge

TOKEN = "ABCDEFGHIJ-0123456789012345678901"
URL = "https://coder.example.com"
REFUSED = "error: standard output is the log of this job, which would show the token"
needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="this system does not show who reads a pipe")


class RunJob(Protocol):
    def __call__(self, script: str, shell: str = ..., **variables: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(name="job")
def run_job(tmp_path: Path) -> RunJob:
    """Runs a step of a CI job: a script whose output and errors an agent reads, each through a pipe."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/aibridge").symlink_to(os.path.join(os.path.dirname(sys.executable), "aibridge"))

    def job(script: str, shell: str = "bash", **variables: str) -> subprocess.CompletedProcess[str]:
        program = shutil.which(shell)
        assert program
        (tmp_path / "script").write_text(script)
        environ = {"CI": "true", "CODER_URL": URL, "CODER_SESSION_TOKEN": TOKEN, "HOME": str(tmp_path)}
        return subprocess.run(
            [program, "script"],
            env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", **environ, **variables},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return job


@needs_proc
@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize(
    "script",
    [
        "aibridge env",
        "(aibridge env; true)",
        "aibridge env --shell json",
        "bash -c 'aibridge env; true'",
        "{ aibridge env; } 2>&1",
    ],
)
def test_the_log(job: RunJob, shell: str, script: str) -> None:
    """Where the agent would read the token, nothing is printed and the command says what to do instead."""
    ran = job(script, shell)

    assert TOKEN not in ran.stdout + ran.stderr
    assert REFUSED in ran.stdout + ran.stderr
    assert "`--to FILE`" in ran.stdout + ran.stderr


@needs_proc
@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize(
    "script",
    [
        'eval "$(aibridge env)"; test "$OPENAI_API_KEY" = "$CODER_SESSION_TOKEN" && echo arrived',
        'x=$(aibridge env; true); eval "$x"; test "$OPENAI_API_KEY" = "$CODER_SESSION_TOKEN" && echo arrived',
        "aibridge env --shell docker | grep -q ^OPENAI_API_KEY=ABC && echo arrived",
        "aibridge env > vars; grep -q ABC vars && echo arrived",
        "aibridge env --shell docker --to vars; grep -q ABC vars && echo arrived",
        "aibridge env > /dev/null && echo arrived",
    ],
)
def test_not_the_log(job: RunJob, shell: str, script: str) -> None:
    """A command substitution, another program and a file get the token, and the log does not."""
    ran = job(script, shell)

    assert (ran.stdout, ran.returncode) == ("arrived\n", 0), ran.stderr
    assert TOKEN not in ran.stderr


def test_github_hides_it(job: RunJob) -> None:
    """The runner is told to hide the token before it can be anywhere, and `eval` still works."""
    ran = job('eval "$(aibridge env)"; echo "$OPENAI_API_KEY"', GITHUB_ACTIONS="true")

    assert ran.stdout == f"{TOKEN}\n"
    assert ran.stderr.splitlines()[0] == f"::add-mask::{TOKEN}"


def test_a_job_on_github(job: RunJob, tmp_path: Path) -> None:
    """`--to "$GITHUB_ENV"` hides the token by a line of the log, and adds to what other steps wrote."""
    (tmp_path / "github_env").write_text("OTHER=1")

    ran = job('aibridge env --shell github --to "$GITHUB_ENV"', GITHUB_ENV="github_env", GITHUB_ACTIONS="true")

    assert (ran.returncode, ran.stdout) == (0, f"::add-mask::{TOKEN}\n")
    lines = (tmp_path / "github_env").read_text().splitlines()
    assert lines[0] == "OTHER=1"
    assert lines[1].startswith("OPENAI_BASE_URL<<aibridge_")
    assert lines.count(TOKEN) == 2


def test_a_job_on_azure(job: RunJob) -> None:
    """There the log is what the agent reads, and it hides the token first."""
    ran = job("aibridge env --shell azure", TF_BUILD="True")

    assert ran.stdout.splitlines()[0] == f"##vso[task.setsecret]{TOKEN}"
    assert "##vso[task.setvariable variable=OPENAI_BASE_URL]" in ran.stdout


def test_no_job(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a CI variable nobody looks at who reads."""
    monkeypatch.setenv("CODER_URL", URL)
    monkeypatch.setenv("CODER_SESSION_TOKEN", TOKEN)

    assert TOKEN in aibridge("env", "--shell", "sh").out


def test_where_the_system_does_not_show_processes(tmp_path: Path) -> None:
    """There an output that is the same as standard error is taken for the log, and any other is not."""
    (tmp_path / "self/fd").mkdir(parents=True)
    reader, writer = os.pipe()
    (tmp_path / f"self/fd/{writer}").symlink_to("pipe:[1]")
    hiding = ((str(tmp_path / "absent"), os.getpid()), (str(tmp_path), os.getpid()))
    try:
        assert [job_log.is_log(writer, parent, proc=proc) for proc, parent in hiding] == [False, False]
        assert job_log.is_log(writer, 0)  # what started us is outside of this container, and so is who reads
        kept = os.dup(2)
        try:
            os.dup2(writer, 2)
            assert [job_log.is_log(writer, parent, proc=proc) for proc, parent in hiding] == [True, True]
        finally:
            os.dup2(kept, 2)
            os.close(kept)
    finally:
        os.close(reader)
        os.close(writer)
