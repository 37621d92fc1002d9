"""`aibridge shell`: the line in a shell's start-up file, in a block of ours that can be taken back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from aibridge_cli import folders
from aibridge_cli.changes.diff import short
from aibridge_cli.changes.plan import Plan, Wanted
from aibridge_cli.changes.run import Outcome, plan_configure, plan_release
from aibridge_cli.changes.snapshot import take
from aibridge_cli.changes.state import State, value_hash
from aibridge_cli.changes.store import Store
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.options import DryRun, Json, Yes
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.clients.rendered import RenderedEdit, RenderedProfile
from aibridge_cli.credentials.coder_files import files_are_the_store, session_file, url_file
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.documents.encoding import decode
from aibridge_cli.documents.fenced import MEMBER
from aibridge_cli.errors import AibridgeError, DocumentError, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.helper import program_command
from aibridge_cli.output import Result, show
from aibridge_cli.shells.choose import SHELLS, detect, shell_named
from aibridge_cli.shells.start_up import LOGIN_FILES, candidates, hook, lines, needs_login_file

OWNER = "shell:"
"""What our entries for shells are named by in the records, before the shell's name; no client has a colon."""

Shell = Annotated[
    str | None, typer.Argument(metavar="SHELL", help=f"One of {', '.join(SHELLS)}; else the one that runs us.")
]
app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Set the variables whenever a shell starts."
)


@app.callback(epilog="Example: aibridge shell status --json")
def shell() -> None:
    """Set the variables whenever a shell starts."""


