from __future__ import annotations

import pytest

from aibridge_cli.documents import yaml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Set
from aibridge_cli.errors import DocumentError


def edited(text: str, *operations: Operation) -> str:
    return edit("yaml", text, operations)


def test_only_our_keys_change() -> None:
    """Comments, order, indentation, quotes and blank lines stay, and taking ours out gives the bytes back."""
    before = """\
# my settings

MODEL:   "gpt"   # the good one
extensions:
    developer:
        enabled: yes
        'timeout': 300
    # memory: off

# the end
"""
    after = """\
# my settings

MODEL:   "gpt"   # the good one
extensions:
    developer:
        enabled: yes
        'timeout': 300
        bundled: true
    # memory: off
HOST: "https://x.example/v1"
provider:
    name: ours

# the end
"""

    changes = [
        Set(("HOST",), "https://x.example/v1"),
        Set(("provider", "name"), "ours"),
        Set(("extensions", "developer", "bundled"), True),
    ]
    back = [
        Delete(("HOST",)),
        Delete(("provider", "name"), prune=1),
        Delete(("extensions", "developer", "bundled")),
    ]

    assert edited(before, *changes) == after
    assert edited(after, *changes) == after
    assert edited(after, *back) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a: 1\n"),
        ("# mine", "# mine\na: 1"),
        ("# mine\n", "# mine\na: 1\n"),
        ("---\n", "---\na: 1\n"),
        ("--- # start\n# c\n...\n", "--- # start\n# c\na: 1\n...\n"),
        ("b: 2", "b: 2\na: 1"),
        ("b: 2\r\n", "b: 2\r\na: 1\r\n"),
        ("  b: 2\n", "  b: 2\n  a: 1\n"),
        ("b:\n- x\n# c\n", "b:\n- x\na: 1\n# c\n"),
        ("b: |\n  text\n\n# c\n", "b: |\n  text\na: 1\n\n# c\n"),
        ("b: |+\n  text\n\n# c\n", "b: |+\n  text\n\na: 1\n# c\n"),
        ("{}\n", "{a: 1}\n"),
        ("{ b: 2 } # c\n", "{ b: 2, a: 1 } # c\n"),
        ('{"b": 2}', '{"b": 2, "a": 1}'),
        ("{\n  b: 2, # c\n}\n", "{\n  b: 2, # c\n  a: 1,\n}\n"),
    ],
)
def test_a_new_key_at_the_top(before: str, after: str) -> None:
    """A new key comes behind the last one in the style of its place, and goes without a trace."""
    assert edited(before, Set(("a",), 1)) == after
    assert edited(after, Delete(("a",))) == before


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 1 # c\n", "two words", "a: two words # c\n"),
        ("a:   'x'\n", "y: z", 'a:   "y: z"\n'),
        ("a: # c\n", "x", "a: x # c\n"),
        ("a: # c\n", {"b": 1}, "a: # c\n  b: 1\n"),
        ("a: ~ # c\n", {"b": [1, {"c": 2, "d": [3]}]}, "a: # c\n  b:\n    - 1\n    - c: 2\n      d:\n        - 3\n"),
        ("a: x # c\n", [[1, 2], {}], "a: # c\n  - - 1\n    - 2\n  - {}\n"),
        ("a: # c\n  b: 1\n", 5, "a: 5 # c\n"),
        ("a:\n- 1\n- 2\nb: 3\n", False, "a: false\nb: 3\n"),
        ("a:\n- 1 # one\n- 2\n", [1, 3, 4], "a:\n- 1 # one\n- 3\n- 4\n"),
        ("a:\n  - 1\n  - 2 # two\n", [1], "a:\n  - 1\n"),
        ("a:\n  b: 1 # b\n  c: 2\n", {"b": 1, "d": None}, "a:\n  b: 1 # b\n  d: null\n"),
        ("a: [1, 2] # c\n", {"b": "x: y"}, 'a: {b: "x: y"} # c\n'),
        ("a: |\n  text\nb: 1\n", "line\nline", 'a: "line\\nline"\nb: 1\n'),
        ("a:\n  two\n  lines\nb: 1\n", "x", "a:\n  x\nb: 1\n"),
        ("a: {}\n", {}, "a: {}\n"),
        ("a: 1\n", {}, "a: {}\n"),
        ("{a:, b: 1}\n", "x", "{a: x, b: 1}\n"),
        ("a:\n  - b: 1\n    c: 2\n", [{"b": 1, "c": 3}], "a:\n  - b: 1\n    c: 3\n"),
        ("a:\n  - b: 1\n    c: 2\n", ["x"], "a:\n  - x\n"),
        ("a:\n  - x # c\n", [{"b": 1, "c": 2}], "a:\n  - b: 1\n    c: 2 # c\n"),
    ],
)
def test_a_value_is_replaced(before: str, value: object, after: str) -> None:
    """A value changes where it stands; what is equal in it, and the comments round it, stay."""
    assert edited(before, Set(("a",), value)) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1 # c\nb: 2\n", ("a",), "b: 2\n"),
        ("# above\na: 1\n", ("a",), "# above\n"),
        ("a:\n  # above\n  b: 1\nc: 2\n", ("a", "b"), "a: {}\n  # above\nc: 2\n"),
        ("a:\n- 1 # one\n- 2\n", ("a", 0), "a:\n- 2\n"),
        ("a:\n- 1\n", ("a", -1), "a: []\n"),
        ("- 1\n", (0,), "[]\n"),
        ("- b: 1\n", (0, "b"), "- {}\n"),
        ("- b: 1 # c\n  # d\n  e: 2\n", (0, "b"), "- # d\n  e: 2\n"),
        ("- - 1\n  - 2\n", (0, 0), "- - 2\n"),
        ("a: {b: 1, c: 2}\n", ("a", "b"), "a: {c: 2}\n"),
        ("a: {b: 1}\n", ("a", "b"), "a: {}\n"),
        ("a: 1\n...\n", ("a",), "{}\n...\n"),
        ("# none\n", ("a",), "# none\n"),
        ("a: 1\n", ("b",), "a: 1\n"),
        ("a: 1\n", (), "a: 1\n"),
    ],
)
def test_a_value_goes(before: str, path: tuple[str | int, ...], after: str) -> None:
    """A value goes with its lines and the comment at their end; comments above it stay."""
    assert edited(before, Delete(path)) == after
    assert yaml.splice(before, [Delete(path)]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n- x\n", "a:\n- x\n- b: 1\n  c: 2\n"),
        ("a:\n  -   x: 1\n", "a:\n  -   x: 1\n  -   b: 1\n      c: 2\n"),
        ("a:\n  -\n    x: 1\n", "a:\n  -\n    x: 1\n  - b: 1\n    c: 2\n"),
        ("a: [x]\n", "a: [x, {b: 1, c: 2}]\n"),
        ("a: []\n", "a:\n  - b: 1\n    c: 2\n"),
        ("a: [ ]\n", "a: [ {b: 1, c: 2} ]\n"),
        ("a:\nz: 1\n", "a:\n  - b: 1\n    c: 2\nz: 1\n"),
        ("z:\n- 1\n", "z:\n- 1\na:\n- b: 1\n  c: 2\n"),
        ("z:\n    y: 1\n", "z:\n    y: 1\na:\n    - b: 1\n      c: 2\n"),
        ("", "a:\n  - b: 1\n    c: 2\n"),
    ],
)
def test_an_item_is_appended(before: str, after: str) -> None:
    """An item comes behind the last, with dashes where the document has them."""
    assert edited(before, Append(("a",), {"b": 1, "c": 2})) == after


