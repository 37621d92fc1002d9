"""`aibridge clients new`, `lint` and `test`: for who writes a profile."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from aibridge_cli import folders
from aibridge_cli.changes.diff import short
from aibridge_cli.cli.options import Json
from aibridge_cli.cli.rehearsal import Rehearsal, rehearse
from aibridge_cli.clients.catalogue import catalogue, read
from aibridge_cli.clients.linting import lint
from aibridge_cli.clients.loader import client_id, load_profile
from aibridge_cli.clients.skeleton import skeleton
from aibridge_cli.clients.ways import refuse_unsupported
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.errors import FileProblem, ProfileError, UsageError, error_text
from aibridge_cli.facts import gather
from aibridge_cli.output import Result, show

File = Annotated[str, typer.Argument(metavar="FILE", help="A profile, as in `my-client.toml`.")]


def lint_profile(file: File, *, as_json: Json = False) -> None:
    """Tell everything that is wrong with a profile, each with its place."""
    problems = lint(read(file), file)
    lines = [error_text(problem) for problem in problems] or [f"`{file}` has no mistakes"]
    data = {
        "file": file,
        "problems": [{"where": each.where, "message": each.message, "hint": each.hint} for each in problems],
    }
    code = 3 if problems else 0
    show(Result("clients lint", text="\n".join(lines), data=data, exit_code=code), as_json=as_json)
    raise typer.Exit(code)


def try_profile(file: File, *, as_json: Json = False) -> None:
    """Show what a profile would do in an empty home and to copies of your files; nothing of yours is written."""
    facts = gather()
    profile = load_profile(read(file), file)
    refuse_unsupported(profile)
    found = list(rehearse(profile, facts))
    text = "\n".join(_words(each) for each in found)
    if all(each.home == "empty" for each in found):
        text += "\nnone of its files is here, so there was no copy to try it on\n"
    code = 0 if all(each.good for each in found) else 3
    data = {"file": file, "rehearsals": [_data(each) for each in found], "variables": sorted(profile.env)}
    show(Result("clients test", text=text, data=data, exit_code=code), as_json=as_json)
    raise typer.Exit(code)


def new_profile(
    client: Annotated[str, typer.Argument(metavar="ID", help="What you will type for the client.")],
    *,
    as_json: Json = False,
) -> None:
    """Start a profile in your own folder, with remarks on what goes where."""
    facts = gather()
    folder = os.path.join(folders.config_folder(facts), "profiles")
    file = os.path.join(folder, f"{client}.toml")
    try:
        client_id(file)
    except ProfileError as problem:
        raise UsageError(f"`{client}` cannot be a client's id", hint=problem.hint) from None
    known = catalogue(facts, folders.config_folder(facts))
    if client in known.ids():
        raise UsageError(
            f"`{client}` is a client already, described by `{known.file(client)}`",
            hint=f"a copy of that file as `{file}` goes before it",
        )
    try:
        os.makedirs(folder, exist_ok=True)
        with open(file, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(skeleton(client, FORMATS))
    except OSError as error:
        raise FileProblem(file, f"the profile cannot be written: {error.strerror}") from None
    place = short(file, facts.home)
    messages = (
        f"change it, then `aibridge clients lint {place}` and `aibridge clients test {place}`",
        f"it is used at once: `aibridge configure {client}`",
    )
    show(Result("clients new", text=f"wrote {place}", data={"file": file}, messages=messages), as_json=as_json)


def _words(each: Rehearsal) -> str:
    home = "in an empty home" if each.home == "empty" else "in a copy of your files"
    named = f", with an {each.wire} model" if each.wire else ""
    lines = [f"== {each.way}, {home}{named}"]
    if each.problem:
        return "\n".join([*lines, each.problem, ""])
    lines.append(each.difference.rstrip("\n") if each.difference else "no file changes")
    lines += ["a second run would still write:", each.again.rstrip("\n")] if each.again else []
    lines.append("taken back: every byte as before" if each.restored else "taken back: NOT as before")
    return "\n".join([*lines, ""])


def _data(each: Rehearsal) -> dict[str, Any]:
    return {**each._asdict(), "good": each.good}
