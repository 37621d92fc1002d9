"""The vendors' own Python libraries, in a shell that has evaluated `aibridge env`."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.conftest import Clients
from tests.real_clients.libraries import HOSTILE, assert_reaches

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Deployment
    from tests.real_clients.proxy import RefusingProxy

pytestmark = pytest.mark.real_client

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


@pytest.mark.parametrize("shell", [{}, HOSTILE], ids=["clean", "hostile"])
@pytest.mark.parametrize("library", SCRIPTS)
def test_a_script_reaches_the_deployment(
    library: str, shell: dict[str, str], home: Path, deployment: Deployment, proxy: RefusingProxy
) -> None:
    """It is answered, by the right paths and with our token alone, and wants to go nowhere else."""
    clients = Clients("", home, deployment, proxy)
    assert_reaches(clients, library, shell, [sys.executable, "-c", SCRIPTS[library]], PATHS[library])


@pytest.mark.parametrize("library", PACKAGES)
def test_the_version_that_was_run_is_the_one_that_is_told(library: str) -> None:
    """`tested` of the profile is the version that is installed here."""
    assert Catalogue([shipped_folder()]).load(library).tested == (version(PACKAGES[library]),)
