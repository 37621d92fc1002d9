"""Taking our keys out of a text that may have been edited since.

Pure. A key that no longer holds what we wrote belongs to whoever changed it and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from aibridge_cli.changes.state import Claim, value_hash
from aibridge_cli.clients.trees import leaves
from aibridge_cli.documents.editing import document_format, edit
from aibridge_cli.documents.operations import (
    ABSENT,
    Delete,
    KeyPath,
    Operation,
    Put,
    Set,
    Value,
    apply_to_data,
    dotted,
    find_match,
    indexed,
    lookup,
)

_TELLING = 20
"""Characters of a text that nobody else has written by chance; a token has 33."""


class TakenBack(NamedTuple):
    """A text without the given claims.

    Args:
        text: What is left.
        stayed: The keys, as dotted words, that were changed since and so were left alone.
        gone: Lists out of which an object of ours went although it was edited since.
        elsewhere: Keys at which the token was put by somebody else's edit, in an object that got another name, say.
    """

    text: str
    stayed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


def take_back(
    format_name: str, text: str, claims: Iterable[Claim], image: Callable[[str], str], others: tuple[Claim, ...] = ()
) -> TakenBack:
    """Return the text without our keys, with what stood before put back.

    Args:
        format_name: The document format.
        text: The text as it is now.
        claims: What to take back; the last one done goes first.
        image: Gives the text of a kept copy by its hash.
        others: Claims that stay: what they share with `claims` is left in place.

    Raises:
        DocumentError: The text is not valid any more.
    """
    claims = tuple(claims)
    data = document_format(format_name).load(text)
    operations: list[Operation] = []
    met: dict[_Met, list[str]] = {"as left": [], "stayed": [], "gone": []}
    for claim in reversed(claims):
        if any(claim.same_place(other) for other in others):
            continue
        operation, put, found = _inverse(format_name, data, claim, image)
        met[found].append(dotted(claim.path))
        if operation is not None:
            data = apply_to_data(data, operation, put)
            operations.append(operation)
    left = () if any(other.secret for other in others) else tuple(_secrets_in(data, _secrets(claims)))
    return TakenBack(edit(format_name, text, operations), tuple(met["stayed"]), tuple(met["gone"]), left)


def _secrets(claims: Iterable[Claim]) -> set[str]:
    """Return the hashes of what we wrote where the token may stand."""
    secret = [claim for claim in claims if claim.secret]
    return {written for claim in secret for written in (claim.written, *claim.keys.values()) if written}


def _secrets_in(value: Value, written: set[str], key: KeyPath = ()) -> Iterator[str]:
    """Yield, as dotted words, where one of these values stands, but for addresses and what is too short to tell."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    telling = len(value) >= _TELLING and "://" not in value if isinstance(value, str) else bool(inside)
    if telling and value_hash(value) in written:
        yield dotted(key)
        return
    for name, member in inside:
        yield from _secrets_in(member, written, (*key, name))


def shows_traces(data: Value, claims: tuple[Claim, ...]) -> bool:
    """Tell whether data still holds something that we wrote.

    If not, somebody wrote the file anew, or it is another one. Claims that wrote nothing
    leave no trace, so there the answer is yes.
    """
    wrote = [claim for claim in claims if claim.written]
    return not wrote or any(stands(data, claim) for claim in wrote)


def stands(data: Value, claim: Claim) -> bool:
    """Tell whether something that we wrote for the claim is there still."""
    standing = lookup(data, claim.path)
    match claim.kind:
        case "item":
            return find_item(standing, claim.written) is not None
        case "upsert":
            index = find_match(standing, claim.match)
            return index is not None and (bool(_ours(standing[index], claim)) or not _written(claim))
        case "whole":
            return _holds_ours(standing, claim)
        case _:
            return standing is not ABSENT and value_hash(standing) == claim.written


_Met = Literal["as left", "stayed", "gone"]
_Inverse = tuple[Operation | None, Value, _Met]


