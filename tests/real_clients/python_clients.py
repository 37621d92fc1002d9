"""Runs the real clients from PyPI, each from the virtual environment that it is installed in."""

from __future__ import annotations

import os

from tests.real_clients.conftest import Clients
from tests.real_clients.install_python import clients, install

# A library takes the address and the token from the environment; the code names neither.
SCRIPTS = {
    "langchain": """
import sys

from langchain.chat_models import init_chat_model

print(init_chat_model(sys.argv[1]).invoke(sys.argv[2]).text)
""",
    "litellm": """
import sys

import litellm

question = [{"role": "user", "content": sys.argv[2]}]
print(litellm.completion(model=sys.argv[1], messages=question).choices[0].message.content)
""",
    # what it traces is sent when it ends
    "openai-agents": """
import sys

from agents import Agent, Runner

print(Runner.run_sync(Agent(name="Tester", model=sys.argv[1]), sys.argv[2]).final_output)
""",
}

# How each is asked one question without a terminal; the question comes last.
COMMANDS = {
    "aider": (
        *("aider", "--no-git", "--yes-always", "--no-check-update", "--no-analytics"),
        *("--no-show-release-notes", "--no-show-model-warnings"),
    ),
    "clai": ("clai", "--no-stream"),
    "deepagents-code": ("dcode", "--quiet", "--no-mcp"),
    "gptme": ("gptme", "--non-interactive"),
    "hermes-agent": ("hermes",),
    "llm": ("llm",),
    # an answer without a command is no step to it: what it was told stands in the trajectory
    "mini-swe-agent": (
        *("mini", "--yolo", "--exit-immediately", "-c", "mini.yaml", "-c", "agent.step_limit=1"),
        *("--output", "/dev/stdout"),
    ),
    # these take their model from a variable
    "mistral-vibe": ("/usr/bin/env",),
    "openhands": ("/usr/bin/env",),
    "shell-gpt": ("sgpt", "--no-cache"),
    **{library: ("python", "-c", script) for library, script in SCRIPTS.items()},
}

# Keeps them from asking whether to set up, and from fetching prices, tools and newer versions.
QUIET = {
    "DEEPAGENTS_CODE_NO_UPDATE_CHECK": "1",
    "DEEPAGENTS_CODE_OFFLINE": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "MSWEA_CONFIGURED": "true",
    "MSWEA_COST_TRACKING": "ignore_errors",
    "OPENHANDS_SUPPRESS_BANNER": "1",
}


class PythonClients(Clients):
    """The clients of `COMMANDS` in one home; the arguments are those of `Clients`, but for the folder."""

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of a run; what stands first on PATH are the programs of the client that is run."""
        usual, scratch = super().environment, self.home.parent / "scratch"
        scratch.mkdir(exist_ok=True)
        path = os.pathsep.join((os.path.join(self.folder, "bin"), usual["PATH"]))
        return {**usual, **QUIET, "PATH": path, "TMPDIR": str(scratch)}

    def command(self, client: str) -> list[str]:
        """Return how the client is started, installing it if need be."""
        self.folder = install(clients()[client])
        program, *first = COMMANDS[client]
        return [os.path.join(self.folder, "bin", program), *first]
