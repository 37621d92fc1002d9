"""What stood in an earlier text, back into the present one, as and where it was written.

What `aibridge_cli.documents.toml_lines.without` takes out of the earlier text is what
comes back, blank lines included; where the surroundings are still the same, that gives the same bytes.
"""

from __future__ import annotations

from aibridge_cli.documents.operations import KeyPath, dotted, lookup
from aibridge_cli.documents.toml_additions import add, removed, replaced
from aibridge_cli.documents.toml_layout import Layout, Spot, survey
from aibridge_cli.documents.toml_lines import spaced_block, taken_out, with_block
from aibridge_cli.documents.toml_lists import added, spliced
from aibridge_cli.documents.toml_places import section_end, table_place
from aibridge_cli.documents.toml_reading import load
from aibridge_cli.documents.toml_values import Raw
from aibridge_cli.errors import DocumentError


def restored(text: str, path: KeyPath, source: str) -> str:
    """Return `text` with what `source` has at `path`, as it is written there.

    Raises:
        DocumentError: `source` has nothing at `path`, or it has no place in `text`.
    """
    there = survey(source)
    origin = there.find(path)
    if origin is None:
        raise DocumentError(f"the earlier text has no `{dotted(path)}`")
    if not path:
        return source
    here = survey(text)
    spot = here.find(path)
    if origin.value is not None and spot is not None and spot.value is not None:
        return replaced(here, spot, source[origin.value.start : origin.value.end])
    if spot is not None:
        if _as_written(here, spot) == _as_written(there, origin):
            return text
        text = removed(text, path)
    if origin.box is not None or _inside_a_value(survey(text), path):
        return _into_a_value(text, path, there, origin)
    for run in _pieces(there, origin):
        text = _put_back(text, there, run)
    return text


def _as_written(layout: Layout, spot: Spot) -> list[str]:
    return [layout.raw(index) for index in spot.statements]


def _inside_a_value(layout: Layout, path: KeyPath) -> bool:
    spots = (layout.find(path[:length]) for length in range(1, len(path)))
    return any(spot is not None and (spot.value or spot.box) is not None for spot in spots)


def _into_a_value(text: str, path: KeyPath, there: Layout, origin: Spot) -> str:
    """Put an entry of an inline table back, behind the one that it stood behind."""
    if origin.value is None:
        return add(text, path, lookup(load(there.text), path))
    raw = Raw(there.text[origin.value.start : origin.value.end])
    here = survey(text)
    table = here.find(path[:-1])
    if origin.box is None or table is None or table.value is None:
        return add(text, path, raw)
    index = origin.entries[0]
    entry = origin.box.entries[index]
    if table.value.bracket != "{" or entry.key != path[-1:]:
        return add(text, path, raw)
    here.guard(table.statements[0])
    keys = [present.key for present in table.value.entries]
    ahead = [keys.index(earlier.key) for earlier in origin.box.entries[:index] if earlier.key in keys]
    after = ahead[-1] if ahead else -1 if index == 0 else len(keys) - 1
    return spliced(text, added(text, table.value, there.text[entry.start : entry.end], after))


def _pieces(there: Layout, origin: Spot) -> list[list[int]]:
    """Return the runs of statements to put back; none has pairs of an earlier section above a header."""
    pieces = []
    for run in taken_out(there, origin.statements):
        header = next((at for at, index in enumerate(run) if there.sections[index] == index), 0)
        while header and there.kind(run[header - 1]) == "blank":
            header -= 1
        pieces += [piece for piece in (run[:header], run[header:]) if piece]
    return pieces


def _put_back(text: str, there: Layout, run: list[int]) -> str:
    here = survey(text)
    first = next(index for index in run if there.kind(index) != "blank")
    is_header = there.sections[first] == first
    base, base_there = _neighbour(here, there, first)
    at = None
    if is_header or _has_section(here, there, first):
        at = _behind_the_same(here, there, base, range(base_there + 1, run[0]))
    if at is not None and here.fence_at(at) is None and not (is_header and _parts_section(here, at)):
        return with_block(here, at, "".join(there.raw(index) for index in run))
    block = "".join(there.raw(index) for index in run if there.kind(index) != "blank")
    if is_header:
        place = there.section_place(first)
        at = section_end(here, here.sections[base]) if base >= 0 else len(here.statements)
        if base < 0 or here.fence_at(at) is not None:
            at = table_place(here, place[:-1], place).at
        return with_block(here, at, spaced_block(here, at, block))
    if base >= 0 and here.fence_at(base + 1) is None and _has_section(here, there, first):
        return with_block(here, base + 1, block)
    for index, place in there.placed():
        value = there.statements[index].value
        if index in run and value is not None:
            text = add(text, place, Raw(there.text[value.start : value.end]))
    return text


def _has_section(here: Layout, there: Layout, pair: int) -> bool:
    """Tell whether the section of a pair there is here too, and is where its key belongs here."""
    section, place = there.section_place(pair), there.places[pair] or ()
    nearer = (place[:length] for length in range(len(section) + 1, len(place)))
    present = not section or here.header(section) >= 0
    return present and all(here.header(table) < 0 for table in nearer)


def _neighbour(here: Layout, there: Layout, first: int) -> tuple[int, int]:
    """Return the nearest statement above the one at `first` there that is still here: its index here and there.

    For a pair it is in the same section. Both are -1, the top of the file, when there is none.
    """
    header = there.sections[first]
    for candidate, place in reversed(tuple(there.placed())):
        if candidate >= first or (header not in {first, there.sections[candidate]}):
            continue
        is_header = there.sections[candidate] == candidate
        for index, present in here.placed():
            if present == place and (here.sections[index] == index) == is_header:
                return index, candidate
    return -1, -1


def _behind_the_same(here: Layout, there: Layout, base: int, between: range) -> int | None:
    """Return the place here that has the same above it as the end of `between` has there.

    Either all comments and blank lines since the neighbour are the same, or the last
    is a comment and all comments are still here.
    """
    trivia = [index for index in between if there.places[index] is None]
    at = base + 1
    if len(trivia) == len(between) and all(
        here.kind(at + step) == there.kind(index) and here.raw(at + step).strip() == there.raw(index).strip()
        for step, index in enumerate(trivia)
    ):
        return at + len(trivia)
    wanted = [there.raw(index).strip() for index in trivia if there.kind(index) == "comment"]
    if not wanted or there.kind(trivia[-1]) != "comment":
        return None
    while wanted and here.kind(at) in {"blank", "comment"}:
        if here.raw(at).strip() == wanted[0]:
            wanted.pop(0)
        at += 1
    return None if wanted else at


def _parts_section(here: Layout, at: int) -> bool:
    """Tell whether a header before statement `at` would take pairs from the section above."""
    following = next((i for i, _ in here.placed() if i >= at), None)
    return following is not None and here.sections[following] != following
