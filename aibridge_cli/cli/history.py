"""`aibridge history`."""

from __future__ import annotations

from typing import Any

import typer

from aibridge_cli.changes.diff import short
from aibridge_cli.changes.history import History, Run, Touched, history
from aibridge_cli.changes.store import Store
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.facts import gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("history", epilog="Example: aibridge history --json")
def show_history(*, as_json: Json = False) -> None:
    """List what was changed when: runs, files and keys.

    The newest is last. `aibridge undo RUN` goes back to before one.
    """
    facts = gather()
    store = open_store(facts)
    told = history(store)
    messages = [f"warning: {words}; the run in it is not shown" for words in damaged_lines(store, told, facts.home)]
    if store.pending() is not None:
        messages.append("note: a run was interrupted; the next one that writes finishes it first")
    lines = [line for run in told.runs for line in _lines(run, facts.home)] or ["nothing was changed yet"]
    data = {"runs": [_as_data(run) for run in told.runs], "damaged_lines": list(told.damaged)}
    show(Result("history", "\n".join(lines), data, tuple(messages)), as_json=as_json)


def damaged_lines(store: Store, told: History, home: str) -> list[str]:
    """Return in words the lines of the journal that cannot be read.

    Args:
        store: Our records.
        told: What the journal says.
        home: The home folder, which is shown as `~`.
    """
    journal = short(store.path("journal.jsonl"), home)
    return [f"line {number} of `{journal}` cannot be read" for number in told.damaged]


def _lines(run: Run, home: str) -> list[str]:
    when = run.time.replace("T", " ").replace("Z", " UTC")
    lines = [f"{run.id}  {when}  {run.command}  {', '.join(run.clients)}".rstrip()]
    if not run.told:
        lines.append("  nothing but our own records")
    for file in run.files:
        ours = " (a file of ours that holds the token)" if file.own else ""
        lines.append(f"  {short(file.path, home)} {file.action}{ours}")
        lines += _keys(file)
    return lines


def _keys(file: Touched) -> list[str]:
    by_deed: dict[str, list[str]] = {}
    for key, deed in file.keys:
        by_deed.setdefault(deed, []).append(key)
    return [f"    {deed}: {', '.join(keys)}" for deed, keys in by_deed.items()]


def _as_data(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "time": run.time,
        "command": run.command,
        "clients": list(run.clients),
        "files": [
            {"path": file.path, "action": file.action, "own": file.own, "keys": dict(file.keys)} for file in run.files
        ],
    }
