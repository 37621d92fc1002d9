from __future__ import annotations

import pytest

from aibridge_cli.documents import toml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Set
from aibridge_cli.errors import DocumentError


def edited(text: str, *operations: Operation) -> str:
    return edit("toml", text, operations)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "k = 1\n"),
        ("\n\n", "k = 1\n\n\n\n"),
        ("# only a comment\n", "# only a comment\n\nk = 1\n"),
        ("# no line end", "# no line end\n\nk = 1"),
        ("[t]\n", "k = 1\n\n[t]\n"),
        ("\n[t]", "k = 1\n\n\n[t]"),
        ("# about t\n[t]\n", "k = 1\n\n# about t\n[t]\n"),
        ("# the file\n\n# about t\n[t]\n", "# the file\n\nk = 1\n\n# about t\n[t]\n"),
        ("# the file\r\n\r\n[t]\r\n", "# the file\r\n\r\nk = 1\r\n\r\n[t]\r\n"),
        ("\ta = 1", "\ta = 1\n\tk = 1"),
        ("a = '''\n[no]\n'''\n[t]\n", "a = '''\n[no]\n'''\nk = 1\n[t]\n"),
    ],
)
def test_the_first_top_level_key_goes_above_the_first_table(before: str, after: str) -> None:
    """Without top-level keys a new one stands by itself, below the comments of the file; deleting restores the text."""
    assert edited(before, Set(("k",), 1)) == after
    assert edited(after, Delete(("k",))) == before


def test_a_new_key_of_a_table_follows_its_last_one() -> None:
    """A key of a table goes below its last pair, indented as that, never below what belongs to the next table."""
    before = """\
[a]
  x = 1
  # about x

# about b
[b]
[c]
"""
    after = """\
[a]
  x = 1
  y = 2
  # about x

# about b
[b]
z = 3
[c]
"""

    assert edited(before, Set(("a", "y"), 2), Set(("b", "z"), 3)) == after
    assert edited(after, Delete(("a", "y")), Delete(("b", "z"))) == before


def test_a_key_joins_an_inline_table() -> None:
    """In an inline table a new key goes inside its braces, and comes out of them again."""
    before = "x = { a = 1 } # c\ny = {}\nz = { }\nw.v = [{ q.r = 1 }]\n"
    after = "x = { a = 1, b = { c = 2 } } # c\ny = {b = 2}\nz = { b = 2 }\nw.v = [{ q.r = 1, q.s = 2 }]\n"

    assert (
        edited(
            before,
            Set(("x", "b", "c"), 2),
            Set(("y", "b"), 2),
            Set(("z", "b"), 2),
            Set(("w", "v", 0, "q", "s"), 2),
        )
        == after
    )
    assert (
        edited(
            after,
            Delete(("x", "b", "c"), prune=1),
            Delete(("y", "b")),
            Delete(("z", "b")),
            Delete(("w", "v", -1, "q", "s")),
        )
        == before
    )


def test_a_new_table_follows_its_nearest_relative() -> None:
    """A table goes below the last one of the same family, its sub-tables below it, one blank line apart."""
    before = """\
[p.other]
name = "Other"
# theirs

# --- features ---
[features]
x = true
"""
    after = """\
[p.other]
name = "Other"
# theirs

[p.ours]
name = "Ours"

[p.ours.auth]
command = "c"
args = ["a", "b c"]

[p.ours.empty]

# --- features ---
[features]
x = true
"""
    value = {"name": "Ours", "auth": {"command": "c", "args": ["a", "b c"]}, "empty": {}}

    assert edited(before, Set(("p", "ours"), value)) == after
    assert edited(after, Delete(("p", "ours"))) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[t.u]\nk = 1\n"),
        ("\n", "[t.u]\nk = 1\n\n\n"),
        ("a = 1", "a = 1\n\n[t.u]\nk = 1"),
        ("a = 1\n# end\n\n\n", "a = 1\n# end\n\n[t.u]\nk = 1\n\n\n"),
        ("[t.v]\n[w]\n", "[t.v]\n[t.u]\nk = 1\n[w]\n"),
        ("[t.v]\n# of w\n[w]\n", "[t.v]\n[t.u]\nk = 1\n# of w\n[w]\n"),
        ("\t[t.v]\n\t\tk = 1\n", "\t[t.v]\n\t\tk = 1\n\n\t[t.u]\n\t\tk = 1\n"),
        ("  [t.v]\n", "  [t.v]\n\n  [t.u]\n  k = 1\n"),
        ("[t]\nx = 1\n\n[w]\n", "[t]\nx = 1\n\n[t.u]\nk = 1\n\n[w]\n"),
        ("[w]\n[t.v]\n[w.x]\n", "[w]\n[t.v]\n[t.u]\nk = 1\n[w.x]\n"),
        ("[t]\r\nx = 1\r\n", "[t]\r\nx = 1\r\n\r\n[t.u]\r\nk = 1\r\n"),
    ],
)
def test_a_new_table_keeps_to_the_style_around_it(before: str, after: str) -> None:
    """Blank lines, indentation and line ends are those of the neighbours, and deleting gives the text back."""
    assert edited(before, Set(("t", "u", "k"), 1)) == after
    assert edited(after, Delete(("t", "u", "k"), prune=1 if "t" in toml.load(before) else 2)) == before


