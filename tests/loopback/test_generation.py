from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.loopback.generation import estimated_tokens, identifier, pieces


@pytest.mark.parametrize(
    ("answer", "cut"),
    [("", []), (" ", [" "]), ("one", ["one"]), ("one two\n three ", ["one", " two", "\n three "])],
)
def test_pieces(answer: str, cut: list[str]) -> None:
    """An answer is cut before each word."""
    assert pieces(answer) == cut


@given(st.text())
def test_pieces_make_the_answer(answer: str) -> None:
    """Joined, the pieces are the answer, whatever it is."""
    assert "".join(pieces(answer)) == answer


def test_tokens_grow_with_the_text() -> None:
    """Even nothing is one token, and more text is more tokens."""
    assert estimated_tokens("") == 1
    assert estimated_tokens("word " * 40) > estimated_tokens("word")


def test_identifiers_differ() -> None:
    """Each identifier is new and starts with its prefix."""
    first, second = identifier("msg"), identifier("msg")
    assert first.startswith("msg_")
    assert first != second
