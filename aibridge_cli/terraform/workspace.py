"""What a template sets in a workspace, so that clients there use the deployment. Pure.

The token is never a text: it is a reference to the owner's session, which Coder makes
anew at each start of the workspace
(https://registry.terraform.io/providers/coder/coder/latest/docs/data-sources/workspace_owner).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aibridge_cli.clients.placeholders import names, parts
from aibridge_cli.clients.profile import Profile
from aibridge_cli.deployment.urls import gateway
from aibridge_cli.terraform.blocks import Block, Configuration, Heredoc, Reference, Template, Value

ACCESS_URL = Reference("data.coder_workspace.me.access_url")
SESSION_TOKEN = Reference("data.coder_workspace_owner.me.session_token")
LOGIN = {"CODER_URL": "{deployment.url}", "CODER_SESSION_TOKEN": "{token}"}
"""What `aibridge` and `coder` themselves read, as templates of a profile."""

PROVIDER = {"source": "coder/coder", "version": ">= 2.12"}
"""The provider; the version is what the registry's modules ask for."""


class Wishes(NamedTuple):
    """What the template is to do.

    Args:
        environment: Variables and their templates, as profiles write them.
        unset: Variables that would win over ours.
        modules: Clients that a module of the registry sets up.
        configured: Clients that `aibridge configure` sets up when the workspace starts.
        agent: The name of the template's `coder_agent`.
        agent_env: Whether the variables go into one map for the agent.
        prefix: The path of the gateway: `aibridge` or `ai-gateway`.
        standalone: Whether the file also declares what it refers to.
    """

    environment: Mapping[str, str]
    unset: Sequence[str] = ()
    modules: Sequence[Profile] = ()
    configured: Sequence[Profile] = ()
    agent: str = "main"
    agent_env: bool = False
    prefix: str = "aibridge"
    standalone: bool = False


def workspace(wishes: Wishes) -> Configuration:
    """Return the configuration that does it."""
    agent = Reference(f"coder_agent.{wishes.agent}.id")
    environment = _environment(wishes)
    blocks = list(_declared(wishes)) if wishes.standalone else []
    if wishes.agent_env:
        blocks.append(Block(("locals",), {"aibridge_env": environment}))
    else:
        blocks += [
            Block(
                ("resource", "coder_env", f"aibridge_{name.lower()}"), {"agent_id": agent, "name": name, "value": value}
            )
            for name, value in environment.items()
        ]
    for profile in wishes.modules:
        module = profile.template
        if module is not None:
            source: dict[str, Value] = {"source": module.module, "version": module.version, "agent_id": agent}
            blocks.append(Block(("module", profile.id), {**source, **module.inputs}))
    if wishes.configured:
        blocks.append(_script(agent, wishes.configured))
    return Configuration(_remarks(wishes), tuple(blocks))


def _environment(wishes: Wishes) -> dict[str, Value]:
    addresses = gateway("", prefix=wishes.prefix)
    known: dict[str, tuple[str | Reference, ...]] = {
        "gateway.root": (ACCESS_URL, addresses.root),
        "gateway.openai": (ACCESS_URL, addresses.openai),
        "gateway.anthropic": (ACCESS_URL, addresses.anthropic),
        "deployment.url": (ACCESS_URL,),
        "token": (SESSION_TOKEN,),
    }
    by_modules = {name for profile in wishes.modules if profile.template for name in profile.template.sets}
    values: dict[str, Value] = {}
    for name, template in (LOGIN | dict(wishes.environment)).items():
        # as in `aibridge env`: a variable for a model that nobody named is left out
        if name not in by_modules and all(word in known for word in names(template)):
            values[name] = _value(template, known)
    return values


def _value(template: str, known: Mapping[str, tuple[str | Reference, ...]]) -> Value:
    pieces: list[str | Reference] = []
    for piece, is_name in parts(template):
        pieces += known[piece] if is_name else [piece]
    if len(pieces) == 1:
        return pieces[0]
    return Template(tuple(pieces)) if pieces else ""


def _declared(wishes: Wishes) -> tuple[Block, ...]:
    env: dict[str, Value] = {"env": Reference("local.aibridge_env")} if wishes.agent_env else {}
    return (
        Block(("terraform",), {}, (Block(("required_providers",), {"coder": PROVIDER}),)),
        Block(("data", "coder_workspace", "me")),
        Block(("data", "coder_workspace_owner", "me")),
        Block(("resource", "coder_agent", wishes.agent), {"arch": "amd64", "os": "linux", **env}),
    )


def _script(agent: Reference, configured: Sequence[Profile]) -> Block:
    lines = [
        "#!/bin/sh",
        "set -u",
        "failed=0",
        "if ! command -v aibridge >/dev/null 2>&1; then",
        '  echo "aibridge is not in this image: install it there, as with pipx" >&2',
        "  exit 1",
        "fi",
    ]
    for profile in configured:
        # where the client can, it reads the variable, and no file holds the token
        way = " --credential env" if "env" in profile.credential else ""
        lines.append(f"aibridge configure {profile.id}{way} --yes || failed=1")
    lines.append("exit $failed")
    attributes: dict[str, Value] = {
        "agent_id": agent,
        "display_name": "AI Bridge",
        "run_on_start": True,
        "script": Heredoc(tuple(lines)),
    }
    return Block(("resource", "coder_script", "aibridge"), attributes)


def _remarks(wishes: Wishes) -> tuple[str, ...]:
    remarks = ["Made by `aibridge template`: clients in the workspace use AI Bridge as the workspace's owner."]
    if not wishes.standalone:
        remarks.append(
            f"The template itself declares coder_agent.{wishes.agent}, data.coder_workspace.me "
            "and data.coder_workspace_owner.me."
        )
        if wishes.agent_env:
            remarks.append(f"In coder_agent.{wishes.agent} write: env = local.aibridge_env")
    remarks.append("A template that has the registry's coder-login module sets the first two variables already.")
    if wishes.unset:
        remarks.append(f"Set none of these beside it, as they would win: {', '.join(wishes.unset)}")
    return tuple(remarks)
