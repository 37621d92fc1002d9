from __future__ import annotations

from textwrap import dedent

import pytest

from aibridge_cli.documents import jsonc
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, Operation, Put, Set
from aibridge_cli.errors import DocumentError


def block(text: str) -> str:
    """Return an indented transcript as the text that it shows."""
    return dedent(text).removeprefix("\n")


def test_a_member_goes_with_its_line() -> None:
    """A member takes its comma, its line and the comment at that line's end, but no comment above it."""
    before = """
        {
          // about a
          "a": 1, // one
          // about b

          "b": {
            "x": 2
          }, // end of b
          /* about c */
          "c": 3 // three
          // the end
        }
        """
    after = """
        {
          // about a
          "a": 1, // one
          // about b

          /* about c */
          "c": 3 // three
          // the end
        }
        """
    assert edit("jsonc", block(before), [Delete(("b",))]) == block(after)


def test_the_last_member_takes_the_comma_before_it() -> None:
    """The comma that only the last member needed goes, the comment behind that comma stays."""
    before = """
        {
          "a": 1, // one
          // about b
          "b": 2 // two
          // the end
        }
        """
    after = """
        {
          "a": 1 // one
          // about b
          // the end
        }
        """
    assert edit("jsonc", block(before), [Delete(("b",))]) == block(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1, "x": 2, "b": 3}', '{"a": 1, "b": 3}'),
        ('{"x": 2, "b": 3}', '{"b": 3}'),
        ('{ "x": 2,"b": 3 }', '{ "b": 3 }'),
        ('{"a": 1, "x": 2}', '{"a": 1}'),
        ('{ "a": 1, "x": 2 }', '{ "a": 1 }'),
        ('{"a": 1, "x": 2,}', '{"a": 1,}'),
        ('{"x": 2}', "{}"),
        ('{ "x": 2, }', "{}"),
        ('{\n  "x": 2,\n}', "{}"),
        ('{\n  // mine\n  "x": 2,\n}', "{\n  // mine\n}"),
        ('{ /* mine */ "x": 2 }', "{ /* mine */ }"),
        ('{"a": 1, "x": 2 /* x */}', '{"a": 1}'),
        ('{"a": 1, "x": 2 /* x */, /* b */ "b": 3}', '{"a": 1, /* b */ "b": 3}'),
        ('{"a": 1, /* x? */ "x": 2}', '{"a": 1 /* x? */}'),
        ('{"a": 1, // one\n  "x": 2}', '{"a": 1 // one\n}'),
        ('{\n  "a": 1, "x": 2, // both\n  "b": 3\n}', '{\n  "a": 1, // both\n  "b": 3\n}'),
        ('{\n  "a": 1, "x": 2 // both\n}', '{\n  "a": 1 // both\n}'),
        ('{\n  "x": 2, "b": 3 // both\n}', '{\n  "b": 3 // both\n}'),
        ('{\n  "x": 2 }', "{}"),
        ('{\n  "a": 1,\n  "x": 2 }', '{\n  "a": 1 }'),
        ('{ "x": 2,\n  "b": 3\n}', '{\n  "b": 3\n}'),
        ('{\n    "a": 1\n  , "x": 2\n}', '{\n    "a": 1\n}'),
        ('{\n    "x": 1\n  , "b": 2\n}', '{\n    "b": 2\n}'),
        ('{\n    "x": 1 // x\n  // b\n  , "b": 2\n}', '{\n  // b\n  "b": 2\n}'),
        ('{\n    "a": 1 // a\n  , "x": 2\n}', '{\n    "a": 1 // a\n  \n}'),
        ('{\n  "x": 2, /* of\n  b */ "b": 3}', '{\n  /* of\n  b */ "b": 3}'),
        ('{"x": 1, "a": 2, "x": 3}', '{"a": 2}'),
        ('{"a": 2}', '{"a": 2}'),
        ('{"x": 2} // end', "{} // end"),
        ("// nothing", "// nothing"),
        ("[1]", "[1]"),
        ('"x"', '"x"'),
        ("null", "null"),
    ],
)
def test_what_is_left(before: str, after: str) -> None:
    """Whatever stands round a member, what is left is valid, and as it was."""
    assert edit("jsonc", before, [Delete(("x",))]) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ('{"l": [1, 2, 3]}', ("l", 0), '{"l": [2, 3]}'),
        ('{"l": [1, 2, 3]}', ("l", -1), '{"l": [1, 2]}'),
        ('{"l": [\n  1, // one\n  2\n]}', ("l", 1), '{"l": [\n  1 // one\n]}'),
        ('{"l": [1]}', ("l", 1), '{"l": [1]}'),
        ('{"l": [1]}', ("l", "a"), '{"l": [1]}'),
        ('{"l": {"a": 1}}', ("l", 0), '{"l": {"a": 1}}'),
        ('{"l": [{"a": 1, "b": 2}]}', ("l", 0, "b"), '{"l": [{"a": 1}]}'),
        ('{"l": [1]}', (), '{"l": [1]}'),
    ],
)
def test_paths(before: str, path: tuple[str | int, ...], after: str) -> None:
    """Items go by index, counted from either end, and what is not there is no trouble."""
    assert edit("jsonc", before, [Delete(path)]) == after


