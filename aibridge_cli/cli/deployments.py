"""`aibridge deployments`."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from aibridge_cli import folders
from aibridge_cli.cli.options import Json
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.sign_in import SignIn, sign_ins
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.durations import ending, iso
from aibridge_cli.facts import gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge deployments --use https://coder.example.com")
def deployments(
    *,
    choose: Annotated[
        str | None, typer.Option("--use", metavar="URL", help="The one that counts when none is named.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the deployments that were signed in to.

    `*` marks the one that counts when none is named.
    """
    facts = gather()
    if choose is not None:
        from aibridge_cli.credentials.signing_in import use

        use(facts, normalise(choose, True, what="`--use`"))
    records, problems = sign_ins(facts)
    current = read_line(folders.current_file(facts))
    now = int(time.time())
    lines = [
        f"{'*' if record.url == current else ' '} {record.url}  {record.user}  token ends {ending(record.expires, now)}"
        for record in records
    ]
    messages = [f"warning: {problem.message}" for problem in problems]
    if not records:
        messages.append("not signed in anywhere; `aibridge login URL` does that")
    data = {"deployments": [_as_data(record, current) for record in records]}
    show(Result("deployments", "\n".join(lines), data, tuple(messages)), as_json=as_json)


def _as_data(record: SignIn, current: str) -> dict[str, Any]:
    return {
        "url": record.url,
        "current": record.url == current,
        "user": record.user,
        "store": record.store,
        "token_name": record.name,
        "made_by_us": record.minted,
        "expires_at": iso(record.expires),
    }
