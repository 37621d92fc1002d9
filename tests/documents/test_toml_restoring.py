from __future__ import annotations

import pytest

from aibridge_cli.documents import toml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, KeyPath, Put, Set
from aibridge_cli.errors import DocumentError

ORIGINAL = """\
# my file
model = 'gpt'   # as I like it

# how to sign in
key = 0x10
last = 1

# --- a ---
[p.a]
name = "A" # the first
# about x
x = [
  1, # one
]

[p.a.sub] # below
y.z = '''
raw'''

[p.b]
i = {  q = 1, r = 0x2, s = 3 }
end = 1"""


@pytest.mark.parametrize(
    "path",
    [
        ("model",),
        ("key",),
        ("last",),
        ("p",),
        ("p", "a"),
        ("p", "a", "name"),
        ("p", "a", "x"),
        ("p", "a", "sub"),
        ("p", "a", "sub", "y"),
        ("p", "b"),
        ("p", "b", "i"),
        ("p", "b", "i", "r"),
        ("p", "b", "i", "s"),
        ("p", "b", "end"),
    ],
)
def test_what_was_deleted_comes_back_as_it_was(path: KeyPath) -> None:
    """Place, spelling, comments on the line and blank lines are those of the earlier text."""
    without = edit("toml", ORIGINAL, [Delete(path)])

    assert without != ORIGINAL
    assert edit("toml", without, [Put(path, ORIGINAL)]) == ORIGINAL


def test_several_come_back_in_any_order() -> None:
    """Each finds its place also while its neighbours are still missing."""
    paths: list[KeyPath] = [("p", "a"), ("model",), ("last",), ("p", "b", "end")]
    without = edit("toml", ORIGINAL, [Delete(path) for path in paths])

    assert edit("toml", without, [Put(path, ORIGINAL) for path in paths]) == ORIGINAL
    assert edit("toml", without, [Put(path, ORIGINAL) for path in reversed(paths)]) == ORIGINAL


def test_a_changed_value_gets_its_earlier_text() -> None:
    """Only the span of the value is put back; later edits beside it stay."""
    changed = edit("toml", ORIGINAL, [Set(("key",), "ours"), Set(("p", "b", "i", "r"), 9), Set(("p", "a", "x"), 5)])
    users = changed.replace("# how to", "# This is how to").replace("end = 1", "end = 2")

    restored = edit("toml", users, [Put(path, ORIGINAL) for path in (("key",), ("p", "b", "i", "r"), ("p", "a", "x"))])

    assert restored == ORIGINAL.replace("# how to", "# This is how to").replace("end = 1", "end = 2")


def test_the_spelling_comes_back_too() -> None:
    """An equal value that was written another way is put back as it was written."""
    assert toml.splice("key = 16\n", [Put(("key",), ORIGINAL)]) == "key = 0x10\n"
    assert toml.splice("[t]\na = 1\n", [Put(("t",), "[t] # c\na = 0x1\n")]) == "[t] # c\na = 0x1\n"
    assert toml.splice(ORIGINAL, [Put(("p",), ORIGINAL)]) == ORIGINAL
    assert toml.splice("a = 1\n", [Put((), ORIGINAL)]) == ORIGINAL


