"""What a run would change: pure, from the state, the profiles and the files as found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from aibridge_cli.changes.desire import fulfil
from aibridge_cli.changes.entries import EntryChange, EntryPlan, Found, entry_key
from aibridge_cli.changes.snapshot import Snapshot, digest
from aibridge_cli.changes.state import ClientState, State
from aibridge_cli.changes.working import Images, Working
from aibridge_cli.clients.rendered import RenderedEdit, RenderedProfile
from aibridge_cli.errors import FileProblem


class FileChange(NamedTuple):
    """One file, before and after.

    Args:
        snapshot: The file as found.
        after: The bytes it shall have, or None when it shall go.
        mode: The permission bits it shall have, or None for a new file's usual ones.
        folders: Folders that may go with the file, outermost first, when they are left empty.
        secret: Whether the token stands in it afterwards.
        own: Whether it is a file of ours, of which nothing is shown.
    """

    snapshot: Snapshot
    after: bytes | None
    mode: int | None = None
    folders: tuple[str, ...] = ()
    secret: bool = False
    own: bool = False


class Wanted(NamedTuple):
    """One client as it shall be.

    Args:
        profile: The profile with its placeholders filled in.
        deployment: The deployment it points at.
        kept: Files of ours that it needs, with their content.
        models: What `--model` was given for it.
        insecure_http: Whether plain http to another machine was accepted for it.
    """

    profile: RenderedProfile
    deployment: str
    kept: Mapping[str, bytes] = {}
    models: tuple[str, ...] = ()
    insecure_http: bool = False


class Plan(NamedTuple):
    """Everything a run would do.

    Args:
        changes: Files to write or remove.
        before: The state the plan was made from.
        state: The state afterwards.
        images: Kept copies that the state needs, by hash.
        stayed: Keys of ours that were changed since and stay, as (path, key).
        gone: Lists out of which an object of ours goes although it was edited since, likewise.
        entries: Entries of the keychain to write or remove.
        elsewhere: Keys at which somebody else's edit put what holds the token, and which stay, likewise.
    """

    changes: tuple[FileChange, ...]
    before: State
    state: State
    images: Mapping[str, bytes] = {}
    stayed: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    entries: tuple[EntryChange, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def deeds(self) -> tuple[object, ...]:
        """What the plan would do to what, as found: another plan with the same is the same to the user.

        Folders that are missing do not count: making our own, to hold the lock, is no change of the plan.
        """
        changes = [
            (change.snapshot.target, change.snapshot.identity, change.snapshot.content, change.after, change.mode)
            for change in self.changes
        ]
        return (changes, self.entries, self.before, self.state.clients, self.state.kept, self.stayed)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write, not even to our own records."""
        return not self.changes and not self.entries and self.before == self.state


def is_program(content: bytes) -> bool:
    """Tell whether a file of ours is one that a client runs, and not one with a token in it."""
    return content.startswith((b"#!/bin/sh\n", b"@echo off\r\n"))


def choose(edit: RenderedEdit, snapshots: Mapping[str, Snapshot]) -> Snapshot:
    """Return the file that the edit goes to: the first candidate that exists, else the first."""
    found = [snapshots[path] for path in edit.candidates]
    return next((snapshot for snapshot in found if snapshot.content is not None), found[0])


def configure(
    state: State,
    wanted: Sequence[Wanted],
    snapshots: Mapping[str, Snapshot],
    images: Images,
    found: Found | None = None,
) -> Plan:
    """Plan to configure clients.

    Args:
        state: What we own so far.
        wanted: The clients, each with the profile to carry out.
        snapshots: By path, every candidate file, every file in `state` that these clients
            have a claim on (by real path), and every kept file.
        images: Kept copies.
        found: The keychain's entries that these clients want or have.

    Raises:
        FileProblem: A file cannot be edited.
        UsageError: Two clients need different values in one place.
    """
    run = _Run(state, snapshots, images, found)
    for want in wanted:
        run.configure(want)
    return run.plan()


def revert(
    state: State,
    clients: Iterable[str],
    wanted: Sequence[Wanted],
    snapshots: Mapping[str, Snapshot],
    images: Images,
    whole: Collection[str] = (),
    found: Found | None = None,
) -> Plan:
    """Plan to take some clients back and to configure others.

    Args:
        state: What we own.
        clients: Ids of those to take back; one that is not configured is passed over.
        wanted: Those to configure.
        snapshots: What `configure` needs, and by real path every file in `state` that the
            clients to take back have a claim on.
        images: Kept copies.
        whole: Those of `clients` whose files get the whole earlier copy back, whatever is in them now.
        found: The keychain's entries of all these clients, and what is kept for them.

    Raises:
        FileProblem: A file cannot be edited, or put back as a whole.
        UsageError: Two clients need different values in one place.
    """
    run = _Run(state, snapshots, images, found)
    for client in clients:
        if client in whole:
            run.put_back(client)
        else:
            run.release(client, except_targets={})
        run.keep(client, {})
        run.entries.release(client)
        run.clients.pop(client, None)
    for want in wanted:
        run.configure(want)
    return run.plan()


