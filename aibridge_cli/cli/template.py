"""`aibridge template [CLIENT…]`: Terraform for those who write workspace templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import typer

from aibridge_cli.answers import write_data
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.preparation import open_catalogue
from aibridge_cli.client_environment import ClientEnvironment
from aibridge_cli.clients.placeholders import names
from aibridge_cli.clients.profile import Profile, model_need
from aibridge_cli.clients.ways import refuse_unsupported
from aibridge_cli.deployment.urls import Gateway
from aibridge_cli.environment import generic_environment
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import say
from aibridge_cli.secret import Secret
from aibridge_cli.terraform.hcl import hcl
from aibridge_cli.terraform.json_syntax import json_syntax
from aibridge_cli.terraform.workspace import Wishes, workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog=f"Example: aibridge template {example_client()} --modules --format json")
def template(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT...", help="What these clients need; else what most read.")
    ] = None,
    *,
    agent: Annotated[
        str, typer.Option("--agent", metavar="NAME", help="The name of the template's `coder_agent`.")
    ] = "main",
    agent_env: Annotated[
        bool, typer.Option("--agent-env", help="One map for the agent's `env`; else one `coder_env` for each variable.")
    ] = False,
    modules: Annotated[
        bool, typer.Option("--modules", help="Leave a client to its module of Coder's registry, where it has one.")
    ] = False,
    startup_script: Annotated[
        bool, typer.Option("--startup-script", help="Run `aibridge configure` when the workspace starts.")
    ] = False,
    gateway_path: Annotated[
        Literal["aibridge", "ai-gateway"],
        typer.Option("--gateway-path", help="The path on the deployment: every one has the first, new ones both."),
    ] = "aibridge",
    standalone: Annotated[
        bool, typer.Option("--standalone", help="Declare the provider, the data and an agent too.")
    ] = False,
    form: Annotated[
        Literal["hcl", "json"], typer.Option("--format", help="For a file that ends in `.tf`, or in `.tf.json`.")
    ] = "hcl",
) -> None:
    """Print Terraform for clients in Coder workspaces.

    Needs no sign-in and no network, and holds no token: it refers to the session of the
    workspace's owner. `CODER_URL` and `CODER_SESSION_TOKEN` are set too, so that `aibridge`
    works inside.
    """
    if (modules or startup_script) and not clients:
        flag = "--modules" if modules else "--startup-script"
        raise UsageError(f"`{flag}` needs clients to be named", hint="`aibridge clients` lists them")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", agent):
        raise UsageError(
            f"`{agent}` cannot be the name of a `coder_agent`", hint="letters, digits, underscores and hyphens"
        )
    facts = gather()
    known = open_catalogue(facts)
    profiles = list({each.id: each for each in map(known.load, clients or ())}.values())
    for profile in profiles:
        refuse_unsupported(profile)
    by_module = [each for each in profiles if modules and each.template]
    # what a module points at the deployment needs neither our variables nor our file
    ours = [each for each in profiles if not (each in by_module and each.template and each.template.sets)]
    configured = [each for each in ours if startup_script and each.edits]
    for profile in configured:
        if "required" in {model_need(profile, wire) for wire in profile.speaks}:
            raise UsageError(
                f"{profile.name} needs to be told a model, so `--startup-script` cannot configure it",
                hint=f"leave it out here; `aibridge configure {profile.id} --model ID` works in the workspace",
            )
    environment, unset = _variables(facts, ours, configured) if profiles else (_generic(), ())
    if modules:
        for profile in ours:
            if not profile.template:
                say(f"note: Coder's registry has no module for {profile.name}, so it gets variables")
    for profile in ours:
        if profile not in configured and not _has_address(profile):
            say(f"note: {profile.name} has the address in its file; `--startup-script` writes it in the workspace")
    wishes = Wishes(environment, unset, by_module, configured, agent, agent_env, gateway_path, standalone)
    written = {"hcl": hcl, "json": json_syntax}[form](workspace(wishes))
    raise typer.Exit(write_data(written))


def _has_address(profile: Profile) -> bool:
    used = [name for value in profile.env.values() for name in names(value)]
    return any(name.startswith(("gateway.", "deployment.")) for name in used)


def _generic() -> Mapping[str, str]:
    addresses = Gateway("{gateway.root}", "{gateway.openai}", "{gateway.anthropic}")
    values = generic_environment(addresses, Secret("{token}"))
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values}


def _variables(
    facts: Facts, profiles: Sequence[Profile], configured: Sequence[Profile]
) -> tuple[Mapping[str, str], Sequence[str]]:
    # a client that is all in its file is refused by the variables, and served by the script
    asked = [profile.id for profile in profiles if profile.env or profile not in configured]
    needed = ClientEnvironment(facts, asked)
    return needed.templates, tuple(needed.unset)
