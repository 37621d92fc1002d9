from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment
    from tests.conftest import RunAibridge

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")


def test_the_main_job(home: Path, aibridge: RunAibridge) -> None:
    """The demo configures, sends, exports, takes back and compares, and leaves nothing in the home."""
    ran = aibridge("demo")

    assert ran.code == 0, ran.out
    for title in ("A small Coder deployment", "Configure", "One request", "For shells and CI", "Take it back"):
        assert f"== {title}" in ran.out
    profiles = [profile for profile in Catalogue([shipped_folder()]).load_all()[0] if not profile.opt_in]
    requests = [request for profile in profiles for request in profile.requests]
    assert ran.out.count("-> 200 'Hello from the loopback deployment'") == len(requests) >= 4
    clients = [profile for profile in profiles if profile.requests]
    assert ran.out.count("as before: ~") == len(clients) + len(("url", "session"))
    assert "DIFFERENT" not in ran.out
    assert list(home.iterdir()) == []


def test_it_shows_no_token(aibridge: RunAibridge) -> None:
    """Not even the made-up token is printed."""
    assert re.search(r"[A-Za-z0-9]{10}-[A-Za-z0-9]{22}", aibridge("demo").out) is None


def test_a_step_that_fails_is_told(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a request is not answered as it should be, the demo says so and fails."""
    from aibridge_cli.loopback import Deployment, Settings

    def broken(*, port: int) -> Any:
        return Deployment(Settings(enabled=False), port=port)

    monkeypatch.setattr("aibridge_cli.cli.demo.Deployment", broken)

    ran = aibridge("demo")

    assert ran.code == 1
    assert "FAILED: Claude Code got 404" in ran.out


def test_a_port_that_is_taken(aibridge: RunAibridge, deployment: Deployment) -> None:
    """A port on which somebody listens already is an error that says what to do."""
    port = deployment.url.rpartition(":")[2]

    ran = aibridge("demo", "--serve", "--port", port)

    assert ran.code == 1
    assert ran.err == (
        f"error: cannot listen on port {port}: Address already in use\nhint: leave `--port` out for a free one\n"
    )


def test_serve_stays_up_until_it_is_told_to_end(home: Path) -> None:
    """With `--serve` the deployment answers until Ctrl-C, and prints what to export."""
    process = subprocess.Popen(
        [PROGRAM, "demo", "--serve"], env={"HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    url = line.split("CODER_URL=")[1].split()[0]
    with urllib.request.urlopen(f"{url}/api/v2/buildinfo", timeout=10) as answer:  # noqa: S310 - loopback
        assert answer.status == 200

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)

    assert process.returncode == 0
    assert err.endswith("the deployment is down\n")
