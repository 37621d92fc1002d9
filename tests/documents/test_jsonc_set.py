from __future__ import annotations

from textwrap import dedent

import pytest

from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Operation, Set
from aibridge_cli.errors import DocumentError

URL = Set(("env", "URL"), "x")


def block(text: str) -> str:
    """Return an indented transcript as the text that it shows."""
    return dedent(text).removeprefix("\n")


def shown(before: str, *operations: Operation) -> str:
    """Return a transcript after the operations, which done twice do no more than once."""
    after = edit("jsonc", block(before), operations)
    assert edit("jsonc", after, [each for each in operations if isinstance(each, Set)]) == after
    return after


def test_new_members_go_to_the_end_in_the_style_of_the_others() -> None:
    """Indentation and colons are learned, and a new object is indented like the rest."""
    before = """
        {
           "theme" : "dark",
           "env" : {
              "A" : "1"
           }
        }
        """
    after = """
        {
           "theme" : "dark",
           "env" : {
              "A" : "1",
              "URL" : "x"
           },
           "provider" : {
              "coder" : {
                 "models" : [
                    "one",
                    {
                       "id" : 2
                    }
                 ],
                 "options" : {}
              }
           }
        }
        """
    provider = Set(("provider", "coder"), {"models": ["one", {"id": 2}], "options": {}})
    assert shown(before, URL, provider) == block(after)


def test_tabs_and_windows_line_ends() -> None:
    """Tabs stay tabs, and CR LF stays CR LF in what is new."""
    before = '{\r\n\t"a": 1\r\n}\r\n'
    assert shown(before, URL) == '{\r\n\t"a": 1,\r\n\t"env": {\r\n\t\t"URL": "x"\r\n\t}\r\n}\r\n'


def test_lone_carriage_returns() -> None:
    """Lines that end as on the first Macintosh go on doing so, and still end comments."""
    assert shown('{\r "a": 1 // one\r}', Set(("b",), 2)) == '{\r "a": 1, // one\r "b": 2\r}'


def test_the_comment_of_the_line_before() -> None:
    """The new comma goes before the comment of its line, the new member below all comments."""
    before = """
        {
          // about a
          "a": 1 // one
          // "b": 2,
          /* the end */
        }
        """
    after = """
        {
          // about a
          "a": 1, // one
          // "b": 2,
          /* the end */
          "new": true
        }
        """
    assert shown(before, Set(("new",), True)) == block(after)


