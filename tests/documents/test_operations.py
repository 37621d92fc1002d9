from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aibridge_cli.documents.operations import (
    ABSENT,
    Append,
    Delete,
    Item,
    KeyPath,
    Operation,
    Put,
    Set,
    apply_to_data,
    dotted,
    kind,
    lookup,
    same,
)
from aibridge_cli.errors import DocumentError


@pytest.mark.parametrize(
    ("data", "operation", "after"),
    [
        ({"a": 1}, Set(("a",), 2), {"a": 2}),
        ({"a": 1}, Set(("b", "c"), 2), {"a": 1, "b": {"c": 2}}),
        ({"a": None}, Set(("a", "b"), 2), {"a": {"b": 2}}),
        (None, Set(("a",), 2), {"a": 2}),
        ({"a": [1, {"b": 2}]}, Set(("a", -1, "b"), 3), {"a": [1, {"b": 3}]}),
        ({"a": 1}, Set((), []), []),
        ({}, Append(("a",), 1), {"a": [1]}),
        ({"a": None}, Append(("a",), 1), {"a": [1]}),
        ({"a": [1]}, Append(("a",), [2]), {"a": [1, [2]]}),
        ([1], Append((), 2), [1, 2]),
        ({"a": 1, "b": 2}, Delete(("a",)), {"b": 2}),
        ({"a": [1, 2]}, Delete(("a", 0)), {"a": [2]}),
        ({"a": 1}, Delete(("b",)), {"a": 1}),
        ({"a": 1}, Delete(("a", "b")), {"a": 1}),
        ({"a": [1]}, Delete(("a", 1)), {"a": [1]}),
        ({"a": {"b": {"c": 1}}}, Delete(("a", "b", "c")), {"a": {"b": {}}}),
        ({"a": {"b": {"c": 1}}}, Delete(("a", "b", "c"), 1), {"a": {}}),
        ({"a": {"b": {"c": 1}}}, Delete(("a", "b", "c"), 9), {}),
        ({"a": {"b": {"c": 1}, "d": 2}}, Delete(("a", "b", "c"), 9), {"a": {"d": 2}}),
        ({"a": 1}, Delete(()), {"a": 1}),
    ],
)
def test_what_an_operation_means(data: Any, operation: Operation, after: Any) -> None:
    """Each operation gives new data and leaves the old as it was."""
    before = repr(data)
    assert same(apply_to_data(data, operation), after)
    assert repr(data) == before


def test_putting_back() -> None:
    """A value is put where the path says, whatever made it."""
    assert apply_to_data({"a": 1}, Put(("b", "c"), "…"), [2]) == {"a": 1, "b": {"c": [2]}}


@pytest.mark.parametrize(
    ("data", "operation", "message"),
    [
        ({"a": "s"}, Set(("a", "b"), 1), "expected an object at `a`, found a string"),
        ([], Set(("a",), 1), "expected an object at the top, found a list"),
        (
            {"a": {"b": [{"c": 1.5}]}},
            Set(("a", "b", 0, "c", "d"), 1),
            "expected an object at `a.b[0].c`, found a number",
        ),
        ({"a": {}}, Set(("a", 0), 1), "expected a list at `a`, found an object"),
        ({}, Set(("a", 0), 1), "expected a list at `a`, found nothing"),
        ({"a": [1]}, Set(("a", 1), 1), "there is no item 1 in the list at `a`"),
        ({"a": True}, Append(("a",), 1), "expected a list at `a`, found true or false"),
    ],
)
def test_no_place(data: Any, operation: Operation, message: str) -> None:
    """What stands where a container is needed is an error, never overwritten."""
    with pytest.raises(DocumentError) as caught:
        apply_to_data(data, operation)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), {"a": [1, None], "b": "s"}),
        (("a",), [1, None]),
        (("a", 1), None),
        (("a", -2), 1),
        (("a", 2), ABSENT),
        (("a", "x"), ABSENT),
        (("b", 0), ABSENT),
        (("b", "x"), ABSENT),
        (("c",), ABSENT),
    ],
)
def test_looking_up(path: KeyPath, found: Any) -> None:
    """A path finds a value, also null, or nothing."""
    assert lookup({"a": [1, None], "b": "s"}, path) == found


def test_absent_is_nothing() -> None:
    """What is absent is false and says its name."""
    assert not ABSENT
    assert repr(ABSENT) == "ABSENT"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "an object"),
        ([], "a list"),
        ("", "a string"),
        (False, "true or false"),
        (None, "null"),
        (1, "a number"),
        (1.5, "a number"),
        (dt.date(2026, 1, 1), "a date"),
        (ABSENT, "nothing"),
    ],
)
def test_the_names_of_types(value: Any, words: str) -> None:
    """Types have the names that the formats give them."""
    assert kind(value) == words


def test_paths_as_people_write_them() -> None:
    """Keys are joined by dots, indices stand in brackets."""
    assert dotted(("models", 0, "id")) == "models[0].id"
    assert dotted((0, "id")) == "[0].id"
    assert dotted(()) == "[]"
    assert dotted((Item((("id", "x"), ("n", 1))), "url")) == "[id=x, n=1].url"


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        ("a", "a", True),
        ("a", "b", False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        (1.0, float("nan"), False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": [1, {"b": 1}]}, {"a": [1, {"b": 1.0}]}, False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ([1], (1,), False),
    ],
)
def test_sameness(left: Any, right: Any, *, equal: bool) -> None:
    """Values are the same when they are equal and of the same types, all the way down."""
    assert same(left, right) is equal
    assert same(right, left) is equal


def test_sameness_of_deep_values() -> None:
    """Depth is no limit."""
    left: Any = 1
    right: Any = 1
    for _ in range(5000):
        left, right = [left], [right]
    assert same(left, right)
