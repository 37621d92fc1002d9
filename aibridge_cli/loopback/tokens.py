"""The deployment's tokens: issued, expired and revoked while it runs."""

from __future__ import annotations

import secrets
import string
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ID_LENGTH = 10
SECRET_LENGTH = 22
HOUR = 3600
DAY = 24 * HOUR
_ALPHABET = string.ascii_letters + string.digits


class TokenRefused(Exception):
    """A text that is not a token this deployment accepts; the message says why, in Coder's words."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Args:
        id: Its public half, ten characters.
        secret: Its secret half, twenty-two characters.
        name: What its owner called it, or "" for a sign-in session.
        created: When it was issued, in seconds since 1970.
        expires: When it stops working, in seconds since 1970.
        lifetime: By how many seconds its use moves its end.
        used: When it was used last, noted once an hour, in seconds since 1970.
        scopes: What it may do.
    """

    id: str
    secret: str = field(repr=False)
    name: str
    created: float
    expires: float
    lifetime: float
    used: float
    scopes: tuple[str, ...] = ("all",)

    @property
    def text(self) -> str:
        """The token as clients send it."""
        return f"{self.id}-{self.secret}"

    def described(self) -> dict[str, Any]:
        """Return the token without its secret, as the deployment's API shows it."""
        return {
            "id": self.id,
            "user_id": USER_ID,
            "token_name": self.name,
            "login_type": "token" if self.name else "password",
            "scope": "all",
            "scopes": list(self.scopes),
            "allow_list": [{"type": "*", "id": "*"}],
            "lifetime_seconds": round(self.lifetime),
            "created_at": timestamp(self.created),
            "updated_at": timestamp(self.created),
            "last_used": timestamp(self.used),
            "expires_at": timestamp(self.expires),
        }


USER_ID = "5f0c9a52-6b1e-4c58-9d3e-2f7a1b8c4d60"


def timestamp(seconds: float) -> str:
    """Return a time in seconds since 1970 as Go writes it: RFC 3339, with as much of a fraction as there is."""
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.rstrip("0").rstrip(".") + "Z"


class Tokens:
    """All tokens of a deployment; safe to use from several threads.

    Args:
        clock: What time it is, in seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}

    def issue(self, name: str = "", *, lifetime: float = DAY, scopes: tuple[str, ...] = ("all",)) -> Token:
        """Make a new token.

        Args:
            name: What its owner calls it, or "" for a sign-in session.
            lifetime: How long it works, in seconds.
            scopes: What it may do; said, and not held to.
        """
        now = self._clock()
        token = Token(_letters(ID_LENGTH), _letters(SECRET_LENGTH), name, now, now + lifetime, lifetime, now, scopes)
        with self._lock:
            self._tokens[token.id] = token
        return token

    def adopt(self, text: str, *, lifetime: float = DAY) -> bool:
        """Accept a token that another deployment issued, and tell whether it has the shape of one.

        Args:
            text: The token.
            lifetime: How long it works, in seconds.
        """
        identifier, _, secret = text.partition("-")
        if len(identifier) != ID_LENGTH or len(secret) != SECRET_LENGTH:
            return False
        now = self._clock()
        with self._lock:
            self._tokens[identifier] = Token(identifier, secret, "", now, now + lifetime, lifetime, now)
        return True

    def use(self, identifier: str, *, refresh: bool = True) -> None:
        """Note that Coder's own interface was used, as Coder does it: once an hour, API tokens too.

        Args:
            identifier: The token's id.
            refresh: Whether its end moves, to its lifetime from now.
        """
        now = self._clock()
        with self._lock:
            token = self._tokens.get(identifier)
            if token is None:
                return
            if now - token.used > HOUR:
                token = replace(token, used=now)
            if refresh and token.expires - now <= token.lifetime - HOUR:
                token = replace(token, expires=now + token.lifetime)
            self._tokens[identifier] = token

    def expire(self, identifier: str) -> bool:
        """Let the token with this id end now; return whether there is one."""
        with self._lock:
            token = self._tokens.get(identifier)
            if token is None:
                return False
            self._tokens[identifier] = replace(token, expires=min(token.expires, self._clock()))
            return True

    def revoke(self, identifier: str) -> bool:
        """Forget the token with this id; return whether there was one."""
        with self._lock:
            return self._tokens.pop(identifier, None) is not None

    def get(self, identifier: str) -> Token | None:
        """Return the token with this id."""
        with self._lock:
            return self._tokens.get(identifier)

    def named(self, name: str) -> Token | None:
        """Return the first token with this name."""
        return next((token for token in self.all() if token.name == name), None)

    def all(self) -> list[Token]:
        """Return every token, expired ones too, oldest first."""
        with self._lock:
            return list(self._tokens.values())

    def is_expired(self, token: Token) -> bool:
        """Return whether the token's time is over."""
        return token.expires <= self._clock()

    def accept(self, text: str) -> Token:
        """Return the token that a client sent.

        Args:
            text: What the client sent.

        Raises:
            TokenRefused: It is misshapen, unknown, wrong or expired.
        """
        parts = text.split("-")
        if len(parts) != 2:
            raise TokenRefused(
                f"Invalid API key format: incorrect amount of API key parts, expected 2 got {len(parts)}"
            )
        identifier, secret = parts
        for what, length, part in (("ID", ID_LENGTH, identifier), ("secret", SECRET_LENGTH, secret)):
            if len(part) != length:
                raise TokenRefused(
                    f"Invalid API key format: invalid API key {what} length, expected {length} got {len(part)}",
                )
        token = self.get(identifier)
        if token is None:
            raise TokenRefused("API key is invalid.")
        if not secrets.compare_digest(token.secret.encode(), secret.encode()):
            raise TokenRefused("API key secret is invalid.")
        if self.is_expired(token):
            raise TokenRefused(f'API key expired at "{timestamp(token.expires)}".')
        return token


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))
