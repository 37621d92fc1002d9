"""`aibridge login`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from aibridge_cli.cli.asking import ask_for_token
from aibridge_cli.cli.options import InsecureHttp, Json, TokenOnStdin
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.session import LOGIN_SOURCES, Search, resolve_token
from aibridge_cli.credentials.sign_in import KEYCHAIN, NOWHERE, SignIn
from aibridge_cli.credentials.token import check_token, typed_token
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.durations import ending, in_words, iso, seconds_in
from aibridge_cli.errors import AibridgeError, NotSignedIn, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, say, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)

ATTEMPTS = 3


@app.command(epilog="Example: aibridge login https://coder.example.com")
def login(
    url: Annotated[
        str | None, typer.Argument(metavar="[URL]", help="The Coder deployment; else the one that is in use.")
    ] = None,
    *,
    token_on_stdin: TokenOnStdin = False,
    lifetime: Annotated[
        str,
        typer.Option("--with-token-lifetime", metavar="TIME", help="Of the token made for this machine; 0 makes none."),
    ] = "30d",
    store: Annotated[
        Literal["keyring", "file", "none"] | None,
        typer.Option("--store", help="Where to keep it; else the keyring where one works, else a 0600 file."),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for a token even if the Coder CLI is signed in.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page that shows a token.")] = True,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Sign in to a Coder deployment.

    Takes over the Coder CLI's session, or asks for a token, and has the deployment make a
    longer-lived one for this machine, which `aibridge token` renews.
    """
    from aibridge_cli.credentials.signing_in import first_accepted, sign_in
    from aibridge_cli.credentials.storing import choose_store

    seconds = seconds_in(lifetime, "--with-token-lifetime")
    if ask and token_on_stdin:
        raise UsageError("`--ask` and `--token-stdin` do not go together", hint="leave one out")
    facts = gather()
    deployment = _deployment(facts, url, insecure_http=insecure_http)
    # a store that somebody named is tried before a person is asked for a token in vain
    chosen = choose_store(facts, store) if store or facts.variable("AIBRIDGE_STORE") else None
    typed = typed_token(sys.stdin) if token_on_stdin else None
    notes: list[str] = []
    accepted = first_accepted(
        facts,
        deployment,
        _candidates(facts, deployment, typed, notes, ask=ask, browser=browser),
        notes,
    )
    store_name, reason = chosen or choose_store(facts, None)
    record = sign_in(facts, deployment, accepted, lifetime=seconds, store_name=store_name, notes=notes)
    _show(facts, record, accepted.source, reason, notes, as_json=as_json)


def _deployment(facts: Facts, url: str | None, *, insecure_http: bool) -> str:
    if url is not None:
        return normalise(url, insecure_http)
    try:
        return resolve_deployment(facts, insecure_http=insecure_http).value
    except NotSignedIn:
        raise UsageError("name the deployment", hint="as in `aibridge login https://coder.example.com`") from None


def _candidates(
    facts: Facts, origin: str, typed: str | None, notes: list[str], *, ask: bool, browser: bool
) -> Iterator[tuple[FoundToken, bool]]:
    """Give the tokens to try, each with whether another may be tried after it."""
    if typed is not None:
        yield FoundToken(check_token(typed, "the token on standard input"), "standard input"), False
        return
    if not ask:
        search = Search(facts, origin)
        for source in LOGIN_SOURCES:
            found = source(search)
            if found:
                yield found, True
        notes += search.notes
    if facts.unattended:
        return
    for left in reversed(range(ATTEMPTS)):
        yield FoundToken(ask_for_token(facts, origin, browser=browser), "what was pasted"), bool(left)
        say("the deployment refused that token")
        browser = False


def _outdone(facts: Facts, record: SignIn) -> list[str]:
    """Say what here goes before the new sign-in."""
    try:
        deployment = resolve_deployment(facts, insecure_http=True)
        if deployment.value != record.url:
            return [f"warning: {deployment.source} goes before this sign-in here, and names `{deployment.value}`"]
        token = resolve_token(facts, record.url)
    except AibridgeError as error:  # a variable that is no address, say
        return [f"warning: {error.message}"]
    return [] if token.signed_in else [f"warning: {token.source} goes before this sign-in here"]


def _show(facts: Facts, record: SignIn, source: str, reason: str, notes: list[str], *, as_json: bool) -> None:
    now = int(time.time())
    messages = [f"note: {note}" for note in notes]
    messages.append(f"signed in to `{record.url}` as `{record.user}`, with the token from {source}")
    if record.store == NOWHERE:
        messages.append("nothing was kept; `CODER_URL` and `CODER_SESSION_TOKEN` sign in a shell or a job")
    else:
        what = f"a token of our own, `{record.name}`," if record.minted else "that token"
        messages.append(f"{what} ends {ending(record.expires, now)}")
        if record.expires and record.expires <= now:
            messages.append("warning: by this machine's clock that is over, so `aibridge token` would not print it")
            messages.append("hint: set the clock")
        where = "in the system's keyring" if record.store == KEYCHAIN else "in a 0600 file of ours"
        messages.append(f"it is kept {where}" + (f" ({reason})" if reason else ""))
        if record.minted and record.renew:
            messages.append(f"`aibridge token` renews it when {in_words(record.expires - record.renew)} are left")
        messages += _outdone(facts, record)
    from aibridge_cli.deployment.http import needs_headers

    if needs_headers(facts):
        messages.append(
            "warning: this deployment is reached with headers of `CODER_HEADER` or `CODER_HEADER_COMMAND`; "
            "clients do not send them by themselves"
        )
    data = {
        "deployment": record.url,
        "user": record.user,
        "source": source,
        "store": record.store,
        "token": {
            "name": record.name,
            "id": record.key,
            "made_by_us": record.minted,
            "expires_at": iso(record.expires),
            "renewed_from": iso(record.renew),
        },
    }
    show(Result("login", data=data, messages=tuple(messages)), as_json=as_json)
