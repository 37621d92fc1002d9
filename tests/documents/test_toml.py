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


def test_what_is_absent_cannot_be_deleted() -> None:
    """Deleting nothing changes nothing."""
    text = "a = 1\n[b]\nc = [1]\n"

    absent = [("x",), ("a", "x"), ("b", "x"), ("b", "c", 5), ("b", "c", -2), ()]

    assert toml.splice(text, [Delete(path, prune=3) for path in absent]) == text


def test_appending_makes_the_list() -> None:
    """An absent list begins with the item."""
    assert edited("a = 1\n", Append(("l",), "x"), Append(("l",), {"y": 1})) == 'a = 1\nl = ["x", { y = 1 }]\n'


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
