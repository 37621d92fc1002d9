from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.credentials.token import LONGEST, check_token, typed_token, unusual
from aibridge_cli.errors import CredentialRefused
from aibridge_cli.secret import Secret

TOKEN = "ABCDEFGHIJ-0123456789012345678901"


@pytest.mark.parametrize("text", [TOKEN, f"  {TOKEN}\r\n", "x", "a.long_one-of-some/other+shape=="])
def test_accepted(text: str) -> None:
    """A token is taken without the white space around it, whatever its shape."""
    assert check_token(text).reveal() == text.strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the token is empty"),
        (" \n", "the token is empty"),
        ("sk-ant-api03-abcdef", "the token is a key of an AI provider, not a Coder token"),
        (" sk-proj-abcdef", "the token is a key of an AI provider, not a Coder token"),
        (
            "123e4567-e89b-12d3-a456-42661417400F",
            "the token is a UUID, as the token of a workspace agent is, not a Coder token",
        ),
        ("ABC DEF", "the token has white space in it"),
        (f"{TOKEN}\n{TOKEN}", "the token has white space in it"),
        ("ABC\x00DEF", "the token has a character that no token has in it"),
        ("ABC\x1b[31m", "the token has a character that no token has in it"),
        ("ABC\u2011DEF", "the token has a character that no token has in it"),
        ('{"version":"v2.31.0"}', "the token has a character that no token has in it"),
        (f'"{TOKEN}"', "the token has a character that no token has in it"),
        ("<html>", "the token has a character that no token has in it"),
        ("\ud800", "the token has a character that no token has in it"),
        ("A" * (LONGEST + 1), "the token is too long to be one"),
    ],
)
def test_refused(text: str, message: str) -> None:
    """What is known to be no Coder token is refused with what it is."""
    with pytest.raises(CredentialRefused) as caught:
        check_token(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (None, "the token is empty"),
        (io.StringIO("A" * 100_000), "the token is too long to be one"),
        (io.TextIOWrapper(io.BytesIO(b"ABC\xff"), "utf-8"), "the token has a character that no token has in it"),
    ],
)
def test_standard_input_is_not_cut_to_fit(stream: io.TextIOBase | None, message: str) -> None:
    """A closed standard input, one with far too much, and one that is no text are refused, not made to fit."""
    with pytest.raises(CredentialRefused) as caught:
        check_token(typed_token(stream))  # type: ignore[arg-type]  # a text stream in all but name

    assert caught.value.message == message


@given(st.text(min_size=4))
def test_refusal_keeps_the_secret(text: str) -> None:
    """A refusal never shows the value; an accepted value is printable ASCII."""
    marked = f"sk-QZX{text}"
    try:
        accepted = check_token(text).reveal()
    except CredentialRefused:
        accepted = "!"
    assert all("!" <= character <= "~" for character in accepted)
    with pytest.raises(CredentialRefused) as caught:
        check_token(marked)
    assert "QZX" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (TOKEN, False),
        ("abcdefghij-ABCDEFGHIJKLMNOPQRSTUV", False),
        (TOKEN[:-1], True),
        (TOKEN.replace("-", "_"), True),
        ("ABCDEFGHIJ0123456789012345678901", True),
        ("ABCDEFGHIJ-012345678901234567890!", True),
        ("x", True),
    ],
)
def test_unusual(text: str, answer: bool) -> None:
    """Ten letters and digits, a dash and twenty-two more are what Coder makes today."""
    assert unusual(Secret(text)) is answer