@pytest.mark.parametrize(
    ("prune", "after"),
    [
        (0, '{"a": {"b": {}, "c": 1}}'),
        (1, '{"a": {"c": 1}}'),
        (2, '{"a": {"c": 1}}'),
    ],
)
def test_pruning(prune: int, after: str) -> None:
    """Containers left empty go as well, as many as were asked for and none that holds something."""
    assert edit("jsonc", '{"a": {"b": {"x": 1}, "c": 1}}', [Delete(("a", "b", "x"), prune)]) == after


def test_pruning_to_the_root() -> None:
    """The root stays, and so does an empty container when there was nothing to take from it."""
    assert edit("jsonc", '{"a": {"b": [1]}}', [Delete(("a", "b", 0), 5)]) == "{}"
    assert edit("jsonc", '{"a": {}}', [Delete(("a", "x"), 5)]) == '{"a": {}}'


def test_nothing_to_take_among_other_edits() -> None:
    """What is not there stays out of the way of the edits that come with it."""
    absent: list[Operation] = [Delete(path, 2) for path in ((), ("x",), ("a", "x"), ("a", 0), ("a", "b", "c"))]
    assert edit("jsonc", '{"a": {"b": 1}}', [*absent, Set(("z",), 0)]) == '{"a": {"b": 1}, "z": 0}'


def test_pruning_keeps_comments() -> None:
    """A comment that someone wrote into an object of ours outlives it."""
    before = """
        {
          "a": 1,
          // above
          "ours": {
            // a note
            "x": 1
          }
        }
        """
    after = """
        {
          "a": 1
          // above
            // a note
        }
        """
    assert edit("jsonc", block(before), [Delete(("ours", "x"), 1)]) == block(after)
    inline = '{"ours": { // a note\n "x": 1}, "b": 2}'
    assert edit("jsonc", inline, [Delete(("ours", "x"), 1)]) == '{ // a note\n"b": 2}'


def test_one_of_two_containers_of_the_same_name() -> None:
    """The last of duplicate objects counts; when it goes, all of that name go."""
    text = '{"o": {"x": 1}, "o": {"x": 2}}'
    assert edit("jsonc", text, [Delete(("o", "x"))]) == '{"o": {"x": 1}, "o": {}}'
    assert edit("jsonc", text, [Delete(("o", "x"), 1)]) == "{}"


ORIGINAL = block(
    """
    // mine
    {
      "theme": "dark", // evening

      // a number as written
      "size" : 1.10,   // points
      "env": {
        "A": "1", "B": "2",
        "C": [1, 2 /* two */],
      },
      "last": null // end
    }
    """
)


@pytest.mark.parametrize(
    "path", [("theme",), ("size",), ("env",), ("env", "A"), ("env", "B"), ("env", "C"), ("last",)], ids=str
)
def test_a_member_comes_back(path: tuple[str, ...]) -> None:
    """A member that was taken out comes back as it was written, where it was, with its comment."""
    without = edit("jsonc", ORIGINAL, [Delete(path)])
    assert without != ORIGINAL
    assert edit("jsonc", without, [Put(path, ORIGINAL)]) == ORIGINAL


@pytest.mark.parametrize("path", [("theme",), ("size",), ("env",), ("env", "C"), ("env", "C", 1)], ids=str)
def test_a_value_comes_back(path: tuple[str | int, ...]) -> None:
    """A value that was replaced comes back as it was written."""
    assert edit("jsonc", edit("jsonc", ORIGINAL, [Set(path, {"ours": 1})]), [Put(path, ORIGINAL)]) == ORIGINAL


def test_members_come_back_among_others() -> None:
    """Where neighbours have changed a member goes behind the nearest sibling that it followed."""
    before = """
        {
          "theme": "light", // mine now
          "env": {
            "A": "1",
            "D": "4"
          },
          "new": true // mine
        }
        """
    after = """
        {
          "theme": "light", // mine now
          "size" : 1.10,   // points
          "env": {
            "A": "1",
            "C": [1, 2 /* two */],
            "D": "4"
          },
          "last": null, // end
          "new": true // mine
        }
        """
    puts = [Put((*path,), ORIGINAL) for path in (("size",), ("env", "C"), ("last",))]
    assert edit("jsonc", block(before), puts) == block(after)


