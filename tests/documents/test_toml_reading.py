from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.documents import toml
from aibridge_cli.documents.operations import Delete, Set
from aibridge_cli.documents.toml_layout import survey
from aibridge_cli.documents.toml_spans import scan
from aibridge_cli.errors import DocumentError

PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            ".",
            " = ",
            "1",
            "[",
            "]",
            "{",
            "}",
            "[[",
            "]]",
            '"',
            "'",
            '"""',
            "'''",
            "\\",
            "#",
            ",",
            "\n",
            "\r\n",
        ),
        *(
            "\r",
            " ",
            "\t",
            "é",
            "\x00",
            "\ufeff",
            "\ud800",
            "[a]\n",
            "[[a]]\n",
            "a = 1\n",
            "a.b = 1\n",
            "inf",
            "1979-05-27",
        ),
        "\\e",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text crashes the reader, and what the interpreter's reader takes has the data it says."""
    try:
        expected = tomllib.loads(text)
    except ValueError:
        expected = None
    try:
        data = toml.load(text)
    except DocumentError:
        assert expected is None
        return

    assert expected is None or repr(data) == repr(expected)
    assert "".join(text[statement.start : statement.end] for statement in scan(text)[0]) == text


def test_an_empty_text_has_no_data() -> None:
    """Nothing, blank lines and comments are an empty document."""
    assert toml.load("") == toml.load("\n \n") == toml.load("# only\r\n") == {}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = \n", 2, 5),
        ("a = 1\n\nb = [1\n", 4, 1),
        ("a = 1\na = 2\n", 2, 6),
        ("a = 1\rb = 2\n", 1, 6),
        ("\ufeffa = 1\n", 1, 1),
    ],
)
def test_a_broken_text_is_named_with_its_place(text: str, line: int, column: int) -> None:
    """The error has line and column, and what is wrong there in the reader's words."""
    with pytest.raises(DocumentError) as refused:
        toml.load(text)

    assert (refused.value.line, refused.value.column) == (line, column)
    assert re.fullmatch(r"this is not valid TOML: [a-z][^()]+[^.]", refused.value.message)
    assert refused.value.hint == "correct it by hand; nothing was written"


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "[" * 101 + "]" * 101,
        ".".join("a" * 102) + " = 1",
        "[" + ".".join("a" * 102) + "]",
    ],
)
def test_what_lies_too_deep_is_refused(text: str) -> None:
    """Depth has a limit of our own, so that no reader or editor runs out of stack."""
    with pytest.raises(DocumentError, match="more than 100 deep"):
        toml.load(text)


def test_a_hundred_levels_can_be_edited() -> None:
    """What is within the limit is read and edited."""
    text = "a = " + "[" * 99 + "]" * 99 + "\n"

    assert toml.splice(text, [Set(("b",), 1)]) == text + "b = 1\n"
    assert toml.load(text)["a"] != []


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    """The interpreter reads no such number; that is an error of ours and no crash."""
    with pytest.raises(DocumentError, match="too long to be read"):
        toml.load("a = " + "1" * 5000)


NEWER = """\
server = {
  command = "npx", # the runner
  "args\\e" = ["a"],
}
start = 07:32
"""


def test_toml_1_1_is_read_and_edited() -> None:
    """Line breaks, comments and a last comma in inline tables are kept, and followed as a style."""
    assert toml.load(NEWER)["server"] == {"command": "npx", "args\x1b": ["a"]}

    after = toml.splice(NEWER, [Set(("server", "env", "A"), "b")])

    assert after == NEWER.replace('["a"],\n', '["a"],\n  env = { A = "b" },\n')
    assert toml.remarks(after) == ["# the runner"]
    assert toml.splice(after, [Delete(("server", "env", "A"), prune=1)]) == NEWER


@pytest.mark.parametrize(
    "text",
    [
        "[t]\n[[q]]\n[t]\n",
        "[a.l.m]\n[a]\n[[a.l]]\n[a.b]\n",
        "[[a]]\n[a]\n",
        "a = 1\n[a.b]\n",
        "a.b = 1\na = 1\n",
        "[a]\nb = 1\n[a.b]\n",
        "[[a]]\n[a.b]\nx = 1\n[[a.b]]\n",
    ],
)
def test_what_is_said_twice_is_refused_by_the_editor_too(text: str) -> None:
    """Keys and tables have one place each; a text in which they do not is never edited."""
    with pytest.raises(DocumentError):
        toml.load(text)
    with pytest.raises(DocumentError, match="is there twice") as refused:
        survey(text)
    assert refused.value.line > 0


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a", 1, 2), ("[a\n", 1, 3), ("\na = [1 2]", 2, 8), ("a = 1 2\n", 1, 7), ("[[a]\n", 1, 4)],
)
def test_the_scanner_never_guesses(text: str, line: int, column: int) -> None:
    """Even a text that nobody read before is refused where it leaves the grammar."""
    with pytest.raises(DocumentError) as refused:
        toml.remarks(text)

    assert (refused.value.line, refused.value.column) == (line, column)


@pytest.mark.parametrize(
    "value",
    [
        '""""a"""',
        '"""a"""""',
        "'''a'''''",
        '"""\n# no\n[no]\n"""',
        '"""a\\""""',
        "'\\'",
        '"\\\\"',
        "1979-05-27 07:32:00Z",
        "{}",
        "[ ]",
    ],
)
def test_where_a_value_ends(value: str) -> None:
    """Quotes inside quotes, dates with a space and brackets in strings do not lead the scanner astray."""
    text = f"a = {value} # c\nb = 1\n"
    if value.startswith('""""'):
        text = text.replace(value, '""""a"""')
    expected: dict[str, Any] = tomllib.loads(text)

    assert toml.remarks(text) == ["# c"]
    assert toml.splice(text, [Set(("a",), 1)]) == "a = 1 # c\nb = 1\n"
    assert toml.load(text) == expected
