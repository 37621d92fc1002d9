"""`aibridge check`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from aibridge_cli.changes.diff import short
from aibridge_cli.changes.state import State
from aibridge_cli.cli.checking import Checked, check_client, command_again
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.diagnosis.drift import Drift
from aibridge_cli.diagnosis.showing import shown
from aibridge_cli.documents.operations import ABSENT
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show
from aibridge_cli.secret import Secret

app = typer.Typer(add_completion=False, rich_markup_mode=None)

WHO = {
    "us": "we would write it otherwise now",
    "user": "by you or the client, since we wrote it",
    "unknown": "it does not show by whom",
}


@app.command(epilog="Example: aibridge check --json")
def check(
    clients: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLIENT...", help="Clients; all that we configured if none is named."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Tell whether `configure` would change anything, and why: key by key, and who changed it.

    Touches no client, asks no deployment, and needs no token. Ends with 3 when something differs.
    """
    facts = gather()
    store = open_store(facts)
    state = store.state()
    checked = [check_client(facts, store, client) for client in _ids(facts, clients or [], state)]
    messages = list(dict.fromkeys([f"note: {note}" for each in checked for note in each.notes]))
    if store.pending() is not None:
        messages.append("note: a run was interrupted; the next one that writes finishes it first")
    drifted = [each.client for each in checked if not each.as_configured]
    again = [each.client for each in checked if each.drifts and not each.unreadable]
    messages += [f"`{command_again(facts, client, state.clients[client])}` writes it again" for client in again]
    data = {"clients": [_as_data(each) for each in checked]}
    text = "\n".join([line for each in checked for line in _lines(each, facts)] or ["no client is configured by us"])
    code = 3 if drifted else 0
    show(Result("check", text, data, tuple(messages), code), as_json=as_json)
    raise typer.Exit(code)


def _ids(facts: Facts, named: list[str], state: State) -> list[str]:
    if not named:
        return sorted(state.clients)
    known = open_catalogue(facts)
    return list(dict.fromkeys([name if name in state.clients else known.load(name).id for name in named]))


def _as_data(checked: Checked) -> dict[str, Any]:
    return {
        "id": checked.client,
        "as_configured": checked.as_configured,
        "problem": checked.problem,
        "hint": checked.hint,
        "notes": list(checked.notes),
        "drifts": [
            {
                "path": drift.path,
                "key": drift.key,
                "kind": drift.kind,
                "by": drift.by,
                "found": _value(drift, drift.found, checked.secrets),
                "wanted": _value(drift, drift.wanted, checked.secrets),
                "words": drift.words,
            }
            for drift in checked.drifts
        ],
    }


def _value(drift: Drift, value: Any, secrets: tuple[Secret, ...]) -> str | None:
    return None if value is ABSENT else shown(drift.place, value, secrets)


def _lines(checked: Checked, facts: Facts) -> list[str]:
    if checked.as_configured:
        return [f"{checked.client}: as configured"]
    if checked.problem:
        lines = [f"{checked.client}: {checked.problem}"]
        return [*lines, *([f"  hint: {checked.hint}"] if checked.hint else [])]
    lines = [f"{checked.client}: not as configured"]
    path = ""
    for drift in checked.drifts:
        if drift.path != path:
            path = drift.path
            lines.append(f"  {short(path, facts.home)}")
        words = f" ({drift.words})" if drift.words else ""
        key = f"{drift.key} " if drift.key else ""
        lines.append(f"    {key}{drift.kind}{words}: {WHO[drift.by]}")
        if drift.found is not ABSENT:
            lines.append(f"      is {_value(drift, drift.found, checked.secrets)}")
        if drift.wanted is not ABSENT:
            lines.append(f"      `configure` writes {_value(drift, drift.wanted, checked.secrets)}")
    return lines
