"""`aibridge tokens`: the deployment's list of the user's tokens."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from aibridge_cli.answers import write_data
from aibridge_cli.cli.options import InsecureHttp, Json, Url
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import SignIn, sign_in_of
from aibridge_cli.deployment.api import Key, create, key, keys, longest_lifetime, revoke
from aibridge_cli.deployment.http import Client
from aibridge_cli.durations import ending, iso, seconds_in
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.callback(epilog="Example: aibridge tokens list --json")
def tokens() -> None:
    """List, make and revoke your tokens on the deployment."""


@app.command("list", epilog="Example: aibridge tokens list --expired")
def list_tokens(
    *,
    expired: Annotated[bool, typer.Option("--expired", help="Those that have ended, too.")] = False,
    url: Url = None,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """List your tokens on the deployment."""
    facts = gather()
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    origin, token = deployment.value, resolve_token(facts, deployment.value).value
    with Client(facts, origin, token=token) as client:
        found = keys(client, include_expired=expired)
    mine = token.reveal().partition("-")[0]
    now = int(time.time())
    width = max((len(each.name) for each in found), default=0)
    lines = [
        f"{'*' if each.id == mine else ' '} {each.id}  {each.name:<{width}}  ends {ending(each.expires, now)}"
        for each in found
    ]
    messages = () if found else ("no tokens",)
    data = {"deployment": origin, "tokens": [{**_as_data(each), "in_use": each.id == mine} for each in found]}
    show(Result("tokens list", "\n".join(lines), data, messages), as_json=as_json)


@app.command("create", epilog="Example: aibridge tokens create nightly --lifetime 30d")
def create_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    *,
    lifetime: Annotated[str, typer.Option("--lifetime", metavar="TIME", help="How long it is good for.")] = "30d",
    url: Url = None,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Make a token and print it, for a job or another machine."""
    seconds = seconds_in(lifetime, "--lifetime")
    if not seconds:
        raise UsageError("a token that is good for no time is of no use", hint="write it as `30d` or `12h`")
    facts = gather()
    origin, client = _client(facts, url, insecure_http=insecure_http)
    messages: tuple[str, ...] = ()
    with client:
        longest = longest_lifetime(client)
        if longest is not None and longest < seconds:
            seconds = longest
            messages = ("note: the deployment allows no longer lifetime than this",)
        token = create(client, name, seconds)
        made = key(client, token)
    messages += (f"`{made.name}` ends {ending(made.expires, int(time.time()))}",)
    data = {"deployment": origin, **_as_data(made), "token": token.reveal()}
    if as_json:
        show(Result("tokens create", data=data, messages=messages), as_json=True)
        return
    code = write_data(token.reveal() + "\n")
    show(Result("tokens create", messages=messages))
    raise typer.Exit(code)


@app.command("revoke", epilog="Example: aibridge tokens revoke nightly")
def revoke_tokens(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names or ids, as `tokens list` shows them.")],
    *,
    url: Url = None,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Have the deployment refuse tokens from now on."""
    facts = gather()
    origin, client = _client(facts, url, insecure_http=insecure_http)
    with client:
        known = keys(client, include_expired=True)
        chosen = [_chosen(known, name) for name in names]
        record = _record(facts, origin)
        if record is not None and any(each.id == record.key for each in chosen):
            raise UsageError(
                f"`{record.name}` is the token in use here",
                hint="`aibridge logout` revokes it, `aibridge rotate` replaces it",
            )
        gone, problem = _revoke(client, chosen)
    messages = tuple(f"`{each.name}` ({each.id}) is revoked" for each in gone)
    if problem is not None:
        left = ", ".join(f"`{each.name}` ({each.id})" for each in chosen[len(gone) :])
        messages += (f"error: not revoked: {left}: {problem.message}",)
        messages += (f"hint: {problem.hint}",) if problem.hint else ()
    data = {"deployment": origin, "revoked": [_as_data(each) for each in gone]}
    code = 0 if problem is None else 1
    show(Result("tokens revoke", data=data, messages=messages, exit_code=code), as_json=as_json)
    raise typer.Exit(code)


def _revoke(client: Client, chosen: list[Key]) -> tuple[list[Key], AibridgeError | None]:
    """Revoke one after the other, and return those that are gone with what stopped the next.

    Raises:
        AibridgeError: The first could not be revoked.
    """
    gone: list[Key] = []
    for each in chosen:
        try:
            revoke(client, each.id)
        except AibridgeError as problem:
            if not gone:
                raise
            return gone, problem
        gone.append(each)
    return gone, None


def _chosen(known: tuple[Key, ...], name: str) -> Key:
    for each in known:
        if name in (each.id, each.name):
            return each
    raise UsageError(f"there is no token `{name}`", hint="`aibridge tokens list --expired` shows them")


def _record(facts: Facts, origin: str) -> SignIn | None:
    try:
        return sign_in_of(facts, origin)
    except AibridgeError:  # no home, or a broken record: then no command of ours uses its token
        return None


def _client(facts: Facts, url: str | None, *, insecure_http: bool) -> tuple[str, Client]:
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value)
    return deployment.value, Client(facts, deployment.value, token=token.value)


def _as_data(each: Key) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "created_at": iso(each.created), "expires_at": iso(each.expires)}
