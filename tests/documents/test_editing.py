from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from aibridge_cli.documents import editing, jsonc, strict_json, toml, yaml
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set
from aibridge_cli.errors import DocumentError


@pytest.mark.parametrize(("name", "module"), [("json", strict_json), ("jsonc", jsonc), ("toml", toml), ("yaml", yaml)])
def test_formats(name: str, module: Any) -> None:
    """Each format of a profile has its module, which reads an empty text as an empty object."""
    assert name in editing.FORMATS
    assert editing.document_format(name) is module
    assert editing.open_document(name, "").data == {}
    assert editing.edit(name, "", []) == ""


def test_an_unknown_format() -> None:
    """There are no other formats."""
    with pytest.raises(KeyError, match="ini"):
        editing.document_format("ini")
    with pytest.raises(KeyError, match="ini"):
        editing.open_document("ini", "")


@pytest.mark.parametrize(
    ("name", "text"), [("jsonc", '{"a": 1.0 /* a */}'), ("toml", "a = 1.0 # a\n"), ("yaml", "a: 1.0 # a\n")]
)
def test_equal_data_is_not_written(name: str, text: str) -> None:
    """A text whose data is as it should be is returned as it is."""
    operations: list[Operation] = [Set(("a",), 1.0), Delete(("b",)), Put(("a",), text)]
    assert editing.edit(name, text, operations) is text


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("json", '{"a": 1}', '{"a": 1.0}'),
        ("jsonc", '{"a": 1, /* b */}', '{"a": 1.0, /* b */}'),
        ("toml", "a = 1 # a\n", "a = 1.0 # a\n"),
        ("yaml", "a: 1 # a\n", "a: 1.0 # a\n"),
    ],
)
def test_a_type_is_a_difference(name: str, text: str, after: str) -> None:
    """1 and 1.0 are not the same to a program that reads them."""
    assert editing.edit(name, text, [Set(("a",), 1.0)]) == after


@pytest.mark.parametrize("name", ["json", "jsonc", "toml", "yaml"])
def test_a_value_that_is_not_in_the_source(name: str) -> None:
    """Nothing can be put back from a source that does not have it."""
    with pytest.raises(DocumentError, match=r"`a\.b`"):
        editing.edit(name, "", [Put(("a", "b"), "")])


@pytest.mark.parametrize(("name", "text"), [("json", '{"a": "s"}'), ("toml", 'a = "s"\n'), ("yaml", "a: s\n")])
def test_no_place(name: str, text: str) -> None:
    """An operation that has no place is an error in every format."""
    with pytest.raises(DocumentError, match="expected an object at `a`, found a string"):
        editing.edit(name, text, [Set(("a", "b"), 1)])


@pytest.mark.parametrize(
    ("spliced", "operation"),
    [
        ('{"a": 1, "b": 3}', Set(("b",), 2)),
        ('{"a": 2, "b": 2}', Set(("b",), 2)),
        ('{"a": 1}', Set(("b",), 2)),
        ('{"a": 1, "b": 2.0}', Set(("b",), 2)),
        ('{"a": 1, "b": [true]}', Append(("b",), 1)),
        ('{"a": 1, "a": 1}', Delete(("a",))),
    ],
)
def test_an_editor_that_is_wrong(monkeypatch: pytest.MonkeyPatch, spliced: str, operation: Operation) -> None:
    """A result that does not mean what it should is never returned."""
    wrong = SimpleNamespace(data={"a": 1}, splice=lambda _operations: spliced)
    monkeypatch.setattr(editing, "open_document", lambda _name, _text: wrong)
    with pytest.raises(DocumentError, match="could not be edited safely"):
        editing.edit("jsonc", '{"a": 1}', [operation])


def test_an_editor_that_breaks_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that cannot be read is never returned."""
    wrong = SimpleNamespace(data={"a": 1}, splice=lambda _operations: '{"a": 1 "b": 2}')
    monkeypatch.setattr(editing, "open_document", lambda _name, _text: wrong)
    with pytest.raises(DocumentError, match="not valid JSON"):
        editing.edit("jsonc", '{"a": 1}', [Set(("b",), 2)])
