"""`aibridge undo`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.changes.diff import short
from aibridge_cli.changes.history import history
from aibridge_cli.changes.plan import Plan, Wanted
from aibridge_cli.changes.run import Outcome, plan_revert
from aibridge_cli.changes.snapshot import digest
from aibridge_cli.changes.state import ClientState
from aibridge_cli.changes.store import Store
from aibridge_cli.changes.undoing import Aims, aims
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.as_configured import as_configured
from aibridge_cli.cli.history import damaged_lines
from aibridge_cli.cli.options import DryRun, Json, Yes
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.errors import AibridgeError, FileProblem, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, say, show
from aibridge_cli.packs.rules import rules
from aibridge_cli.secret import Secret

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge undo --dry-run")
def undo(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run of `aibridge history`, or the beginning of its id.")
    ] = "",
    *,
    all_since: Annotated[
        str, typer.Option("--all-since", metavar="RUN", help="Undo this run and every later one.")
    ] = "",
    whole_files: Annotated[
        bool,
        typer.Option("--whole-files", help="Where a file cannot be edited, put the kept copy back, later edits lost."),
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Go back to before a run: the last, or one you name.

    Later edits of yours stay. An undo is a run itself, so `aibridge undo` after it undoes
    that. Without the client's profile, or with our records damaged, what can be undone is.
    """
    if run and all_since:
        raise UsageError("name a run, or `--all-since RUN`, not both", hint="`aibridge history` lists the runs")
    facts = gather()
    store = open_store(facts)
    told = history(store)
    if not (told.runs or run or all_since):
        damaged = damaged_lines(store, told, facts.home)
        if damaged:
            raise AibridgeError(f"{damaged[0]}, and no run can", hint="`aibridge unconfigure` takes back what is left")
        show(Result("undo", messages=("nothing was changed yet, so there is nothing to undo",)), as_json=as_json)
        return
    chosen = told.runs[told.number_of(all_since or run or "last")]
    undoing = _Undoing(facts, store, chosen.id, all_since=bool(all_since), whole_files=whole_files)
    if not (yes or dry_run or facts.unattended):
        undoing.plan()
        for warning in undoing.warnings():
            say(warning)
    outcome = carrying_out.run(
        facts,
        store,
        undoing.plan,
        command=f"undo {'--all-since ' if all_since else ''}{chosen.id}",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
        secrets=undoing.secrets(),
    )
    result = _result(facts, undoing, outcome, dry_run=dry_run)
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


class _Undoing:
    """Which clients of a run go back how, found anew each time files are looked at."""

    def __init__(self, facts: Facts, store: Store, run: str, *, all_since: bool, whole_files: bool) -> None:
        self.facts = facts
        self.store = store
        self.run = run
        self.all_since = all_since
        self.whole_files = whole_files
        self.problems: dict[str, str] = {}
        self.whole: list[str] = []
        self.done: list[str] = []
        self.known: dict[str, Wanted] = {}

    def aims(self) -> Aims:
        told = history(self.store)
        return aims(told.runs, told.number_of(self.run), self.store.state(), all_since=self.all_since)

    def secrets(self) -> tuple[Secret, ...]:
        """Return the tokens that may be written."""
        found = []
        for was in self.aims().again.values():
            try:
                found.append(resolve_token(self.facts, was.deployment).value)
            except AibridgeError:  # planning says so, for the client concerned
                continue
        return tuple(found)

    def plan(self) -> Plan:
        """Plan all that can be undone; a client that cannot stays as it is, and is told."""
        aim = self.aims()
        self.problems = dict(aim.problems)
        self.whole = []
        self.done = []
        wanted: list[Wanted] = []
        for client in aim.release:
            if self._can_release(client):
                self.done.append(client)
        for client, was in aim.again.items():
            want = self._want(client, was)
            if want is not None:
                wanted.append(want)
        released = tuple(self.done)
        self.done += [want.profile.id for want in wanted]
        return plan_revert(self.store, released, wanted, self.whole)

    def warnings(self) -> list[str]:
        """Return one line for each run that cannot be read, and for each client that stays as it is."""
        damaged = damaged_lines(self.store, history(self.store), self.facts.home)
        unread = [f"warning: {words}; the run in it is passed over" for words in damaged]
        return unread + [f"warning: `{client}` stays as it is: {why}" for client, why in sorted(self.problems.items())]

    def _can_release(self, client: str) -> bool:
        try:
            plan_revert(self.store, (client,), ())
        except FileProblem as problem:
            if not self.whole_files:
                self.problems[client] = _words(problem, "or add `--whole-files`")
                return False
            try:
                plan_revert(self.store, (client,), (), (client,))
            except FileProblem as worse:
                self.problems[client] = _words(worse)
                return False
            self.whole.append(client)
        return True

    def _want(self, client: str, was: ClientState) -> Wanted | None:
        try:
            if client not in self.known:  # to prepare it may mean to run the client for its version
                (self.known[client],) = as_configured(
                    self.facts, self.store, client, was, rules=rules(self.facts)
                ).wanted
            want = self.known[client]
            plan_revert(self.store, (), (want,))
        except AibridgeError as problem:
            self.problems[client] = _words(problem)
            return None
        return want


def _words(problem: AibridgeError, otherwise: str = "") -> str:
    hint = problem.hint.removesuffix("; nothing was written")  # other clients may be
    hints = [words for words in (hint, otherwise) if words]
    return problem.message + (f" ({', '.join(hints)})" if hints else "")


def _result(facts: Facts, undoing: _Undoing, outcome: Outcome, *, dry_run: bool) -> Result:
    plan = outcome.plan
    messages = [f"note: {note}" for note in outcome.notes]
    messages += carrying_out.left_words(plan, facts.home)
    messages += carrying_out.file_words(plan, facts.home, done=bool(outcome.run))
    if undoing.whole:
        kept = [change.snapshot for change in plan.changes if digest(change.snapshot.content or b"") in plan.images]
        messages += [
            f"`{short(each.path, facts.home)}` as it was found is kept as `images/{digest(each.content or b'')}`"
            for each in kept
        ]
    messages += undoing.warnings()
    if outcome.run:
        messages.append(f"run {undoing.run} is undone; `aibridge undo` brings it back")
    elif plan.empty:
        run = next((each for each in history(undoing.store).runs if each.id == undoing.run), None)
        about_none = run is not None and not run.clients
        if undoing.problems:
            messages.append(f"nothing was undone of run {undoing.run}")
        else:
            messages.append("nothing to undo" + (": what that run took away is not kept" if about_none else ""))
    else:
        messages.append("nothing was written (dry run)" if dry_run else "nothing was written")
    data = {
        "undone": undoing.run,
        "all_since": undoing.all_since,
        "dry_run": dry_run,
        "applied": bool(outcome.run),
        "run": outcome.run,
        "clients": undoing.done,
        "problems": undoing.problems,
        "files": carrying_out.files_as_data(plan, undoing.secrets(), facts.home),
        "stayed": [{"path": path, "key": key} for path, key in plan.stayed],
        "gone": [{"path": path, "key": key} for path, key in plan.gone],
        "elsewhere": [{"path": path, "key": key} for path, key in plan.elsewhere],
    }
    failed = carrying_out.declined(outcome, dry_run=dry_run) or bool(undoing.problems)
    return Result("undo", data=data, messages=tuple(messages), exit_code=1 if failed else 0)
