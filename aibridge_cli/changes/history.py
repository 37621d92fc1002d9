"""The journal as a history: which run did what to which file, and from what to what."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from aibridge_cli.changes.state import Claim, ClientState, FileState, State, client_from_json, from_json
from aibridge_cli.changes.store import Store
from aibridge_cli.documents.operations import dotted
from aibridge_cli.errors import UsageError

OWN_RECORDS = ("state.json", "configured")
"""Files of ours that every run writes."""


class Touched(NamedTuple):
    """One file of a run.

    Args:
        path: As the client names it.
        action: `created`, `updated` or `removed`.
        own: Whether it is a file of ours that holds a token.
        keys: Keys as dotted words, each with `set`, `changed`, `taken out` or `taken back`.
    """

    path: str
    action: str
    own: bool = False
    keys: tuple[tuple[str, str], ...] = ()


class Run(NamedTuple):
    """One run that changed something.

    Args:
        id: Its name in the journal.
        time: When, in UTC, as in `2026-01-31T12:00:00Z`.
        command: What was asked for.
        clients: The ids of the clients that it was about.
        files: What it touched.
        before: How each of these clients was configured before, None for not at all; a client
            of which that is not known is left out.
        after: How each is configured since.
    """

    id: str
    time: str
    command: str
    clients: tuple[str, ...]
    files: tuple[Touched, ...]
    before: Mapping[str, ClientState | None]
    after: Mapping[str, ClientState | None]

    @property
    def told(self) -> bool:
        """Whether it changed anything but our own records, which note edits of others when we meet them."""
        return bool(self.files) or self.before != self.after


class History(NamedTuple):
    """All runs.

    Args:
        runs: Oldest first.
        damaged: The numbers of lines in the journal that cannot be read.
    """

    runs: tuple[Run, ...]
    damaged: tuple[int, ...] = ()

    def number_of(self, name: str) -> int:
        """Return the index of the run that a name means: an id, the beginning of one, or `last`.

        The last is the last that changed something but our own records.

        Raises:
            UsageError: None, or several.
        """
        hint = "`aibridge history` lists the runs"
        if name == "last" and self.runs:
            return next((number for number in reversed(range(len(self.runs))) if self.runs[number].told), 0)
        fitting = [number for number, run in enumerate(self.runs) if run.id == name]
        fitting = fitting or [number for number, run in enumerate(self.runs) if name and run.id.startswith(name)]
        if len(fitting) > 1:
            raise UsageError(f"`{name}` is the beginning of {len(fitting)} runs", hint=hint)
        if not fitting:
            raise UsageError(
                f"there is no run `{name}` in the journal" if self.runs else "nothing was changed yet", hint=hint
            )
        return fitting[0]


def history(store: Store) -> History:
    """Return what the journal tells.

    Raises:
        FileProblem: It cannot be read at all.
    """
    runs: list[Run] = []
    damaged: list[int] = []
    previous: State | None = State()
    for number, record in enumerate(store.journal_lines(), 1):
        try:
            if record is None:
                raise ValueError("not a record")  # noqa: TRY301
            state = from_json(record["state"])
            runs.append(_run(store, record, previous, state))
        except (KeyError, TypeError, ValueError):
            damaged.append(number)
            previous = None
        else:
            previous = state
    return History(tuple(runs), tuple(damaged))


def _run(store: Store, record: Mapping[str, Any], previous: State | None, state: State) -> Run:
    clients = tuple(str(client) for client in record["clients"])
    before: dict[str, ClientState | None] = {}
    if "before" in record:
        before = {client: None if was is None else client_from_json(was) for client, was in record["before"].items()}
    elif previous is not None:
        before = {client: previous.clients.get(client) for client in clients}
    files = [
        _touched(store, step, State() if previous is None else previous, state)
        for step in record["steps"]
        if step["target"] not in [store.path(name) for name in OWN_RECORDS]
    ]
    return Run(
        id=str(record["id"]),
        time=str(record["time"]),
        command=str(record["command"]),
        clients=clients,
        files=tuple(files),
        before=before,
        after={client: state.clients.get(client) for client in clients},
    )


def _touched(store: Store, step: Mapping[str, Any], previous: State, state: State) -> Touched:
    target = str(step["target"])
    old, new = previous.files.get(target), state.files.get(target)
    entry = new or old
    action = "removed" if not step["after"] else "updated" if step["before"] else "created"
    own = os.path.dirname(os.path.dirname(target)) == store.folder
    return Touched(target if entry is None else entry.path, action, own, _keys(old, new))


def _keys(old: FileState | None, new: FileState | None) -> tuple[tuple[str, str], ...]:
    before: tuple[Claim, ...] = () if old is None else old.claims
    after: tuple[Claim, ...] = () if new is None else new.claims
    words: dict[str, str] = {}
    for claim in after:
        was = next((each for each in before if each.same_place(claim)), None)
        if was is None and (claim.kind != "removed" or claim.before):
            words[dotted(claim.path)] = "taken out" if claim.kind == "removed" else "set"
        elif was is not None and was.written != claim.written:
            words[dotted(claim.path)] = "changed"
    for claim in before:
        if not any(each.same_place(claim) for each in after):
            words.setdefault(dotted(claim.path), "taken back")
    return tuple(words.items())
