from __future__ import annotations

import datetime as dt

import pytest

from aibridge_cli.documents import toml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Set
from aibridge_cli.errors import DocumentError


def edited(text: str, *operations: Operation) -> str:
    return edit("toml", text, operations)


def test_a_value_is_replaced_and_nothing_else_on_its_line() -> None:
    """Spacing, the spelling of the key and the comment of a line stay when its value changes."""
    before = """\
top="x"
[t]
  'odd key'   =    1 # why
a.b = 1
"""
    after = """\
top="y"
[t]
  'odd key'   =    [1, 2.5] # why
a.b = true
"""

    changes = [Set(("top",), "y"), Set(("t", "odd key"), [1, 2.5]), Set(("t", "a", "b"), True)]

    assert edited(before, *changes) == after
    assert edited(after, *changes) == after


@pytest.mark.parametrize("spelling", ["1_000", "0x3E8", "+1000"])
def test_an_equal_value_keeps_its_spelling(spelling: str) -> None:
    """Setting what is there already changes nothing, however it is spelled."""
    text = f"a = {spelling} # as I like it\n"

    assert toml.splice(text, [Set(("a",), 1000)]) == text


def test_equal_is_also_of_the_same_type() -> None:
    """1, 1.0 and true are three values."""
    assert edited("a = 1\n", Set(("a",), 1.0)) == "a = 1.0\n"
    assert edited("a = 1\n", Set(("a",), True)) == "a = true\n"


def test_a_new_top_level_key_follows_the_last_one() -> None:
    """A top-level key goes below the top-level keys, above the blank line and the comment of the first table."""
    before = """\
model = "gpt"

# --- servers ---
[mcp_servers.a]
"""
    after = """\
model = "gpt"
model_provider = "x"

# --- servers ---
[mcp_servers.a]
"""

    assert edited(before, Set(("model_provider",), "x")) == after
    assert edited(after, Delete(("model_provider",))) == before


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


def test_a_key_joins_dotted_keys() -> None:
    """Where dotted keys spell a table out, a new key of it is one more dotted key."""
    before = """\
[m]
p.x.name = "X" # first
  p.x."base url" = "u"
other = 1
"""
    after = """\
[m]
p.x.name = "X" # first
  p.x."base url" = "u"
  p.x.new = 1
  p.x.deep.er = { a = 1 }
other = 1
"""

    assert edited(before, Set(("m", "p", "x", "new"), 1), Set(("m", "p", "x", "deep", "er"), {"a": 1})) == after
    assert edited(after, Delete(("m", "p", "x", "new")), Delete(("m", "p", "x", "deep", "er"), prune=1)) == before


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


def test_what_is_absent_cannot_be_deleted() -> None:
    """Deleting nothing changes nothing."""
    text = "a = 1\n[b]\nc = [1]\n"

    absent = [("x",), ("a", "x"), ("b", "x"), ("b", "c", 5), ("b", "c", -2), ()]

    assert toml.splice(text, [Delete(path, prune=3) for path in absent]) == text


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


def test_appending_makes_the_list() -> None:
    """An absent list begins with the item."""
    assert edited("a = 1\n", Append(("l",), "x"), Append(("l",), {"y": 1})) == 'a = 1\nl = ["x", { y = 1 }]\n'


def test_only_tables_go_into_an_array_of_tables() -> None:
    """What cannot stand there is refused by name."""
    with pytest.raises(DocumentError, match="items of `p` are tables"):
        edited("[[p]]\n", Append(("p",), 1))


@pytest.mark.parametrize(
    ("text", "operation", "line", "column", "message"),
    [
        ('\na = "s"\n', Set(("a", "b"), 1), 2, 5, "expected an object at `a`, found a string"),
        ("t.a = 1979-05-27\n", Set(("t", "a", "b"), 1), 1, 7, "expected an object at `t.a`, found a date"),
        ("a = [1]\n", Set(("a", "b"), 1), 1, 5, "expected an object at `a`, found a list"),
        ("x = 1\n [[a]]\n", Set(("a", "b"), 1), 2, 2, "expected an object at `a`, found a list"),
        ("a = 1\n", Append(("a",), 1), 1, 5, "expected a list at `a`, found a number"),
        ("[a]\nb = 1\n", Append(("a",), 1), 1, 1, "expected a list at `a`, found an object"),
        ("x = { a.b = 1 }\n", Append(("x", "a"), 1), 1, 1, "expected a list at `x.a`, found an object"),
        ("a = 1\n", Set(("b", 0), 1), 0, 0, "expected a list at `b`, found nothing"),
        ("a = 1\n", Set((), 1), 0, 0, "expected an object at the top, found a number"),
        ("a = 1\n", Set(("b",), None), 0, 0, "a TOML file cannot hold null"),
        ("a = 1\n", Set(("b",), "\ud800"), 0, 0, "a TOML file cannot hold this text, part of which is not a character"),
    ],
)
def test_what_has_no_place_is_refused(text: str, operation: Operation, line: int, column: int, message: str) -> None:
    """A value of another kind in the way is named with line and column, and never overwritten."""
    with pytest.raises(DocumentError) as refused:
        toml.splice(text, [operation])

    assert (refused.value.message, refused.value.line, refused.value.column) == (message, line, column)


