"""Whatever a file that is a list looks like: our items only add to it, and taken out they leave it as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from aibridge_cli.documents import jsonc
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, KeyPath, Operation, Set, lookup, same
from tests.documents.test_jsonc_properties import NEW, Writer, is_subsequence, paths


def list_texts() -> st.SearchStrategy[str]:
    """Return a strategy for documents that are lists, of objects mostly."""

    def written(random: Any) -> str:
        writer = Writer(random, comments=True)
        return writer.space() + writer.container("[]", 3, "") + writer.space()

    return st.randoms(use_true_random=False).map(written)


def lists(data: Any) -> list[KeyPath]:
    """Return the paths of all lists, the document first."""
    return [path for path in paths(data) if isinstance(lookup(data, path), list)]


@given(list_texts(), st.data())
def test_an_item_and_back(text: str, data: st.DataObject) -> None:
    """An item at the end of any list only adds to the text; taken out it leaves the text as it was."""
    before = jsonc.load(text)
    base = data.draw(st.sampled_from(lists(before)))
    count = len(lookup(before, base))
    values = data.draw(st.lists(st.sampled_from(NEW), min_size=1, max_size=2))

    edited = edit("jsonc", text, [Append(base, value) for value in values])
    back = edit("jsonc", edited, [Delete((*base, count + index)) for index in reversed(range(len(values)))])

    assert same(lookup(jsonc.load(edited), base), [*lookup(before, base), *values])
    assert jsonc.remarks(edited) == jsonc.remarks(text)
    assert same(jsonc.load(back), before)
    assert jsonc.remarks(back) == jsonc.remarks(text)
    if count:
        assert is_subsequence(text, edited)
        assert back == text


@given(list_texts(), st.data())
def test_an_item_with_an_edit_of_theirs_and_back(text: str, data: st.DataObject) -> None:
    """When our item is taken out, an edit that was made elsewhere meanwhile stays as if ours had never been."""
    before = jsonc.load(text)
    base = data.draw(st.sampled_from(lists(before)))
    count = len(lookup(before, base))
    known = [path for path in paths(before) if path and base[: len(path)] != path]
    assume(known)
    theirs: Operation = Set(data.draw(st.sampled_from(known)), "theirs")

    edited = edit("jsonc", edit("jsonc", text, [Append(base, {"id": "ours", "models": [{"x": 1}]})]), [theirs])
    back = edit("jsonc", edited, [Delete((*base, count))])

    alone = edit("jsonc", text, [theirs])
    assert same(jsonc.load(back), jsonc.load(alone))
    assert jsonc.remarks(back) == jsonc.remarks(alone)
    if count:
        assert back == alone