def test_a_trailing_comma_is_kept_as_a_style() -> None:
    """Where the last member has a comma the new one has one too."""
    before = """
        {
          "a": 1, // one
        }
        """
    after = """
        {
          "a": 1, // one
          "b": [],
        }
        """
    assert shown(before, Set(("b",), [])) == block(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":1}', '{"a":1,"env":{"URL":"x"}}'),
        ('{"a": 1}', '{"a": 1, "env": {"URL": "x"}}'),
        ('{ "a": 1 }', '{ "a": 1, "env": { "URL": "x" } }'),
        ('{ "a":1,"b":2 }', '{ "a":1,"b":2,"env":{ "URL":"x" } }'),
        ('{"a":1, /* b */ "b":2}', '{"a":1, /* b */ "b":2,"env":{"URL":"x"}}'),
        ('{"a": 1 /* one */}', '{"a": 1, /* one */ "env": {"URL": "x"}}'),
        ('{"a": 1,}', '{"a": 1, "env": {"URL": "x"},}'),
        ('{"a": 1, "env": {}}', '{"a": 1, "env": {"URL": "x"}}'),
        ('{"a": 1, "env": { }}', '{"a": 1, "env": { "URL": "x" }}'),
        ('{"a": 1, "env": {/* none */}}', '{"a": 1, "env": {/* none */ "URL": "x"}}'),
        ('{"a": 1, "env": null}', '{"a": 1, "env": {"URL": "x"}}'),
        ('{"a": {\n  "b": 1}}', '{"a": {\n  "b": 1}, "env": {"URL": "x"}}'),
    ],
)
def test_what_is_on_one_line_stays_there(before: str, after: str) -> None:
    """An object on one line gets its members there, with the spaces it has."""
    assert shown(before, URL) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{ "a": 1,\n  "b": 2 }', '{ "a": 1,\n  "b": 2,\n  "new": 0 }'),
        ('{\n  "a": 1, "b": 2\n}', '{\n  "a": 1, "b": 2, "new": 0\n}'),
        ('{\n  "a": 1, "b": 2 // both\n}', '{\n  "a": 1, "b": 2, // both\n  "new": 0\n}'),
        ('{\n    "a": 1\n  , "b": 2\n}', '{\n    "a": 1\n  , "b": 2, "new": 0\n}'),
        ('{\n"a": 1\n}', '{\n"a": 1,\n"new": 0\n}'),
        ('{\n  "a": 1 \t\n\n}', '{\n  "a": 1, \t\n  "new": 0\n\n}'),
        ('{\n  /* a */ "a": 1}', '{\n  /* a */ "a": 1,\n  "new": 0}'),
    ],
)
def test_mixed_layouts(before: str, after: str) -> None:
    """Where lines hold more than one member the last member is the example."""
    assert shown(before, Set(("new",), 0)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "new": 0\n}\n'),
        (" \r\n ", '{\r\n  "new": 0\r\n}\r\n'),
        ("// mine", '// mine\n{\n  "new": 0\n}\n'),
        ("// mine\n/* and\n mine */\n\n", '// mine\n/* and\n mine */\n{\n  "new": 0\n}\n'),
        ("{}", '{\n  "new": 0\n}'),
        ("{\n}\n", '{\n  "new": 0\n}\n'),
        ("{\n\n  // mine\n\n}\n", '{\n\n  // mine\n  "new": 0\n\n}\n'),
        ("{ // mine\n}", '{ // mine\n  "new": 0\n}'),
        ("{\n  /* mine */ }", '{\n  /* mine */\n  "new": 0 }'),
        ("null // mine", '{\n  "new": 0\n} // mine'),
    ],
)
def test_texts_without_members(before: str, after: str) -> None:
    """A new object goes below the comments of a text, and a member below those of an object."""
    assert shown(before, Set(("new",), 0)) == after


def test_an_empty_object_among_lines() -> None:
    """An empty object in a file of lines gets lines of its own."""
    before = """
        {
            "env": {},
            "list": [
                {}
            ]
        }
        """
    after = """
        {
            "env": {
                "URL": "x"
            },
            "list": [
                {
                    "id": 1
                }
            ]
        }
        """
    assert shown(before, URL, Set(("list", 0, "id"), 1)) == block(after)


def test_a_value_in_its_place() -> None:
    """A new value takes exactly the place of the old, whatever stands round it."""
    before = """
        {
          "a" :  "old" /* a */ ,
          "b": {"c": [1, {"d": 1.10}]}, // b
          "c": [
            1
          ]
        }
        """
    after = """
        {
          "a" :  {
            "new" :  1
          } /* a */ ,
          "b": {"c": [1, {"d": [1.5]}]}, // b
          "c": "s"
        }
        """
    operations = [Set(("a",), {"new": 1}), Set(("b", "c", -1, "d"), [1.5]), Set(("c",), "s")]
    assert shown(before, *operations) == block(after)


def test_an_equal_value_stays_as_it_is_written() -> None:
    """An equal value is not written again; 1, 1.0 and true are not equal."""
    before = '{"a": "\\u00e5", "b": 1.00, "c": {"x": 1, "y": [ ]}, "d": 1}'
    same = [Set(("a",), "å"), Set(("b",), 1.0), Set(("c",), {"y": [], "x": 1})]
    assert shown(before, *same) == before
    assert shown(before, *same, Set(("d",), True)) == before.replace('"d": 1', '"d": true')