@pytest.mark.parametrize(
    ("text", "operation", "message"),
    [
        ("a: x\n", Set(("a", "b"), 1), "1:4: expected an object at `a`, found a string"),
        ("a:\n  - x\n", Set(("a", "b"), 1), "2:3: expected an object at `a`, found a list"),
        ("a: {}\n", Append(("a",), 1), "1:4: expected a list at `a`, found an object"),
        ("a: {}\n", Set(("a", 0), 1), "1:4: expected a list at `a`, found an object"),
        ("a: [1]\n", Set(("a", 1), 1), "1:4: there is no item 1 in the list at `a`"),
        ("", Set((0,), 1), "1:1: there is no list in this file"),
        ("", Append((), 1), "expected a list at the top, found an object"),
        ("a: 1\n", Set((), 1), "expected an object at the top, found a number"),
        ("- 1\n", Set((), {"a": 1}), "1:1: expected an object at the top, found a list"),
        ("~\n", Set(("a",), 1), "1:1: the only value of this file cannot be edited safely"),
        ("a: &x\n  b: 1\n", Set(("a", "b"), 2), "1:4: others may refer to this by its anchor `&x`"),
        ("x: &x {}\na: *x\n", Set(("a", "b"), 2), "2:4: `*x` is shared with other places"),
        ("x: &x 1\na: [*x]\n", Set(("a",), [2]), "2:5: `*x` is shared with other places"),
        ("a:\n  b: [&x 1]\nc: *x\n", Delete(("a",)), "2:7: others may refer to this by its anchor `&x`"),
        ("x: &x {}\na:\n  <<: *x\n", Set(("a", "b"), 2), "3:3: a merge key stands here"),
        ("a: !own\n  b: 1\n", Set(("a", "b"), 2), "1:4: this has a tag"),
        ("a: 1\nb: 2\na: 3\n", Set(("a",), 4), "3:1: `a` stands here a second time"),
        ("? a\n: 1\n", Set(("a",), 4), "1:1: `a` is written with a `\\?`"),
        ("[a: 1]\n", Set((0, "b"), 4), "1:2: this pair in a list has no braces"),
        ("{a, b: 1}\n", Set(("a",), 4), "1:2: this key has no value"),
        ("b: |\n  x", Set(("a",), 4), "this file could not be edited safely"),
    ],
)
def test_what_cannot_be_edited_safely(text: str, operation: Operation, message: str) -> None:
    """Where others share a place, or readers differ on it, the edit stops and names the place."""
    with pytest.raises(DocumentError) as problem:
        edited(text, operation)

    place = f"{problem.value.line}:{problem.value.column}: " if problem.value.line else ""
    assert (place + problem.value.message).startswith(message.replace("\\", ""))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {} # c\n", "a: # c\n  b: 1\n"),
        ("a: {}\n    # c\n    # d\nz: 1\n", "a:\n    # c\n    # d\n    b: 1\nz: 1\n"),
        ("a:  {}\n", "a:  {b: 1}\n"),
        ("- {}\n- a: {}\n", "- {}\n- a:\n    b: 1\n"),
        ("x: {a: {}}\n", "x: {a: {b: 1}}\n"),
    ],
)
def test_an_empty_object_takes_lines_where_it_gives_them_back(before: str, after: str) -> None:
    """Lines are easier to read than braces, but only where taking them out gives the same bytes back."""
    path = (1, "a", "b") if before.startswith("-") else ("x", "a", "b") if before.startswith("x") else ("a", "b")

    assert edited(before, Set(path, 1)) == after
    assert edited(after, Delete(path)) == before


