"""`aibridge configure`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.changes.run import Outcome, plan_configure
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.gateway_options import GatewayPath, GatewayUrl, ProviderNames, gateway_changes
from aibridge_cli.cli.options import CredentialWay, DryRun, InsecureHttp, Json, TokenOnStdin, Url, Yes
from aibridge_cli.cli.preparation import Asked, Prepared, open_store, prepare
from aibridge_cli.credentials.gateway_settings import remember
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, say, show
from aibridge_cli.packs.rules import rules

app = typer.Typer(add_completion=False, rich_markup_mode=None)

WAYS = {
    "helper": "runs `aibridge token` for the token",
    "reference": "reads the token from a 0600 file of ours",
    "env": "reads the token from the environment",
    "keychain": "reads the token from the keychain",
    "file": "has the token in its own file, which is 0600",
    "manual": "is given the token by hand",
}


@app.command(epilog=f"Example: aibridge configure {example_client()} --dry-run")
def configure(
    clients: Annotated[list[str] | None, typer.Argument(metavar="CLIENT...", help="See `aibridge clients`.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every supported client found on this machine.")] = False,
    url: Url = None,
    token_on_stdin: TokenOnStdin = False,
    credential: Annotated[
        CredentialWay | None, typer.Option("--credential", help="How clients get the token; else each one's best way.")
    ] = None,
    require_secretless: Annotated[
        bool, typer.Option("--require-secretless", help="Fail rather than write the token to any file.")
    ] = False,
    model: Annotated[
        list[str] | None, typer.Option("--model", metavar="[WIRE=]ID", help="A model, where a client takes one.")
    ] = None,
    provider_name: ProviderNames = None,
    gateway_path: GatewayPath = None,
    gateway_url: GatewayUrl = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Point clients at the AI Bridge.

    Shows what would change, asks, and writes all files or none. Only our own keys change,
    and `aibridge unconfigure` brings back every byte.
    """
    if clients and everything:
        raise UsageError("name clients, or `--all`, not both", hint="`--all` means every supported client found here")
    if not clients and not everything:
        raise UsageError(
            "name the clients to configure, or `--all` for those found here", hint="`aibridge clients` lists them"
        )
    changes = gateway_changes(provider_name, gateway_path, gateway_url, insecure_http=insecure_http)
    facts = gather()
    store = open_store(facts)
    asked = Asked(
        clients=tuple(clients or ()),
        everything=everything,
        url=url,
        token_on_stdin=token_on_stdin,
        credential=credential,
        require_secretless=require_secretless,
        models=tuple(model or ()),
        insecure_http=insecure_http,
        gateway=changes,
        rules=rules(facts),
    )
    prepared = prepare(facts, asked, store)
    for profile in prepared.profiles:
        if profile.opt_in:
            say(f"warning: in {profile.name} this takes the place of {profile.opt_in}")
            say(f"hint: `aibridge unconfigure {profile.id}` gives it back")
    outcome = carrying_out.run(
        facts,
        store,
        lambda: plan_configure(store, prepared.wanted),
        command="configure",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
        secrets=(prepared.token.value,),
    )
    if changes and not dry_run and not carrying_out.declined(outcome, dry_run=dry_run):
        remember(facts, prepared.deployment.value, changes)
    result = _result(facts, prepared, outcome, dry_run=dry_run)
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _result(facts: Facts, prepared: Prepared, outcome: Outcome, *, dry_run: bool) -> Result:
    plan = outcome.plan
    messages = [*(f"note: {note}" for note in (*prepared.notes, *outcome.notes)), *_warnings(outcome)]
    for profile, want in zip(prepared.profiles, prepared.wanted, strict=True):
        messages.append(f"{profile.name}: {WAYS[want.profile.way]}")
        if want.profile.evaluate:
            messages.append(f"  set it in each shell: {want.profile.evaluate}")
        for manual in want.profile.manual:
            messages.append(f"  {manual.title}:")
            messages += [f"    {number}. {step}" for number, step in enumerate(manual.steps, 1)]
    messages.append(_ending(outcome, dry_run=dry_run))
    data = {
        "deployment": prepared.deployment.value,
        "dry_run": dry_run,
        "applied": bool(outcome.run),
        "run": outcome.run,
        "clients": [{"id": want.profile.id, "credential": want.profile.way} for want in prepared.wanted],
        "files": carrying_out.files_as_data(plan, (prepared.token.value,), facts.home),
        "keychain": carrying_out.entries_as_data(plan),
    }
    code = 1 if carrying_out.declined(outcome, dry_run=dry_run) else 0
    return Result("configure", data=data, messages=tuple(messages), exit_code=code)


def _warnings(outcome: Outcome) -> list[str]:
    holding = [change for change in outcome.plan.changes if change.secret and not change.own]
    if not holding:
        return []
    from aibridge_cli.changes.tracked import tracked_by_git

    return [
        f"warning: `{change.snapshot.target}` holds the token and is tracked by git"
        for change in holding
        if tracked_by_git(change.snapshot.target)
    ]


def _ending(outcome: Outcome, *, dry_run: bool) -> str:
    if outcome.run:
        return "done; `aibridge unconfigure` takes it back"
    if outcome.plan.empty:
        return "nothing to do: everything is configured like this"
    return "nothing was written (dry run)" if dry_run else "nothing was written"
