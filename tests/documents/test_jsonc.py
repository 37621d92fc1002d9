from __future__ import annotations

import sys
from typing import Any

import pytest

from aibridge_cli.documents import jsonc
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Set, same
from aibridge_cli.errors import DocumentError


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}),
        (" \r\n\t", {}),
        ("// nothing yet", {}),
        ("/* nothing\n yet */\n", {}),
        ("null", None),
        (" 5 ", 5),
        ('"// text"', "// text"),
        ("[]", []),
        ('{"a": 1} // after', {"a": 1}),
        ('// before\n{"a": 1}', {"a": 1}),
        ('{"a": /* here */ 1, // there\n "b" /**/ : /***/ 2}', {"a": 1, "b": 2}),
        ('// a lone CR ends this\r{"a": 1}', {"a": 1}),
        ('{"a": [1, 2, ], "b": {"c": 3, /* last */ }, }', {"a": [1, 2], "b": {"c": 3}}),
        ('{"a": "/* no */", "b": "x, ]", "c": ",}"} //', {"a": "/* no */", "b": "x, ]", "c": ",}"}),
        (r'{"a": "\"//", "b\\": "\u00e5\ud83d\ude00"} //', {"a": '"//', "b\\": "å😀"}),
        (r'["\ud800"]', ["\ud800"]),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("[12345678901234567890, 1.10, 1E+2, -0]", [12345678901234567890, 1.1, 100.0, 0]),
    ],
)
def test_what_a_text_means(text: str, data: Any) -> None:
    """Comments, trailing commas and duplicate keys mean what editors take them for."""
    assert same(jsonc.load(text), data)
    assert same(jsonc.document(text).data, data)
    assert jsonc.splice(text, []) == text


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('{"a": 1', 1, 8, "not valid JSON"),
        ('{"a" 1}', 1, 6, "not valid JSON"),
        ("{a: 1}", 1, 2, "not valid JSON"),
        ("{1: 1}", 1, 2, "not valid JSON"),
        ('{"a": 1 "b": 2}', 1, 9, "not valid JSON"),
        ("[1 2]", 1, 4, "not valid JSON"),
        ("[1}", 1, 3, "not valid JSON"),
        ("{} {}", 1, 4, "not valid JSON"),
        ("[] // fine\n x", 2, 2, "not valid JSON"),
        ("[,]", 1, 2, "not valid JSON"),
        ("{,}", 1, 2, "not valid JSON"),
        ("[1,,]", 1, 4, "not valid JSON"),
        ("[1, /* x */ , ]", 1, 13, "not valid JSON"),
        ('{"a": ,}', 1, 7, "not valid JSON"),
        (",", 1, 1, "not valid JSON"),
        ("/ {}", 1, 1, "not valid JSON"),
        ("/* a */\n/* b", 2, 1, "this comment does not end"),
        ('{"a": "b\n"}', 1, 9, "not valid JSON: invalid control character"),
        ('// x\r\n{"a": "b}', 2, 7, "not valid JSON: unterminated string"),
        ('// x\r{\r\n "a": tru}', 3, 7, "not valid JSON: expecting value"),
        (r'{"a": "\x"}', 1, 8, "not valid JSON"),
        ("\ufeff{}", 1, 1, "not valid JSON"),
        ("[1,\u00a02]", 1, 4, "not valid JSON"),
        ('["NaN", NaN]', 1, 9, "not valid JSON: NaN is not a number"),
        ("[\n-Infinity]", 2, 1, "not valid JSON: -Infinity is not a number"),
    ],
)
def test_what_is_not_a_text(text: str, line: int, column: int, message: str) -> None:
    """A text that is not valid is refused, with the place in the original text."""
    with pytest.raises(DocumentError) as caught:
        jsonc.load(text)
    assert caught.value.message.startswith(message)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.hint == "correct it by hand; nothing was written"
    with pytest.raises(DocumentError) as caught:
        jsonc.document(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_number_too_long_for_python() -> None:
    """A number with more digits than the interpreter reads is refused, not a crash."""
    digits = sys.get_int_max_str_digits()
    with pytest.raises(DocumentError, match="too long to be read") as caught:
        jsonc.load(f'{{"{"9" * 5000}": {"9" * digits},\n "b": {"9" * (digits + 1)}}} //')
    assert (caught.value.line, caught.value.column) == (2, 7)


@pytest.mark.parametrize(("before", "after"), [("[", "]"), ('{"a":', "}")])
def test_nesting_that_can_be_read(before: str, after: str) -> None:
    """Hundreds of levels are edited as one is."""
    for depth in (200, 600):
        text = f'{{"deep": {before * depth}0{after * depth}}}'
        assert edit("jsonc", text, [Set(("new",), 1)]) == text[:-1] + ', "new": 1}'


@pytest.mark.parametrize(("before", "after"), [("[", "]"), ('{"a":', "}")])
def test_nesting_that_cannot_be_read(before: str, after: str) -> None:
    """Beyond what the interpreter can follow a text is refused, wherever that begins."""
    edited = ""
    for depth in (*range(900, 1010, 3), 200_000):
        text = f'{{"deep": {before * depth}0{after * depth}}}'
        try:
            edited = edit("jsonc", text, [Set(("new",), 1)])
        except DocumentError as error:
            edited = error.message
        assert edited in ("nested too deeply to be read", text[:-1] + ', "new": 1}')
    assert edited == "nested too deeply to be read"


@pytest.mark.parametrize(
    "text", ['"' + r"\"" * 100_000, "/* " * 100_000, "[1, " + "// \n" * 100_000, "[1," + " " * 100_000]
)
def test_a_long_flaw(text: str) -> None:
    """An unfinished text is refused in one go through it, however long it is."""
    with pytest.raises(DocumentError) as caught:
        jsonc.load(text)
    assert caught.value.line


def test_comments_as_written() -> None:
    """The comments of a text come in order, those in strings are none."""
    text = '// one\r\n{"a//": "/* not */", /* two\n lines */ "b": [1 /**/], // three, ]\r}\n//'
    assert jsonc.remarks(text) == ["// one", "/* two\n lines */", "/**/", "// three, ]", "//"]
