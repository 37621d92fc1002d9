"""A job in the way of GitHub's runner: one step exports, the next runs a real client, and the log is masked."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.test_configured import ANSWER, PROMPT, assert_answered, mentions
from tests.shells.test_file_formats import read_github

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

MASK = "::add-mask::"


class Job:
    """A job on a runner, by the rules of its documentation: `$GITHUB_ENV`, and masks in both streams of a step.

    Args:
        folder: Where the runner keeps its files.
        environ: What every step starts with.
    """

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.file = folder / "github_env"
        self.file.touch()
        self.environ = {**environ, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ENV": str(self.file)}
        self.masks: list[str] = []
        self.log = ""

    def step(self, script: str) -> None:
        """Run a step, keep its log, and take over what it exported."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            env=self.environ,
            cwd=self.environ["HOME"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        for line in (done.stderr + done.stdout).splitlines():
            if line.startswith(MASK):
                self.masks.append(line.removeprefix(MASK).replace("%0D", "\r").replace("%25", "%"))
                continue
            for mask in self.masks:
                line = line.replace(mask, "***")  # noqa: PLW2901 - the runner's line, masked
            self.log += line + "\n"
        assert done.returncode == 0, self.log
        if text := self.file.read_text():
            self.environ |= read_github(text)
            self.file.write_text("")


def test_a_job(clients: Clients, aibridge: Aibridge, tmp_path: Path) -> None:
    """Two variables and one line are enough: the client answers through the deployment, and nobody reads the token."""
    token = clients.deployment.tokens.issue().text
    path = f"{os.path.dirname(aibridge.program)}:{clients.environment['PATH']}"
    signed_in = {"CODER_URL": clients.deployment.url, "CODER_SESSION_TOKEN": token}
    job = Job(tmp_path, {**clients.environment, "PATH": path})
    job.environ |= signed_in

    job.step('aibridge env claude-code --shell github --to "$GITHUB_ENV"')
    for name in signed_in:  # secrets are mapped into one step and are not in the others
        del job.environ[name]
    job.step('echo "with $ANTHROPIC_AUTH_TOKEN at $ANTHROPIC_BASE_URL"')
    run = clients.run("claude-code", PROMPT, env=job.environ)

    assert job.log == f"with *** at {clients.deployment.url}/api/v2/aibridge/anthropic\n"
    assert_answered(run, token, "/anthropic/v1/messages?beta=true")
    assert ANSWER in run.stdout
    assert mentions(clients.home, token) == []


def test_a_job_that_evaluates(clients: Clients, aibridge: Aibridge, tmp_path: Path) -> None:
    """In one step `eval` does, and what a later line of it prints is masked."""
    token = clients.deployment.tokens.issue().text
    path = f"{os.path.dirname(aibridge.program)}:{clients.environment['PATH']}"
    signed_in = {"CODER_URL": clients.deployment.url, "CODER_SESSION_TOKEN": token}
    job = Job(tmp_path, {**clients.environment, "PATH": path, **signed_in})

    job.step(f'eval "$(aibridge env claude-code)"; echo "with $ANTHROPIC_AUTH_TOKEN"; claude -p "{PROMPT}"')

    assert job.log.startswith("with ***\n")
    assert ANSWER in job.log
