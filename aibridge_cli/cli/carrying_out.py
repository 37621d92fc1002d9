"""What `configure` and `unconfigure` share: preview, the question, the report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from aibridge_cli.changes.diff import short, unified
from aibridge_cli.changes.plan import FileChange, Plan
from aibridge_cli.changes.run import Outcome, carry_out, preview
from aibridge_cli.changes.store import Store
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.output import say, write
from aibridge_cli.secret import Secret


def run(
    facts: Facts,
    store: Store,
    prepare: Callable[[], Plan],
    *,
    command: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    secrets: tuple[Secret, ...] = (),
) -> Outcome:
    """Preview a plan or carry it out, showing the differences on standard output.

    Raises:
        UsageError: Somebody must be asked, and nobody is there.
    """

    def show(plan: Plan) -> None:
        if not as_json:
            write(unified(plan, secrets, home=facts.home), sys.stdout)

    if dry_run:
        outcome = preview(store, prepare)
        show(outcome.plan)
        return outcome
    return carry_out(
        store, prepare, command, show=show, ask=None if yes else lambda _plan: ask(facts, preview=command != "logout")
    )


def ask(facts: Facts, question: str = "Write this?", *, preview: bool = True) -> bool:
    """Ask a yes-or-no question on the terminal.

    Args:
        facts: Where we run.
        question: Without the choices.
        preview: Whether the command has a `--dry-run`.

    Raises:
        UsageError: Nobody is there to be asked.
        KeyboardInterrupt: The user gave up.
    """
    if facts.unattended:
        raise UsageError(
            "nothing was written: there is no terminal to ask on",
            hint="add `--yes` to write" + (", or `--dry-run` to look" if preview else ""),
        )
    while True:
        write(f"{question} [y/N]: ", sys.stderr)
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            say("\nnothing was written")
            raise
        if not answer:  # the end of the input is no yes
            say("")
        word = answer.strip().lower()
        if word in ("", "n", "no"):
            return False
        if word in ("y", "yes"):
            return True
        say("answer `y` or `n`")


def declined(outcome: Outcome, *, dry_run: bool) -> bool:
    """Tell whether there was something to write and the user said no."""
    return not (outcome.run or outcome.plan.empty or dry_run)


def files_as_data(plan: Plan, secrets: tuple[Secret, ...], home: str) -> list[dict[str, Any]]:
    """Return the changes of a plan for the JSON output."""
    return [_file_as_data(change, plan, secrets, home) for change in plan.changes]


def entries_as_data(plan: Plan) -> list[dict[str, Any]]:
    """Return what a plan does to the keychain, for the JSON output; without what entries hold."""
    return [
        {"label": entry.label, "attributes": dict(entry.attributes), "action": entry.action}
        for entry in plan.entries
        if entry.action
    ]


def _file_as_data(change: FileChange, plan: Plan, secrets: tuple[Secret, ...], home: str) -> dict[str, Any]:
    found = change.snapshot
    one = Plan((change,), plan.before, plan.state)
    return {
        "path": found.path,
        "target": found.target,
        "action": action(change),
        "secret": change.secret,
        "own": change.own,
        "diff": unified(one, secrets, home=home),
    }


def action(change: FileChange) -> str:
    """Return what happens to a file: `create`, `update` or `remove`."""
    if change.after is None:
        return "remove"
    return "create" if change.snapshot.content is None else "update"


def left_words(plan: Plan, home: str) -> list[str]:
    """Return one line for each key of ours that was met changed when it was to be taken back."""
    words = [
        f"`{key}` in `{short(path, home)}` was changed since we wrote it, so it stays" for path, key in plan.stayed
    ]
    for path, key in plan.gone:
        where = f"`{key}` in `{short(path, home)}`"
        words.append(f"an object of ours in {where} was edited since, and goes with the edit")
    for path, key in plan.elsewhere:
        where = f"`{key}` in `{short(path, home)}`"
        words.append(f"{where} still holds the token: somebody put it there, so it stays; take it out yourself")
    return words


def file_words(plan: Plan, home: str, *, done: bool) -> list[str]:
    """Return one line for each file of ours or the user's that a plan touches."""
    past = {"create": "created", "update": "updated", "remove": "removed", "restore": "put back"}
    words = []
    for change in plan.changes:
        verb = past[action(change)] if done else f"would be {past[action(change)]}"
        words.append(f"`{short(change.snapshot.path, home)}` {verb}")
    for entry in plan.entries:
        if entry.action:
            verb = past[entry.action] if done else f"would be {past[entry.action]}"
            words.append(f"`{entry.name}` in the keychain {verb}")
    return words
