"""Each key that is ours, or would be: what it is for, and what stood there before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from aibridge_cli.changes.desire import EMPTY, places
from aibridge_cli.changes.plan import choose
from aibridge_cli.changes.snapshot import Snapshot
from aibridge_cli.changes.state import Claim, State, value_hash
from aibridge_cli.changes.takeback import find_item, stands
from aibridge_cli.clients.rendered import RenderedEdit, RenderedWhole
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.encoding import decode
from aibridge_cli.documents.operations import ABSENT, Place, Set, Value, apply_to_data, dotted, find_match, lookup
from aibridge_cli.errors import AibridgeError, DocumentError

Standing = Literal["as we wrote it", "changed since", "gone", "was so before us", "not set yet"]
Images = Callable[[str], bytes]
"""Gives the bytes of a kept copy by its hash."""


class Explained(NamedTuple):
    """One key of one file.

    Args:
        path: The file, as the client names it.
        key: The key or list, as dotted words.
        kind: `set` (a value), `item` (a value in a list), `upsert` (an object in a list),
            `whole` (an object with all that is in it) or `removed` (taken out).
        place: The key path, for showing values.
        standing: How it is now.
        value: What stands there, or would; `ABSENT` for nothing.
        before: What stood there before us, or does now where we are not yet; `ABSENT` for nothing.
        why: What it is for, and where that is documented.
        problem: Why `before` is not known; "" when it is.
    """

    path: str
    key: str
    kind: Literal["set", "item", "upsert", "whole", "removed"]
    place: Place
    standing: Standing
    value: Value
    before: Value
    why: str = ""
    problem: str = ""


def explain_claims(
    state: State, client: str, contents: Mapping[str, bytes | None], images: Images, documented: Mapping[str, str]
) -> Iterator[Explained]:
    """Yield what is a client's of ours, in the order in which it was done.

    Args:
        state: What we own.
        client: Its id.
        contents: By real path, the files of the state as they are; None for one that is gone.
        images: Kept copies.
        documented: For keys, as dotted words, why and where documented.
    """
    for target, entry in state.files.items():
        # an empty container that was opened around something of ours is nothing by itself
        opened = [claim for claim in entry.claims if claim.before and claim.written in EMPTY]
        mine = [claim for claim in entry.claims if claim.client == client and claim not in opened]
        if not mine:
            continue
        data = _read(entry.format, contents[target])
        for claim in mine:
            before, problem = _before(entry.format, claim, images)
            found = _found(data, claim)
            if claim.kind == "removed":
                standing: Standing = "as we wrote it" if found is ABSENT else "changed since"
            elif found is ABSENT:
                standing = "gone"
            else:
                standing = "as we wrote it" if _as_written(data, claim, found) else "changed since"
            why = reason(documented, claim.path)
            key = dotted(claim.path)
            yield Explained(entry.path, key, claim.kind, claim.path, standing, found, before, why, problem)


def explain_wanted(
    edits: Iterable[RenderedEdit],
    snapshots: Mapping[str, Snapshot],
    documented: Mapping[str, str],
    ours: Iterable[tuple[str, Claim]] = (),
) -> Iterator[Explained]:
    """Yield what a profile wants and is not ours: yet, or because it was so before us.

    Args:
        edits: The profile's, with placeholders filled in.
        snapshots: By path, every candidate file.
        documented: For keys, as dotted words, why and where documented.
        ours: What is ours already, by the file's real path.
    """
    taken = list(ours)
    for edit in edits:
        snapshot = choose(edit, snapshots)
        data = _read(edit.format, snapshot.content)
        defaults = {path for path, _ in edit.defaults}
        for place, value in zip(places(edit), _values(edit), strict=True):
            if any(target == snapshot.target and claim.same_place(place) for target, claim in taken):
                continue
            taken.append((snapshot.target, place))
            found = _found(data, place)
            same = found is ABSENT if place.kind == "removed" else value_hash(found) == value_hash(value)
            theirs = place.path in defaults and found is not ABSENT  # ours is for where there is none
            standing: Standing = "was so before us" if same or theirs else "not set yet"
            why = reason(documented, place.path)
            shown = found if theirs else value
            yield Explained(snapshot.path, dotted(place.path), place.kind, place.path, standing, shown, found, why)


def reason(documented: Mapping[str, str], path: Place) -> str:
    """Return what is documented of a key, or of the nearest key around it."""
    for length in range(len(path), 0, -1):
        if dotted(path[:length]) in documented:
            return documented[dotted(path[:length])]
    return ""


def _values(edit: RenderedEdit) -> list[Value]:
    """Return the value for each of `places(edit)`, in its order."""
    lists = (*edit.includes, *edit.extends)
    return [
        *(ABSENT for _ in edit.remove),
        *(value for _, value in (*edit.sets, *edit.defaults)),
        *(_object(whole) for whole in edit.wholes),
        *(value for _, values in lists for value in values),
        *({**upsert.match, **upsert.value} for upsert in edit.upserts),
    ]


def _object(whole: RenderedWhole) -> Value:
    data: Value = {}
    for path, value in (*whole.defaults, *whole.sets):
        data = apply_to_data(data, Set(path, value))
    return data


def _read(format_name: str, content: bytes | None) -> Value:
    if content is None:
        return ABSENT
    try:
        return document_format(format_name).load(decode(content).text)
    except DocumentError:
        return ABSENT


def _found(data: Value, claim: Claim) -> Value:
    standing = lookup(data, claim.path)
    match claim.kind:
        case "item":
            index = find_item(standing, claim.written)
        case "upsert":
            index = find_match(standing, claim.match)
        case _:
            return standing
    return ABSENT if index is None else standing[index]


def _as_written(data: Value, claim: Claim, found: Value) -> bool:
    return value_hash(found) == claim.written if claim.kind == "upsert" else stands(data, claim)


def _before(format_name: str, claim: Claim, images: Images) -> tuple[Value, str]:
    if not claim.before:
        return ABSENT, ""
    try:
        data = document_format(format_name).load(decode(images(claim.image)).text)
    except AibridgeError as problem:
        return ABSENT, problem.message
    return _found(data, claim._replace(written="")) if claim.kind == "upsert" else lookup(data, claim.path), ""
