from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.documents import fenced
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.fenced import BEGIN, END, END_UNTERMINATED, MEMBER, load, remarks
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set
from aibridge_cli.errors import DocumentError

PATH = (MEMBER,)
FOREIGN = "# >>> conda initialize >>>\nconda\n# <<< conda initialize <<<\n"


def test_put_in_and_taken_out() -> None:
    """A block goes to the end, and its lines are the data; without it the text is as it was."""
    text = f"alias x=y\n{FOREIGN}"

    edited = edit("fenced", text, [Set(PATH, "one\ntwo")])

    assert edited == f"{text}{BEGIN}\none\ntwo\n{END}\n"
    assert load(edited) == {MEMBER: "one\ntwo"}
    assert load(text) == {}
    assert edit("fenced", edited, [Delete(PATH)]) == text


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("", f"{BEGIN}\nx\n{END}\n"),
        ("a", f"a\n{BEGIN}\nx\n{END_UNTERMINATED}\n"),
        ("a\r", f"a\r\n{BEGIN}\nx\n{END_UNTERMINATED}\n"),
        ("a\r\nb\r\n", f"a\r\nb\r\n{BEGIN}\nx\n{END}\n"),
        ("a\r\nb", f"a\r\nb\n{BEGIN}\nx\n{END_UNTERMINATED}\n"),
        ("\n", f"\n{BEGIN}\nx\n{END}\n"),
    ],
)
def test_line_ends(text: str, edited: str) -> None:
    """Ours are line feeds, as shells want them, and a last line without one is that again without the block."""
    assert edit("fenced", text, [Set(PATH, "x")]) == edited
    assert edit("fenced", edited, [Delete(PATH)]) == text


def test_replaced_where_it_is() -> None:
    """Another block takes the place of the first, between what stands around it."""
    text = f"before\n{BEGIN} as it once was\nold\n{END}\nafter"

    edited = edit("fenced", text, [Set(PATH, "new")])

    assert edited == f"before\n{BEGIN}\nnew\n{END}\nafter"
    assert edit("fenced", edited, [Put(PATH, text)]) == f"before\n{BEGIN}\nold\n{END}\nafter"
    assert edit("fenced", edited, [Delete(PATH)]) == "before\nafter"
    at_the_end = f"before\n{BEGIN}\nold\n{END}"
    assert edit("fenced", at_the_end, [Set(PATH, "new")]) == f"before\n{BEGIN}\nnew\n{END}"


def test_appended_since() -> None:
    """What another program appends is a line of its own, also where the text had no line end."""
    appended = edit("fenced", "mine", [Set(PATH, "x")]) + "theirs\n"

    assert load(appended) == {MEMBER: "x"}
    assert edit("fenced", appended, [Set(PATH, "y")]) == appended.replace("x\n#", "y\n#")
    assert edit("fenced", appended, [Delete(PATH)]) == "mine\ntheirs\n"


def test_what_is_not_ours() -> None:
    """Lines outside the block are somebody's, empty ones are nobody's."""
    assert remarks(f"a\n\n{BEGIN}\nours\n{END}\n  \nb\n") == ["a", "b"]
    assert remarks("a\n") == ["a"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"a\n{BEGIN}\nx\n", 2, "a block of ours begins here and never ends"),
        (f"a\n\n{END}\n", 3, "a block of ours ends here that never began"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", 2, "a second block of ours begins here"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", 3, "a second block of ours begins here"),
    ],
)
def test_damaged_marks(text: str, line: int, message: str) -> None:
    """A mark without its partner, or a second pair, stops with its line, and nothing is guessed."""
    with pytest.raises(DocumentError, match=message) as caught:
        load(text)
    assert caught.value.line == line
    with pytest.raises(DocumentError):
        edit("fenced", text, [Set(PATH, "x")])


@pytest.mark.parametrize(
    "operation",
    [Set(("other",), "x"), Set(PATH, 5), Append(PATH, "x"), Set((MEMBER, "inner"), "x"), Delete(("other",))],
)
def test_what_a_text_cannot_hold(operation: Operation) -> None:
    """There is one block, it is text, and it is all there is."""
    with pytest.raises(DocumentError):
        fenced.splice("", [operation])


def test_marks_inside_a_block() -> None:
    """A block that would end itself is refused by the check on every edit."""
    with pytest.raises(DocumentError):
        edit("fenced", "a\n", [Set(PATH, f"x\n{END}\ny")])


LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], codec="utf-8"), max_size=8), max_size=5
)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), LINES.filter(bool))
def test_any_text(lines: list[str], end: str, ended: bool, block: list[str]) -> None:
    """Whatever the file holds, putting the block in and taking it out returns every byte."""
    text = end.join(lines) + (end if ended else "")
    edited = edit("fenced", text, [Set(PATH, "\n".join(block))])
    assert edited.startswith(text)
    assert edit("fenced", edited, [Delete(PATH)]) == text
