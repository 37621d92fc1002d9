"""`aibridge template`: it parses, and sets in a workspace what `aibridge env` sets in a shell."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.loopback import Deployment
from tests.conftest import RunAibridge
from tests.terraform.reading import environment, problems, read_hcl, strings

SHIPPED = Catalogue([shipped_folder()])
PROFILES = [SHIPPED.load(client) for client in SHIPPED.ids()]
WITH_VARIABLES = [profile.id for profile in PROFILES if profile.env]
WITH_MODULES = [profile.id for profile in PROFILES if profile.template]
URL = "https://coder.example.com"
TOKEN = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"
OWNER = {"data.coder_workspace.me.access_url": URL, "data.coder_workspace_owner.me.session_token": TOKEN}
LOGIN = {"CODER_URL": URL, "CODER_SESSION_TOKEN": TOKEN}


def in_a_shell(lines: str) -> dict[str, str]:
    """Return the variables that the lines of `aibridge env` export."""
    words = [shlex.split(line.rstrip(";")) for line in lines.splitlines()]
    return dict(word[1].split("=", 1) for word in words if word[0] == "export")


def both(aibridge: RunAibridge, *words: str) -> dict[str, Any]:
    """Return what is printed in HCL, after making sure that JSON says the same and that all of it fits."""
    ran = aibridge("template", *words, "--standalone")
    assert ran.code == 0, ran.err
    found = read_hcl(ran.out)
    as_json = aibridge("template", *words, "--standalone", "--format", "json").data
    del as_json["//"]
    assert found == as_json
    assert problems(found) == []
    return found


@pytest.mark.parametrize("form", [[], ["--agent-env"]], ids=["coder_env", "agent"])
@pytest.mark.parametrize("client", ["", *WITH_VARIABLES])
def test_it_sets_what_env_sets(
    client: str, form: list[str], aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every client, a workspace has the variables that a shell has, with the same values."""
    clients = [client] if client else []
    found = both(aibridge, *clients, *form)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    shell = aibridge("env", *clients, "--shell", "sh")

    in_shell = in_a_shell(shell.out)
    assert in_shell.pop("AIBRIDGE_SET")  # what a shell needs to go back; a workspace never does
    assert environment(found, OWNER) == LOGIN | in_shell
    assert len(in_shell) > 0


@pytest.mark.parametrize("client", WITH_MODULES)
def test_a_module_and_our_variables_do_not_meet(client: str, aibridge: RunAibridge) -> None:
    """With its module, a client has either the module's variables or ours."""
    module = SHIPPED.load(client).template
    assert module is not None
    found = both(aibridge, client, "--modules")

    assert found["module"][client]["source"] == module.module
    variables = environment(found, OWNER).keys() - LOGIN.keys()
    assert variables == (set() if module.sets else set(SHIPPED.load(client).env))


def test_a_module_of_one_client_and_variables_of_another(aibridge: RunAibridge) -> None:
    """Where a module sets a variable that another client needs too, it is set once, by the module."""
    found = both(aibridge, "claude-code", "anthropic-sdk", "opencode", "codex", "--modules")

    assert set(found["module"]) == {"claude-code", "codex"}
    assert environment(found, OWNER) == LOGIN | {"CODER_AI_BRIDGE_TOKEN": TOKEN}


