"""`aibridge logout`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli import folders
from aibridge_cli.changes.entries import entry_name
from aibridge_cli.changes.run import Outcome, plan_release
from aibridge_cli.changes.state import State
from aibridge_cli.changes.store import Store
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.options import InsecureHttp, Json, Yes
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge logout --everywhere")
def logout(
    url: Annotated[
        str | None, typer.Argument(metavar="[URL]", help="The Coder deployment; else the one that is in use.")
    ] = None,
    *,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Take our configuration of clients for it back, too.")
    ] = False,
    yes: Yes = False,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Forget the session with a deployment.

    A token that was made for this machine is revoked; the Coder CLI's own session is not touched.
    """
    from aibridge_cli.credentials.signing_in import sign_out

    facts = gather()
    store = open_store(facts)
    if url is not None:
        origin = normalise(url, insecure_http)
    else:
        origin = resolve_deployment(facts, insecure_http=insecure_http).value
    clients = _clients(store.state(), origin)
    outcome: Outcome | None = None
    if everywhere and clients:
        outcome = carrying_out.run(
            facts,
            store,
            lambda: plan_release(store, _clients(store.state(), origin)),
            command="logout",
            dry_run=False,
            yes=yes,
            as_json=as_json,
        )
        if carrying_out.declined(outcome, dry_run=False):
            show(Result("logout", messages=("nothing was written",), exit_code=1), as_json=as_json)
            raise typer.Exit(1)
    notes: list[str] = []
    done = sign_out(facts, origin, notes)
    messages = [f"note: {note}" for note in notes]
    if outcome is not None:
        messages += carrying_out.file_words(outcome.plan, facts.home, done=True)
    if not done.known:
        messages.append(f"not signed in to `{origin}` by `aibridge login`; nothing to forget")
    elif done.problem:
        messages.append(f"forgot the session with `{origin}`, but the deployment was not told: {done.problem}")
        messages.append(f"hint: revoke the token at {origin}/settings/tokens")
    else:
        messages.append(f"signed out of `{origin}`" + ("; its token is revoked" if done.revoked else ""))
    messages += _still_found(facts, origin)
    if not everywhere:
        messages += _left(facts, store, clients, origin)
    data = {
        "deployment": origin,
        "known": done.known,
        "revoked": done.revoked,
        "clients": list(clients) if everywhere else [],
    }
    code = 1 if done.problem else 0
    show(Result("logout", data=data, messages=tuple(messages), exit_code=code), as_json=as_json)
    raise typer.Exit(code)


def _still_found(facts: Facts, origin: str) -> list[str]:
    try:
        token = resolve_token(facts, origin)
    except AibridgeError:  # as it should be
        return []
    return [f"`aibridge token` now takes the token from {token.source}"]


def _clients(state: State, origin: str) -> tuple[str, ...]:
    return tuple(sorted(name for name, client in state.clients.items() if client.deployment == origin))


def _left(facts: Facts, store: Store, clients: tuple[str, ...], origin: str) -> list[str]:
    """Say which clients still point there, and which of them have the token in a file."""
    if not clients:
        return []
    words = [f"still configured for `{origin}`: {', '.join(clients)}; `aibridge unconfigure` takes that back"]
    state = store.state()
    holding = [
        entry.path
        for entry in state.files.values()
        if entry.secret and any(claim.client in clients for claim in entry.claims)
    ]
    words += [f"the token still stands in `{path}`" for path in holding]
    words += [
        f"the token still stands in the keychain, in `{entry_name(entry.label, entry.attributes)}`"
        for entry in state.entries.values()
        if not set(entry.clients).isdisjoint(clients)
    ]
    if folders.token_file(facts, origin) in state.kept:
        words.append("the file that clients read the token from is empty now")
    return words