@pytest.mark.parametrize(
    ("before", "source", "after"),
    [
        ('{"b": 2}', '{"a": 1,"b": 2}', '{"a": 1,"b": 2}'),
        ('{"b": 2}', '{"b": 2, "a": 1}', '{"b": 2, "a": 1}'),
        ('{"b": 0}', '{"c": 2,"a": 1}', '{"b": 0,"a": 1}'),
        ('{ "b": 0, "c": 3 }', '{ "a": 1, "c": 2 }', '{ "b": 0, "a": 1, "c": 3 }'),
        ('{ /* c */ "c": 3 }', '{ "a": 1, "c": 2 }', '{ "a": 1, /* c */ "c": 3 }'),
        ('{\n  "c": 3\n}', '{"a": 1, "c": 2}', '{\n  "a": 1,\n  "c": 3\n}'),
        (
            '{\n  // c\n  "c": 3\n}',
            '{\n  // a\n  "a": 1, // one\n  "c": 2\n}',
            '{\n  "a": 1, // one\n  // c\n  "c": 3\n}',
        ),
        ('{"c": 3}', '{\n  "a": 1, // one\n  "c": 2\n}', '{"a": 1, "c": 3}'),
        ("{}", '{ "a": 1, "c": 2 }', '{ "a": 1 }'),
        ("{}", '{\n\n    "c": 2,\n    "a": 1 // one\n}', '{\n    "a": 1 // one\n}'),
        ("{}", '{\n    "a": 1, // one\n    "c": 2,\n}', '{\n    "a": 1, // one\n}'),
        ("", '{"a": 1}', '{"a": 1}\n'),
        ("{\n  // mine\n}", '{\n    "a": 1 // one\n}', '{\n    "a": 1 // one\n  // mine\n}'),
        ("{\n  // mine\n}", '{\n  // mine\n  "b": 1,\n  "a": 1 // one\n}', '{\n  "a": 1 // one\n  // mine\n}'),
        ('{"b": 0}', '{"a": 1 /* one */, "c": 2}', '{"b": 0, "a": 1 /* one */}'),
        (
            '{\n  "b": 0, // zero\n  "c": 3\n}',
            '{\n  "b": 0,\n  "a": 1,\n  "c": 3\n}',
            '{\n  "b": 0, // zero\n  "a": 1,\n  "c": 3\n}',
        ),
        ('{"b": 0,}', '{"b": 0, "a": 1}', '{"b": 0, "a": 1,}'),
        ('{ "b": 0, /* c */ "c": 3 }', '{ "b": 0,  "a": 1, "c": 3 }', '{ "b": 0,  "a": 1, /* c */ "c": 3 }'),
        ('{"a": null}', '{"a": [ 1 ]}', '{"a": [ 1 ]}'),
        ("null", '{"a": 1}', '{"a": 1}'),
    ],
)
def test_a_member_comes_to_a_changed_place(before: str, source: str, after: str) -> None:
    """A member takes its own spelling along, and the place decides on what stands round it."""
    assert edit("jsonc", before, [Put(("a",), source)]) == after


def test_a_member_comes_with_the_object_that_held_it() -> None:
    """An object that went with its last member comes back in its place, with that member only."""
    source = '{\n  "a": 1,\n  "o": {\n    "x": 1,\n    "y": 2\n  },\n  "b": 2\n}\n'
    without = edit("jsonc", source, [Delete(("o",))])
    assert edit("jsonc", without, [Put(("o", "y"), source)]) == source.replace('    "x": 1,\n', "")


@pytest.mark.parametrize("source", ["", "{}", '{"b": 1}', '{"a": []}', '{"a": 1}'])
def test_nothing_comes_back(source: str) -> None:
    """A value that its source does not have cannot be put back."""
    for work in (jsonc.splice, lambda text, operations: edit("jsonc", text, operations)):
        with pytest.raises(DocumentError, match=r"there is nothing at `a\.b` to put back"):
            work("{}", [Put(("a", "b"), source)])


def test_a_whole_document_comes_back() -> None:
    """The empty path means the value at the root; what stands round it stays."""
    assert edit("jsonc", "// now\n[1]\n", [Put((), "// then\n{ /* mine */ }")]) == "// now\n{ /* mine */ }\n"
    assert edit("jsonc", "// now\n[1]\n", [Set((), {"a": 1})]) == '// now\n{\n  "a": 1\n}\n'
    assert edit("jsonc", "// now\n", [Set((), [])]) == "// now\n[]\n"


@pytest.mark.parametrize("operations", [[Set(("a",), 1), Delete(("a",)), Set(("a",), 2)], [Set(("a",), 2)]])
def test_operations_follow_each_other(operations: list[Operation]) -> None:
    """Each operation sees what the one before it left."""
    assert edit("jsonc", '{ "b": 0 }', operations) == '{ "b": 0, "a": 2 }'
