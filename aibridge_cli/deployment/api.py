"""What is asked of Coder's API: the build, the user, and the user's tokens.

Paths and shapes are those of Coder's public API reference and its client library
(`codersdk`): lifetimes are Go durations, nanoseconds, when they are sent and read as
`max_token_lifetime`, but seconds in a key's `lifetime_seconds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aibridge_cli.deployment.refusals import complaint, refusal
from aibridge_cli.deployment.shapes import identifier, members, number, secret, text, texts, unix_seconds, words
from aibridge_cli.errors import GatewayError, NameTaken, TokenNotMade
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from aibridge_cli.deployment.http import Answer, Client

__all__ = [
    "Build",
    "Key",
    "NameTaken",
    "TokenNotMade",
    "User",
    "ask_for_build",
    "build",
    "build_in",
    "create",
    "key",
    "keys",
    "longest_lifetime",
    "revoke",
    "user",
]

_ME = "/api/v2/users/me"
_TOKENS = f"{_ME}/keys/tokens"
_NANOSECONDS = 1_000_000_000
_LONGEST_LIFETIME = 10**11
"""Seconds, three thousand years; what is more is no lifetime."""


class Build(NamedTuple):
    """What runs there.

    Args:
        version: As in `v2.31.3`.
        dashboard: The deployment's own idea of its URL, or "".
    """

    version: str
    dashboard: str = ""


class User(NamedTuple):
    """Who is signed in.

    Args:
        id: A UUID.
        username: The name that others see.
        email: The address, or "".
    """

    id: str
    username: str
    email: str


class Key(NamedTuple):
    """A token without its secret.

    Args:
        id: The token's public half.
        name: What its owner called it; "" for the session of a sign-in.
        kind: `token` for an API token, `session` for what a sign-in made.
        scopes: What it may do.
        created: Seconds since 1970.
        expires: Seconds since 1970, 0 when the deployment does not say.
        lifetime: Seconds. The end of a session moves by this much with its use.
    """

    id: str
    name: str
    kind: str
    scopes: tuple[str, ...]
    created: int
    expires: int
    lifetime: int


def build(client: Client) -> Build:
    """Return what runs at the address, without sending the token.

    Raises:
        GatewayError: Nothing does, or something that is not Coder.
    """
    return build_in(client, ask_for_build(client))


def ask_for_build(client: Client) -> Answer:
    """Ask what runs at the address, without sending the token.

    Raises:
        GatewayError: No answer came.
    """
    return client.get("/api/v2/buildinfo", anonymous=True)


def build_in(client: Client, answer: Answer) -> Build:
    """Return what runs at the address from the answer to `ask_for_build`.

    Raises:
        GatewayError: It is something that is not Coder.
    """
    said = complaint(answer)
    if answer.status == 404 or (answer.status == 200 and not _has_version(answer)):
        raise GatewayError(
            f"`{client.origin}` is not a Coder deployment" + (f": {client.masked(said.words)}" if said else ""),
            hint="look at the address: it is the one of Coder's dashboard",
        )
    body = _object(client, answer)
    return Build(text(answer, body, "version"), words(body, "dashboard_url"))


def user(client: Client) -> User:
    """Return whose token it is.

    Raises:
        TokenRejected: The deployment does not accept it.
        GatewayError: Anything else went wrong.
    """
    answer = client.get(_ME)
    body = _object(client, answer)
    return User(text(answer, body, "id"), text(answer, body, "username"), words(body, "email"))


def key(client: Client, token: Secret) -> Key:
    """Return what the deployment knows of a token; its id is all of it that is sent in the address.

    Args:
        client: One that is signed in.
        token: The token to look up.

    Raises:
        TokenRejected: The client's own token is not accepted.
        GatewayError: The deployment knows no such token, or anything else went wrong.
    """
    answer = client.get(f"{_ME}/keys/{identifier(token)}")
    if answer.status == 404 and complaint(answer):
        raise GatewayError(f"`{client.origin}` knows nothing of this token")
    return _key(answer, _object(client, answer))


def keys(client: Client, include_expired: bool = False) -> tuple[Key, ...]:
    """Return the user's API tokens; sessions are not among them.

    Args:
        client: One that is signed in.
        include_expired: Whether to name those whose time is over, which older
            deployments do anyway.

    Raises:
        TokenRejected: The token is not accepted.
        GatewayError: Anything else went wrong.
    """
    query = {"include_all": "false", "include_expired": "true" if include_expired else "false"}
    answer = client.get(_TOKENS, query=query)
    if answer.status != 200:
        raise refusal(client, answer)
    return tuple(_key(answer, item) for item in members(answer))


def longest_lifetime(client: Client) -> int | None:
    """Return the longest lifetime that a new token may have, in seconds.

    None when there is no limit, or the deployment is too old to tell.

    Raises:
        TokenRejected: The token is not accepted.
        GatewayError: Anything else went wrong.
    """
    answer = client.get(f"{_TOKENS}/tokenconfig")
    if answer.status == 404 and complaint(answer):
        return None
    longest = number(answer, _object(client, answer), "max_token_lifetime")
    return longest // _NANOSECONDS if longest > 0 else None


def create(client: Client, name: str, lifetime_seconds: int) -> Secret:
    """Make an API token and return it; the deployment shows it this once.

    Never repeated by itself: when no answer comes, a token may have been made, which
    `keys` would list.

    Args:
        client: One that is signed in.
        name: How the user will recognise it; unique among the user's tokens.
        lifetime_seconds: How long it is to work.

    Raises:
        NameTaken: There is one of that name.
        TokenNotMade: The deployment refuses the name or the lifetime, in its own words.
        TokenRejected: The client's own token is not accepted.
        GatewayError: Anything else went wrong.
    """
    answer = client.post(_TOKENS, {"lifetime": lifetime_seconds * _NANOSECONDS, "token_name": name})
    said = complaint(answer)
    words = client.masked(said.words) if said else ""
    if answer.status == 409:
        raise NameTaken(f"`{client.origin}` has a token of yours called `{name}` already", hint="choose another name")
    if answer.status == 400 and words:
        raise TokenNotMade(f"`{client.origin}` makes no token `{name}`: {words}")
    return secret(answer, _object(client, answer, status=201), "key")


def revoke(client: Client, key_id: str) -> bool:
    """End a token for good; return whether there was one.

    Args:
        client: One that is signed in.
        key_id: The token's public half.

    Raises:
        TokenRejected: The client's own token is not accepted.
        GatewayError: Anything else went wrong.
    """
    answer = client.delete(f"{_ME}/keys/{identifier(Secret(f'{key_id}-'))}")
    if answer.status == 404 and complaint(answer):
        return False
    if answer.status not in (200, 204):
        raise refusal(client, answer)
    return True


def _object(client: Client, answer: Answer, *, status: int = 200) -> dict[str, Any]:
    if answer.status != status:
        raise refusal(client, answer)
    body = answer.json()
    if not isinstance(body, dict):
        raise GatewayError(f"`{answer.url}` answered with something that is not an object")
    return body


def _has_version(answer: Answer) -> bool:
    try:
        body = answer.json()
    except GatewayError:
        return False
    return isinstance(body, dict) and isinstance(body.get("version"), str)


def _key(answer: Answer, body: dict[str, Any]) -> Key:
    return Key(
        text(answer, body, "id"),
        words(body, "token_name"),
        "token" if body.get("login_type") == "token" else "session",
        texts(body, "scopes") or texts(body, "scope"),
        unix_seconds(answer, body, "created_at"),
        unix_seconds(answer, body, "expires_at"),
        min(max(number(answer, body, "lifetime_seconds"), 0), _LONGEST_LIFETIME),
    )
