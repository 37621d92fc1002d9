from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.deployment import shapes
from aibridge_cli.deployment.answer import Answer
from aibridge_cli.errors import GatewayError
from aibridge_cli.secret import Secret

ASKED = Answer(200, {}, b"", "https://coder.example.com/api/v2/users/me")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def members(body: bytes) -> list[dict[str, Any]]:
    return shapes.members(Answer(200, {}, body, ASKED.url))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-11-23T12:00:00Z", 1795435200),
        ("2026-11-23T12:00:00.999999999Z", 1795435200),
        ("2026-11-23T12:00:00.5Z", 1795435200),
        ("2026-11-23T14:00:00.123456789+02:00", 1795435200),
        ("2026-11-23T06:30:00-05:30", 1795435200),
        ("1970-01-01T00:00:01Z", 1),
        ("0001-01-01T00:00:00Z", 0),
        ("0001-01-01T00:00:00+05:00", 0),
        ("2116-01-01T00:00:00Z", 4607280000),
    ],
)
def test_times(written: str, seconds: int) -> None:
    """Times are as Go writes them, with fractions and offsets; what is before 1970 counts as no time."""
    assert shapes.unix_seconds(ASKED, {"expires_at": written}, "expires_at") == seconds


@pytest.mark.parametrize("value", [None, 5, "", "soon", "2026-11-23T12:00:00", "2026-11-23T25:00:00Z", ["2026"]])
def test_not_a_time(value: object) -> None:
    """Anything else is an error that names the member and what was asked."""
    with pytest.raises(GatewayError, match=r"users/me` answered without `expires_at`, or it is not a time"):
        shapes.unix_seconds(ASKED, {"expires_at": value}, "expires_at")


@given(value=JSON)
def test_whatever_comes(value: Any) -> None:
    """Whatever a member is, it is read or refused, and never trips the reader."""
    body = {"x": value}
    for read in (shapes.text, shapes.number, shapes.unix_seconds):
        try:
            found = read(ASKED, body, "x")
        except GatewayError:
            continue
        assert isinstance(found, str if read is shapes.text else int)
    assert all(isinstance(item, str) for item in shapes.texts(body, "x"))


def test_text_and_numbers() -> None:
    """Texts may not be empty, and truth values are no numbers."""
    assert shapes.text(ASKED, {"id": "a"}, "id") == "a"
    assert shapes.number(ASKED, {"n": 5}, "n") == 5
    for read, value in ((shapes.text, ""), (shapes.text, 5), (shapes.number, True), (shapes.number, 1.5)):
        with pytest.raises(GatewayError, match="answered without `x`"):
            read(ASKED, {"x": value}, "x")


def test_text_that_a_terminal_would_obey() -> None:
    """What a deployment calls things cannot move the cursor, set the window's title or fill the screen."""
    body = {"x": "a\x1b[31mb\x1b]0;c\x07\nd\x9be\ud800", "y": "z" * 1_000_000, "z": "\x1b\n"}
    assert shapes.text(ASKED, body, "x") == "a [31mb ]0;c d e"
    assert len(shapes.text(ASKED, body, "y")) == 300
    assert shapes.words(body, "z") == shapes.words({"z": 5}, "z") == ""
    with pytest.raises(GatewayError, match="answered without `z`"):
        shapes.text(ASKED, body, "z")


@pytest.mark.parametrize("value", [None, "", 5, "a b", "a-b\nminted\tyes", "ä-b", "\ud800", "x" * 5000])
def test_no_token(value: object) -> None:
    """A token is printable ASCII, so that it can stand on a line of a file; what is none is not shown."""
    assert shapes.secret(ASKED, {"key": "AAAAAAAAAA-BBBB"}, "key") == Secret("AAAAAAAAAA-BBBB")
    with pytest.raises(GatewayError) as caught:
        shapes.secret(ASKED, {"key": value}, "key")
    assert caught.value.message == f"`{ASKED.url}` answered without `key`, or it is not a token"


@pytest.mark.parametrize("value", [1 << 63, -(1 << 63) - 1, 10**40])
def test_numbers_of_64_bits(value: int) -> None:
    """A number that Go could not have written is none."""
    with pytest.raises(GatewayError, match="not a whole number"):
        shapes.number(ASKED, {"n": value}, "n")


def test_one_or_several_texts() -> None:
    """Older deployments write one text where newer ones write a list."""
    assert shapes.texts({"scopes": ["all", 5, "read"]}, "scopes") == ("all", "read")
    assert shapes.texts({"scopes": "all"}, "scopes") == ("all",)
    assert shapes.texts({"scopes": ""}, "scopes") == shapes.texts({}, "scopes") == ()


def test_lists() -> None:
    """A list holds objects; an empty one may be null."""
    assert members(b'[{"id": "a"}]') == [{"id": "a"}]
    assert members(b"null") == members(b"[]") == []
    for body in (b"{}", b'["a"]', b'"a"'):
        with pytest.raises(GatewayError, match="not a list of objects"):
            members(body)


def test_public_half() -> None:
    """Of a token only its id is public."""
    assert shapes.identifier(Secret("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")) == "AAAAAAAAAA"


@pytest.mark.parametrize(
    "token", ["hunter2", "", "-hunter2", "../x-hunter2", "a b-hunter2", "ä-hunter2", "a" * 65 + "-x"]
)
def test_no_public_half(token: str) -> None:
    """What is not shaped like Coder's tokens has no part that may stand in an address."""
    with pytest.raises(GatewayError, match="the token has no id") as caught:
        shapes.identifier(Secret(token))
    assert "hunter2" not in caught.value.message + caught.value.hint
