"""A run from start to end: look at the files, plan, have it approved, carry it out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from aibridge_cli.changes import plan as planning
from aibridge_cli.changes.entries import entry_key
from aibridge_cli.changes.entry_steps import kept_place
from aibridge_cli.changes.plan import Plan, Wanted
from aibridge_cli.changes.snapshot import Snapshot, take
from aibridge_cli.changes.state import FileState, State
from aibridge_cli.changes.store import Store
from aibridge_cli.changes.takeback import shows_traces
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.encoding import decode
from aibridge_cli.errors import AibridgeError, ChangedMeanwhile, DocumentError
from aibridge_cli.secret import Secret

ATTEMPTS = 3
"""How often a run that nobody was asked about is planned anew when a client writes meanwhile."""


class Outcome(NamedTuple):
    """How a run ended.

    Args:
        plan: What was to be done.
        run: The run's id in the journal, or "" when nothing was written.
        notes: What the user should know, such as a recovery.
    """

    plan: Plan
    run: str = ""
    notes: tuple[str, ...] = ()


def plan_configure(store: Store, wanted: Sequence[Wanted]) -> Plan:
    """Look at the files and plan to configure the clients.

    Raises:
        FileProblem: A file must not or cannot be changed.
        Unavailable: The keychain is needed and does not answer.
        UsageError: Two clients need different values in one place.
    """
    recorded = store.state()
    state, snapshots = look(store, wanted)
    found = _entries(store, wanted, ())
    return planning.configure(state, wanted, snapshots, store.image, found)._replace(before=recorded)


def look(store: Store, wanted: Sequence[Wanted], others: Iterable[str] = ()) -> tuple[State, dict[str, Snapshot]]:
    """Look at every file that configuring the clients is about, and where other clients have something.

    Returns:
        What we own, in files that the user moved as well, and the files: those in it by
        real path, candidates and kept files as they are named.

    Raises:
        FileProblem: A file must not or cannot be changed.
    """
    state, snapshots = _claimed(store.state(), {*others, *(want.profile.id for want in wanted)})
    for want in wanted:
        for edit in want.profile.edits:
            for path in edit.candidates:
                snapshots[path] = take(path)
        for path in want.kept:
            snapshots[path] = take(path)
    return state, snapshots


def plan_release(store: Store, ids: Iterable[str]) -> Plan:
    """Look at the files and plan to take the clients back.

    Raises:
        FileProblem: A file must not or cannot be changed.
    """
    return plan_revert(store, ids, ())


def plan_revert(store: Store, ids: Iterable[str], wanted: Sequence[Wanted], whole: Collection[str] = ()) -> Plan:
    """Look at the files and plan to take some clients back and to configure others.

    Args:
        store: Our folder.
        ids: Clients to take back.
        wanted: Clients to configure.
        whole: Those of `ids` whose files get the whole earlier copy back.

    Raises:
        FileProblem: A file must not or cannot be changed.
        UsageError: Two clients need different values in one place.
    """
    recorded = store.state()
    ids = tuple(ids)
    state, snapshots = look(store, wanted, ids)
    found = _entries(store, wanted, ids)
    return planning.revert(state, ids, wanted, snapshots, store.image, whole, found)._replace(before=recorded)


def _entries(store: Store, wanted: Sequence[Wanted], ids: Iterable[str]) -> dict[str, Secret | None]:
    """Look at the keychain's entries that the clients have or want, and at what is kept for them."""
    concerned = {*ids, *(want.profile.id for want in wanted)}
    found: dict[str, Secret | None] = {}
    for key, entry in store.state().entries.items():
        if not concerned.isdisjoint(entry.clients):
            found[key] = store.keychain.read(entry.attributes)
            if entry.kept:
                found[entry.kept] = store.keychain.read(kept_place(entry.kept))
    for want in wanted:
        for wish in want.profile.entries:
            found[entry_key(wish.attributes)] = store.keychain.read(wish.attributes)
    return found


def _claimed(state: State, ids: set[str]) -> tuple[State, dict[str, Snapshot]]:
    """Look at the files that the clients have something in, by real path, and at those we keep for them.

    A file that the user moved, to put a link in its place, or wrote anew where a link was,
    is followed: the state that is returned knows it where it is now.
    """
    snapshots = {path: take(path) for path in state.kept}
    for target, entry in state.files.items():
        if not any(claim.client in ids for claim in entry.claims):
            continue
        named = take(entry.path)
        written = named if named.target == target else take(target)
        if written.target == target:
            snapshots[target] = written
        else:
            state = state.without_file(target)
        for found in (written, named):
            if found.target not in state.files and _is_the_file(found, entry):
                state = state.with_file(found.target, entry._replace(folders=()))
                snapshots[found.target] = named if named.target == found.target else found
    return state, snapshots


def _is_the_file(found: Snapshot, entry: FileState) -> bool:
    if found.content is None:
        return False
    try:
        data = document_format(entry.format).load(decode(found.content).text)
    except DocumentError:
        return True  # whose it is cannot be told; the planner will name what is wrong with it
    return shows_traces(data, entry.claims)


def preview(store: Store, prepare: Callable[[], Plan]) -> Outcome:
    """Return the plan and carry nothing out, under every guard that applies to carrying it out.

    Raises:
        AibridgeError: What carrying it out would raise.
    """
    store.usable()
    notes: tuple[str, ...] = ()
    if store.pending() is not None:
        notes = ("a run was interrupted; the next one that writes finishes it first, so this may come out otherwise",)
    return Outcome(prepare(), notes=notes)


def carry_out(
    store: Store,
    prepare: Callable[[], Plan],
    command: str,
    *,
    show: Callable[[Plan], None],
    ask: Callable[[Plan], bool] | None = None,
) -> Outcome:
    """Plan, show the plan, maybe have it approved, and carry it out under the lock.

    Args:
        store: Our folder.
        prepare: Makes the plan from the files as they are.
        command: What the user asked for, for the journal.
        show: Shows the plan, once: before asking, else when it was carried out.
        ask: Asks whether to go on; None goes on unasked. What was approved is planned
            anew under the lock, and when it is not the same any more nothing is written.

    Raises:
        AibridgeError: The run could not be carried out; every file is as it was.
    """
    store.usable()
    notes = _recovered(store)
    approved: Plan | None = None
    plan = prepare()
    if plan.empty:
        return Outcome(plan, notes=notes)
    if ask is not None:
        show(plan)
        if not ask(plan):
            return Outcome(plan, notes=notes)
        approved = plan
    with store.locked():
        plan, run = _apply(store, prepare, command, approved)
    if approved is None:
        show(plan)
    return Outcome(plan, run, notes)


def _apply(store: Store, prepare: Callable[[], Plan], command: str, approved: Plan | None) -> tuple[Plan, str]:
    from aibridge_cli.changes.transaction import apply

    for attempts_left in reversed(range(ATTEMPTS)):
        plan = prepare()
        if approved is not None and plan.deeds != approved.deeds:
            break
        if plan.empty:
            return plan, ""
        try:
            return plan, apply(store, plan, command=command)
        except ChangedMeanwhile:
            if approved is not None or not attempts_left:
                raise
    raise AibridgeError("the files were changed while this was being decided", hint="run it again")


def _recovered(store: Store) -> tuple[str, ...]:
    if store.pending() is None:
        return ()
    from aibridge_cli.changes.transaction import recover

    with store.locked():
        note = recover(store)
    return (note,) if note else ()
