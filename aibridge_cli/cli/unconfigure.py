"""`aibridge unconfigure`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.changes.run import Outcome, plan_release
from aibridge_cli.changes.state import State
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.options import DryRun, Json, Yes
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge unconfigure --all --dry-run")
def unconfigure(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT...", help="Clients to take back; all when none is named.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every client that we configured.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take back what `configure` did.

    A file that is as we left it gets its earlier bytes back, or goes when there was none.
    In a file that was edited since, our keys go and every later edit stays.
    """
    if clients and everything:
        raise UsageError("name clients, or `--all`, not both", hint="`--all` means every client that we configured")
    facts = gather()
    store = open_store(facts)
    named = clients or []
    outcome = carrying_out.run(
        facts,
        store,
        # asked for late: an unfinished run, which is finished first, may have configured more
        lambda: plan_release(store, _ids(facts, named, store.state())),
        command="unconfigure",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )
    ids = _ids(facts, named, outcome.plan.before)
    result = _result(facts, ids, outcome, dry_run=dry_run)
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _ids(facts: Facts, clients: list[str], state: State) -> tuple[str, ...]:
    if not clients:
        return tuple(sorted(state.clients))
    # A client that is configured can be taken back even when its profile is gone.
    known = None if all(client in state.clients for client in clients) else open_catalogue(facts)
    return tuple(client if client in state.clients or known is None else known.load(client).id for client in clients)


def _result(facts: Facts, ids: tuple[str, ...], outcome: Outcome, *, dry_run: bool) -> Result:
    plan = outcome.plan
    messages = [f"note: {note}" for note in outcome.notes]
    messages += [f"`{client}` is not configured by us" for client in ids if client not in plan.before.clients]
    messages += carrying_out.left_words(plan, facts.home)
    messages += carrying_out.file_words(plan, facts.home, done=bool(outcome.run))
    if plan.empty:
        messages.append("nothing to take back")
    elif not outcome.run:
        messages.append("nothing was written (dry run)" if dry_run else "nothing was written")
    data = {
        "dry_run": dry_run,
        "applied": bool(outcome.run),
        "run": outcome.run,
        "clients": [client for client in ids if client in plan.before.clients],
        "files": carrying_out.files_as_data(plan, (), facts.home),
        "keychain": carrying_out.entries_as_data(plan),
        "stayed": [{"path": path, "key": key} for path, key in plan.stayed],
        "gone": [{"path": path, "key": key} for path, key in plan.gone],
        "elsewhere": [{"path": path, "key": key} for path, key in plan.elsewhere],
    }
    code = 1 if carrying_out.declined(outcome, dry_run=dry_run) else 0
    return Result("unconfigure", data=data, messages=tuple(messages), exit_code=code)
