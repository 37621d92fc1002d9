"""Carrying a plan out: every file or none, also across a crash.

A run is written down as pending before anything is made. Finished copies are staged
beside their targets; up to there a crash is rolled back. Then the record says
"committing", and from there a crash is rolled forward by renaming what is still staged.
Entries of the keychain go with the files (`aibridge_cli.changes.entry_steps`).
When a file cannot be written then, the earlier copies are staged, the record says
"reverting", and a crash is rolled forward in that direction. Our own state is one of the
files of the run.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any, NamedTuple

from aibridge_cli.changes.entry_steps import (
    EntryStep,
    carry_forward,
    drop_kept,
    entry_steps,
    put_back,
    recorded_steps,
    stage_entries,
)
from aibridge_cli.changes.plan import FileChange, Plan
from aibridge_cli.changes.snapshot import Snapshot, digest, identity, take
from aibridge_cli.changes.state import to_json
from aibridge_cli.changes.store import Store, state_files
from aibridge_cli.changes.write import commit, flush_folder, overwrite, stage
from aibridge_cli.errors import AibridgeError, ChangedMeanwhile, FileProblem


class _Step(NamedTuple):
    """One file of a run, in the words of the pending record."""

    target: str
    temporary: str
    before: str
    after: str
    mode: int | None
    folders: tuple[str, ...]
    removable: tuple[str, ...]
    in_place: bool = False


def apply(store: Store, plan: Plan, *, command: str, clock: float | None = None) -> str:
    """Carry out a plan; the caller holds the store's lock.

    Args:
        store: Our folder.
        plan: Made from snapshots taken under the lock.
        command: What the user asked for, for the journal.
        clock: Seconds since the epoch, for the journal; now when None.

    Returns:
        The run's id.

    Raises:
        ChangedMeanwhile: A file is not as it was planned for; every file is as it was.
        FileProblem: A file cannot be written; every file is as it was.
    """
    now = time.time() if clock is None else clock
    run_id = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now)) + "-" + os.urandom(3).hex()
    steps, contents, snapshots = _steps(store, plan, run_id)
    entries = entry_steps(plan.entries)
    run = {
        "id": run_id,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "command": command,
        "clients": _touched(plan),
        "before": _before(plan),
        "steps": [_as_json(step) for step in steps],
        "entries": [entry._asdict() for entry in entries],
        "state": to_json(plan.state),
    }
    try:
        for image in plan.images.values():
            store.keep_image(image)
        store.set_pending({**run, "phase": "staging"})
        try:
            _stage(steps, contents)
            stage_entries(store.keychain, entries, plan.entries)
            for snapshot in snapshots:
                _unchanged(snapshot)
            store.set_pending({**run, "phase": "committing"})
        except BaseException:
            _roll_back(store, steps, entries)
            raise
        _commit(store, run, steps, snapshots)
    except OSError as problem:
        raise _cannot_write(problem, store.folder) from None
    _finish(store, run, steps)
    return run_id


def recover(store: Store) -> str:
    """Finish or roll back a run that was interrupted; the caller holds the store's lock.

    Returns:
        What was done, for the user; "" when there was nothing to do.

    Raises:
        FileProblem: The run cannot be finished now.
    """
    run = store.pending()
    if run is None:
        return ""
    steps = [_from_json(step) for step in run["steps"]]
    try:
        if run["phase"] != "committing":
            entries = recorded_steps(run)
            if run["phase"] == "reverting":
                put_back(store.keychain, entries)
            for back in map(_from_json, run.get("back", ())):
                _roll_forward(back)
            _roll_back(store, steps, entries)
            return f"an interrupted run ({run['id']}) was rolled back"
        carry_forward(store.keychain, recorded_steps(run))
        for step in steps:
            _roll_forward(step)
            with contextlib.suppress(FileNotFoundError):  # where it was killed while it was about to revert
                os.unlink(_back(step, run["id"]))
    except OSError as problem:
        raise _cannot_write(problem, store.folder) from None
    _finish(store, {key: value for key, value in run.items() if key != "phase"}, steps)
    return f"an interrupted run ({run['id']}) was finished"


def _touched(plan: Plan) -> list[str]:
    before, after = plan.before, plan.state
    names = {*before.clients, *after.clients}
    entries = {target: (before.files.get(target), after.files.get(target)) for target in {*before.files, *after.files}}
    touched = {name for name in names if before.clients.get(name) != after.clients.get(name)}
    for old, new in entries.values():
        if old != new:
            touched |= {claim.client for entry in (old, new) if entry is not None for claim in entry.claims}
    for key in {*before.entries, *after.entries}:
        known, wanted = before.entries.get(key), after.entries.get(key)
        if known != wanted:
            touched |= {client for each in (known, wanted) if each is not None for client in each.clients}
    return sorted(touched)


def _before(plan: Plan) -> dict[str, Any]:
    """Return how the clients of the run were configured before, None for not at all; no secret is in it."""
    clients = to_json(plan.before)["clients"]
    return {client: clients.get(client) for client in _touched(plan)}


def _steps(store: Store, plan: Plan, run_id: str) -> tuple[list[_Step], list[bytes | None], list[Snapshot]]:
    steps: list[_Step] = []
    contents: list[bytes | None] = []
    snapshots: list[Snapshot] = []
    for change in _with_own_records(store, plan):
        found = change.snapshot
        steps.append(
            _Step(
                target=found.target,
                temporary=_temporary(found.target, run_id),
                before="" if found.content is None else digest(found.content),
                after="" if change.after is None else digest(change.after),
                mode=change.mode,
                folders=found.missing_folders if change.after is not None else (),
                removable=change.folders,
            )
        )
        contents.append(change.after)
        snapshots.append(found)
    return steps, contents, snapshots


def _with_own_records(store: Store, plan: Plan) -> list[FileChange]:
    own = [FileChange(take(store.path(name)), content, 0o600) for name, content in state_files(plan.state).items()]
    return [*plan.changes, *own]


def _temporary(target: str, run_id: str) -> str:
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name}.aibridge-{run_id}.tmp")


def _back(step: _Step, run_id: str) -> str:
    return _temporary(step.target, f"{run_id}-back")


def _stage(steps: list[_Step], contents: list[bytes | None]) -> None:
    for step, content in zip(steps, contents, strict=True):
        for folder in step.folders:
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o700)
        if content is not None:
            stage(step.temporary, step.target, content, step.mode)


def _unchanged(snapshot: Snapshot) -> None:
    """Compare and swap: the file must still be the one that was read."""
    try:
        status = os.stat(snapshot.target)
        same = snapshot.content is not None and identity(status) == snapshot.identity
    except FileNotFoundError:
        same = snapshot.content is None
    if not same or os.path.realpath(snapshot.path) != snapshot.target:
        raise ChangedMeanwhile(
            snapshot.path, "was changed by another program meanwhile; nothing was written", hint="try again"
        )


def _commit(store: Store, run: dict[str, Any], steps: list[_Step], snapshots: list[Snapshot]) -> None:
    entries = recorded_steps(run)
    try:
        carry_forward(store.keychain, entries)
        for index, (step, snapshot) in enumerate(zip(steps, snapshots, strict=True)):
            _unchanged(snapshot)
            _take_place(store, {**run, "phase": "committing"}, "steps", index, step)
    except BaseException as problem:
        try:
            _revert(store, run, steps, snapshots)
        except (OSError, AibridgeError) as worse:
            raise AibridgeError(
                f"the files could be neither written nor put back: {worse}",
                hint="mend that; the next `aibridge configure` or `unconfigure` finishes this run first",
            ) from problem
        _roll_back(store, steps, entries)
        raise


def _take_place(store: Store, run: dict[str, Any], steps: str, index: int, step: _Step) -> None:
    """Give one file its new bytes, or remove it."""

    def in_place() -> None:
        run[steps][index]["in_place"] = True
        store.set_pending(run)

    if step.after:
        commit(step.temporary, step.target, in_place)
    else:
        os.unlink(step.target)


def _revert(store: Store, run: dict[str, Any], steps: list[_Step], snapshots: list[Snapshot]) -> None:
    """Put back every file that has its new bytes already, or maybe half of them."""
    backs: list[_Step] = []
    try:
        for record, step, snapshot in zip(run["steps"], steps, snapshots, strict=True):
            written = step.before != step.after and _digest_of(step.target) == step.after
            if written or record["in_place"]:
                back = step._replace(
                    temporary=_back(step, run["id"]), before=step.after, after=step.before, mode=snapshot.mode
                )
                backs.append(back)
                if snapshot.content is not None:
                    stage(back.temporary, back.target, snapshot.content, back.mode)
    except BaseException:
        for back in backs:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(back.temporary)
        raise
    reverting = {**run, "phase": "reverting", "back": [_as_json(back) for back in backs]}
    store.set_pending(reverting)
    put_back(store.keychain, recorded_steps(run))
    for index, back in enumerate(backs):
        _take_place(store, reverting, "back", index, back)


def _roll_back(store: Store, steps: list[_Step], entries: list[EntryStep]) -> None:
    """Remove what was staged, and folders made for it; the targets were not touched."""
    drop_kept(store.keychain, entries, lambda entry: entry.kept_before)
    for step in steps:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(step.temporary)
        _remove_folders(step.folders)
    store.set_pending(None)


def _roll_forward(step: _Step) -> None:
    standing = _digest_of(step.target)
    if step.in_place and os.path.exists(step.temporary):
        overwrite(step.temporary, step.target)
    elif standing == step.before and step.after and os.path.exists(step.temporary):
        commit(step.temporary, step.target, lambda: None)
    elif standing == step.before and standing and not step.after:
        os.unlink(step.target)
    # Anything else was done already, or belongs to whoever changed it since.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(step.temporary)


def _finish(store: Store, run: dict[str, Any], steps: list[_Step]) -> None:
    for step in steps:
        if not step.after:
            _remove_folders(step.removable)
            with contextlib.suppress(FileNotFoundError):
                flush_folder(os.path.dirname(step.target))
    drop_kept(store.keychain, recorded_steps(run), lambda entry: entry.kept_after)
    try:
        journal = store.journal()
        if not journal or journal[-1].get("id") != run["id"]:
            store.record(run)
        store.set_pending(None)
    except OSError as problem:
        raise AibridgeError(
            f"the files are written, but the journal in `{store.folder}` is not: {problem.strerror}",
            hint="make room; the next `aibridge` finishes it",
        ) from None


def _remove_folders(folders: tuple[str, ...]) -> None:
    for folder in reversed(folders):
        try:
            os.rmdir(folder)
        except OSError:  # not empty, or gone: not ours to remove then
            return


def _digest_of(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except FileNotFoundError:
        return ""


def _cannot_write(problem: OSError, folder: str) -> FileProblem:
    path = problem.filename if isinstance(problem.filename, str) else folder
    words = problem.strerror or str(problem)
    return FileProblem(path, f"cannot be written: {words}; every file is as it was", hint="mend that and try again")


def _as_json(step: _Step) -> dict[str, Any]:
    return step._asdict()


def _from_json(data: dict[str, Any]) -> _Step:
    return _Step(**{**data, "folders": tuple(data["folders"]), "removable": tuple(data["removable"])})
