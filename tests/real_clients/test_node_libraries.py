"""Libraries for Node.js, in a shell that has evaluated `aibridge env`."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.conftest import HERE, SECONDS

if TYPE_CHECKING:
    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

PREFIX = "/api/v2/aibridge"

# Libraries take the address and the token from the environment; the code names neither.
SCRIPTS = {
    "ai-sdk": """
import { generateText } from "ai";
import { anthropic } from "@ai-sdk/anthropic";
import { openai } from "@ai-sdk/openai";

globalThis.AI_SDK_LOG_WARNINGS = false;
for (const model of [openai("any"), openai.chat("any"), anthropic("any")])
  console.log((await generateText({ model, prompt: "Say hello" })).text);
""",
    "anthropic-sdk": """
import Anthropic from "@anthropic-ai/sdk";

const messages = [{ role: "user", content: "Say hello" }];
const answer = await new Anthropic().messages.create({ model: "any", max_tokens: 64, messages });
console.log(answer.content[0].text);
""",
    "openai-sdk": """
import OpenAI from "openai";

const client = new OpenAI();
console.log((await client.responses.create({ model: "any", input: "Say hello" })).output_text);
const messages = [{ role: "user", content: "Say hello" }];
console.log((await client.chat.completions.create({ model: "any", messages })).choices[0].message.content);
""",
}

PATHS = {
    "ai-sdk": ["/openai/v1/responses", "/openai/v1/chat/completions", "/anthropic/v1/messages"],
    "anthropic-sdk": ["/anthropic/v1/messages"],
    "openai-sdk": ["/openai/v1/responses", "/openai/v1/chat/completions"],
}

# What stands in a shell that has been used for years: none of it may arrive anywhere.
HOSTILE = {
    "ANTHROPIC_API_KEY": "sk-ant-personal-0000000000",
    "ANTHROPIC_AUTH_TOKEN": "stale-anthropic-personal-0000000000",
    "ANTHROPIC_BASE_URL": "https://elsewhere.example.com/anthropic",
    "OPENAI_API_KEY": "sk-openai-personal-0000000000",
    "OPENAI_BASE_URL": "https://elsewhere.example.com/openai/v1",
    "OPENAI_ORG_ID": "org-personal-0000000000",
    "OPENAI_PROJECT_ID": "proj-personal-0000000000",
}


@pytest.mark.parametrize("shell", [{}, HOSTILE], ids=["clean", "hostile"])
@pytest.mark.parametrize("library", SCRIPTS)
def test_a_script_reaches_the_deployment(
    library: str, shell: dict[str, str], clients: Clients, aibridge: Aibridge
) -> None:
    """It is answered, by the right paths and with our token alone, and wants to go nowhere else."""
    token = aibridge.sign_in()
    variables = aibridge.evaluated(library, shell)
    (clients.home / "script.mjs").write_text(SCRIPTS[library], encoding="utf-8")
    (clients.home / "node_modules").symlink_to(os.path.join(clients.folder, "node_modules"))

    done = subprocess.run(
        ["node", "script.mjs"],
        cwd=clients.home,
        env={**clients.environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Hello from the loopback deployment"] * len(PATHS[library])
    requests = clients.deployment.requests
    assert [request.path for request in requests] == [PREFIX + path for path in PATHS[library]]
    for request in requests:
        sent = {name: request.headers[name] for name in ("authorization", "x-api-key") if name in request.headers}
        assert {value.removeprefix("Bearer ") for value in sent.values()} == {token}
        assert "personal" not in str(request.headers)
    assert clients.proxy.targets == []


def test_the_version_that_was_run_is_the_one_that_is_told() -> None:
    """`tested` of the library that is for Node.js alone is the version that is installed here."""
    with open(os.path.join(HERE, "package.json"), encoding="utf-8") as file:
        pinned: dict[str, str] = json.load(file)["devDependencies"]
    assert Catalogue([shipped_folder()]).load("ai-sdk").tested == (pinned["ai"],)
