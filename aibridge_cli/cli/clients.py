"""`aibridge clients` and `aibridge clients show CLIENT`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from aibridge_cli.changes.state import State
from aibridge_cli.cli import client_table
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.cli.writing_profiles import lint_profile, new_profile, try_profile
from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.detect import found, parts_here
from aibridge_cli.clients.paths import located, resolve_paths
from aibridge_cli.clients.profile import Edit, Profile
from aibridge_cli.clients.templates import templates
from aibridge_cli.clients.trees import leaves
from aibridge_cli.clients.ways import proof, secret_on_disk
from aibridge_cli.documents.operations import dotted
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True)

app.command("new", epilog="Example: aibridge clients new my-client")(new_profile)
app.command("lint", epilog="Example: aibridge clients lint my-client.toml")(lint_profile)
app.command("test", epilog="Example: aibridge clients test my-client.toml")(try_profile)

MEANINGS = {
    "gateway.root": "the address of AI Bridge on the deployment",
    "gateway.openai": "the deployment's address for OpenAI's protocol, with `/v1`",
    "gateway.anthropic": "the deployment's address for Anthropic's protocol, without `/v1`",
    "deployment.url": "the address of the deployment",
    "token": "the Coder token",
    "token.file": "a 0600 file of ours that holds the token",
    "helper": "the command that prints the token, `aibridge token …`, as one line for a shell",
    "helper.command": "the program that prints the token",
    "helper.args": "the arguments of the program that prints the token",
    "helper.file": "a program of ours that prints the token and needs no arguments",
    "model.openai": "the model of `--model`",
    "model.anthropic": "the model of `--model`",
}
"""What the placeholders stand for, in words."""


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
        "aliases": list(profile.aliases),
        "status": profile.status,
        "speaks": list(profile.speaks),
        "credential": list(profile.credential),
        "secret_on_disk": secret_on_disk(profile),
        "proof": proof(profile),
        "tested": list(profile.tested),
        "opt_in": profile.opt_in,
        "found": list(found(profile, facts, state.made())),
        "configured": None
        if configured is None
        else {"credential": configured.way, "deployment": configured.deployment},
    }


def _table(rows: Sequence[dict[str, Any]], facts: Facts) -> str:
    words = [client_table.row(each) for each in rows]
    if facts.terminal_output:
        return client_table.for_terminal(words, bold=not facts.variable("NO_COLOR"))
    return client_table.plain(words)


@app.command("show", epilog=f"Example: aibridge clients show {example_client()}")
def show_client(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="An id or another name of it.")],
    *,
    as_json: Json = False,
) -> None:
    """Show each key that is set for a client, and why."""
    facts = gather()
    profile = open_catalogue(facts).load(client)
    data = _details(profile, facts, open_store(facts).state())
    from aibridge_cli.cli.client_page import page

    show(Result("clients show", text=page(data, facts.home), data=data), as_json=as_json)


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
        "parts": {name: list(part.tested) for name, part in profile.parts.items()},
        "ways": {
            way: [_edit(edit, profile, facts, own) for edit in _edits(profile, way, facts)]
            for way in profile.credential
        },
        "keychain": [
            {"label": each.label, "attributes": dict(each.attributes), "why": profile.documented.get("keychain", "")}
            for each in profile.keychain
        ],
        "env": dict(profile.env),
        "helper_env": dict(profile.helper_env),
        "unset": dict(profile.unset),
        "manual": [
            {
                "title": each.title,
                "steps": list(each.steps),
                "when": {name: list(fit) for name, fit in each.when.items()},
            }
            for each in profile.manual
        ],
        "placeholders": _placeholders(profile),
        "outranked_by": [
            {
                "what": each.what,
                "files": _places(each.files, facts, own),
                "variables": list(each.variables),
                "note": each.note,
            }
            for each in profile.outranked_by
        ],
    }


def _places(files: Sequence[str], facts: Facts, own: dict[str, str]) -> list[str]:
    return [place for template in files for place in located([template], facts, own) or [template]]


def _placeholders(profile: Profile) -> dict[str, str]:
    shown = [template for template in templates(profile) if template.table not in ("file", "detect", "rival", "header")]
    used = {name for template in shown for name in template.names()}
    return {name: meaning for name, meaning in MEANINGS.items() if name in used}


def _edits(profile: Profile, way: str, facts: Facts) -> list[Edit]:
    here = parts_here(profile, facts)
    return [edit for edit in profile.edits if applies(edit.when, way, facts.platform, None, here)]


def _edit(edit: Edit, profile: Profile, facts: Facts, own: dict[str, str]) -> dict[str, Any]:
    def why(key: str) -> str:
        return profile.documented.get(key, "")

    keys = [{"key": dotted(path), "value": value, "why": why(dotted(path))} for path, value in leaves(edit.set)]
    keys += [
        {"key": dotted(path), "value": value, "default": True, "why": why(dotted(path))}
        for path, value in leaves(edit.default)
    ]
    keys += [
        {"key": dotted(each.at), "contains": list(each.values), "why": why(dotted(each.at))} for each in edit.includes
    ]
    keys += [
        {"key": dotted(each.at), "item": {**each.match, **each.value}, "why": why(dotted(each.at))}
        for each in edit.upserts
    ]
    removed = [*edit.remove, *((*each.at, key) for each in edit.upserts for key in each.remove)]
    keys += [{"key": dotted(path), "removed": True, "why": why(dotted(path))} for path in removed]
    return {"files": _places(edit.file, facts, own), "format": edit.format, "secret": edit.secret, "keys": keys}
