from __future__ import annotations

from aibridge_cli.clients.trees import leaves, overlaps, strings


def test_leaves_are_found_in_order() -> None:
    """Lists and empty tables are values to set; tables with keys are walked."""
    tree = {"a": {"b": 1, "c": {}}, "d": [{"e": 2}]}
    assert list(leaves(tree)) == [(("a", "b"), 1), (("a", "c"), {}), (("d",), [{"e": 2}])]


def test_strings_are_found_wherever_they_are() -> None:
    """Strings in tables, lists and tuples come with their place; other values do not."""
    value = {"a": ["x", {"b": "y"}], "c": 3, "d": ("z",)}
    assert list(strings(value)) == [(("a", 0), "x"), (("a", 1, "b"), "y"), (("d", 0), "z")]


def test_paths_overlap_when_one_holds_the_other() -> None:
    """A key overlaps itself, what is inside it and what it is inside of."""
    assert overlaps(("a", "b"), ("a", "b"))
    assert overlaps(("a",), ("a", "b"))
    assert overlaps(("a", "b"), ("a",))
    assert not overlaps(("a", "b"), ("a", "c"))
