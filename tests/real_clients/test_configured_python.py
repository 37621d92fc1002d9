"""`aibridge configure`, then the real client from PyPI, then `aibridge unconfigure`, for each client and way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.cases import HOSTILE, VENDORS
from tests.real_clients.conftest import Aibridge
from tests.real_clients.install_python import clients as installed
from tests.real_clients.install_python import pinned_version
from tests.real_clients.outside import assert_kept_from_vendors
from tests.real_clients.python_clients import COMMANDS, PythonClients
from tests.real_clients.test_configured import (
    ANSWER,
    PREFIX,
    PROMPT,
    credentials,
    mentions,
    variables,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.loopback import Deployment
    from tests.real_clients.conftest import Run
    from tests.real_clients.proxy import RefusingProxy

pytestmark = pytest.mark.real_client

CHAT, RESPONSES, MESSAGES = "/openai/v1/chat/completions", "/openai/v1/responses", "/anthropic/v1/messages"
PROBE = "/api/show"  # how one of them finds out whether the address is a program on this machine
CLAUDE, GPT = "claude-sonnet-4-5", "gpt-5.4"

CASES = [
    ("aider", "env", ("--model", f"anthropic/{CLAUDE}", "--message"), MESSAGES),
    ("aider", "env", ("--model", f"openai/{GPT}", "--message"), CHAT),
    ("clai", "env", ("-m", f"anthropic:{CLAUDE}"), MESSAGES),
    ("clai", "env", ("-m", f"openai:{GPT}"), RESPONSES),
    ("clai", "env", ("-m", f"openai-chat:{GPT}"), CHAT),
    ("deepagents-code", "env", ("-M", f"coder-anthropic:{CLAUDE}", "-n"), MESSAGES),
    ("deepagents-code", "env", ("-M", f"coder-openai:{GPT}", "-n"), CHAT),
    ("gptme", "env", ("-m", f"coder/{GPT}"), CHAT),
    ("gptme", "file", ("-m", f"coder/{GPT}"), CHAT),
    ("hermes-agent", "env", ("--provider", "coder-anthropic", "-m", CLAUDE, "-z"), MESSAGES),
    ("hermes-agent", "env", ("--provider", "coder-openai", "-m", GPT, "-z"), RESPONSES),
    ("hermes-agent", "file", ("--provider", "coder-anthropic", "-m", CLAUDE, "-z"), MESSAGES),
    ("hermes-agent", "file", ("--provider", "coder-openai", "-m", GPT, "-z"), RESPONSES),
    ("langchain", "env", (f"anthropic:{CLAUDE}",), MESSAGES),
    ("langchain", "env", (f"openai:{GPT}",), CHAT),
    ("litellm", "env", (f"anthropic/{CLAUDE}",), MESSAGES),
    ("litellm", "env", (f"openai/{GPT}",), CHAT),
    ("llm", "env", ("-m", GPT), RESPONSES),
    ("mini-swe-agent", "env", ("-m", f"anthropic/{CLAUDE}", "-t"), MESSAGES),
    ("mini-swe-agent", "env", ("-m", f"openai/{GPT}", "-t"), CHAT),
    ("mistral-vibe", "env", ("VIBE_ACTIVE_MODEL=coder-anthropic", "vibe", "--max-turns=1", "-p"), MESSAGES),
    ("mistral-vibe", "env", ("VIBE_ACTIVE_MODEL=coder-openai", "vibe", "--max-turns=1", "-p"), RESPONSES),
    (
        "openhands",
        "env",
        (f"LLM_MODEL=openai/{GPT}", "openhands", "--headless", "--override-with-envs", "-t"),
        RESPONSES,
    ),
    ("openai-agents", "env", (GPT,), RESPONSES),
    ("shell-gpt", "env", ("--model", GPT), CHAT),
]
# What `aibridge` writes to; where it writes nothing, a file of the client's that stays as it is.
FILES = {
    "aider": ".aider.conf.yml",
    "clai": ".pydantic-ai/prompt-history.txt",
    "deepagents-code": ".deepagents/config.toml",
    "gptme": ".config/gptme/config.toml",
    "hermes-agent": ".hermes/config.yaml",
    "langchain": ".langchain.db",
    "litellm": ".config/litellm/config.yaml",
    "llm": ".config/io.datasette.llm/keys.json",
    "mini-swe-agent": ".config/mini-swe-agent/.env",
    "mistral-vibe": ".vibe/config.toml",
    "openai-agents": ".agents.db",
    "openhands": ".openhands/mcp.json",
    "shell-gpt": ".config/shell_gpt/.sgptrc",
}
# Where clients note what they did: the address may stand there for ever, the token never.
RECORDS = ("/.openhands/conversations/", "/.hermes/auth.json", "/.hermes/state.db")
# Who makes that file at the first start, where it is not there.
STARTED = {"shell-gpt"}
# Those files as people have them: odd spacing, remarks where the client allows them, unicode, CRLF.
# Where a client reads, by itself and before any question, which models there are and what they cost.
# The variable or file that holds our token is named after no vendor, so it is not among what it sends there.
LISTS = {"hermes-agent": {"openrouter.ai:443"}}

LIVED_IN = {
    "aider": b"# mine, do not touch\nopenai-api-key: sk-mine-0000000000   # really\ndark-mode:   true\r\n",
    "clai": b"+what is this\n\n",
    "deepagents-code": (
        b"# mine, do not touch\r\n[warnings]\r\n"
        b"suppress   = ['ripgrep' ,\"tavily\"]   # Z\xc3\xbcrich \xf0\x9f\x8f\x94\r\n\r\n"
        b"[models.providers.ollama]\r\nbase_url = 'http://localhost:11434'\r\nmodels = [ \"qwen3:4b\", ]\r\n"
    ),
    "gptme": (
        b"# mine, do not touch\n[user]\n"
        b"name   = 'Z\xc3\xbcrich \xf0\x9f\x8f\x94'   # really\n\n[[providers]]\nname=\"local\"\n"
        b"base_url = 'http://localhost:11434/v1'\n\n[env]   # none yet\n# the end, without a line feed"
    ),
    "hermes-agent": (
        b"# mine, do not touch\nmodel:   {default: 'some/model'}   # Z\xc3\xbcrich \xf0\x9f\x8f\x94\n\n"
        b"providers:\n    local:\n        api: http://localhost:11434/v1   # the box under the desk\n\n"
        b"agent:\n  max_turns: 3\n# the end, no line feed"
    ),
    "langchain": b"a cache, say",
    "litellm": b"# a proxy's, not the library's\nmodel_list: [ ]\n",
    "llm": b'{ "// Note": "This file stores secret API credentials. Do not share!",\r\n\t"mistral" : "none" }\r\n',
    "mini-swe-agent": b"# mine, do not touch\nMSWEA_MODEL_NAME='openai/gpt-5.4'\n",
    "mistral-vibe": (
        b"# mine, do not touch\r\nvim_keybindings   = false # Z\xc3\xbcrich \xf0\x9f\x8f\x94\r\n\r\n"
        b"[[providers]]\r\nname=\"llamacpp\"\r\napi_base = 'http://127.0.0.1:8080/v1'\r\n\r\n"
        b"[tools.bash]\r\n# the end, without a line feed"
    ),
    "openai-agents": b"a session, say",
    "openhands": b'{ "mcpServers" : { } }\r\n',
    # it writes the file anew, without remarks, where one of these is missing
    "shell-gpt": (
        b"# mine, do not touch\nAPI_BASE_URL=https://elsewhere.example.com/v1\nOPENAI_API_KEY=sk-mine-0000000000\n"
        b"CACHE_LENGTH=100\nCACHE_PATH=cache\nCHAT_CACHE_LENGTH=100\nCHAT_CACHE_PATH=chat\nCODE_THEME=dracula\n"
        b"DEFAULT_COLOR=magenta\nDEFAULT_EXECUTE_SHELL_CMD=false\nDEFAULT_MODEL=gpt-5.4\nDISABLE_STREAMING=false\n"
        b"OPENAI_FUNCTIONS_PATH=functions\nOPENAI_USE_FUNCTIONS=false\nOS_NAME=auto\nPRETTIFY_MARKDOWN=false\n"
        b"REQUEST_TIMEOUT=60\nROLE_STORAGE_PATH=roles\nSHELL_INTERACTION=true\nSHELL_NAME=auto\n"
        b"SHOW_FUNCTIONS_OUTPUT=false\nUSE_LITELLM=false\n"
    ),
}


@pytest.fixture
def clients(home: Path, deployment: Deployment, proxy: RefusingProxy) -> PythonClients:
    """Return the clients from PyPI, ready to run in the empty home."""
    return PythonClients("", home, deployment, proxy)


@pytest.fixture
def aibridge(clients: PythonClients) -> Aibridge:
    """Return our own program, ready to run in the same home."""
    return Aibridge(clients)


each_case = pytest.mark.parametrize(
    ("client", "way", "arguments", "path"), CASES, ids=["-".join(case[:2]) + case[3] for case in CASES]
)


def test_every_way_of_every_client_is_run() -> None:
    """What is installed from PyPI is what is run, by every way that its profile claims."""
    assert set(installed()) == set(COMMANDS) == set(FILES) == set(LIVED_IN)
    for client in COMMANDS:
        assert {case[1] for case in CASES if case[0] == client} == set(profile(client).credential)


@pytest.mark.parametrize("client", COMMANDS)
def test_the_version_that_was_run_is_the_one_that_is_told(client: str) -> None:
    """`tested` of the profile is the version that is pinned here."""
    assert profile(client).tested == (pinned_version(installed()[client]),)


@each_case
def test_empty_home(
    clients: PythonClients, aibridge: Aibridge, client: str, way: str, arguments: tuple[str, ...], path: str
) -> None:
    """In an empty home the configured client answers, and afterwards neither token nor address is left."""
    token = aibridge.sign_in()
    aibridge("configure", client, "--credential", way, "--yes")
    run = clients.run(client, PROMPT, *arguments, env=variables(aibridge, client, way, {}), watch=True)
    assert_answered(run, token, path)
    aibridge("unconfigure", client, "--yes")
    assert mentions(clients.home, token) == []
    left = mentions(clients.home, "api/v2/aibridge")
    assert [path for path in left if not any(record in path for record in RECORDS)] == []
    assert (clients.home / FILES[client]).exists() == (client in STARTED)


@each_case
def test_home_that_is_lived_in(
    clients: PythonClients, aibridge: Aibridge, client: str, way: str, arguments: tuple[str, ...], path: str
) -> None:
    """Among the user's own settings and a shell full of other keys only our token goes out, and undo is exact."""
    token, settings = aibridge.sign_in(), clients.home / FILES[client]
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_bytes(LIVED_IN[client])
    aibridge("configure", client, "--credential", way, "--yes")
    run = clients.run(client, PROMPT, *arguments, env=variables(aibridge, client, way, HOSTILE))
    assert_answered(run, token, path)
    sent = [value for request in run.requests for value in request.headers.values()]
    assert not [value for value in sent for secret in (*HOSTILE.values(), "-mine-") if secret in value]
    assert not VENDORS.difference(LISTS.get(client, ())).intersection(run.outside)
    aibridge("unconfigure", client, "--yes")
    assert settings.read_bytes() == LIVED_IN[client]