def test_it_needs_no_sign_in_and_holds_no_token(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a deployment it works; with a token at hand, the token is not in it."""
    without = aibridge("template", "codex", "--startup-script")
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    ran = aibridge("template", "codex", "--startup-script")

    assert ran == without
    assert ran.code == 0
    assert not [text for text in strings(read_hcl(ran.out)) if TOKEN in text or "example.com" in text]


def test_without_standing_alone_the_template_declares_the_rest(aibridge: RunAibridge) -> None:
    """What a template has already is referred to and not declared again, and the top of the file says so."""
    ran = aibridge("template", "--agent", "dev")

    assert problems(read_hcl(ran.out)) == [
        "undeclared: coder_agent.dev.id",
        "undeclared: data.coder_workspace.me.access_url",
        "undeclared: data.coder_workspace_owner.me.session_token",
    ]
    assert "declares coder_agent.dev, data.coder_workspace.me and data.coder_workspace_owner.me" in ran.out


@pytest.mark.parametrize("path", ["aibridge", "ai-gateway"])
def test_the_path_of_the_gateway(path: str, aibridge: RunAibridge) -> None:
    """Every address has the path that was asked for."""
    found = environment(both(aibridge, "--gateway-path", path), OWNER)

    assert found["OPENAI_BASE_URL"] == f"{URL}/api/v2/{path}/openai/v1"
    assert found["ANTHROPIC_BASE_URL"] == f"{URL}/api/v2/{path}/anthropic"


def test_the_startup_script_configures(aibridge: RunAibridge, deployment: Deployment, home: Path) -> None:
    """Run in a workspace that has the variables, the script configures the clients, and no file holds the token."""
    found = both(aibridge, "codex", "opencode", "claude", "--startup-script")
    token = deployment.tokens.issue().text
    variables = environment(found, {**OWNER, **dict.fromkeys(OWNER, deployment.url)}) | {"CODER_SESSION_TOKEN": token}
    script = found["resource"]["coder_script"]["aibridge"]["script"]

    ran = subprocess.run(
        ["/bin/sh", "-c", script],
        env={"HOME": str(home), "PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert f'base_url = "{deployment.url}/api/v2/aibridge/openai/v1"' in (home / ".codex/config.toml").read_text()
    settings = json.loads((home / ".claude/settings.json").read_text())
    assert settings["env"]["ANTHROPIC_BASE_URL"] == f"{deployment.url}/api/v2/aibridge/anthropic"
    holding = [path for path in home.rglob("*") if path.is_file() and token in path.read_text(errors="replace")]
    assert holding == []


def test_the_startup_script_says_what_is_missing(aibridge: RunAibridge, tmp_path: Path) -> None:
    """In an image without aibridge the script fails, and says why."""
    script = read_hcl(aibridge("template", "codex", "--startup-script").out)["resource"]["coder_script"]["aibridge"]

    ran = subprocess.run(
        ["/bin/sh", "-c", script["script"]], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 1
    assert ran.stderr == "aibridge is not in this image: install it there, as with pipx\n"


def test_what_variables_do_not_carry_is_said(aibridge: RunAibridge) -> None:
    """A client with its address in a file is named, unless the script writes it; so is one without a module."""
    assert "note: Codex CLI has the address in its file" in aibridge("template", "codex").err
    assert aibridge("template", "codex", "--startup-script").err == ""
    assert aibridge("template", "claude").err == ""
    assert "no module for OpenCode" in aibridge("template", "opencode", "--modules").err


def test_a_client_of_the_users_own(aibridge: RunAibridge, home: Path) -> None:
    """A profile of the user's own works too; one that is all in its file has the script alone."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    head = 'name = "Quill"\nsummary = "s"\ndocs = "https://e.com"\nstatus = "supported"\nspeaks = ["openai"]\n'
    edit = '[paths]\nconfig = ["~/.quill"]\n[[edit]]\nfile = "{config}/a.json"\nformat = "json"\n'
    text = f'{head}credential = ["reference"]\n{edit}set.url = "{{gateway.openai}}"\nset.key = "{{token.file}}"\n'
    (folder / "quill.toml").write_text(text)

    found = both(aibridge, "quill", "--startup-script")

    assert "aibridge configure quill --yes" in found["resource"]["coder_script"]["aibridge"]["script"]
    assert environment(found, OWNER) == LOGIN
    assert "reads no variables of ours" in aibridge("template", "quill").err

    needy = text.replace(head, head + 'model = "required"\n').replace(
        "set.key", 'set.model = "{model.openai}"\nset.key'
    )
    (folder / "quill.toml").write_text(needy)

    assert "needs to be told a model" in aibridge("template", "quill", "--startup-script").err


def test_an_agent_with_a_hyphen(aibridge: RunAibridge) -> None:
    """Terraform's names may have hyphens, and the reference is read as one name."""
    found = both(aibridge, "--agent", "dev-1")

    assert "dev-1" in found["resource"]["coder_agent"]
    assert found["resource"]["coder_env"]["aibridge_coder_url"]["agent_id"] == "${coder_agent.dev-1.id}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--modules"], "`--modules` needs clients to be named"),
        (["--startup-script"], "`--startup-script` needs clients to be named"),
        (["--agent", "1st"], "cannot be the name of a `coder_agent`"),
        (["--agent", 'x" {'], "cannot be the name of a `coder_agent`"),
        (["cursor"], "Cursor cannot be configured"),
        (["jetbrains-ai"], "`jetbrains-ai` reads no variables of ours"),
        (["nobody"], "unknown client `nobody`"),
        (["--format", "yaml"], "yaml"),
    ],
)
def test_what_cannot_be_asked_for(words: list[str], message: str, aibridge: RunAibridge) -> None:
    """A template that could not work is refused, and nothing is printed."""
    ran = aibridge("template", *words)

    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""
