"""Libraries for Node.js, in a shell that has evaluated `aibridge env`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.conftest import HERE
from tests.real_clients.libraries import HOSTILE, assert_reaches

if TYPE_CHECKING:
    from tests.real_clients.conftest import Clients

pytestmark = pytest.mark.real_client

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


@pytest.mark.parametrize("shell", [{}, HOSTILE], ids=["clean", "hostile"])
@pytest.mark.parametrize("library", SCRIPTS)
def test_a_script_reaches_the_deployment(library: str, shell: dict[str, str], clients: Clients) -> None:
    """It is answered, by the right paths and with our token alone, and wants to go nowhere else."""
    (clients.home / "script.mjs").write_text(SCRIPTS[library], encoding="utf-8")
    (clients.home / "node_modules").symlink_to(os.path.join(clients.folder, "node_modules"))
    assert_reaches(clients, library, shell, ["node", "script.mjs"], PATHS[library])


def test_the_version_that_was_run_is_the_one_that_is_told() -> None:
    """`tested` of the library that is for Node.js alone is the version that is installed here."""
    with open(os.path.join(HERE, "package.json"), encoding="utf-8") as file:
        pinned: dict[str, str] = json.load(file)["devDependencies"]
    assert Catalogue([shipped_folder()]).load("ai-sdk").tested == (pinned["ai"],)