def test_a_key_of_a_table_that_only_its_sub_tables_imply() -> None:
    """The header that such a key needs comes below the sub-tables, and goes with the key."""
    before = "[a.b]\nx = 1\n\n[c]\n"
    after = "[a.b]\nx = 1\n\n[a]\nk = 1\n\n[c]\n"

    assert edited(before, Set(("a", "k"), 1)) == after
    assert edited(after, Delete(("a", "k"))) == before


def test_a_header_that_was_there_stays_when_its_last_key_goes() -> None:
    """An explicit table is only taken out as far as prune says."""
    text = "[a]\nk = 1\n\n[a.b]\nx = 1\n"

    assert edited(text, Delete(("a", "k"))) == "[a]\n\n[a.b]\nx = 1\n"
    assert edited(text, Delete(("a", "b", "x"))) == "[a]\nk = 1\n\n[a.b]\n"
    assert edited(text, Delete(("a", "b", "x"), prune=5)) == "[a]\nk = 1\n"
    assert edited("[a]\nk = 1\n", Delete(("a", "k"), prune=5)) == ""


def test_a_table_goes_with_all_its_parts_wherever_they_stand() -> None:
    """Header, pairs, same-line comments and sub-tables go; comment lines are somebody's and stay."""
    before = """\
# keep 1
[a] # gone
x = 1 # gone
# keep 2
y = '''
two''' # gone

[b]
z = 1

[a.c]
w = 1
"""
    after = """\
# keep 1
# keep 2

[b]
z = 1
"""

    assert edited(before, Delete(("a",))) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("[a.b.c]\nx = 1\n", ("a", "b", "c"), "[a.b]\n"),
        ("a.b.x = 1\n", ("a", "b", "x"), "[a.b]\n"),
        ("[t]\na.x = 1\n", ("t", "a", "x"), "[t]\n\n[t.a]\n"),
        ("x = { a.b = 1, c = 2 }\n", ("x", "a", "b"), "x = { c = 2, a = {} }\n"),
        ("[[l]]\nx = 1\n", ("l", 0), "l = []\n"),
    ],
)
def test_a_container_that_only_its_content_spelled_out_is_left_empty(
    before: str, path: tuple[str | int, ...], after: str
) -> None:
    """Without prune an emptied table or list is still there, now as an empty one."""
    assert edited(before, Delete(path)) == after


def test_a_dict_replaces_a_table_key_by_key() -> None:
    """Set with a dict keeps the lines of equal keys, takes out the others and adds the new."""
    before = "[t] # mine\na = 1 # one\nb.c = 2\n\n[t.d]\nx = 1\n"
    after = "[t] # mine\na = 1 # one\nnew = true\n"

    assert edited(before, Set(("t",), {"a": 1, "new": True})) == after
    assert edited(before, Set(("t",), {})) == "[t] # mine\n"
    assert edited("t.a = 1\n", Set(("t",), {})) == "[t]\n"
    assert edited(before, Set((), {"z": 1})) == "z = 1\n"


def test_a_table_and_a_value_take_each_others_place() -> None:
    """A value replaces a table with all its lines; a dict replaces a value in its span."""
    assert edited("a = 1\n\n[t]\nx = 1\n", Set(("t",), "s")) == 'a = 1\nt = "s"\n'
    assert edited('a = "s" # c\n', Set(("a",), {"x": 1})) == "a = { x = 1 } # c\n"
    assert edited("[[t]]\nx = 1\n", Set(("t",), {"x": 1})) == "[t]\nx = 1\n"


def test_an_array_of_tables() -> None:
    """Its tables are numbered; appending adds one below the last, deleting takes one with its sub-tables."""
    before = """\
[[p]]
name = "a"

[p.sub]
x = 1

[[p]]
name = "b"

[z]
"""
    after = """\
[[p]]
name = "a"
new = 1

[p.sub]
x = 1

[p.more]
y = 2

[[p]]
name = "B"

[[p]]
name = "c"
env = { K = "v" }

[z]
"""
    changes: list[Operation] = [
        Set(("p", 0, "new"), 1),
        Set(("p", 0, "more", "y"), 2),
        Set(("p", -1, "name"), "B"),
        Append(("p",), {"name": "c", "env": {"K": "v"}}),
    ]
    back: list[Operation] = [
        Delete(("p", 2)),
        Set(("p", 1, "name"), "b"),
        Delete(("p", 0, "more", "y"), prune=1),
        Delete(("p", 0, "new")),
    ]

    assert edited(before, *changes) == after
    assert edited(after, *back) == before


def test_a_list_of_dicts_takes_the_place_of_an_array_of_tables() -> None:
    """Set aligns the tables one by one, so that those which stay the same keep their text."""
    before = "[[p]]\na = 0x1 # c\n\n[[p]]\na = 2\n\n[[p]]\na = 3\n"

    assert edited(before, Set(("p",), [{"a": 1}, {"b": 2}])) == "[[p]]\na = 0x1 # c\n\n[[p]]\nb = 2\n"
    assert edited("[[p]]\na = 1\n", Set(("p",), [{"a": 1}, {"a": 2}])) == "[[p]]\na = 1\n\n[[p]]\na = 2\n"
    assert edited("[[p]]\na = 1\n", Set(("p",), [1])) == "p = [1]\n"


def test_only_tables_go_into_an_array_of_tables() -> None:
    """What cannot stand there is refused by name."""
    with pytest.raises(DocumentError, match="items of `p` are tables"):
        edited("[[p]]\n", Append(("p",), 1))
