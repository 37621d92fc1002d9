from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.clients.placeholders import BUILT_IN, RESERVED, RUN_NAMES, BadPlaceholder, fill, names, parts


def test_placeholders_are_replaced() -> None:
    """Each name in braces becomes its value; the text around it stays."""
    assert fill("{gateway.root}/x/{token}", {"gateway.root": "https://c", "token": "t"}) == "https://c/x/t"


def test_doubled_braces_are_literal() -> None:
    """`{{file:{token.file}}}` is a reference in the client's own braces."""
    assert fill("{{file:{token.file}}}", {"token.file": "/t"}) == "{file:/t}"
    assert names("{{env:NAME}}") == []


def test_text_and_names_come_apart_in_order() -> None:
    """A template is cut into literal text and names."""
    assert parts("a{token}b{{c}}") == [("a", False), ("token", True), ("b{c}", False)]
    assert parts("") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{token", "`{` is never closed"),
        ("a{", "`{` is never closed"),
        ("{a{token}", "`{` is never closed"),
        ("token}", "`}` was never opened"),
        ("{token}}", "`}` was never opened"),
    ],
)
def test_a_brace_without_its_partner_is_refused(text: str, message: str) -> None:
    """A single brace is a slip, never text."""
    with pytest.raises(BadPlaceholder, match=message):
        parts(text)


def test_an_unknown_name_is_a_key_error() -> None:
    """`fill` invents nothing for a name that it was not given."""
    with pytest.raises(KeyError):
        fill("{token}", {})


def test_first_words_are_reserved() -> None:
    """A profile's own paths may not shadow the built-in names."""
    assert RESERVED == ("deployment", "gateway", "helper", "model", "run", "token")
    assert {name.split(".")[0] for name in (*BUILT_IN, *RUN_NAMES)} == set(RESERVED)


@given(st.text(alphabet="ab{}.\n", max_size=30))
def test_doubling_every_brace_makes_any_text_literal(text: str) -> None:
    """Whatever a text holds, doubling its braces gives it back as it was."""
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}) == text
