from __future__ import annotations

import re

import pytest

from aibridge_cli.loopback import Tokens
from aibridge_cli.loopback.tokens import TokenRefused


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_shape() -> None:
    """A token is ten characters, a hyphen and twenty-two characters, and does not show its secret."""
    token = Tokens().issue("laptop")
    assert re.fullmatch(r"[A-Za-z0-9]{10}-[A-Za-z0-9]{22}", token.text)
    assert token.secret not in repr(token)


def test_token_ends_with_its_lifetime() -> None:
    """A token is accepted until its lifetime is over, and its time of expiry is told in UTC."""
    clock = Clock()
    tokens = Tokens(clock)
    token = tokens.issue(lifetime=60)
    clock.now += 59
    assert tokens.accept(token.text) == token
    clock.now += 1
    with pytest.raises(TokenRefused, match="1970-01-12T13:47:40Z"):
        tokens.accept(token.text)
    assert token.described()["expires_at"] == "1970-01-12T13:47:40Z"
    assert token.described()["login_type"] == "password"


def test_ending_early_never_prolongs() -> None:
    """Ending a token that is over already leaves its expiry."""
    clock = Clock()
    tokens = Tokens(clock)
    token = tokens.issue(lifetime=60)
    clock.now += 3600
    assert tokens.expire(token.id)
    found = tokens.get(token.id)
    assert found is not None
    assert found.expires == token.expires


def test_tokens_that_are_not_there() -> None:
    """Ending and revoking tell whether there was such a token."""
    tokens = Tokens()
    token = tokens.issue("laptop")
    assert tokens.named("laptop") == token
    assert tokens.named("desktop") is None
    assert not tokens.expire("nope")
    assert not tokens.revoke("nope")
    assert tokens.revoke(token.id)
    assert tokens.all() == []