def test_new_values_and_keys_as_text() -> None:
    """Strings are escaped, odd keys quoted, and every type of TOML can be written."""
    when = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    value = {"a b": 'q"\\\n\x7f é', "": [1e30, -1, False, [], {}], "when": when, "é": {"x": 1}}

    text = toml.splice("", [Set(("t",), value)])

    assert (
        text
        == r"""
[t]
"a b" = "q\"\\\n\u007f é"
"" = [1e+30, -1, false, [], {}]
when = 2026-01-02T03:04:05Z

[t."é"]
x = 1
""".lstrip()
    )
    assert toml.load(text) == {"t": value}


def test_remarks_are_all_the_comments_in_order() -> None:
    """Comments on lines of their own, behind values and inside arrays count; signs in strings do not."""
    text = '# 1\r\n[t] # 2\r\na = [ # 3\r\n  "# no", #4\r\n  # 5\r\n] # 6\r\n\t#\r\n'

    assert toml.remarks(text) == ["# 1", "# 2", "# 3", "#4", "# 5", "# 6", "#"]


COMMENTED = """\
# My settings. Do not lose them!
model = "gpt-5.2"
model_reasoning_effort = "high"   # slow, but good
notify = [
  "notify-send",  # the desktop's
  "Done",
]

# ---- servers ---------------------------------------------------

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs-server"]
env = { "API_KEY" = "x", REGION = 'eu' }

[projects."/home/me/work"]
trust_level = "trusted"

[model_providers.other]
name = "Other"
base_url = "https://other.example.com/v1"
env_key = "OTHER_KEY"

[features]
# web = true
unified_exec = true
"""


def test_a_real_configuration_there_and_back() -> None:
    """A commented configuration gets a provider with its helper command, and every byte comes back."""
    ours = ("model_providers", "aibridge")
    changes: list[Operation] = [
        Set(("model_provider",), "aibridge"),
        Set((*ours, "name"), "AI Bridge"),
        Set((*ours, "base_url"), "https://coder.example.com/api/v2/aibridge/openai/v1"),
        Set((*ours, "wire_api"), "responses"),
        Set((*ours, "auth", "command"), "/usr/bin/aibridge"),
        Set((*ours, "auth", "args"), ["token", "--url", "https://coder.example.com"]),
        Set((*ours, "auth", "timeout_ms"), 5000),
        Delete((*ours, "env_key")),
    ]
    back: list[Operation] = [
        Delete(("model_provider",)),
        *(Delete((*ours, key), prune=1) for key in ("name", "base_url", "wire_api")),
        *(Delete((*ours, "auth", key), prune=2) for key in ("command", "args", "timeout_ms")),
    ]

    after = edited(COMMENTED, *changes)

    assert after == COMMENTED.replace(
        '  "Done",\n]\n',
        '  "Done",\n]\nmodel_provider = "aibridge"\n',
    ).replace(
        'env_key = "OTHER_KEY"\n',
        """\
env_key = "OTHER_KEY"

[model_providers.aibridge]
name = "AI Bridge"
base_url = "https://coder.example.com/api/v2/aibridge/openai/v1"
wire_api = "responses"

[model_providers.aibridge.auth]
command = "/usr/bin/aibridge"
args = ["token", "--url", "https://coder.example.com"]
timeout_ms = 5000
""",
    )
    assert edited(after, *changes) == after
    assert edited(after, *back) == COMMENTED
    assert edited(after, *reversed(back)) == COMMENTED


def test_later_edits_by_the_user_are_kept() -> None:
    """What was added around and among our keys is there when they have gone."""
    after = edited(COMMENTED, Set(("model_provider",), "x"), Set(("model_providers", "x", "name"), "X"))
    users = after.replace('model_provider = "x"\n', 'model_provider = "x"\n# mine\nnew = 1\n').replace(
        "[features]", "[mine]\n\n[features]"
    )

    taken_back = edited(users, Delete(("model_provider",)), Delete(("model_providers", "x", "name"), prune=2))

    assert taken_back == COMMENTED.replace('  "Done",\n]\n', '  "Done",\n]\n# mine\nnew = 1\n').replace(
        "[features]", "[mine]\n\n[features]"
    )
