from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.deployment.answer import Answer
from aibridge_cli.deployment.refusals import Complaint, complaint, refusal
from aibridge_cli.errors import AibridgeError, GatewayError, TokenRejected

if TYPE_CHECKING:
    from tests.deployment.conftest import Connect

CODER = "https://coder.example.com"
SIGNED_OUT = "You are signed out or your session has expired. Please sign in again to continue."
TOKEN = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"


def answer(status: int, body: object, **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = "text/html" if isinstance(body, str) and body.startswith("<") else "text/plain"
    return Answer(status, {"content-type": kind, **headers}, content, f"{CODER}/api/v2/users/me")


@pytest.fixture(name="refused")
def refused_by_coder(connect: Connect) -> Any:
    def make(status: int, body: object, **headers: str) -> AibridgeError:
        return refusal(connect(CODER, TOKEN), answer(status, body, **headers))  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"message": "No."}, Complaint("No.")),
        ({"message": "No.", "detail": "Why not."}, Complaint("No.", "Why not.")),
        ({"message": "No.", "detail": 5, "validations": None}, Complaint("No.")),
        (
            {"message": "No.", "validations": [{"field": "name", "detail": "taken"}, "odd", {}]},
            Complaint("No.", "", (("name", "taken"), ("", ""))),
        ),
        ({"error": "No."}, None),
        ({"message": {"text": "No."}}, None),
        (["message"], None),
        ("No.", None),
    ],
)
def test_shape_of_errors(body: object, expected: Complaint | None) -> None:
    """Errors of Coder's API have a message, and perhaps more; anything else is somebody else's."""
    assert complaint(answer(400, body)) == expected


def test_words() -> None:
    """An error is told on one line, without the full stops in it."""
    said = Complaint("Not valid.", "Look\nat it.", (("name", "taken"),))
    assert said.words == "Not valid; Look at it; name: taken"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"message": SIGNED_OUT, "detail": "API key is invalid."}),
        (401, "nonsense"),
        (403, "unauthorized\n"),
        (403, {"message": SIGNED_OUT}),
        (403, {"message": "Could not refresh expired Oauth token."}),
    ],
)
def test_about_the_token(refused: Any, status: int, body: object) -> None:
    """A token that is not accepted is exit code 4, and says how to get another."""
    error = refused(status, body)
    assert isinstance(error, TokenRejected)
    assert (error.exit_code, error.code) == (4, "token-rejected")
    assert error.message.startswith(f"`{CODER}` does not accept the token: ")
    assert error.hint == f"run `aibridge login {CODER}` to sign in again"


def test_reason_is_told(refused: Any) -> None:
    """Why a token is not accepted is told in Coder's words."""
    error = refused(401, {"message": SIGNED_OUT, "detail": 'API key expired at "2026-11-23 12:00:00 +0000 UTC".'})
    assert error.message.endswith('API key expired at "2026-11-23 12:00:00 +0000 UTC"')


@pytest.mark.parametrize(
    ("status", "body", "headers", "message", "hint"),
    [
        (403, {"message": "Forbidden."}, {}, f"`{CODER}` does not allow this: Forbidden", "an administrator"),
        (
            403,
            "<title>Access denied</title>",
            {},
            "something in front of `https://coder.example.com` refuses",
            "CODER_HEADER",
        ),
        (401, "<title>Sign in</title>", {}, "answered 401: a page called “Sign in”", ""),
        (401, "<p>", {}, "answered 401: a web page", ""),
        (404, {"message": "Route not found."}, {}, "/api/v2/users/me` answered 404: Route not found", ""),
        (404, "404 page not found\n", {}, f"`{CODER}` is not a Coder deployment: 404 page not found", "address"),
        (418, "", {}, f"`{CODER}/api/v2/users/me` answered 418", ""),
        (429, {"message": "Slow down."}, {"retry-after": "12"}, "limits how often it is asked: Slow down", "in 12 s"),
        (429, "", {}, f"`{CODER}` limits how often it is asked", "in a minute"),
        (500, {"message": "Internal error."}, {}, "has trouble of its own (500): Internal error", "try again later"),
        (502, "<title>502 Bad Gateway</title>", {}, "(502): a page called “502 Bad Gateway”", "try again later"),
    ],
)
def test_other_trouble(
    refused: Any, status: int, body: object, headers: dict[str, str], message: str, hint: str
) -> None:
    """Everything else is named for what it is, with what to do about it."""
    error = refused(status, body, **headers)
    assert type(error) is GatewayError
    assert error.exit_code == 1
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize("body", [f"you sent {TOKEN}", {"message": f"you sent {TOKEN}"}, f"<title>{TOKEN}</title>"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_token_is_never_shown(refused: Any, status: int, body: object) -> None:
    """Even a deployment that repeats the token does not get it shown."""
    error = refused(status, body)
    assert TOKEN not in error.message + error.hint
    assert "you sent ***" in error.message or "***" in error.message


def test_strangers_words_are_kept_short(refused: Any) -> None:
    """A long or odd body becomes one line of a message."""
    error = refused(500, "line\n" * 1000 + "\x1b[31m")
    assert len(error.message) < 300
    assert error.message.isprintable()
