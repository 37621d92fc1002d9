from __future__ import annotations

import pytest

from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, KeyPath, Put, Set
from aibridge_cli.errors import DocumentError


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: 1\n# about b\nb:   'two' # odd\n\n# about c\nc: 3\n", ("b",)),
        ("# head\na: 0x10 # first\n# about b\nb: 2\n", ("a",)),
        ("--- # start\n# head\na: 1\nb: 2\n", ("a",)),
        ("---\n# alone\na: 017\n", ("a",)),
        ("a: 1", ("a",)),
        ("a: 1\nb: 2", ("b",)),
        ("a:\n  # about b\n  b: |\n    text\n  c: 1\n", ("a", "b")),
        ("a: # all of it\n  # about b\n  b: [1,\n    2]\nc: 1\n", ("a", "b")),
        ("a:\n  - b: 1 # c\n    d: 2\n", ("a", 0, "b")),
        ("a:\n  - d: 2\n    b: 1 # c\n", ("a", 0, "b")),
        ("a: { b: 1, c: 0x2, d: 3 }\n", ("a", "c")),
        ("a: {b: 1, c: 2}\n", ("a", "b")),
        ("a: {b: 12:30, c: 2}\n", ("a", "c")),
        ("a:\r\n  b: 1\r\n  c: 2 # odd\r\n", ("a", "c")),
    ],
)
def test_what_was_taken_out_comes_back_as_it_was(text: str, path: KeyPath) -> None:
    """A pair comes back where it stood, with its spelling, its comment, and below the comments above it."""
    without = edit("yaml", text, [Delete(path)])

    assert without != text
    assert edit("yaml", without, [Put(path, text)]) == text


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a: 0x10 # c\nb: 1\n", ("a",), "ours"),
        ("a:   'x'\n", ("a",), {"b": 1}),
        ("a: # c\n  b: 1 # b\n  # end\nz: 1\n", ("a",), "ours"),
        ("a: [1,\n  2] # c\n", ("a",), "ours"),
        ("a: |\n  text\nb: 1\n", ("a",), "ours"),
        ("a:   # c\n", ("a",), 1),
        ("{a:  0x10, b: 1}\n", ("a",), 2),
        ("a:\n  - 0x10 # c\n", ("a", 0), 2),
    ],
)
def test_what_was_replaced_comes_back_as_it_was(text: str, path: KeyPath, value: object) -> None:
    """A value that took the place of another gives it back, spelling and all."""
    replaced = edit("yaml", text, [Set(path, value)])

    assert replaced != text
    assert edit("yaml", replaced, [Put(path, text)]) == text


@pytest.mark.parametrize(
    ("text", "path", "source", "after"),
    [
        ("z: 1\n", ("a", "b"), "a:\n  b: 0x1\n", "z: 1\na:\n  b: 1\n"),
        ("z: 1\n", ("a",), "a: 12:30\n", "a: 12:30\nz: 1\n"),
        ("z: 1\n", ("a",), "a: !!int '5'\n", "a: !!int '5'\nz: 1\n"),
        ("", ("a", "b"), "a: {b: 1}\n", "a:\n  b: 1\n"),
        ("# c\n", ("a",), "{a: 1}\n", "# c\na: 1\n"),
        ("{}\n", ("a",), "a: 1\n", "{a: 1}\n"),
        ("a: {c: 1}\n", ("a", "b"), "a:\n  b: 1\n  c: 1\n", "a: {c: 1, b: 1}\n"),
        ("- {}\n", (0, "b"), "- b: 1\n", "- {b: 1}\n"),
        ("a:\n    c: 1\n", ("a", "b"), "a:\n  b: 1\n  c: 1\n", "a:\n    c: 1\n    b: 1\n"),
        ("a:\n  c: 1\n", ("a", "b"), "a: {b: 1}\n", "a:\n  c: 1\n  b: 1\n"),
        ("a: {b: 1}\n", ("a", "c"), "a: {c: 12:30}\n", "a: {c: 12:30, b: 1}\n"),
        ("a:\n    b: 1\n", ("a", "c"), "a:\n  c: !!int '5'\n", 'a:\n    b: 1\n    c: !<tag:yaml.org,2002:int> "5"\n'),
        ("a: x\n\n", ("a",), "a: |+\n  y\n", 'a: "y\\n"\n\n'),
        ("{a: 2}\n", ("a",), "{a, b: 1}\n", "{a: null}\n"),
        ("\n\nb: 1\n", ("a",), "a: |+\n  x\n", '\n\nb: 1\na: "x\\n"\n'),
        ("b:\n- # note\n  c: 1\n", ("b", 0, "a"), "b:\n- a: 1\n# note\n  c: 1\n", "b:\n- # note\n  a: 1\n  c: 1\n"),
        ("- # note\n  c: 1\n", (0, "a"), "-\n  a: 0x1\n  c: 1\n", "- # note\n  a: 0x1\n  c: 1\n"),
        ("a: x # c\n", ("a",), "a: |\n  y\n", 'a: "y\\n" # c\n'),
        ("x: 1\n", ("a",), "x: &x 1\na: *x\n", "x: 1\na: 1\n"),
        ("c: 1\n# other\n", ("b",), "c: 1\n# about b\nb: 1\n", "c: 1\nb: 1\n# other\n"),
        ("c: 1\n", ("b",), "? d\n: 1\nb: 1\nc: 1\n", "b: 1\nc: 1\n"),
        ("    a: 1\n", ("a",), "a:\n  b: 1\n", "    a:\n      b: 1\n"),
        ("a: 1\n", ("a",), "{a: [1, 2]}\n", "a:\n  - 1\n  - 2\n"),
        ("a:\n  b: 2 # own\n", ("a",), "a: # c\n  b: 1\n", "a: # c\n  b: 1 # own\n"),
        ("a: {b: 1, c: 2}\n", ("a", "d"), "a: {d: [1,\n  2], b: 1}\n", "a: {b: 1, c: 2, d: [1, 2]}\n"),
    ],
)
def test_a_place_that_is_not_as_it_was(text: str, path: KeyPath, source: str, after: str) -> None:
    """Where its place has changed a value comes back in the style that it meets."""
    assert edit("yaml", text, [Put(path, source)]) == after


@pytest.mark.parametrize("source", ["", "a: 1\n"])
def test_a_source_without_it(source: str) -> None:
    """What is not in the source cannot be put back."""
    with pytest.raises(DocumentError, match="nothing at `b`"):
        edit("yaml", "", [Put(("b",), source)])