def test_the_last_of_equal_keys_counts() -> None:
    """Of duplicate keys the one is edited that readers take: the last."""
    before = '{"env": {"URL": "first"}, "env": {"URL": "last"}}'
    assert shown(before, URL) == '{"env": {"URL": "first"}, "env": {"URL": "x"}}'


def test_keys_are_compared_by_what_they_mean() -> None:
    """A key spelled with escapes is the same key."""
    before = r'{"\u0065nv": {"U\u0052L": "old"}}'
    assert shown(before, URL) == before.replace('"old"', '"x"')


def test_characters_that_could_do_harm_are_escaped() -> None:
    """New text is UTF-8 as it is, except for what UTF-8 or other readers cannot take."""
    assert shown("[]", Append((), 'å😀"\\\n\x7f')) == '[\n  "å😀\\"\\\\\\n\x7f"\n]'
    assert shown("{}", Set(("\ud800",), "\u2028 \u2029 \udfff")) == '{\n  "\\ud800": "\\u2028 \\u2029 \\udfff"\n}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"l": [1, 2]}', '{"l": [1, 2, {"k": 0}]}'),
        ('{"l":[1]}', '{"l":[1,{"k":0}]}'),
        ('{"l": []}', '{"l": [{"k": 0}]}'),
        ('{"l": [1,\n 2,]}', '{"l": [1,\n 2,\n {\n  "k": 0\n },]}'),
        ('{\n  "l": []\n}', '{\n  "l": [\n    {\n      "k": 0\n    }\n  ]\n}'),
        ('{\n  "l": [\n    1 // one\n  ]\n}', '{\n  "l": [\n    1, // one\n    {\n      "k": 0\n    }\n  ]\n}'),
        ('{"l": null}', '{"l": [{"k": 0}]}'),
        ('{"a": 1}', '{"a": 1, "l": [{"k": 0}]}'),
    ],
)
def test_appending(before: str, after: str) -> None:
    """A list gets its new item at the end, in the style of the others, and is made when absent."""
    assert shown(before, Append(("l",), {"k": 0})) == after


@pytest.mark.parametrize(
    ("before", "operation", "message", "line", "column"),
    [
        ('{\n  "env": "text"}', URL, "expected an object at `env`, found a string", 2, 10),
        ('{\n  "env": []}', URL, "expected an object at `env`, found a list", 2, 10),
        ('{"env": 1, "env": true}', URL, "expected an object at `env`, found true or false", 1, 19),
        ("// x\n[1]", URL, "expected an object at the top, found a list", 2, 1),
        ("1.5", URL, "expected an object at the top, found a number", 1, 1),
        ('{"a": {}}', Set(("a", 0), 1), "expected a list at `a`, found an object", 1, 7),
        ('{"a": null}', Set(("a", 0), 1), "expected a list at `a`, found null", 1, 7),
        ('{"a": [1]}', Set(("a", 1), 1), "there is no item 1 in the list at `a`", 1, 7),
        ('{"a": {}}', Append(("a",), 1), "expected a list at `a`, found an object", 1, 7),
        ("// x", Append((), 1), "expected a list at the top, found an object", 0, 0),
        ('{"b": 1}', Set(("a", 0), 1), "expected a list at `a`, found nothing", 0, 0),
    ],
)
def test_no_place(before: str, operation: Operation, message: str, line: int, column: int) -> None:
    """What stands where an object or list is needed is never overwritten, but named with its place."""
    with pytest.raises(DocumentError) as caught:
        edit("jsonc", before, [operation])
    assert caught.value.message == message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_no_place_in_what_was_just_written() -> None:
    """A value that is not in the file has no line to name."""
    with pytest.raises(DocumentError, match="expected an object at `a`, found a list") as caught:
        edit("jsonc", "{}", [Set(("a",), [1]), Set(("a", "b"), 1)])
    assert caught.value.line == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_a_value_that_json_has_no_word_for(value: object) -> None:
    """What JSON cannot say is refused."""
    with pytest.raises(DocumentError, match="cannot be written as JSON"):
        edit("jsonc", "{}", [Set(("a",), [value])])
