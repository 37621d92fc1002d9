from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import jsonc as independent_reader  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aibridge_cli.documents import jsonc, strict_json
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.json_text import blanked
from aibridge_cli.documents.operations import (
    Append,
    Delete,
    KeyPath,
    Operation,
    Put,
    Set,
    apply_to_data,
    lookup,
    same,
)
from aibridge_cli.errors import DocumentError

KEYS = ["a", "b", "c", "env", "", "å", "x.y", "//", 'q"', "back\\", "\u2028", "😀"]
OURS = ["ours", "ours too"]
SCALARS = [
    *("null", "true", "false", "0", "-0", "1", "1.0", "1.10", "1E+2", "12345678901234567890", '""', '"å☃"'),
    *('"//"', '"/* no */"', '"a,]"', '", }"', r'"\u00e5"', r'"\ud800"', r'"\"{"', r'"\\"'),
]
NEW: list[Any] = [1, 1.0, True, None, "s", {}, [], {"k": 1}, ["v", {"w": {}}]]


class Writer:
    """Writes random texts, in the style of one person or of none.

    Args:
        random: Where the choices come from.
        comments: Whether there may be comments and trailing commas.
    """

    def __init__(self, random: Random, *, comments: bool) -> None:
        self.random = random
        self.comments = comments
        self.newline = random.choice(["\n", "\n", "\r\n", "\r"])
        self.unit = random.choice(["  ", "    ", "\t", "   ", ""])
        self.colon = random.choice([": ", ":", " : "])
        self.trailing = comments and random.random() < 0.4
        self.talk = random.choice([0, 0.1, 0.4]) if comments else 0
        self.inline = random.choice([0, 0.2, 1])
        self.wild = random.random() < 0.4
        self.remarks = 0

    def text(self) -> str:
        """Return a document: mostly an object, at times any value or none."""
        before, after = self.space(), self.space()
        root = self.random.random()
        if root < 0.05:
            return before
        value = self.value(3, "") if root < 0.1 else self.container("{}", 3, "")
        return before + value + after

    def remark(self, *forms: str) -> str:
        self.remarks += 1
        return self.random.choice(forms) % self.remarks

    def block(self) -> str:
        return self.remark("/* %d */", "/*%d,*/", "/***%d*/", "/*%d, ]\n*/")

    def line(self) -> str:
        return self.remark("// %d", '//%d "x": {', "//%d, ]", "/* %d */")

    def space(self) -> str:
        """Return what a careless hand puts between two tokens."""
        parts = [" ", "\t", self.newline, self.newline]
        if self.comments:
            parts += [self.block(), self.line() + self.newline]
        return "".join(self.random.choices(parts, k=self.random.choice([0, 0, 1, 2])))

    def value(self, depth: int, indent: str) -> str:
        if not depth or self.random.random() < 0.4:
            return self.random.choice(SCALARS)
        return self.container(self.random.choice(["{}", "{}", "[]"]), depth, indent)

    def container(self, brackets: str, depth: int, indent: str) -> str:
        count = self.random.choice([0, 1, 1, 2, 3])
        if self.wild:
            return self.careless(brackets, depth, count)
        deeper = indent + self.unit
        names = [self.key() + self.colon if brackets == "{}" else "" for _ in range(count)]
        members = [name + self.value(depth - 1, deeper) for name in names]
        if not members or self.random.random() < self.inline:
            pad = self.random.choice(["", " "]) if brackets == "{}" and members else ""
            return brackets[0] + pad + ", ".join(members) + pad + brackets[1]
        lines = []
        for index, member in enumerate(members):
            if self.random.random() < self.talk:
                lines.append(deeper + self.line())
            comma = "," if index < count - 1 or self.trailing else ""
            lines.append(deeper + member + comma + (" " + self.line() if self.random.random() < self.talk else ""))
        if self.random.random() < self.talk:
            lines.append(deeper + self.line())
        return self.newline.join([brackets[0], *lines, indent + brackets[1]])

    def careless(self, brackets: str, depth: int, count: int) -> str:
        members = []
        for _ in range(count):
            name = self.key() + self.space() + ":" + self.space() if brackets == "{}" else ""
            members.append(self.space() + name + self.value(depth - 1, "") + self.space())
        end = "," + self.space() if members and self.trailing else "" if members else self.space()
        return brackets[0] + ",".join(members) + end + brackets[1]

    def key(self) -> str:
        return json.dumps(self.random.choice(KEYS), ensure_ascii=self.random.random() < 0.5)


