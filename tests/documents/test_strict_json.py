from __future__ import annotations

import pytest

from aibridge_cli.documents import strict_json
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, Put, Set
from aibridge_cli.errors import DocumentError


def test_what_a_text_means() -> None:
    """Plain JSON is read as it is, and an empty file is an empty object."""
    assert strict_json.load("") == {}
    assert strict_json.load("\r\n ") == {}
    assert strict_json.load('{"a": "// /* ,]", "a": [1.10]}') == {"a": [1.1]}
    assert strict_json.remarks('{"a": "// no"}') == []


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("// only", 1, 1, "comments"),
        ('{"a": 1} /* after */', 1, 10, "comments"),
        ('{\n  "a": 1, // x\n  "b": 2,\n}', 2, 11, "comments"),
        ('{\n  "a": [1, 2 , ]\n}', 2, 14, "trailing commas"),
    ],
)
def test_a_text_with_comments(text: str, line: int, column: int, what: str) -> None:
    """The first comment or trailing comma is refused, and told what it would do."""
    for work in (strict_json.load, strict_json.document, lambda text: strict_json.splice(text, [Set(("a",), 1)])):
        with pytest.raises(DocumentError) as caught:
            work(text)
        assert (
            caught.value.message
            == f"the program that reads this file takes no {what} and drops the whole file over one"
        )
        assert caught.value.hint == f"remove the {what}; nothing was written"
        assert (caught.value.line, caught.value.column) == (line, column)


def test_a_text_that_is_wrong_with_or_without_comments() -> None:
    """What is not valid at all is said before what is not valid here."""
    with pytest.raises(DocumentError, match="not valid JSON") as caught:
        strict_json.load('// x\n{"a": tru}')
    assert (caught.value.line, caught.value.column) == (2, 7)


def test_an_edit_and_back() -> None:
    """Plain JSON is edited by span as well: spelling, order and layout stay."""
    text = '{"big":12345678901234567890,\n   "tax":   1.10,"name":"b\\u00e5r"}'
    edited = edit("json", text, [Set(("env", "URL"), "x"), Delete(("tax",)), Set(("name",), "y")])
    assert edited == '{"big":12345678901234567890,\n   "name":"y","env":{"URL":"x"}}'
    assert edit("json", edited, [Delete(("env", "URL"), 1), Put(("tax",), text), Put(("name",), text)]) == text


def test_a_source_with_comments() -> None:
    """A value with comments cannot be put into a file that may have none."""
    with pytest.raises(DocumentError, match="takes no comments"):
        edit("json", "{}", [Put(("a",), '{"a": [1 /* x */]}')])
