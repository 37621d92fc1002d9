"""What one client's profile wants of one file, turned into operations and claims.

Pure. Values that stand already are neither written nor claimed, so that undo never
takes away what was the user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from aibridge_cli.changes.snapshot import digest
from aibridge_cli.changes.state import Claim, value_hash
from aibridge_cli.changes.takeback import find_item
from aibridge_cli.changes.working import Working
from aibridge_cli.clients.rendered import RenderedEdit, RenderedUpsert, RenderedWhole
from aibridge_cli.documents.editing import document_format, edit, open_document, same
from aibridge_cli.documents.json_document import JsonDocument
from aibridge_cli.documents.operations import (
    ABSENT,
    Append,
    Delete,
    Item,
    KeyPath,
    Operation,
    Place,
    Set,
    Value,
    apply_to_data,
    dotted,
    find_match,
    indexed,
    lookup,
)
from aibridge_cli.errors import DocumentError, UsageError

EMPTY = (value_hash({}), value_hash([]))
"""What is claimed where null stood around something of ours: an empty container that was opened for it."""
_IN_LISTS = ("item", "upsert")


def fulfil(working: Working, client: str, edits: Sequence[RenderedEdit]) -> None:
    """Change the file as the client's profile wants it.

    Args:
        working: The file; its text, claims and secrecy are brought up to date.
        client: The client's id.
        edits: All edits of this client that go to this file.

    Raises:
        FileProblem: Something stands where we need an object or a list.
        UsageError: Another client of ours needs another value there.
    """
    try:
        _Fulfilment(working, client, edits).run()
    except DocumentError as problem:
        raise problem.at(working.snapshot.path) from None


class _Fulfilment:
    def __init__(self, working: Working, client: str, edits: Sequence[RenderedEdit]) -> None:
        self.working = working
        self.client = client
        self.edits = edits
        self.others = tuple(claim for claim in working.claims if claim.client != client)
        self.mine = [claim for claim in working.claims if claim.client == client]
        self.operations: list[Operation] = []
        format_ = document_format(working.format)
        self.user_data = format_.load(working.user_text())
        self.image = "" if working.user is None else digest(working.user)
        self.data: Value = {}

    def run(self) -> None:
        working = self.working
        wanted = [place for edit_ in self.edits for place in places(edit_)]
        stale = tuple(claim for claim in self.mine if not any(serves(claim, place) for place in wanted))
        kept = tuple(claim for claim in working.claims if claim not in stale)
        if stale:
            working.release(stale, kept)
        self.mine = [claim for claim in kept if claim.client == self.client]
        self.data = document_format(working.format).load(working.text)
        for claim, keys in unwanted_keys(tuple(self.mine), wanted):
            self._drop(claim, keys)
        for edit_ in self.edits:
            for path in edit_.remove:
                self._remove(path)
            for path, value in edit_.sets:
                self._set(path, value)
            for path, value in edit_.defaults:
                self._default(path, value)
            for whole in edit_.wholes:
                self._whole(whole)
            for path, values in edit_.includes:
                for value in values:
                    self._include(path, value)
            for path, values in edit_.extends:
                for value in values if isinstance(lookup(self.data, path), list) else ():
                    self._include(path, value)
            for upsert in edit_.upserts:
                self._upsert(upsert)
        working.text = edit(working.format, working.text, self.operations)
        secrets = [place for edit_ in self.edits if edit_.secret for place in places(edit_)]
        claims = (*self.others, *(mine._replace(secret=_among(mine, secrets)) for mine in self.mine))
        if len(claims) != len(working.claims) or any(claim not in working.claims for claim in claims):
            working.claims = claims

    def _do(self, operation: Operation) -> None:
        self.operations.append(operation)
        try:
            self.data = apply_to_data(self.data, operation)
        except DocumentError:
            edit(self.working.format, self.working.text, self.operations)  # raises it with line and column

    def _claim(self, kind: Literal["set", "item", "upsert", "whole", "removed"], path: Place, **more: Any) -> Claim:
        return Claim(self.client, kind, path, image=self.image if more.get("before") else "", **more)

    def _standing(self, claim: Claim) -> Claim | None:
        return next((mine for mine in self.mine if mine.same_place(claim)), None)

    def _note(self, claim: Claim) -> None:
        """Record a claim in place of an earlier one of this client on the same thing."""
        self.mine = [mine for mine in self.mine if not mine.same_place(claim)]
        self.mine.append(claim)

    def _share(self, claim: Claim) -> None:
        """Claim what stands already, when another client of ours put it there."""
        if self._standing(claim) is None:
            other = next((other for other in self.others if other.same_place(claim)), None)
            if other is not None:
                self._note(other._replace(client=self.client))

    def _rivalry(self, path: Place, rival: Claim, words: str) -> UsageError:
        return UsageError(
            f"`{dotted(path)}` in `{self.working.snapshot.path}` is needed by `{rival.client}` {words}"
            f" for `{self.client}`",
            hint=f"`aibridge unconfigure {rival.client}` first",
        )

    def _set(self, path: KeyPath, value: Value) -> None:
        standing = lookup(self.data, path)
        claim = self._claim("set", path, written=value_hash(value))
        if same(standing, value):
            self._share(claim)
            return
        rival = next((other for other in self.others if other.same_place(claim)), None)
        if rival is not None and rival.written != claim.written:
            raise self._rivalry(path, rival, "with another value")
        self._open(path)
        mine = self._standing(claim)
        ours = mine is not None and standing is not ABSENT and value_hash(standing) == mine.written
        self._do(Set(path, value))
        if mine is not None and ours:
            self._note(mine._replace(written=claim.written))
        else:
            before = lookup(self.user_data, path) is not ABSENT
            made = _absent_containers(self.user_data, path)
            self._note(self._claim("set", path, written=claim.written, before=before, made=made))

    def _open(self, path: Place) -> None:
        """Put an empty container where null stands around a path, and remember that it was null."""
        for length in range(1, len(path)):
            above = path[:length]
            if lookup(self.user_data, above) is None:
                empty: Value = [] if isinstance(path[length], int | Item) else {}
                claim = self._claim("set", above, written=value_hash(empty), before=True)
                if lookup(self.data, above) is None:
                    self._do(Set(indexed(self.data, above), empty))
                    self._note(claim)
                else:
                    self._share(claim)

    def _default(self, path: KeyPath, value: Value) -> None:
        ours = self._standing(self._claim("set", path))
        if lookup(self.user_data, path) is ABSENT and (ours is not None or lookup(self.data, path) is ABSENT):
            self._set(path, value)

    def _whole(self, whole: RenderedWhole) -> None:
        standing = lookup(self.data, whole.path)
        rest = [(path, value) for path, value in whole.defaults if lookup(standing, path) is ABSENT]
        new = standing if isinstance(standing, dict) else {}
        for path, value in (*whole.sets, *rest):
            new = apply_to_data(new, Set(path, value))
        keys = {dotted(path): value_hash(value) for path, value in whole.sets}
        claim = self._claim("whole", whole.path, written=value_hash(new), keys=keys)
        if same(standing, new):
            self._share(claim)
            return
        rival = next((other for other in self.others if other.same_place(claim)), None)
        if rival is not None and rival.keys != claim.keys:
            raise self._rivalry(whole.path, rival, "with other values")
        self._open(whole.path)
        self._do(Set(whole.path, new))
        before = lookup(self.user_data, whole.path) is not ABSENT
        made = _absent_containers(self.user_data, whole.path)
        self._note(claim._replace(before=before, image=self.image if before else "", made=made))

    def _remove(self, path: KeyPath) -> None:
        if lookup(self.data, path) is ABSENT:
            self._share(self._claim("removed", path))
            return
        if lookup(self.user_data, path) is ABSENT:
            rival = next(other for other in self.others if other.path[: len(path)] == path)
            raise self._rivalry(path, rival, "and has to go")
        self._do(Delete(path))
        self._note(self._claim("removed", path, before=True))

    def _include(self, path: KeyPath, value: Value) -> None:
        claim = self._claim("item", path, written=value_hash(value))
        if find_item(lookup(self.data, path), claim.written) is not None:
            self._share(claim)
            return
        self._open((*path, 0))
        self._do(Append(path, value))
        self._note(claim._replace(made=_absent_containers(self.user_data, (*path, 0))))

    def _begin_list(self) -> None:
        """Make a list of a text without a value in it, which else means an empty object."""
        document = open_document(self.working.format, self.working.text)
        if self.data == {} and isinstance(document, JsonDocument) and document.root is None:
            self._do(Set((), []))

    def _upsert(self, upsert: RenderedUpsert) -> None:
        if not upsert.at:
            self._begin_list()
        place = lookup(self.data, upsert.at)
        index = find_match(place, upsert.match)
        ours = {**upsert.match, **upsert.value}
        found = {} if index is None else place[index]
        gone = [key for key in upsert.remove if key in found]
        whole = {**{key: value for key, value in found.items() if key not in gone}, **ours}
        keys = {key: value_hash(value) for key, value in ours.items()} | dict.fromkeys(gone, "")
        claim = self._claim("upsert", upsert.at, match=dict(upsert.match), keys=keys, written=value_hash(whole))
        if index is not None and same(found, whole):
            self._share(claim)
            return
        rival = next((other for other in self.others if other.same_place(claim)), None)
        if index is not None and rival is not None:
            raise self._rivalry(upsert.at, rival, "with another value")
        if index is None:
            self._open((*upsert.at, 0))
            self._do(Append(indexed(self.data, upsert.at), ours))
        for key in gone:
            self._do(Delete((*indexed(self.data, upsert.at), index or 0, key)))
        for key, value in ours.items():
            if index is not None and not same(found.get(key, ABSENT), value):
                self._do(Set((*indexed(self.data, upsert.at), index, key), value))
        before = find_match(lookup(self.user_data, upsert.at), upsert.match) is not None
        made = _absent_containers(self.user_data, (*upsert.at, 0))
        mine = self._standing(claim)
        if mine is not None:  # a profile may say different keys of one object in different edits
            claim = claim._replace(keys={**mine.keys, **claim.keys})
        self._note(claim._replace(before=before, image=self.image if before else "", made=made))

    def _drop(self, claim: Claim, keys: Sequence[str]) -> None:
        """Take keys that are as we wrote them out of an object of ours in which they are not wanted any more."""
        shared = {key for other in self.others if other.same_place(claim) for key in other.keys}
        for key in keys:
            items = lookup(self.data, claim.path)
            index = find_match(items, claim.match)
            if key in shared or index is None or not as_written(items[index], key, claim):
                continue
            earlier = lookup(self.user_data, claim.path)
            was = find_match(earlier, claim.match)
            place = (*indexed(self.data, claim.path), index, key)
            before = ABSENT if was is None else earlier[was].get(key, ABSENT)
            self._do(Delete(place) if before is ABSENT else Set(place, before))
            claim = claim._replace(written=value_hash(lookup(self.data, place[:-1])))
        self._note(claim._replace(keys={key: value for key, value in claim.keys.items() if key not in keys}))


def as_written(item: Value, key: str, claim: Claim) -> bool:
    """Tell whether a key of an object of ours is as we left it: with what we wrote, or taken out."""
    if not claim.keys[key]:
        return key not in item
    return key in item and value_hash(item[key]) == claim.keys[key]


def unwanted_keys(claims: Iterable[Claim], wanted: Sequence[Claim]) -> Iterator[tuple[Claim, list[str]]]:
    """Yield the claims on objects of lists of which only some keys are wanted still, with the others.

    Args:
        claims: What is a client's.
        wanted: What its edits are about, from `places`.
    """
    for claim in claims:
        inside = {key for place in wanted if place.same_place(claim) for key in place.keys}
        keys = [key for key in claim.keys if key not in inside]
        if inside and keys:
            yield claim, keys


def _absent_containers(data: Value, path: Place) -> int:
    """Return how many of the containers around `path` do not exist; where null stands, undo puts it back."""
    return sum(lookup(data, path[:length]) is ABSENT for length in range(1, len(path)))


def serves(claim: Claim, place: Claim) -> bool:
    """Tell whether a claim is on what is wanted, or is the empty container that was made for it."""
    if place.same_place(claim):
        return True
    within = place.path[: len(claim.path)] == claim.path and (place.path != claim.path or place.kind in _IN_LISTS)
    return within and claim.kind == "set" and claim.before and claim.written in EMPTY


def _among(claim: Claim, wanted: Sequence[Claim]) -> bool:
    return any(place.same_place(claim) for place in wanted)


def places(edit_: RenderedEdit) -> list[Claim]:
    """Return, as bare claims, everything that the edit is about."""
    found = [Claim("", "removed", path) for path in edit_.remove]
    found += [Claim("", "set", path) for path, _ in (*edit_.sets, *edit_.defaults)]
    found += [Claim("", "whole", whole.path) for whole in edit_.wholes]
    lists = (*edit_.includes, *edit_.extends)
    found += [Claim("", "item", path, value_hash(value)) for path, values in lists for value in values]
    for upsert in edit_.upserts:
        keys = dict.fromkeys((*upsert.match, *upsert.value, *upsert.remove), "")
        found.append(Claim("", "upsert", upsert.at, match=dict(upsert.match), keys=keys))
    return found
