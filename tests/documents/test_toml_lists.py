from __future__ import annotations

import pytest

from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Set


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", '["x"]'),
        ("[ ]", '[ "x" ]'),
        ("[1]", '[1, "x"]'),
        ("[1, 2]", '[1, 2, "x"]'),
        ("[1,2]", '[1,2,"x"]'),
        ("[ 1 , 2 ]", '[ 1 , 2, "x" ]'),
        ("[1, 2,]", '[1, 2, "x",]'),
        ("[\n]", '[\n  "x"\n]'),
        ("[ # none\n]", '[ # none\n  "x"\n]'),
        ("[\n\t# none\n]", '[\n\t# none\n\t"x"\n]'),
        ("[\n  1,\n  2\n]", '[\n  1,\n  2,\n  "x"\n]'),
        ("[\n  1,\n  2 # two\n  # end\n]", '[\n  1,\n  2, # two\n  "x"\n  # end\n]'),
        ("[\r\n\t1,\r\n\t2, # two\r\n]", '[\r\n\t1,\r\n\t2, # two\r\n\t"x",\r\n]'),
        ("[\n  1,\n  2]", '[\n  1,\n  2, "x"]'),
        ("[1, # one\n 2 # two\n]", '[1, # one\n 2, # two\n "x"\n]'),
        ("[1, 2 # two\n]", '[1, 2, "x" # two\n]'),
        ("[\n  1, 2,\n]", '[\n  1, 2, "x",\n]'),
        ("[\n  [1],\n  [\n    2\n  ],\n]", '[\n  [1],\n  [\n    2\n  ],\n  "x",\n]'),
    ],
)
def test_an_item_is_added_as_the_others_stand(before: str, after: str) -> None:
    """Lines, indentation, spaces, last commas and comments of an array are its style; deleting restores it."""
    assert edit("toml", f"a = {before} # c\n", [Append(("a",), "x")]) == f"a = {after} # c\n"
    assert edit("toml", f"a = {after} # c\n", [Delete(("a", -1))]) == f"a = {before} # c\n"


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("[1, 2, 3]", 0, "[2, 3]"),
        ("[1, 2, 3]", 1, "[1, 3]"),
        ("[ 1 ]", 0, "[ ]"),
        ("[ 1, ]", 0, "[ ]"),
        ("[1 # one\n]", 0, "[# one\n]"),
        ("[\n  1, # one\n  # about 2\n  2, # two\n  3\n]", 1, "[\n  1, # one\n  # about 2\n  3\n]"),
        ("[\n  1, # one\n  2 # two\n]", 1, "[\n  1 # one\n]"),
        ("[1, # one\n 2]", 1, "[1 # one\n ]"),
        ("[1, # one\n 2,]", 1, "[1, # one\n ]"),
        ("[1, # one\n 2]", 0, "[ # one\n 2]"),
        ("[1,\n 2]", 0, "[2]"),
        ("[\n  1\n  , 2\n]", 1, "[\n  1\n]"),
    ],
)
def test_an_item_goes_with_its_comma_and_line(before: str, index: int, after: str) -> None:
    """Comments of other items stay; the comment on the line of the item goes with the line."""
    assert edit("toml", f"a = {before}\n", [Delete(("a", index))]) == f"a = {after}\n"


def test_an_item_is_replaced_by_its_index() -> None:
    """Set reaches into arrays, and into the tables in them."""
    before = "a = [1, # one\n  { b = [2, 3] }, # two\n]\n"

    after = edit("toml", before, [Set(("a", 0), "x"), Set(("a", 1, "b", -1), 4), Set(("a", -1, "c"), 5)])

    assert after == 'a = ["x", # one\n  { b = [2, 4], c = 5 }, # two\n]\n'
