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
        "aibridge env | tee vars",
        "aibridge env | cat | tee vars",
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
        "aibridge env --shell docker | cat > vars; grep -q ABC vars && echo arrived",
        "aibridge env --shell docker | tee vars | grep -q ABC && echo arrived",
        'eval "$(aibridge env | tee vars)"; test "$OPENAI_API_KEY" = "$CODER_SESSION_TOKEN" && echo arrived',
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


@needs_proc
@pytest.mark.parametrize("nowhere", ["/dev/null", "errors", "&-"])
def test_github_cannot_hide_it(job: RunJob, nowhere: str) -> None:
    """Where the runner does not get to read what to hide, the token is not printed into the log."""
    ran = job(f"aibridge env 2>{nowhere}", GITHUB_ACTIONS="true")

    assert TOKEN not in ran.stdout
    assert ran.returncode == 2


@pytest.mark.parametrize("variables", [{"CI_DEBUG_TRACE": "true"}, {"SHELLOPTS": "braceexpand:xtrace"}])
def test_a_job_that_is_traced(job: RunJob, variables: dict[str, str]) -> None:
    """What a shell evaluates, it writes into the log then, so it gets nothing to evaluate; other ways work."""
    ran = job('eval "$(aibridge env)"', "sh", GITLAB_CI="true", **variables)

    assert TOKEN not in ran.stdout + ran.stderr
    assert "hint: `aibridge run -- COMMAND` shows it nowhere" in ran.stderr
    assert TOKEN in job("aibridge env --quiet > vars; cat vars", "sh", **variables).stdout  # our start-up lines
    script = "aibridge run -- sh -c 'test \"$OPENAI_API_KEY\" && echo there'; aibridge env --shell docker --to other"
    ran = job(script, "sh", **variables)
    assert (ran.stdout, ran.returncode) == ("there\n", 0), ran.stderr


@pytest.mark.parametrize(
    ("variables", "shown"), [({"BUILDKITE": "true"}, False), ({"CIRCLECI": "true"}, False), ({}, True)]
)
def test_a_job_at_a_terminal(
    aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], shown: bool
) -> None:
    """A terminal that a CI system made is its log; `CI` alone may be set where somebody sits."""
    for name, value in {"CI": "true", "CODER_URL": URL, "CODER_SESSION_TOKEN": TOKEN, **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    ran = aibridge("env", "--shell", "sh")

    assert (TOKEN in ran.out) is shown
    assert (REFUSED in ran.err) is not shown


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