@app.command("install", epilog="Example: aibridge shell install bash --dry-run")
def install(
    name: Shell = None,
    *,
    with_hook: Annotated[
        bool,
        typer.Option("--hook", help="A new sign-in also reaches shells that run: bash, zsh and fish look for one."),
    ] = False,
    clients: Annotated[
        str, typer.Option("--clients", metavar="CLIENT,...", help="What these clients need; else what most read.")
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Add a block of ours to the shell's start-up file, after showing it.

    The line in it asks no network, and does nothing when aibridge is gone. Without a token
    a shell starts as ever, with one line on standard error when somebody sits before it.
    """
    facts = gather()
    chosen = _name(facts, name)
    ids = [client for client in clients.split(",") if client]
    for client in ids:
        open_catalogue(facts).load(client)
    program = program_command(facts)
    text = hook(chosen, program, _watched(facts), ids) if with_hook else lines(chosen, program, ids)
    store = open_store(facts)
    places = {candidates(chosen, facts.environ, folders.home_folder(facts), facts.platform): text}
    login = _login_file(facts) if chosen == "bash" else ""
    if login:  # other shells may read `.profile`, and only bash the others
        places[(login,)] = lines("sh", program, ids) if login.endswith(".profile") else text
    edits = tuple(RenderedEdit(files, "fenced", sets=(((MEMBER,), block),)) for files, block in places.items())
    wanted = Wanted(RenderedProfile(OWNER + chosen, "env", edits), deployment="")
    _refuse_second_block(store, chosen, places)
    outcome = carrying_out.run(
        facts,
        store,
        lambda: _without_clients(plan_configure(store, [wanted])),
        command="shell install",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )
    notes: list[str] = []
    if with_hook and not files_are_the_store(facts):
        notes.append(
            "a new session of `coder login` is in the system's keychain, where no shell can look by itself; "
            "the hook sees those of `aibridge login`"
        )
    if login:
        known_as = short(login, facts.home)
        notes.append(
            f"login shells of bash read `{known_as}`, which does not read `~/.bashrc`, so it gets the line too"
        )
    _end(
        "shell install",
        facts,
        outcome,
        notes,
        "in place: a new shell has the variables",
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command("uninstall", epilog="Example: aibridge shell uninstall --dry-run")
def uninstall(name: Shell = None, *, dry_run: DryRun = False, yes: Yes = False, as_json: Json = False) -> None:
    """Take our block out again, from the shell's start-up files or, when none is named, from all.

    A file that is as we left it gets its earlier bytes back, or goes when there was none.
    """
    facts = gather()
    store = open_store(facts)
    outcome = carrying_out.run(
        facts,
        store,
        lambda: _without_clients(plan_release(store, [OWNER + _name(facts, name)] if name else _owners(store.state()))),
        command="shell uninstall",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )
    notes = [
        f"the block in `{short(path, facts.home)}` was changed since we wrote it, so it stays; take it out by hand"
        for path, _ in outcome.plan.stayed
    ]
    _end("shell uninstall", facts, outcome, notes, "not in place", dry_run=dry_run, as_json=as_json)


@app.command("status", epilog="Example: aibridge shell status")
def status(*, as_json: Json = False) -> None:
    """Show which start-up files have a block of ours, and whether it is as we wrote it."""
    facts = gather()
    found = _installed(open_store(facts))
    left = _left(facts, {os.path.realpath(entry["path"]) for entry in found})
    found += left
    width = max((len(entry["shell"]) for entry in found), default=0)
    text = "".join(
        [f"{entry['shell']:<{width}}  {short(entry['path'], facts.home)}  {entry['state']}\n" for entry in found]
    )
    messages = [] if found else ["no start-up file has a block of ours; `aibridge shell install` adds one"]
    messages += [
        f"note: the block in `{short(entry['path'], facts.home)}` is not as we wrote it, so only you can take it out"
        for entry in left
    ]
    result = Result("shell status", text=text, data={"files": found}, messages=tuple(messages))
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _refuse_second_block(store: Store, chosen: str, places: Mapping[tuple[str, ...], str]) -> None:
    """Raise UsageError where another shell's block is in a file that both read, as `ENV` can name for several."""
    blocks = {os.path.realpath(path): block for paths, block in places.items() for path in paths}
    for entry in store.state().files.values():
        block = blocks.get(os.path.realpath(entry.path))
        for claim in entry.claims:
            owner = claim.client.removeprefix(OWNER)
            if block is not None and owner not in (chosen, claim.client) and claim.written != value_hash(block):
                raise UsageError(
                    f"`{entry.path}` has the block for {owner} already, and {chosen} reads it too",
                    hint=f"`aibridge shell uninstall {owner}` takes that one out",
                )


def _name(facts: Facts, name: str | None) -> str:
    reader = detect(facts) if name is None else shell_named(name)
    if reader.name not in SHELLS:
        raise UsageError(f"{reader.name} is no shell, so it has no start-up file", hint=f"one of {', '.join(SHELLS)}")
    return reader.name


def _login_file(facts: Facts) -> str:
    """Return the file that login shells of bash read, when it leaves `.bashrc` unread; else ""."""
    files = [os.path.join(folders.home_folder(facts), name) for name in LOGIN_FILES]
    login = next((path for path in files if os.path.isfile(path)), "")
    return login if login and needs_login_file(_text(login)) else ""


def _text(path: str) -> str:
    found = take(path)
    try:
        return decode(found.content or b"").text
    except DocumentError as problem:
        raise problem.at(path) from None


def _watched(facts: Facts) -> list[str]:
    """Return the files that a new sign-in changes."""
    watched = [folders.current_file(facts), url_file(facts), session_file(facts)]
    try:
        origin = resolve_deployment(facts).value
    except AibridgeError:  # nobody is signed in yet, and these three tell when somebody is
        return watched
    return [*watched, folders.sign_in_file(facts, origin), folders.session_file(facts, origin)]


def _without_clients(plan: Plan) -> Plan:
    """Return the plan without our shells among the clients, whom other commands ask for profiles and tokens."""
    clients = {name: client for name, client in plan.state.clients.items() if not name.startswith(OWNER)}
    return plan._replace(state=plan.state._replace(clients=clients))


def _owners(state: State) -> list[str]:
    owners = {claim.client for entry in state.files.values() for claim in entry.claims}
    return sorted(owner for owner in owners if owner.startswith(OWNER))


def _installed(store: Store) -> list[dict[str, str]]:
    from aibridge_cli.documents import fenced

    found = []
    for entry in store.state().files.values():
        for claim in entry.claims:
            if not claim.client.startswith(OWNER):
                continue
            try:
                block = fenced.load(_text(entry.path)).get(MEMBER)
                state = "in place" if value_hash(block) == claim.written else "gone" if block is None else "changed"
            except AibridgeError as problem:
                state = f"cannot be read: {problem.message}"
            found.append({"shell": claim.client.removeprefix(OWNER), "path": entry.path, "state": state})
    return sorted(found, key=lambda one: (one["shell"], one["path"]))


def _left(facts: Facts, known: set[str]) -> list[dict[str, str]]:
    """Return the start-up files with a block between our marks that our records do not have any more."""
    from aibridge_cli.documents import fenced

    home, found = folders.home_folder(facts), []
    for name in SHELLS:
        try:
            files = candidates(name, facts.environ, home, facts.platform)
        except UsageError:  # it has none, or none that can be told
            continue
        for path in (*files, *(os.path.join(home, login) for login in LOGIN_FILES if name == "bash")):
            if os.path.realpath(path) in known or not os.path.isfile(path):
                continue
            known.add(os.path.realpath(path))
            try:
                block = fenced.load(_text(path)).get(MEMBER)
            except AibridgeError:  # no block can be told in it
                continue
            if block is not None:
                found.append({"shell": name, "path": path, "state": "left behind"})
    return found


def _end(
    command: str, facts: Facts, outcome: Outcome, notes: list[str], standing: str, *, dry_run: bool, as_json: bool
) -> None:
    plan = outcome.plan
    messages = [f"note: {note}" for note in (*notes, *outcome.notes)]
    messages += carrying_out.file_words(plan, facts.home, done=bool(outcome.run))
    if outcome.run:
        messages.append("done; `aibridge shell uninstall` takes it back" if command == "shell install" else "done")
    elif plan.empty:
        messages.append(f"nothing to do: it is {standing}")
    else:
        messages.append("nothing was written (dry run)" if dry_run else "nothing was written")
    data: dict[str, Any] = {
        "dry_run": dry_run,
        "applied": bool(outcome.run),
        "run": outcome.run,
        "files": carrying_out.files_as_data(plan, (), facts.home),
    }
    code = 1 if carrying_out.declined(outcome, dry_run=dry_run) else 0
    show(Result(command, data=data, messages=tuple(messages), exit_code=code), as_json=as_json)
    raise typer.Exit(code)