@pytest.mark.parametrize(
    ("text", "path", "source", "after"),
    [
        # its neighbour has gone, an earlier one is there
        ("a = 1\nz = 1\n", ("c",), "a = 1\nb = 1\nc = 0x3 # c\n", "a = 1\nc = 0x3 # c\nz = 1\n"),
        # no neighbour is there
        ("z = 1\n", ("c",), "b = 1\nc = 0x3 # c\n", "z = 1\nc = 0x3\n"),
        # the comment above it has been taken out
        ("a = 1\n\nz = 1\n", ("b",), "a = 1\n# about b\nb = 2\n", "a = 1\nb = 2\n\nz = 1\n"),
        # its table has gone
        ("z = 1\n", ("t", "k"), "[t]\nk = 0x1 # c\n", "z = 1\n\n[t]\nk = 0x1\n"),
        # its table has another shape now
        ("t = { z = 1 }\n", ("t", "k"), "[t]\nk = 0x1\n", "t = { z = 1, k = 0x1 }\n"),
        ("t = { z = 1 }\n", ("t", "k"), "t.k = 0x1\n", "t = { z = 1, k = 0x1 }\n"),
        ("t = { z = 1 }\n", ("t", "k"), "[t.k]\nl = 0x1\n", "t = { z = 1, k = { l = 1 } }\n"),
        ("t = { z.y = 1 }\n", ("t", "z", "x"), "t.z.x = 0x1\n", "t = { z.y = 1, z.x = 0x1 }\n"),
        ("[t]\nz = 1\n", ("t", "k"), "t = { k = 0x1 }\n", "[t]\nz = 1\nk = 0x1\n"),
        ("[t]\nz = 1\n", ("t", "k"), "t.k = 0x1\n", "[t]\nz = 1\nk = 0x1\n"),
        ("x = 1\n", ("t", "k"), "t = { k = 0x1 }\n", "x = 1\n\n[t]\nk = 0x1\n"),
        ("t = {}\n", ("t", "a", "b"), "t = { a.b = 0x1 }\n", "t = {a = { b = 0x1 }}\n"),
        ("t = { a = {} }\n", ("t", "a", "b"), "t = { a.b = 0x1 }\n", "t = { a = {b = 0x1} }\n"),
        ("t = { z = 1 }\n", ("t", "a"), "t = { a.b = 0x1, a.c = 2 }\n", "t = { z = 1, a = { b = 1, c = 2 } }\n"),
        ("k = 1\n", ("k",), "[k]\na = 0x1\n", "[k]\na = 0x1\n"),
        ("[k]\na = 1\n", ("k",), "k = 0x1 # c\n", "k = 0x1 # c\n"),
        # entries of an inline table
        ("t = { c = 3 }\n", ("t", "a"), "t = { a = 0x1, c = 3 }\n", "t = { a = 0x1, c = 3 }\n"),
        ("t = { z = 3 }\n", ("t", "b"), "t = { a = 1, b = 0x2 }\n", "t = { z = 3, b = 0x2 }\n"),
        ("t = {\n  c = 3\n}\n", ("t", "a"), "t = { a = 0x1 }\n", "t = {\n  a = 0x1,\n  c = 3\n}\n"),
        ("t = [1, { c = 3 }]\n", ("t", 1), "t = [0x0, 0x1]\n", "t = [1, 0x1]\n"),
        # a table whose neighbours have gone, moved or grown
        ("z = 1\n\n[y]\n", ("t",), "[a]\n\n[t]\nk = 0x1\n", "z = 1\n\n[y]\n\n[t]\nk = 0x1\n"),
        ("[a]\nnew = 1\n\n[y]\n", ("t",), "[a]\n\n[t]\nk = 0x1\n", "[a]\nnew = 1\n\n[t]\nk = 0x1\n\n[y]\n"),
        ("[a]\n# c\nnew = 1\n", ("t",), "[a]\n# c\n[t]\n", "[a]\n# c\nnew = 1\n\n[t]\n"),
        ("[a]\n\n\n# c\n\n[y]\n", ("t",), "[a]\n\n# c\n[t]\n", "[a]\n\n\n# c\n[t]\n\n[y]\n"),
        # the dotted keys of one table, in two sections
        (
            "[a]\nx = 1\n",
            ("a", "t"),
            "[a]\nt.k = 0x1\nt.l = 2\n[a.t.m]\n",
            "[a]\nt.k = 0x1\nt.l = 2\nx = 1\n\n[a.t.m]\n",
        ),
    ],
)
def test_where_the_surroundings_have_changed(text: str, path: KeyPath, source: str, after: str) -> None:
    """It goes behind what it stood behind as far as that is still here, else where a new key would go."""
    assert toml.splice(text, [Put(path, source)]) == after


def test_line_ends() -> None:
    """A text without any line end takes over those of the earlier one; a missing last one stays missing."""
    source = "[t]\r\na = 0x1\r\nb = 2"

    assert edit("toml", "[t]\r\nb = 2", [Put(("t", "a"), source)]) == source
    assert edit("toml", "[t]", [Put(("t", "a"), source)]) == "[t]\r\na = 0x1"
    assert edit("toml", "", [Put(("t",), source)]) == source
    assert edit("toml", "[t]\nb = 2\n", [Put(("t", "b"), source), Delete(("t", "b"))]) == "[t]\n"


def test_never_into_a_fence() -> None:
    """Where another tool has moved in, the place is the one of a new key."""
    source = "a = 1\nb = 0x2\n\n[t]\nk = 1\n\n[u]\n"
    here = "# >>> n\na = 1\nz = 1\n[t]\n# <<< n\n"

    assert toml.splice(here, [Put(("b",), source)]) == "b = 0x2\n\n" + here
    assert toml.splice(here, [Put(("u",), source)]) == here + "\n[u]\n"


def test_what_the_earlier_text_lacks() -> None:
    """Nothing can be put back from a text that does not have it."""
    with pytest.raises(DocumentError, match="the earlier text has no `b`"):
        toml.splice("a = 1\n", [Put(("b",), "a = 1\n")])