def _inverse(format_name: str, data: Value, claim: Claim, image: Callable[[str], str]) -> _Inverse:
    """Return the operation that takes one claim back, what it puts, and whether a change was met."""
    if claim.kind == "upsert":
        return _inverse_of_upsert(format_name, data, claim, image)
    standing = lookup(data, claim.path)
    if standing is ABSENT and claim.kind != "removed":
        return None, ABSENT, "as left"
    path = indexed(data, claim.path)
    match claim.kind:
        case "set":
            if value_hash(standing) != claim.written:
                return None, ABSENT, "stayed"
            if claim.before:
                return _put(format_name, path, claim, image)
            return Delete(path, prune=claim.made), ABSENT, "as left"
        case "whole":
            as_left = value_hash(standing) == claim.written
            if not as_left and not _holds_ours(standing, claim):
                return None, ABSENT, "stayed"
            if claim.before:
                return (*_put(format_name, path, claim, image)[:2], "as left" if as_left else "gone")
            return Delete(path, prune=claim.made), ABSENT, "as left" if as_left else "gone"
        case "removed":
            return _put(format_name, path, claim, image) if standing is ABSENT else (None, ABSENT, "as left")
        case _:
            index = find_item(standing, claim.written)
            if index is None:
                return None, ABSENT, "as left"
            return Delete((*path, index), prune=claim.made), ABSENT, "as left"


def _inverse_of_upsert(format_name: str, data: Value, claim: Claim, image: Callable[[str], str]) -> _Inverse:
    """Take an object of ours out of a list, or our values out of the user's object.

    An object that we made goes as a whole as long as anything of ours is in it, edited or
    not: what is left without our address or token could harm the rest of the file, and
    with them it would leave the token behind.
    """
    standing = lookup(data, claim.path)
    index = find_match(standing, claim.match)
    if index is None:
        return None, ABSENT, "as left"
    item, place = standing[index], (*indexed(data, claim.path), index)
    as_left = value_hash(item) == claim.written
    ours = _ours(item, claim)
    removed = {key for key, written in claim.keys.items() if not written and claim.before}
    if not as_left and not ours and not removed:
        return None, ABSENT, "stayed"
    earlier = lookup(document_format(format_name).load(image(claim.image)), claim.path) if claim.before else []
    was = find_match(earlier, claim.match)
    if was is None:
        return Delete(place, prune=claim.made), ABSENT, "as left" if as_left else "gone"
    before = earlier[was]
    if as_left:
        return Set(place, before), ABSENT, "as left"
    restored = {
        key: before[key] if key in ours else value for key, value in item.items() if key not in ours or key in before
    }
    restored |= {key: value for key, value in before.items() if key in removed - item.keys()}
    return Set(place, restored), ABSENT, "as left" if ours == _written(claim) else "stayed"


def _ours(item: Value, claim: Claim) -> set[str]:
    """Return the keys of an object that hold what we wrote, those that identify it aside."""
    return {key for key in _written(claim) if key in item and value_hash(item[key]) == claim.keys[key]}


def _written(claim: Claim) -> set[str]:
    """Return the keys of an object that we wrote, those that identify it aside."""
    return {key for key, written in claim.keys.items() if written and key not in claim.match}


def _holds_ours(standing: Value, claim: Claim) -> bool:
    """Tell whether an object that is ours as one still has a value of ours; the client may have rewritten the rest."""
    inside = leaves(standing) if isinstance(standing, dict) else ()
    return any(claim.keys.get(dotted(path)) == value_hash(value) for path, value in inside)


def _put(format_name: str, path: KeyPath, claim: Claim, image: Callable[[str], str]) -> _Inverse:
    source = image(claim.image)
    data = document_format(format_name).load(source)
    before = lookup(data, claim.path)
    # an object on the way may have stood elsewhere in its list
    back = Put(path, source) if indexed(data, claim.path) == path else Set(path, before)
    return back, before, "as left"


def find_item(standing: Value, written: str) -> int | None:
    """Return the index of the list's last item with this hash, or None."""
    items = standing if isinstance(standing, list) else []
    return next((index for index in reversed(range(len(items))) if value_hash(items[index]) == written), None)
