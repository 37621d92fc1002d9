"""`aibridge clients` and `aibridge clients show CLIENT`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from aibridge_cli.changes.diff import short
from aibridge_cli.changes.state import State
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.detect import found
from aibridge_cli.clients.paths import locate, resolve_paths
from aibridge_cli.clients.profile import Edit, Profile
from aibridge_cli.clients.trees import leaves
from aibridge_cli.documents.operations import dotted
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True)

HEADINGS = ("client", "name", "OpenAI", "Anthropic", "token by", "here", "configured")


@app.callback(epilog="Example: aibridge clients --json")
def clients(context: typer.Context, *, as_json: Json = False) -> None:
    """List the clients: supported, found here, configured by us."""
    if context.invoked_subcommand is not None:
        return
    facts = gather()
    state = open_store(facts).state()
    profiles, problems = open_catalogue(facts).load_all()
    rows = [_row(profile, facts, state) for profile in profiles]
    result = Result(
        "clients",
        text=_table(rows, facts) if not as_json else "",
        data={"clients": rows},
        messages=tuple([f"warning: {problem.message}" for problem in problems]),
    )
    show(result, as_json=as_json)


def _row(profile: Profile, facts: Facts, state: State) -> dict[str, Any]:
    configured = state.clients.get(profile.id)
    return {
        "id": profile.id,
        "name": profile.name,
        "summary": profile.summary,
        "status": profile.status,
        "speaks": list(profile.speaks),
        "credential": list(profile.credential),
        "tested": list(profile.tested),
        "found": list(found(profile, facts)),
        "configured": None
        if configured is None
        else {"credential": configured.way, "deployment": configured.deployment},
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    ways = "unsupported" if row["status"] == "unsupported" else ", ".join(row["credential"])
    configured = row["configured"]
    return (
        row["id"],
        row["name"],
        "yes" if "openai" in row["speaks"] else "-",
        "yes" if "anthropic" in row["speaks"] else "-",
        ways,
        "yes" if row["found"] else "-",
        f"{configured['credential']}, {configured['deployment']}" if configured else "-",
    )


def _table(rows: Sequence[dict[str, Any]], facts: Facts) -> str:
    cells = [_cells(row) for row in rows]
    if facts.terminal_output and not facts.variable("NO_COLOR"):
        return _rich_table(cells)
    widths = [max(len(line[column]) for line in (HEADINGS, *cells)) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (HEADINGS, *cells)
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rich_table(cells: Sequence[tuple[str, ...]]) -> str:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for line in cells:
        table.add_row(*line)
    console = Console(markup=False, highlight=False, emoji=False, force_terminal=True)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


@app.command("show", epilog=f"Example: aibridge clients show {example_client()}")
def show_client(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="An id or another name of it.")],
    *,
    as_json: Json = False,
) -> None:
    """Show each key that we set for a client, why, and where that is documented."""
    facts = gather()
    profile = open_catalogue(facts).load(client)
    data = _details(profile, facts, open_store(facts).state())
    show(Result("clients show", text=_page(data, facts), data=data), as_json=as_json)


def _details(profile: Profile, facts: Facts, state: State) -> dict[str, Any]:
    try:
        own = resolve_paths(profile, facts)
    except AibridgeError:  # without a home folder the places stay as the profile writes them
        own = {}
    return {
        **_row(profile, facts, state),
        "docs": profile.docs,
        "reason": profile.reason,
        "link": profile.link,
        "profile": profile.source,
        "ways": {
            way: [_edit(edit, profile, facts, own) for edit in _edits(profile, way, facts)]
            for way in profile.credential
        },
        "env": dict(profile.env),
        "unset": dict(profile.unset),
        "outranked_by": [
            {"what": each.what, "files": list(each.files), "variables": list(each.variables), "note": each.note}
            for each in profile.outranked_by
        ],
    }


def _edits(profile: Profile, way: str, facts: Facts) -> list[Edit]:
    return [edit for edit in profile.edits if applies(edit.when, way, facts.platform)]


def _edit(edit: Edit, profile: Profile, facts: Facts, own: dict[str, str]) -> dict[str, Any]:
    def why(key: str) -> str:
        return profile.documented.get(key, "")

    keys = [{"key": dotted(path), "value": value, "why": why(dotted(path))} for path, value in leaves(edit.set)]
    keys += [
        {"key": dotted(each.at), "contains": list(each.values), "why": why(dotted(each.at))} for each in edit.includes
    ]
    keys += [
        {"key": dotted(each.at), "item": {**each.match, **each.value}, "why": why(dotted(each.at))}
        for each in edit.upserts
    ]
    keys += [{"key": dotted(path), "removed": True, "why": why(dotted(path))} for path in edit.remove]
    files = [locate(template, facts, own) or template for template in edit.file]
    return {"files": files, "format": edit.format, "secret": edit.secret, "keys": keys}


def _page(data: dict[str, Any], facts: Facts) -> str:
    lines = [f"{data['name']} ({data['id']}): {data['summary']}", f"documented at {data['docs']}"]
    if data["status"] == "unsupported":
        lines += [f"unsupported: {data['reason']}", f"see {data['link']}"]
    lines.append(f"tested with {', '.join(data['tested'])}" if data["tested"] else "not run against the real program")
    for way, edits in data["ways"].items():
        lines += ["", f"--credential {way}"]
        for edit in edits:
            note = " (holds the token, 0600)" if edit["secret"] else ""
            lines.append("  " + " or ".join(short(file, facts.home) for file in edit["files"]) + note)
            lines += [line for key in edit["keys"] for line in _key_lines(key)]
    for title, names in (("variables", data["env"]), ("unset", data["unset"])):
        if names:
            lines += ["", f"`aibridge env {data['id']}`: {title}"]
            lines += [
                f"  {name}" + (f": {value}" if title == "unset" else f" = {value}") for name, value in names.items()
            ]
    if data["outranked_by"]:
        lines += ["", "what would win over our keys"]
        for each in data["outranked_by"]:
            places = ", ".join([*each["files"], *each["variables"]])
            lines.append(
                f"  {each['what']}" + (f" ({places})" if places else "") + (f": {each['note']}" if each["note"] else "")
            )
    return "\n".join(lines) + "\n"


def _key_lines(key: dict[str, Any]) -> list[str]:
    if "removed" in key:
        what = "removed"
    elif "contains" in key:
        what = f"contains {', '.join(map(repr, key['contains']))}"
    else:
        what = f"= {key.get('value', key.get('item'))!r}"
    return [f"    {key['key']} {what}"] + ([f"      {key['why']}"] if key["why"] else [])
