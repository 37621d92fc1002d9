"""How a library is run in a shell that has evaluated `aibridge env`, and how what it did is checked."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.real_clients.conftest import SECONDS, Aibridge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.real_clients.conftest import Clients

PREFIX = "/api/v2/aibridge"

# What stands in a shell that has been used for years: none of it may arrive anywhere.
HOSTILE = {
    "ANTHROPIC_API_KEY": "sk-ant-personal-0000000000",
    "ANTHROPIC_BASE_URL": "https://elsewhere.example.com/anthropic",
    "OPENAI_API_KEY": "sk-openai-personal-0000000000",
    "OPENAI_API_TYPE": "azure",
    "OPENAI_BASE_URL": "https://elsewhere.example.com/openai/v1",
    "OPENAI_ORG_ID": "org-personal-0000000000",
    "OPENAI_PROJECT_ID": "proj-personal-0000000000",
}


def assert_reaches(
    clients: Clients, library: str, shell: Mapping[str, str], command: Sequence[str], paths: Sequence[str]
) -> None:
    """Run a program that uses the library, and fail unless all it did was to be answered.

    Args:
        clients: The home, the deployment and the proxy.
        library: The client whose variables the shell gets.
        shell: What the shell had before.
        command: The program; it prints an answer a line.
        paths: What it has to ask, in order, with our token alone; nothing else may it want to reach.
    """
    aibridge = Aibridge(clients)
    token = aibridge.sign_in()
    done = subprocess.run(
        command,
        cwd=clients.home,
        env={**clients.environment, **aibridge.evaluated(library, shell)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Hello from the loopback deployment"] * len(paths)
    requests = clients.deployment.requests
    assert [request.path for request in requests] == [PREFIX + path for path in paths]
    for request in requests:
        sent = [request.headers[name] for name in ("authorization", "x-api-key") if name in request.headers]
        assert {value.removeprefix("Bearer ") for value in sent} == {token}
        assert "personal" not in str(request.headers)
    assert clients.proxy.targets == []