def test_odd_things_elsewhere_are_no_obstacle() -> None:
    """Anchors, aliases, tags, merge keys, odd and repeated keys may stand where we have nothing to do."""
    before = "x: &x {b: 1}\ny:\n  <<: *x\n? [c]\n: !own 1\nz: *x\nz: 2\n1: 2\n? d\n"
    after = f"{before}a:\n  b: 1\n"

    assert edited(before, Set(("a", "b"), 1)) == after
    assert edited(after, Delete(("a", "b"), prune=1)) == before


def test_a_value_like_the_old_one_is_not_written() -> None:
    """Setting what is there changes nothing, however it is spelled; a word that some read otherwise is written out."""
    assert yaml.splice("a: 0x10\nb: 'x'\n", [Set(("a",), 16), Set(("b",), "x")]) == "a: 0x10\nb: 'x'\n"
    assert edited("a: yes\n", Set(("a",), True)) == "a: true\n"
    assert edited("a: yes\n", Set(("a",), "yes")) == 'a: "yes"\n'


def test_remarks() -> None:
    """Comments are found wherever they stand, and nothing else is taken for one."""
    text = '%YAML 1.2 # v\n--- # s\na: "# no" # one\nb: x#y\nc: | # two\n  # no\n# three\nd: [1, # four\n  2]\n#'

    assert yaml.remarks(text) == ["# v", "# s", "# one", "# two", "# three", "# four", "#"]
