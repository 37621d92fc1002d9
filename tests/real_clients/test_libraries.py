"""The vendors' own Python libraries, in a shell that has evaluated `aibridge env`."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.conftest import SECONDS, Aibridge, Clients

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment
    from tests.real_clients.proxy import RefusingProxy

pytestmark = pytest.mark.real_client

PREFIX = "/api/v2/aibridge"

PACKAGES = {"openai-sdk": "openai", "anthropic-sdk": "anthropic"}

# Libraries take the address and the token from the environment; the code names neither.
SCRIPTS = {
    "openai-sdk": """
import openai

client = openai.OpenAI()
print(client.responses.create(model="any", input="Say hello").output_text)
question = [{"role": "user", "content": "Say hello"}]
print(client.chat.completions.create(model="any", messages=question).choices[0].message.content)
print(openai.chat.completions.create(model="any", messages=question).choices[0].message.content)
""",
    "anthropic-sdk": """
import anthropic

client = anthropic.Anthropic()
question = [{"role": "user", "content": "Say hello"}]
print(client.messages.create(model="any", max_tokens=64, messages=question).content[0].text)
with client.messages.stream(model="any", max_tokens=64, messages=question) as stream:
    print(stream.get_final_text())
""",
}

PATHS = {
    "openai-sdk": ["/openai/v1/responses", "/openai/v1/chat/completions", "/openai/v1/chat/completions"],
    "anthropic-sdk": ["/anthropic/v1/messages", "/anthropic/v1/messages"],
}

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


@pytest.mark.parametrize("shell", [{}, HOSTILE], ids=["clean", "hostile"])
@pytest.mark.parametrize("library", SCRIPTS)
def test_a_script_reaches_the_deployment(
    library: str, shell: dict[str, str], home: Path, deployment: Deployment, proxy: RefusingProxy
) -> None:
    """It is answered, by the right paths and with our token alone, and wants to go nowhere else."""
    clients = Clients("", home, deployment, proxy)
    aibridge = Aibridge(clients)
    token = aibridge.sign_in()
    variables = aibridge.evaluated(library, shell)

    done = subprocess.run(
        [sys.executable, "-c", SCRIPTS[library]],
        cwd=home,
        env={**clients.environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Hello from the loopback deployment"] * len(PATHS[library])
    assert [request.path for request in deployment.requests] == [PREFIX + path for path in PATHS[library]]
    for request in deployment.requests:
        assert request.headers["authorization"] == f"Bearer {token}"
        assert "personal" not in str(request.headers)
    assert proxy.targets == []


@pytest.mark.parametrize("library", PACKAGES)
def test_the_version_that_was_run_is_the_one_that_is_told(library: str) -> None:
    """`tested` of the profile is the version that is installed here."""
    assert Catalogue([shipped_folder()]).load(library).tested == (version(PACKAGES[library]),)
