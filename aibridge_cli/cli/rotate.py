"""`aibridge rotate`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from aibridge_cli.changes.run import carry_out, plan_configure
from aibridge_cli.changes.store import Store
from aibridge_cli.changes.traces import places_holding, written_places
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.as_configured import as_configured
from aibridge_cli.cli.options import InsecureHttp, Json, Url, Yes
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.renewal import replace_minted
from aibridge_cli.credentials.sign_in import SignIn, lock_file, sign_in_of, write_sign_in
from aibridge_cli.credentials.storing import from_keychain
from aibridge_cli.deployment.api import revoke
from aibridge_cli.deployment.http import Client
from aibridge_cli.durations import ending, iso, seconds_in
from aibridge_cli.errors import AibridgeError, NotSignedIn, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show
from aibridge_cli.own_files import Lock
from aibridge_cli.secret import Secret

app = typer.Typer(add_completion=False, rich_markup_mode=None)

HOLDING = ("file", "keychain")
"""The ways in which a client's own place holds the token."""


@app.command(epilog="Example: aibridge rotate --yes")
def rotate(
    *,
    url: Url = None,
    lifetime: Annotated[
        str | None, typer.Option("--lifetime", metavar="TIME", help="Of the new token; else as long as the old one's.")
    ] = None,
    yes: Yes = False,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Replace the token of `aibridge login` everywhere, and revoke the old one.

    Every client that holds it in a file is written anew, and every place that we ever
    wrote is searched for the old one.
    """
    seconds = None if lifetime is None else seconds_in(lifetime, "--lifetime")
    if seconds == 0:
        raise UsageError("a token that is good for no time is of no use", hint="write it as `30d` or `12h`")
    facts = gather()
    store = open_store(facts)
    origin = resolve_deployment(facts, url, insecure_http=insecure_http).value
    clients = _holding(store, origin)
    _recorded(facts, origin)
    question = f"Replace the token{' of ' + ', '.join(clients) if clients else ''}?"
    if not yes and not carrying_out.ask(facts, question, preview=False):
        show(Result("rotate", messages=("nothing was done",), exit_code=1), as_json=as_json)
        raise typer.Exit(1)
    # held to the end: two at once would write each other's old token into clients
    with Lock(lock_file(facts)) as lock:
        if not lock.wait(10):
            raise AibridgeError("another `aibridge` is renewing the token", hint="try again")
        done = _replace(facts, store, origin, seconds)
    raise typer.Exit(_show(done, as_json=as_json))


class _Rotated(NamedTuple):
    """What was done.

    Args:
        record: The new token's record.
        written: Words on the files that were written.
        failed: Clients that could not be written, each with why.
        searched: How many files were searched for the old token.
        holding: Those that hold it.
        revoked: Whether the old token was revoked; false too when it was gone already.
        problem: Why it could not be revoked, or "".
    """

    record: SignIn
    written: tuple[str, ...]
    failed: dict[str, str]
    searched: int
    holding: tuple[str, ...]
    revoked: bool = False
    problem: str = ""


def _replace(facts: Facts, store: Store, origin: str, lifetime: int | None) -> _Rotated:
    record = _recorded(facts, origin)
    old = record.token or from_keychain(facts, record)
    if lifetime:
        record.lifetime = lifetime
    with Client(facts, origin, token=old) as client:
        new = replace_minted(client, facts, record, lifetime=record.lifetime, all_stay=True)
    token = new.token or from_keychain(facts, new)
    written, failed = [], {}
    for name in _holding(store, origin):
        try:
            written += _write(facts, store, name, token)
        except AibridgeError as error:
            failed[name] = error.message
    searched, holding = places_holding(written_places(store), (old,))
    done = _Rotated(new, tuple(written), failed, searched, holding)
    if failed:  # what cannot be written works on with the token that it has
        return done
    try:
        with Client(facts, origin, token=token) as client:
            revoked = [revoke(client, key) for key in new.earlier if key]
    except AibridgeError as error:
        return done._replace(problem=error.message)
    new.earlier = ()
    write_sign_in(facts, new)
    return done._replace(revoked=bool(revoked and revoked[-1]))


def _recorded(facts: Facts, origin: str) -> SignIn:
    record = sign_in_of(facts, origin)
    if record is None or not record.minted:
        raise NotSignedIn(
            f"there is no token of our own for `{origin}`",
            hint=f"`aibridge login {origin}` makes one; a session of the Coder CLI is renewed by `coder login`",
        )
    return record


def _holding(store: Store, origin: str) -> tuple[str, ...]:
    clients = store.state().clients
    return tuple(
        sorted(name for name in clients if clients[name].deployment == origin and clients[name].way in HOLDING)
    )


def _write(facts: Facts, store: Store, client: str, token: Secret) -> list[str]:
    """Configure one client again, as it was configured before, with another token."""
    found = FoundToken(token, "`aibridge login`", signed_in=True)
    known = store.state().clients[client]

    outcome = carry_out(
        store,
        lambda: plan_configure(store, as_configured(facts, store, client, known, found).wanted),
        "rotate",
        show=lambda _plan: None,
    )
    return carrying_out.file_words(outcome.plan, facts.home, done=True)


def _show(done: _Rotated, *, as_json: bool) -> int:
    import time

    new = done.record
    messages = [*done.written, f"the new token is `{new.name}`; it ends {ending(new.expires, int(time.time()))}"]
    messages += [f"warning: `{name}` still has the old token: {why}" for name, why in done.failed.items()]
    if done.failed:
        messages.append(
            "the old token is not revoked, so that it works on; mend that, then run `aibridge rotate` again"
        )
    elif done.problem:
        messages.append(f"warning: the old token could not be revoked: {done.problem}")
        messages.append("hint: run `aibridge rotate` again; until then the old token works")
    else:
        messages.append(
            "the old token is revoked" if done.revoked else "the old token was gone from the deployment already"
        )
    refused = not done.failed and not done.problem
    where = ", where it is refused now" if refused else ""
    messages += [f"warning: the old token still stands in `{path}`{where}" for path in done.holding]
    if not done.holding:
        messages.append(f"searched {done.searched} files of ours and of clients: no copy of the old token is left")
    data = {
        "deployment": new.url,
        "token": {"name": new.name, "id": new.key, "expires_at": iso(new.expires)},
        "revoked": done.revoked,
        "failed": list(done.failed),
        "searched": done.searched,
        "holding_the_old": list(done.holding),
    }
    code = 0 if refused else 1
    show(Result("rotate", data=data, messages=tuple(messages), exit_code=code), as_json=as_json)
    return code
