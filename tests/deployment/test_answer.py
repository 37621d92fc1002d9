from __future__ import annotations

import pytest

from aibridge_cli.deployment.answer import Answer, elsewhere, html_page, is_page, seconds_to_wait, shortened, title
from aibridge_cli.errors import GatewayError

CODER = "https://coder.example.com"
PATH = "/api/v2/buildinfo"


def page(text: str, kind: str = "text/html; charset=utf-8") -> Answer:
    return Answer(200, {"content-type": kind}, text.encode(), CODER + PATH)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0),
        ("30", 30),
        (" 30 ", 30),
        ("0", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("Mon, 23 Nov 2026 12:00:10 GMT", 10),
        ("Mon, 23 Nov 2026 11:59:00 GMT", 0),
        ("Mon, 23 Nov 99999 12:00:10 GMT", 0),
        ("³", 0),
    ],
)
def test_when_to_come_back(value: str, seconds: float) -> None:
    """`Retry-After` is a number of seconds or a date; anything else, and the past, asks for no wait."""
    now = 1795435200.0  # 2026-11-23 12:00:00 UTC
    assert seconds_to_wait(Answer(429, {"retry-after": value}, b""), now) == seconds


def test_when_to_come_back_by_the_clock() -> None:
    """Without a time given, a date is compared with the clock."""
    assert seconds_to_wait(Answer(429, {"retry-after": "Mon, 23 Nov 2020 12:00:00 GMT"}, b"")) == 0
    assert seconds_to_wait(Answer(429, {}, b"")) == 0


@pytest.mark.parametrize("body", ["", "{", "<html>", "[" * 100_000, "\ud83d"])
def test_not_json(body: str) -> None:
    """What is not JSON is an error that names what was asked."""
    with pytest.raises(GatewayError, match="/api/v2/buildinfo` answered with something that is not JSON"):
        Answer(200, {}, body.encode("utf-8", "surrogatepass"), CODER + PATH).json()


def test_text_and_data() -> None:
    """A body is read as text, whatever is in it, or as data."""
    assert Answer(200, {}, b"\xff ok").text() == "\ufffd ok"
    assert Answer(200, {}, b'{"version": "v2"}').json() == {"version": "v2"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(""), True),
        (page("{}", "application/xhtml+xml"), True),
        (page("\n <!DOCTYPE html><p>", "text/plain"), True),
        (page("<HTML>", ""), True),
        (page("{}", "application/json"), False),
        (page("", ""), False),
    ],
)
def test_pages(answer: Answer, expected: bool) -> None:
    """A page is known by its type or by how it begins."""
    assert is_page(answer) is expected


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("<title>Sign in</title>", "Sign in"),
        ("<head><TITLE lang=en>\n Sign &amp;\n in \x1b[31m</TITLE>", "Sign & in [31m"),
        ("<title></title>", ""),
        ("<h1>Sign in</h1>", ""),
        ("<title>" + "x" * 3000 + "</title>", ""),
        ("<title>" + "x" * 500 + "</title>", "x" * 99 + "…"),
    ],
)
def test_title(text: str, called: str) -> None:
    """A page's title comes on one line, not too long, and without control characters."""
    assert title(page(text)) == called


def test_shortened() -> None:
    """A stranger's words are one line of printable characters."""
    assert shortened("a\n b\t\x1b[0mc\u202e") == "a b [0mc"
    assert shortened("word " * 10, 10) == "word word…"


def test_page_is_named() -> None:
    """A page where data was expected is named by its title, if it has one."""
    error = html_page(CODER, "Sign in")
    assert error.message == f"`{CODER}` answered with a web page, “Sign in”, and not as Coder does"
    assert "`CODER_HEADER`" in error.hint
    assert html_page(CODER, "").message == f"`{CODER}` answered with a web page and not as Coder does"


def test_redirects() -> None:
    """A redirect to the same path elsewhere is the deployment's other address, any other one a sign-in."""
    redirect = Answer(302, {}, b"", CODER + PATH)
    other = elsewhere(CODER, redirect, f"https://coder.example.net{PATH}")
    assert f"redirects to `https://coder.example.net{PATH}`, where no token is sent" in other.message
    assert other.hint == "if that is the deployment, use its own address: `https://coder.example.net`"
    sign_in = elsewhere(CODER, redirect, "https://sso.example.com/authorize")
    assert "a sign-in stands in front of the deployment" in sign_in.hint
