"""`aibridge doctor --with-client` on the real clients: what it tells is what they do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from tests.real_clients.conftest import SECONDS

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment
    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client


def told(aibridge: Aibridge, client: str, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `client.sends` found."""
    done = subprocess.run(
        [aibridge.program, "doctor", client, "--with-client", "--json"],
        env={**aibridge.clients.environment, **(environ or {})},
        cwd=aibridge.clients.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    findings = json.loads(done.stdout)["data"]["findings"]
    return dict(next(finding for finding in findings if finding["check"] == "client.sends"))


@pytest.mark.parametrize(
    ("client", "sent"),
    [
        ("claude-code", "POST /api/v2/aibridge/anthropic/v1/messages with the Coder token in `authorization`"),
        ("codex", "POST /api/v2/aibridge/openai/v1/responses with the Coder token in `authorization`"),
        ("kilo", "POST /api/v2/aibridge/anthropic/v1/messages with the Coder token in `x-api-key`"),
        ("opencode", "POST /api/v2/aibridge/anthropic/v1/messages with the Coder token in `x-api-key`"),
    ],
)
def test_a_configured_client(
    client: str, sent: str, clients: Clients, aibridge: Aibridge, deployment: Deployment
) -> None:
    """It sends the Coder token to the recorder, its own folder stays as it was, and the deployment sees nothing."""
    aibridge.sign_in()
    aibridge("configure", client, "--yes")
    before = {path: path.read_bytes() for path in clients.home.rglob("*") if path.is_file()}

    finding = told(aibridge, client)

    assert finding["level"] == "ok", finding
    assert finding["found"].startswith(sent)
    assert ", answered 200" in finding["found"]
    assert {path: path.read_bytes() for path in clients.home.rglob("*") if path.is_file()} == before
    assert not [request for request in deployment.requests if request.path.endswith(("/messages", "/responses"))]


def test_a_project_that_leads_elsewhere(clients: Clients, aibridge: Aibridge) -> None:
    """What a project's own settings do to the real client is told."""
    aibridge.sign_in()
    aibridge("configure", "claude-code", "--yes")
    folder = clients.home / ".claude"
    local = folder / "settings.local.json"
    local.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": "https://vendor.invalid"}}))

    finding = told(aibridge, "claude-code")

    assert finding["level"] == "problem", finding
    assert "it sent nothing to the gateway; it wanted to go to" in finding["found"]
    assert "`vendor.invalid:443`" in finding["found"]
