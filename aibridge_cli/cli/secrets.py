"""`aibridge secrets`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.changes.diff import short
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.options import DryRun, Json, Yes
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.cli.searching import Searched, mend, search
from aibridge_cli.diagnosis.strays import Stray
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)

STANDING = {"in use": "in use", "replaced": "replaced, once in use", "like ours": "looks like ours"}


@app.command(epilog="Example: aibridge secrets")
def secrets(
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Do what is ours to do about them, after showing it.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Find tokens of ours where they should not be: clients' files, copies, shells' files, our own folder.

    Shows file, line and the token's id, never the token. Ends with 3 when one is found.
    """
    facts = gather()
    store = open_store(facts)
    found = search(facts, store)
    applied = declined = False
    words: list[str] = []
    run = ""
    if fix and any(stray.remedy for stray in found.strays):
        before = found
        outcome = carrying_out.run(
            facts,
            store,
            lambda: mend(facts, store, before.strays),
            command="secrets --fix",
            dry_run=dry_run,
            yes=yes,
            as_json=as_json,
            secrets=before.secrets(),
        )
        applied, run = bool(outcome.run), outcome.run
        declined = carrying_out.declined(outcome, dry_run=dry_run)
        words = [f"note: {note}" for note in outcome.notes]
        words += carrying_out.file_words(outcome.plan, facts.home, done=applied)
        if applied:
            found = search(facts, store)
        else:
            words.append("nothing was written (dry run)" if dry_run else "nothing was written")
    result = _result(facts, found, words, run)
    code = 1 if declined else result.exit_code
    show(result._replace(exit_code=code), as_json=as_json)
    raise typer.Exit(code)


def _result(facts: Facts, found: Searched, words: list[str], run: str) -> Result:
    wrong = [stray for stray in found.strays if not stray.belongs]
    lines = [line for stray in wrong for line in _lines(stray, facts.home)]
    if not wrong:
        lines.append("no token of ours stands where it should not")
    belonging = sorted({short(stray.place.path, facts.home) for stray in found.strays if stray.belongs})
    messages = [f"note: {note}" for note in dict.fromkeys(found.notes)]
    messages += words
    messages += [f"`{path}` holds a token, as it should" for path in belonging]
    messages.append(f"searched {found.files} files")
    if any(stray.remedy for stray in wrong) and not run:
        messages.append("`aibridge secrets --fix` does what is ours to do")
    data = {
        "searched": found.files,
        "found": [stray.as_data() for stray in found.strays],
        "applied": bool(run),
        "run": run,
    }
    return Result("secrets", "\n".join(lines), data, tuple(messages), 3 if wrong else 0)


def _lines(stray: Stray, home: str) -> list[str]:
    place = short(stray.place.path, home) + (f":{stray.line}" if stray.line else "")
    token = f"token {stray.token}" if stray.token else "a token"
    tracked = ", tracked by git" if stray.tracked else ""
    return [f"{place}: {token} ({STANDING[stray.standing]}), {stray.place.kind}{tracked}", f"  {stray.words}"]