def test_model_that_was_named_is_the_one_to_start_with(clients: PythonClients, aibridge: Aibridge) -> None:
    """Where `--model` was given, the client starts with it and with the deployment, told nothing more."""
    token = aibridge.sign_in()
    aibridge("configure", "hermes-agent", "--model", f"openai={GPT}", "--yes")
    run = clients.run("hermes-agent", PROMPT, "-z", env=variables(aibridge, "hermes-agent", "env", {}))
    assert_answered(run, token, RESPONSES)


def test_traces_would_go_to_the_vendor(clients: PythonClients, aibridge: Aibridge) -> None:
    """With address and key alone the agents' library wants to send its traces to OpenAI; not with `aibridge env`."""
    token = aibridge.sign_in()
    generic = {"OPENAI_BASE_URL": f"{clients.deployment.url}{PREFIX}/openai/v1", "OPENAI_API_KEY": token}
    assert "api.openai.com:443" in clients.run("openai-agents", PROMPT, GPT, env=generic).outside
    ours = dict(line.split("=", 1) for line in aibridge("env", "--shell", "docker").splitlines())
    run = clients.run("openai-agents", PROMPT, GPT, env=ours)
    assert_answered(run, token, RESPONSES)
    assert run.outside == ()


def profile(client: str) -> Profile:
    """Return the profile that we ship."""
    return Catalogue([shipped_folder()]).load(client)


def assert_answered(run: Run, token: str, path: str) -> None:
    """Fail unless the client printed the answer and asked only the right path with only this token."""
    assert run.code == 0, run.stderr
    assert ANSWER in run.stdout
    assert {request.path for request in run.asked() if not request.path.endswith(PROBE)} == {PREFIX + path}
    assert {credential for request in run.requests for credential in credentials(request)} == {token}
    assert {request.status for request in run.asked() if not request.path.endswith(PROBE)} == {200}
    assert_kept_from_vendors(run, token)
