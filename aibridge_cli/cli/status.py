"""`aibridge status`."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from aibridge_cli.changes.state import State
from aibridge_cli.cli.options import InsecureHttp, Json, Url
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.cli.session_report import Session, session_of
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken, FoundURL
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.durations import ending, in_words, seconds_in
from aibridge_cli.errors import NoHome, NotSignedIn
from aibridge_cli.facts import Facts, gather
from aibridge_cli.folders import token_file
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge status --check --within 24h")
def status(
    *,
    url: Url = None,
    verify: Annotated[bool, typer.Option("--verify", help="Ask the deployment about the token.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Ask the deployment, and end with 3 when something needs doing.")
    ] = False,
    within: Annotated[
        str, typer.Option("--within", metavar="TIME", help="A token that ends so soon needs something done.")
    ] = "24h",
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Show deployment, token and configured clients.

    Without `--verify` and `--check` nothing is asked of the deployment.
    """
    margin = seconds_in(within, "--within")
    facts = gather()
    state = _state(facts)
    now = int(time.time())
    deployment: FoundURL | None = None
    session: Session | None = None
    problems: list[str] = []
    messages: list[str] = []
    code = 0
    try:
        deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
        token = resolve_token(facts, deployment.value)
        messages += [f"note: {note}" for note in token.notes]
        session = session_of(facts, deployment.value, token, ask=verify or check)
    except NotSignedIn as error:
        problems.append(error.message)
        messages += [f"warning: {error.message}", f"hint: {error.hint}"]
        code = error.exit_code
    else:
        problems = [*_ending_soon(session, deployment.value, now, margin), *_stale(facts, state, deployment, token)]
        stale, unknown = _stale_entries(facts, state, deployment, token)
        problems += stale
        messages += unknown
        messages += [f"warning: {problem}" for problem in problems]
        code = 3 if check and problems else 0
    data = {
        "deployment": None if deployment is None else {"url": deployment.value, "source": deployment.source},
        "session": None if session is None else session.as_data(),
        "clients": [{"id": name, **_client_data(state, name)} for name in sorted(state.clients)],
        "problems": problems,
    }
    text = "\n".join(_rows(deployment, session, state, now))
    show(Result("status", text, data, tuple(messages), code), as_json=as_json)
    raise typer.Exit(code)


def _state(facts: Facts) -> State:
    try:
        return open_store(facts).state()
    except NoHome:  # as in a job, where the environment says all
        return State()


def _client_data(state: State, name: str) -> dict[str, Any]:
    client = state.clients[name]
    return {"credential": client.way, "deployment": client.deployment}


def _rows(deployment: FoundURL | None, session: Session | None, state: State, now: int) -> list[str]:
    rows = [("deployment", "none" if deployment is None else f"{deployment.value} (from {deployment.source})")]
    if session is not None:
        called = f" `{session.name}`" if session.name else ""
        kind = {"token": f"API token{called}", "session": "session of a sign-in"}.get(session.kind, "token")
        made = ", made by us" if session.made_by_us else ""
        rows += [
            ("user", session.user or "not known; `--verify` asks"),
            ("token", f"{kind}{made} (from {session.source})"),
            (
                "ends",
                ending(session.expires, now) + ("" if session.expires or session.verified else "; `--verify` asks"),
            ),
        ]
        if session.renewed and session.made_by_us:
            rows.append(("renewed", "by `aibridge token`, before it ends"))
        elif session.renewed:
            rows.append(("kept alive", "by its use, where the deployment allows that"))
    for number, name in enumerate(sorted(state.clients)):
        client = state.clients[name]
        elsewhere = f", {client.deployment}" if deployment is None or client.deployment != deployment.value else ""
        rows.append(("" if number else "clients", f"{name} ({client.way}{elsewhere})"))
    if not state.clients:
        rows.append(("clients", "none configured"))
    return [f"{label:<11} {value}" for label, value in rows]


def _ending_soon(session: Session, origin: str, now: int, margin: int) -> list[str]:
    if not session.expires or session.expires - now >= margin or now < session.renewed_from:
        return []
    left = in_words(session.expires - now)
    renewal = " and was not renewed yet, as `aibridge token` would do" if session.renewed else ""
    remedy = f"`aibridge login {origin}` makes a new one"
    if not session.store:
        remedy = "`aibridge tokens create NAME` makes one that lasts"
    return [f"the token ends in {left}{renewal}; {remedy}"]


def _stale(facts: Facts, state: State, deployment: FoundURL, token: FoundToken) -> list[str]:
    """Name the clients whose files hold another token than the one in use."""
    from aibridge_cli.changes.traces import places_holding

    found = []
    for name, client in sorted(state.clients.items()):
        if client.deployment != deployment.value or client.way not in ("file", "reference"):
            continue
        if client.way == "reference":
            path = token_file(facts, deployment.value)
            _, holding = places_holding((path,), (token.value,))
            if not holding:
                found.append(f"`{name}` reads another token from `{path}`; `aibridge configure {name}` writes this one")
            continue
        paths = [
            entry.path
            for entry in state.files.values()
            if entry.secret and any(claim.client == name for claim in entry.claims)
        ]
        _, holding = places_holding(paths, (token.value,))
        if paths and not holding:
            found.append(f"`{name}` has another token in its file; `aibridge configure {name}` writes this one")
    return found


def _stale_entries(facts: Facts, state: State, deployment: FoundURL, token: FoundToken) -> tuple[list[str], list[str]]:
    """Name the clients whose entries in the keychain hold another token, and those of which it is not known."""
    stale: list[str] = []
    unknown: list[str] = []
    holding = [name for name, client in sorted(state.clients.items()) if client.way == "keychain"]
    for name in holding:
        if state.clients[name].deployment != deployment.value:
            continue
        from aibridge_cli.changes.traces import entries_without

        try:
            entries = entries_without(open_store(facts), name, token.value)
        except Unavailable as error:
            unknown.append(f"note: which token `{name}` has in the keychain is not known: {error.message}")
            continue
        stale += [
            f"`{name}` has another token, or none, in the keychain entry `{entry}`; "
            f"`aibridge configure {name}` writes this one"
            for entry in entries
        ]
    return stale, unknown
