from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.documents import dotenv
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set, Unsettled
from aibridge_cli.errors import DocumentError


def edited(text: str, *operations: Operation) -> str:
    return edit("dotenv", text, operations)


def test_only_our_names_change() -> None:
    """Comments, `export`, quotes and spaces stay, and taking ours out gives the bytes back."""
    before = """\
# keys
export OTHER='kept' # why
  URL = "https://old.example" # theirs

# the end
"""
    after = """\
# keys
export OTHER='kept' # why
  URL = https://x.example/v1 # theirs
MODEL=gpt-5.1

# the end
"""

    changes = [Set(("URL",), "https://x.example/v1"), Set(("MODEL",), "gpt-5.1")]

    assert edited(before, *changes) == after
    assert edited(after, *changes) == after
    assert edited(after, Put(("URL",), before), Delete(("MODEL",))) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=x\n"),
        ("# mine", "# mine\nA=x"),
        ("B=1", "B=1\nA=x"),
        ("B=1\r\n", "B=1\r\nA=x\r\n"),
        ('B="two\nlines" # c\n\n', 'B="two\nlines" # c\nA=x\n\n'),
    ],
)
def test_a_new_name(before: str, after: str) -> None:
    """A new name comes behind the last one, and goes without a trace."""
    assert edited(before, Set(("A",), "x")) == after
    assert edited(after, Delete(("A",))) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A\n", "A=x\n"),
        ("A=  # c\n", "A=x  # c\n"),
        ("A=\n", "A=x\n"),
        ("export A='y'\n", "export A=x\n"),
        ('A="y\nz" # c\n', "A=x # c\n"),
        ("A=y#z # c\n", "A=x # c\n"),
        ("A=two words  # c\n", "A=x  # c\n"),
    ],
)
def test_a_value_is_replaced(before: str, after: str) -> None:
    """A value changes where it stands, whatever its quotes were."""
    assert edited(before, Set(("A",), "x")) == after


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("A=1\nexport B='two words'\n\n# c\nC=\nD\n", {"A": "1", "B": "two words", "C": "", "D": None}),
        ("A=1\nA=2\n", {"A": "2"}),
        ('A=""\n', {"A": ""}),
        ("A=$B\n", {"A": "$B"}),
        ("A=`id`\n", {"A": "`id`"}),
        ("A=a b\n", {"A": "a b"}),
        ('A="\\n"\n', {"A": '"\\n"'}),
    ],
)
def test_the_data_of_a_text(text: str, data: dict[str, str | None]) -> None:
    """A text means what its readers agree on; anything else is kept as it is written."""
    assert dotenv.load(text) == data


@pytest.mark.parametrize("raw", ["$B", "a b", "`x`", '"a$b"', "a#b", "'a\\b'", '"a\nb"', "don't"])
def test_a_value_on_which_readers_do_not_agree(raw: str) -> None:
    """Such a value is equal to nothing of ours."""
    assert type(dotenv.load(f"A={raw}\n")["A"]) is Unsettled


def test_remarks() -> None:
    """Comments are found at the end of lines and on their own."""
    assert dotenv.remarks("# one\nA=1 # two\nB='#no'#three\nC=x#y\n  # four") == ["# one", "# two", "#three", "# four"]


@pytest.mark.parametrize(
    ("text", "operation", "message"),
    [
        ("A: 1\n", Set(("B",), "x"), "1:1: this line is no assignment"),
        ("A=1\n=2\n", Set(("B",), "x"), "2:1: this line is no assignment"),
        ("A='x' y\n", Set(("B",), "x"), "1:7: this line is no assignment"),
        ("A='x\n", Set(("B",), "x"), "1:3: this quote is never closed"),
        ("A=1\nA=2\n", Set(("A",), "x"), "2:1: `A` stands here a second time"),
        ("", Set(("A",), "two words"), "the value for `A` has characters"),
        ("", Set(("A",), "$HOME"), "the value for `A` has characters"),
        ("", Set(("A",), 1), "`A` is a variable, which cannot hold a number"),
        ("", Set(("a b",), "x"), "`a b` is not the name of a variable"),
        ("A=1\n", Set(("A", "B"), "x"), "expected an object at `A`, found a string"),
        ("", Set(("A", "B"), "x"), "expected an object at `A`, found nothing"),
        ("A=1\n", Append(("A",), "x"), "expected a list at `A`, found a string"),
        ("", Append(("A",), "x"), "expected a list at `A`, found nothing"),
        ("", Put(("A",), "B=1\n"), "there is nothing at `A` to put back"),
    ],
)
def test_what_cannot_be_edited_safely(text: str, operation: Operation, message: str) -> None:
    """What programs read differently is neither edited nor written."""
    with pytest.raises(DocumentError) as problem:
        edited(text, operation)

    place = f"{problem.value.line}:{problem.value.column}: " if problem.value.line else ""
    assert (place + problem.value.message).startswith(message)


def test_an_original_that_is_not_there() -> None:
    """The editor itself refuses to put back what its source does not have."""
    with pytest.raises(DocumentError, match="nothing at `A`"):
        dotenv.splice("", [Put(("A",), "B=1\n")])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# about A\nexport A='x y' # c\nB=1\n", "A"),
        ("B=1\n\n# about A\nA=$C\n# end\n", "A"),
        ("A=1", "A"),
        ("B=1\nA=1", "A"),
        ("B=1\nA\n", "A"),
    ],
)
def test_what_was_taken_out_comes_back_as_it_was(text: str, name: str) -> None:
    """An assignment comes back where it stood, with its spelling and its comment."""
    without = edited(text, Delete((name,)))

    assert without != text
    assert edited(without, Put((name,), text)) == text
    replaced = edited(text, Set((name,), "ours"))
    assert dotenv.load(edited(replaced, Put((name,), text))) == dotenv.load(text)


def test_the_whole_text() -> None:
    """All variables can be set at once; those that are not named go."""
    assert edited("A=1\nB=2 # c\n", Set((), {"B": "2", "C": "3"})) == "B=2 # c\nC=3\n"
    assert edited("A=$x\n", Set((), {"A": Unsettled("$x"), "C": Unsettled("$y")})) == "A=$x\nC=$y\n"
    assert dotenv.splice("A=1\n", [Delete(()), Set(("A",), "1")]) == "A=1\n"


LINES = st.sampled_from(
    ["", "# note", "  # far", "B=1", "export C='x y' # c", 'D="two\nlines"', "E=", "  F = 'q'", "G=a#b # c", "H"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, max_size=6, unique=True), st.sampled_from(["", "\n"]), st.sampled_from(["\n", "\r\n"]))
def test_ours_come_and_go(lines: list[str], last: str, newline: str) -> None:
    """In any file new names come and go in any order without a trace, and what was taken out comes back."""
    text = "\n".join(lines).replace("\n", newline) + (last.replace("\n", newline) if lines else "")
    before = dotenv.load(text)

    ours = edited(text, Set(("X",), "1"), Set(("Y",), "2"))
    assert dotenv.load(ours) == {**before, "X": "1", "Y": "2"}
    assert dotenv.remarks(ours) == dotenv.remarks(text)
    assert edited(ours, Delete(("X",)), Delete(("Y",))) == text
    for name in before:
        without = edited(text, Delete((name,)))
        assert dotenv.load(edited(without, Put((name,), text))) == before