class _Run:
    def __init__(
        self, state: State, snapshots: Mapping[str, Snapshot], images: Images, found: Found | None = None
    ) -> None:
        self.state = state
        self.snapshots = snapshots
        self.images = images
        self.files: dict[str, Working] = {}
        self.clients = dict(state.clients)
        self.kept = dict(state.kept)
        self.kept_content: dict[str, bytes] = {}
        self.entries = EntryPlan(state.entries, found or {})
        self.whole: list[FileChange] = []

    def configure(self, want: Wanted) -> None:
        """Bring a client's files to what is wanted of them."""
        profile = want.profile
        by_target: dict[str, list[RenderedEdit]] = {}
        for edit in profile.edits:
            by_target.setdefault(choose(edit, self.snapshots).target, []).append(edit)
        self.release(profile.id, except_targets=by_target)
        for target, edits in by_target.items():
            snapshot = choose(edits[0], self.snapshots)
            fulfil(self.working(target, snapshot, edits[0].format), profile.id, edits)
        self.keep(profile.id, want.kept)
        self.entries.release(profile.id, except_keys=[entry_key(entry.attributes) for entry in profile.entries])
        for entry in profile.entries:
            self.entries.want(profile.id, entry)
        self.clients[profile.id] = ClientState(profile.way, want.deployment, want.models, want.insecure_http)

    def put_back(self, client: str) -> None:
        """Give the client's files their kept copies back as a whole."""
        for target, entry in self.state.files.items():
            if not any(claim.client == client for claim in entry.claims):
                continue
            others = sorted({claim.client for claim in entry.claims} - {client})
            if others:
                raise FileProblem(
                    entry.path,
                    f"holds keys of {', '.join(f'`{other}`' for other in others)} as well, so it is not put back whole",
                    hint="mend it by hand",
                )
            content = self.images(entry.original) if entry.original else None
            found = self.snapshots[target]
            if content is None and found.link:  # the user's link shall not be left to lead nowhere
                content = b""
            mode = entry.original_mode if content is not None else None
            self.whole.append(FileChange(found, content, mode, entry.folders, secret=entry.secret))

    def working(self, target: str, snapshot: Snapshot, format_name: str) -> Working:
        if target not in self.files:
            self.files[target] = Working.begin(snapshot, format_name, self.state.files.get(target), self.images)
        return self.files[target]

    def release(self, client: str, *, except_targets: Mapping[str, object]) -> None:
        """Take back the client's claims on all files but these."""
        for target, entry in self.state.files.items():
            if target in except_targets or not any(claim.client == client for claim in entry.claims):
                continue
            working = self.working(target, self.snapshots[target], entry.format)
            theirs = tuple(claim for claim in working.claims if claim.client == client)
            working.release(theirs, tuple(claim for claim in working.claims if claim.client != client))

    def keep(self, client: str, needed: Mapping[str, bytes]) -> None:
        """Bring up to date which files of ours the client needs."""
        for path, users in list(self.kept.items()):
            self.kept[path] = tuple(user for user in users if user != client)
        for path, content in needed.items():
            self.kept[path] = tuple(sorted({*self.kept.get(path, ()), client}))
            self.kept_content[path] = content

    def plan(self) -> Plan:
        changes: list[FileChange] = []
        state = self.state._replace(clients=self.clients)
        images: dict[str, bytes] = {}
        for whole in self.whole:
            found = whole.snapshot
            state = state.without_file(found.target)
            if found.content is not None and not whole.secret:
                images[digest(found.content)] = found.content
            if found.content != whole.after:
                changes.append(whole._replace(secret=False))
        for target, working in self.files.items():
            change, state = self._settle(target, working, state, images)
            if change is not None:
                changes.append(change)
        changes += self._kept_changes()
        state = state._replace(kept={path: users for path, users in self.kept.items() if users})
        state = state._replace(entries=self.entries.entries)
        stayed = tuple((working.snapshot.path, key) for working in self.files.values() for key in working.stayed)
        stayed += tuple(("keychain", name) for name in self.entries.stayed)
        gone = tuple((working.snapshot.path, key) for working in self.files.values() for key in working.gone)
        elsewhere = tuple((working.snapshot.path, key) for working in self.files.values() for key in working.elsewhere)
        entries = tuple(self.entries.changes())
        return Plan(tuple(changes), self.state, state, images, stayed, gone, entries, elsewhere)

    def _settle(
        self, target: str, working: Working, state: State, images: dict[str, bytes]
    ) -> tuple[FileChange | None, State]:
        found = working.snapshot
        entry = self.state.files.get(target)
        if found.content is None and not working.claims:
            return None, state.without_file(target)
        after, mode = working.after(), working.mode()
        settled = working.settled(after or b"", mode)
        if settled is None:
            state = state.without_file(target)
        else:
            state = state.with_file(target, settled)
            if working.user is not None:
                images[digest(working.user)] = working.user
        if after == found.content and mode == found.mode:
            return None, state
        folders = entry.folders if entry is not None and after is None else ()
        return FileChange(found, after, mode, folders, secret=working.secret), state

    def _kept_changes(self) -> list[FileChange]:
        changes = []
        for path, users in self.kept.items():
            found = self.snapshots[path]
            after = self.kept_content.get(path, found.content) if users else None
            mode = 0o700 if after is not None and is_program(after) else 0o600
            if after != found.content or (after is not None and found.mode != mode):
                changes.append(FileChange(found, after, mode, secret=True, own=True))
        return changes