def texts(*, comments: bool = True) -> st.SearchStrategy[str]:
    """Return a strategy for documents."""
    return st.randoms(use_true_random=False).map(lambda random: Writer(random, comments=comments).text())


def paths(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of all values, the root first."""
    yield path
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from paths(value, (*path, key))


def objects(data: Any) -> list[KeyPath]:
    """Return the paths of all objects."""
    return [path for path in paths(data) if isinstance(lookup(data, path), dict)]


def members(data: Any) -> list[KeyPath]:
    """Return the paths of all values but the root that are reached by keys alone."""
    return [path for path in paths(data) if path and all(isinstance(key, str) for key in path)]


def has_duplicates(text: str) -> bool:
    """Tell whether an object has two members of the same name."""
    found = False

    def members_of(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({key for key, _ in pairs}) < len(pairs)

    json.loads(blanked(text).strip() or "{}", object_pairs_hook=members_of)
    return found


def is_subsequence(part: list[str] | str, whole: list[str] | str) -> bool:
    """Tell whether `part` is what is left of `whole` when some of it is left out."""
    rest = iter(whole)
    return all(each in rest for each in part)


@given(texts())
def test_reading(text: str) -> None:
    """A text means what another reader takes it for, and is itself when nothing is done to it."""
    data = jsonc.load(text)
    assert jsonc.splice(text, []) == text
    assert same(jsonc.document(text).data, data)
    if "\r" not in text.replace("\r\n", "") and blanked(text).strip():  # the other ends comments at LF only
        assert same(independent_reader.loads(text), data)


@given(texts(comments=False))
def test_reading_strictly(text: str) -> None:
    """Plain JSON means what the standard library takes it for, in both formats."""
    data = json.loads(text.strip() or "{}")
    assert same(strict_json.load(text), data)
    assert same(jsonc.load(text), data)


@given(texts(), st.integers(0), st.sampled_from([*',[]{}":/*\\ \n1-e', "//", "\u00a0", ""]), st.integers(0, 3))
def test_reading_what_is_broken(text: str, at: int, inserted: str, cut: int) -> None:
    """A text with a flaw is refused with its place by all readers alike, or is not flawed."""
    at %= len(text) + 1
    text = text[:at] + inserted + text[at + cut :]
    outcomes = []
    for reader in (jsonc.load, lambda text: jsonc.document(text).data):
        try:
            outcomes.append(reader(text))
        except DocumentError as error:
            outcomes.append((error.message, 0 < error.line <= text.count("\n") + text.count("\r") + 1))
    assert outcomes[0] == outcomes[1] or {True} == {outcome[1] for outcome in outcomes}


@given(texts(), st.data())
def test_any_operations(text: str, data: st.DataObject) -> None:
    """Any operations mean for the text what they mean for its data, or are refused with it."""
    before = jsonc.load(text)
    known = list(paths(before))
    operations: list[Operation] = []
    for _ in range(data.draw(st.integers(1, 4))):
        beyond = data.draw(st.lists(st.sampled_from([*KEYS, *OURS]), max_size=2))
        path = (*data.draw(st.sampled_from(known)), *beyond)
        value = data.draw(st.sampled_from(NEW))
        prune = data.draw(st.integers(0, 2))
        choices: list[Operation] = [Set(path, value), Append(path, value), Delete(path, prune)]
        operations.append(data.draw(st.sampled_from(choices)))
    expected = before
    try:
        for operation in operations:
            expected = apply_to_data(expected, operation)
    except DocumentError as error:
        with pytest.raises(DocumentError, match=re.escape(error.message)):
            edit("jsonc", text, operations)
    else:
        assert same(jsonc.load(edit("jsonc", text, operations)), expected)


@given(texts(), st.data())
def test_ours_and_back(text: str, data: st.DataObject) -> None:
    """New members only add to a text; done again they add nothing; taken out they leave the text as it was."""
    before = jsonc.load(text)
    assume(isinstance(before, dict))
    base = data.draw(st.sampled_from(objects(before)))
    deep = data.draw(st.booleans())
    values = st.sampled_from(NEW)
    ours = [Set((*base, "ours", "deep") if deep else (*base, "ours"), data.draw(values))]
    ours += [Set((*base, "ours too"), data.draw(values))] * data.draw(st.integers(0, 1))
    edited = edit("jsonc", text, ours)
    assert edit("jsonc", edited, ours) == edited
    assert jsonc.remarks(edited) == jsonc.remarks(text)
    taken = data.draw(st.permutations([Delete(each.path, len(each.path) - len(base) - 1) for each in ours]))
    back = edit("jsonc", edited, taken)
    assert same(jsonc.load(back), before)
    assert jsonc.remarks(back) == jsonc.remarks(text)
    if lookup(before, base):
        assert is_subsequence(text, edited)
        assert back == text


@given(texts(), st.data())
def test_a_value_and_back(text: str, data: st.DataObject) -> None:
    """A value that was replaced comes back as it was written, and nothing else moved meanwhile."""
    before = jsonc.load(text)
    known = [path for path in paths(before) if path]
    assume(known)
    path = data.draw(st.sampled_from(known))
    edited = edit("jsonc", text, [Set(path, "a value of ours")])
    head, _, tail = edited.partition('"a value of ours"')
    assert text.startswith(head)
    assert text.endswith(tail)
    assert edit("jsonc", edited, [Put(path, text)]) == text


@given(texts(), st.data())
def test_a_member_and_back(text: str, data: st.DataObject) -> None:
    """A member that was taken out comes back, byte for byte where no name stands twice."""
    before = jsonc.load(text)
    known = members(before)
    assume(known)
    path = data.draw(st.sampled_from(known))
    edited = edit("jsonc", text, [Delete(path)])
    back = edit("jsonc", edited, [Put(path, text)])
    assert same(jsonc.load(back), before)
    assert is_subsequence(jsonc.remarks(edited), jsonc.remarks(back))
    if not has_duplicates(text):
        assert back == text


@given(texts(comments=False), st.data())
def test_members_and_back(text: str, data: st.DataObject) -> None:
    """Several members that were taken out come back in the order in which they stood."""
    assume(not has_duplicates(text))
    before = json.loads(text.strip() or "{}")
    known = members(before)
    assume(known)
    taken = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=4))
    edited = edit("json", text, [Delete(path, 1) for path in taken])
    back = edit("json", edited, [Put(path, text) for path in taken])
    assert json.dumps(json.loads(back)) == json.dumps(before)


@given(texts(), st.data())
def test_ours_with_an_edit_of_theirs_and_back(text: str, data: st.DataObject) -> None:
    """When ours is taken out, an edit that was made elsewhere meanwhile stays as if ours had never been."""
    before = jsonc.load(text)
    known = members(before)
    assume(known)
    base = data.draw(st.sampled_from(objects(before)))
    beside = [path for path in objects(before) if all(isinstance(key, str) for key in path)]
    theirs: Operation = data.draw(
        st.one_of(
            st.sampled_from(known).map(lambda path: Set(path, "theirs")),
            st.sampled_from(beside).map(lambda path: Set((*path, "theirs"), "new")),
        )
    )
    assume(theirs.path != base[: len(theirs.path)])
    ours = [Set((*base, "ours"), 1), Set((*base, "ours too"), {"x": []})]
    edited = edit("jsonc", edit("jsonc", text, ours), [theirs])
    back = edit("jsonc", edited, [Delete(each.path) for each in ours])
    alone = edit("jsonc", text, [theirs])
    assert same(jsonc.load(back), jsonc.load(alone))
    assert jsonc.remarks(back) == jsonc.remarks(alone)
    if lookup(before, base):
        assert back == alone
