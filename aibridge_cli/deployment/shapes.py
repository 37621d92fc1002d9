"""Reading the members of the deployment's JSON, each with an error that names it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aibridge_cli.deployment.answer import shortened
from aibridge_cli.errors import GatewayError
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from aibridge_cli.deployment.answer import Answer

_LONGEST_IDENTIFIER = 64
_LONGEST_SECRET = 4096
_INT64 = 1 << 63


def text(answer: Answer, body: dict[str, Any], name: str) -> str:
    """Return a member that is text and not empty, on one line and without control characters.

    Raises:
        GatewayError: It is absent, empty, or something else.
    """
    found = words(body, name)
    if not found:
        raise _wrong(answer, name, "text")
    return found


def words(body: dict[str, Any], name: str) -> str:
    """Return a member that is text, on one line and without control characters; "" when it is none."""
    value = body.get(name)
    return shortened(value) if isinstance(value, str) else ""


def secret(answer: Answer, body: dict[str, Any], name: str) -> Secret:
    """Return a member that is a token: printable ASCII without white space.

    Raises:
        GatewayError: It is absent or something else; the message does not show it.
    """
    value = body.get(name)
    well_formed = isinstance(value, str) and all("!" <= character <= "~" for character in value)
    if not isinstance(value, str) or not well_formed or not 0 < len(value) <= _LONGEST_SECRET:
        raise _wrong(answer, name, "a token")
    return Secret(value)


def texts(body: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return the texts of a member that is one or a list of them; what is none of that is passed over."""
    value = body.get(name)
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def number(answer: Answer, body: dict[str, Any], name: str) -> int:
    """Return a member that is a whole number of 64 bits, as Go's are.

    Raises:
        GatewayError: It is absent or something else.
    """
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT64 <= value < _INT64:
        raise _wrong(answer, name, "a whole number")
    return value


def members(answer: Answer) -> list[dict[str, Any]]:
    """Return a list of objects; Go writes an empty one as `null`.

    Raises:
        GatewayError: It is something else.
    """
    body = answer.json()
    if body is None:
        return []
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise GatewayError(f"`{answer.url}` answered with something that is not a list of objects")
    return body


def unix_seconds(answer: Answer, body: dict[str, Any], name: str) -> int:
    """Return a time as Go writes it, RFC 3339 with up to nine digits after the second, in seconds since 1970.

    Times before 1970, such as Go's zero time in the year 1, are 0.

    Raises:
        GatewayError: It is absent or no such time.
    """
    value = body.get(name)
    try:
        when = datetime.fromisoformat(value if isinstance(value, str) else "")
        if when.tzinfo is None:
            raise _wrong(answer, name, "a time with its offset")
        return max(0, int(when.timestamp()))
    except (ValueError, OverflowError):
        raise _wrong(answer, name, "a time") from None


def identifier(token: Secret) -> str:
    """Return a token's public half, which may stand in an address.

    Raises:
        GatewayError: The token is not of the shape that Coder's have, so that none of it is known to be public.
    """
    public, dash, _ = token.reveal().partition("-")
    if not dash or not public.isascii() or not public.isalnum() or len(public) > _LONGEST_IDENTIFIER:
        raise GatewayError(
            "the token has no id that the deployment could be asked about",
            hint="Coder's tokens are ten letters and digits, a dash, and more of them",
        )
    return public


def _wrong(answer: Answer, name: str, wanted: str) -> GatewayError:
    return GatewayError(
        f"`{answer.url}` answered without `{name}`, or it is not {wanted}",
        hint="the deployment may be too old or too new for this version of aibridge",
    )
