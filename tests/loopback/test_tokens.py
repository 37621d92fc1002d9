from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.loopback import Tokens
from aibridge_cli.loopback.tokens import TokenRefused, timestamp

if TYPE_CHECKING:
    from tests.loopback.conftest import Clock


def test_shape() -> None:
    """A token is ten characters, a hyphen and twenty-two characters, and does not show its secret."""
    token = Tokens().issue("laptop")
    assert re.fullmatch(r"[A-Za-z0-9]{10}-[A-Za-z0-9]{22}", token.text)
    assert token.secret not in repr(token)


def test_token_ends_with_its_lifetime(clock: Clock) -> None:
    """A token is accepted until its lifetime is over, and its time of expiry is told in UTC."""
    tokens = Tokens(clock)
    token = tokens.issue(lifetime=60)
    clock.now += 59
    assert tokens.accept(token.text) == token
    clock.now += 1
    with pytest.raises(TokenRefused, match="1970-01-12T13:47:40Z"):
        tokens.accept(token.text)
    assert token.described()["expires_at"] == "1970-01-12T13:47:40Z"
    assert token.described()["login_type"] == "password"


def test_ending_early_never_prolongs(clock: Clock) -> None:
    """Ending a token that is over already leaves its expiry."""
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


def test_use_is_noted_once_an_hour(clock: Clock) -> None:
    """When a token was used last is noted once an hour; one that is gone is no error."""
    tokens = Tokens(clock)
    token = tokens.issue()
    for seconds, used in ((3600, 0), (1, 3601), (3600, 3601)):
        clock.now += seconds
        tokens.use(token.id, refresh=False)
        found = tokens.get(token.id)
        assert found is not None
        assert found.used == token.created + used
        assert found.expires == token.expires
    tokens.use("nope")


def test_a_token_of_another_deployment_can_be_adopted(clock: Clock) -> None:
    """It is accepted like one of its own, for as long; what has no token's shape is not."""
    tokens = Tokens(clock)
    text = "ABCDEFGHIJ-0123456789012345678901"

    assert tokens.adopt(text, lifetime=60)
    assert tokens.accept(text).text == text
    assert not tokens.adopt("sk-made-up")
    clock.now += 61
    with pytest.raises(TokenRefused):
        tokens.accept(text)


def test_times_are_written_as_go_does() -> None:
    """A fraction of a second is written as far as it goes, and not at all when there is none."""
    assert timestamp(0) == "1970-01-01T00:00:00Z"
    assert timestamp(1.25) == "1970-01-01T00:00:01.25Z"
