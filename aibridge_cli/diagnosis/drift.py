"""Where files have drifted from how a client was configured, and who changed them. Pure.

A value that depends on the sign-in, which need not be there, is told by comparing the
client's profile filled in with two different ones; such a value is held against the
record of what we wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from aibridge_cli.changes.desire import as_written, places, serves, unwanted_keys
from aibridge_cli.changes.plan import Wanted, choose, is_program
from aibridge_cli.changes.snapshot import Snapshot, digest
from aibridge_cli.changes.state import Claim, State, value_hash
from aibridge_cli.changes.takeback import find_item, stands
from aibridge_cli.clients.rendered import RenderedEdit
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.encoding import decode
from aibridge_cli.documents.operations import ABSENT, Item, Place, Value, dotted, find_match, lookup, same
from aibridge_cli.errors import DocumentError

Kind = Literal["changed", "missing", "came back", "not wanted any more", "no file", "not readable", "permissions"]
By = Literal["us", "user", "unknown"]
"""Who made the difference. `us`: another profile, version or token of ours wants something
else than we wrote; `user`: somebody, the client perhaps, changed what we left; `unknown`:
something is gone, and a thing that is gone does not tell who took it."""


class Drift(NamedTuple):
    """One difference between a file and how the client was configured.

    Args:
        path: The file, as the client names it.
        key: The key as dotted words, or "" for the whole file.
        kind: What is different.
        by: Who made it so.
        place: The key path, for showing values; () for the whole file.
        found: The value that stands there, or `ABSENT`.
        wanted: The value that should, or `ABSENT`.
        words: What there is to say beside it, for a whole file.
    """

    path: str
    key: str
    kind: Kind
    by: By
    place: Place = ()
    found: Value = ABSENT
    wanted: Value = ABSENT
    words: str = ""


def drifts(
    state: State, want: Wanted, snapshots: Mapping[str, Snapshot], twin: Wanted | None = None
) -> tuple[Drift, ...]:
    """Return how the files differ from what is wanted of them.

    Args:
        state: What we own.
        want: The client as it was configured, with its profile filled in.
        snapshots: By path, every candidate file and every kept file; by real path, every
            file in `state` that the client has a claim on.
        twin: The same, filled in with another sign-in, where there is none to fill in:
            values in which the two differ are held against the record of what was written.
    """
    edits = want.profile.edits
    twins: Sequence[RenderedEdit] = edits if twin is None else twin.profile.edits
    found: list[Drift] = []
    by_target: dict[str, list[tuple[RenderedEdit, RenderedEdit]]] = {}
    for edit, other in zip(edits, twins, strict=True):
        by_target.setdefault(choose(edit, snapshots).target, []).append((edit, other))
    for target, pairs in by_target.items():
        found += _File(state, want.profile.id, target, choose(pairs[0][0], snapshots)).drifts(pairs)
    for target, entry in state.files.items():
        mine = [claim for claim in entry.claims if claim.client == want.profile.id]
        if target not in by_target and mine and snapshots[target].content is not None:
            found.append(Drift(entry.path, "", "not wanted any more", "us", words="another file is configured now"))
    found += _kept(state, want, snapshots, compare=twin is None)
    return tuple({(drift.path, drift.key, drift.kind): drift for drift in reversed(found)}.values())[::-1]


class _File:
    """One file, and what one client has in it."""

    def __init__(self, state: State, client: str, target: str, snapshot: Snapshot) -> None:
        self.path = snapshot.path
        self.snapshot = snapshot
        self.entry = state.files.get(target)
        claims = () if self.entry is None else self.entry.claims
        self.mine = [claim for claim in claims if claim.client == client]
        self.others = [claim for claim in claims if claim.client != client]
        content = snapshot.content
        self.as_left = self.entry is not None and content is not None and digest(content) == self.entry.left

    def drifts(self, pairs: Sequence[tuple[RenderedEdit, RenderedEdit]]) -> Iterator[Drift]:
        content = self.snapshot.content
        if content is None:
            return (yield Drift(self.path, "", "no file", "us" if self.entry is None else "unknown"))
        try:
            data = document_format(pairs[0][0].format).load(decode(content).text)
        except DocumentError as problem:
            words = problem.at(self.path).message
            return (yield Drift(self.path, "", "not readable", "user", words=words))
        secret = any(edit.secret for edit, _ in pairs)
        if secret and self.snapshot.mode is not None and self.snapshot.mode & 0o077:
            words = f"{self.snapshot.mode:04o}, and the token stands in it"
            yield Drift(self.path, "", "permissions", "user", words=words)
        for edit, other in pairs:
            yield from self._removals(data, edit)
            yield from self._sets(data, edit, other)
            yield from self._defaults(data, edit, other)
            yield from self._wholes(data, edit, other)
            yield from self._lists(data, edit, other)
            yield from self._upserts(data, edit, other)
        unknown = {path for edit, other in pairs for path, _, known in _list_values(edit, other) if not known}
        yield from self._stale(data, [place for edit, _ in pairs for place in places(edit)], unknown)

    def _claim(self, place: Claim) -> Claim | None:
        return next((claim for claim in self.mine if claim.same_place(place)), None)

    def _by(self, claim: Claim | None, standing: Value, written: str) -> By:
        """Tell who is behind a value that is not the wanted one."""
        if self.as_left:
            return "us"
        if standing is ABSENT:
            return "unknown"
        return "us" if claim is not None and value_hash(standing) == written else "user"

    def _removals(self, data: Value, edit: RenderedEdit) -> Iterator[Drift]:
        for path in edit.remove:
            standing = lookup(data, path)
            if standing is not ABSENT:
                by: By = "us" if self.as_left else "user"
                yield Drift(self.path, dotted(path), "came back", by, path, standing)

    def _sets(self, data: Value, edit: RenderedEdit, other: RenderedEdit) -> Iterator[Drift]:
        for (path, value), (_, again) in zip(edit.sets, other.sets, strict=True):
            standing = lookup(data, path)
            claim = self._claim(Claim("", "set", path))
            written = "" if claim is None else claim.written
            known = same(value, again)
            if same(standing, value) if known else standing is not ABSENT and value_hash(standing) == written:
                continue
            if not known and claim is None and standing is not ABSENT:
                continue  # it was like this before us, and what it should be is not known here
            kind: Kind = "missing" if standing is ABSENT else "changed"
            by = self._by(claim, standing, written)
            yield Drift(self.path, dotted(path), kind, by, path, standing, value if known else ABSENT)

    def _defaults(self, data: Value, edit: RenderedEdit, other: RenderedEdit) -> Iterator[Drift]:
        for (path, value), (_, again) in zip(edit.defaults, other.defaults, strict=True):
            standing = lookup(data, path)
            claim = self._claim(Claim("", "set", path))
            known = same(value, again)
            if standing is ABSENT:
                by: By = "us" if self.as_left else "unknown"
                yield Drift(self.path, dotted(path), "missing", by, path, ABSENT, value if known else ABSENT)
            elif known and claim is not None and value_hash(standing) == claim.written != value_hash(value):
                yield Drift(self.path, dotted(path), "changed", "us", path, standing, value)

    def _wholes(self, data: Value, edit: RenderedEdit, other: RenderedEdit) -> Iterator[Drift]:
        for whole, again in zip(edit.wholes, other.wholes, strict=True):
            claim = self._claim(Claim("", "whole", whole.path))
            inside = lookup(data, whole.path)
            for (path, value), (_, twin) in zip(whole.sets, again.sets, strict=True):
                standing = lookup(inside, path)
                written = "" if claim is None else claim.keys.get(dotted(path), "")
                known = same(value, twin)
                if same(standing, value) if known else standing is not ABSENT and value_hash(standing) == written:
                    continue
                place = (*whole.path, *path)
                kind: Kind = "missing" if standing is ABSENT else "changed"
                by = self._by(claim, standing, written)
                yield Drift(self.path, dotted(place), kind, by, place, standing, value if known else ABSENT)
            for path, value in whole.defaults:
                if lookup(inside, path) is ABSENT:
                    place = (*whole.path, *path)
                    by = "us" if self.as_left else "unknown"
                    yield Drift(self.path, dotted(place), "missing", by, place, ABSENT, value)

    def _lists(self, data: Value, edit: RenderedEdit, other: RenderedEdit) -> Iterator[Drift]:
        for path, values, known in _list_values(edit, other):
            standing = lookup(data, path)
            if (path, values) in edit.extends and not isinstance(standing, list):
                continue
            for value in values if known else ():
                if find_item(standing, value_hash(value)) is None:
                    by: By = "us" if self.as_left else "unknown"
                    yield Drift(self.path, dotted(path), "missing", by, path, ABSENT, value)

    def _upserts(self, data: Value, edit: RenderedEdit, other: RenderedEdit) -> Iterator[Drift]:
        for upsert, again in zip(edit.upserts, other.upserts, strict=True):
            claim = self._claim(Claim("", "upsert", upsert.at, match=dict(upsert.match)))
            items = lookup(data, upsert.at)
            index = find_match(items, upsert.match)
            name = dotted((*upsert.at, Item(tuple(upsert.match.items()))))
            if index is None:
                yield Drift(self.path, name, "missing", "us" if self.as_left else "unknown", upsert.at)
                continue
            for key in upsert.remove:
                if key in items[index]:
                    place = (*upsert.at, index, key)
                    who: By = "us" if self.as_left else "user"
                    yield Drift(self.path, f"{name}.{key}", "came back", who, place, items[index][key])
            for key, value in upsert.value.items():
                standing = items[index].get(key, ABSENT)
                written = "" if claim is None else claim.keys.get(key, "")
                known = same(value, again.value[key])
                if same(standing, value) if known else standing is not ABSENT and value_hash(standing) == written:
                    continue
                kind: Kind = "missing" if standing is ABSENT else "changed"
                by = self._by(claim, standing, written)
                place = (*upsert.at, index, key)
                yield Drift(self.path, f"{name}.{key}", kind, by, place, standing, value if known else ABSENT)

    def _stale(self, data: Value, wanted: Sequence[Claim], unknown: set[Place]) -> Iterator[Drift]:
        for claim in self.mine:
            if claim.kind == "item" and claim.path in unknown:
                continue
            shared = any(claim.same_place(other) for other in self.others)
            if shared or any(serves(claim, place) for place in wanted):
                continue
            gone = claim.kind == "removed" and claim.before and lookup(data, claim.path) is ABSENT
            if gone or (claim.kind != "removed" and stands(data, claim)):
                yield Drift(self.path, dotted(claim.path), "not wanted any more", "us", claim.path)
        for claim, keys in unwanted_keys(self.mine, wanted):
            shared_keys = {key for other in self.others if other.same_place(claim) for key in other.keys}
            place = (*claim.path, Item(tuple(claim.match.items())))
            for key in keys:
                item = lookup(data, place)
                if key not in shared_keys and item is not ABSENT and as_written(item, key, claim):
                    yield Drift(self.path, dotted((*place, key)), "not wanted any more", "us", (*place, key))


def _list_values(edit: RenderedEdit, other: RenderedEdit) -> Iterator[tuple[Place, tuple[Any, ...], bool]]:
    """Yield lists, what they must contain, and whether that is known without a sign-in."""
    lists, again = (*edit.includes, *edit.extends), (*other.includes, *other.extends)
    for (path, values), (_, others) in zip(lists, again, strict=True):
        yield path, values, same(list(values), list(others))


def _kept(state: State, want: Wanted, snapshots: Mapping[str, Snapshot], *, compare: bool) -> Iterator[Drift]:
    """Look at the files of our own that hold a token for the client."""
    for path, users in state.kept.items():
        if want.profile.id not in users:
            continue
        found = snapshots[path]
        program = is_program(want.kept.get(path) or found.content or b"")
        if not found.content:
            use = "runs it for the token" if program else "reads the token from it"
            yield Drift(path, "", "no file", "unknown", words=f"the client {use}")
        elif found.mode is not None and found.mode & 0o077:
            why = "the client runs it" if program else "the token stands in it"
            yield Drift(path, "", "permissions", "user", words=f"{found.mode:04o}, and {why}")
        elif compare and path in want.kept and found.content.strip() != want.kept[path].strip():
            words = "it is not the program that we wrote" if program else "the token is another one now"
            yield Drift(path, "", "changed", "user" if program else "us", words=words)
