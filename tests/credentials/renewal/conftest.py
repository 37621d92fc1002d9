"""A sign-in on a deployment whose clock is moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from aibridge_cli.credentials.minting import DAY, renewal_time
from aibridge_cli.credentials.sign_in import SignIn, sign_in_of, write_sign_in
from aibridge_cli.facts import Facts
from aibridge_cli.loopback import Deployment, Settings, Token
from aibridge_cli.secret import Secret

START = 1_800_000_000
LIFETIME = 30 * DAY


class Clock:
    """What time it is, here and on the deployment."""

    def __init__(self) -> None:
        self.now = float(START)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture(name="deployment")
def fixed_deployment(clock: Clock) -> Iterator[Deployment]:
    """A deployment on which the end of a token does not move with its use."""
    with Deployment(Settings(session_expiry_refresh=False), clock=clock) as deployment:
        yield deployment


@pytest.fixture
def facts(make_facts: Any) -> Facts:
    made: Facts = make_facts()
    return made


def signed_in(facts: Facts, deployment: Deployment, *, minted: bool = True, **more: Any) -> Token:
    """Put a sign-in down as `aibridge login` does."""
    token = deployment.tokens.issue("aibridge-here" if minted else "", lifetime=LIFETIME)
    given: dict[str, Any] = {
        "url": deployment.url,
        "token": Secret(token.text),
        "key": token.id,
        "name": token.name,
        "minted": minted,
        "created": START,
        "expires": START + LIFETIME,
        "lifetime": LIFETIME,
        "renew": renewal_time(START, START + LIFETIME),
    }
    write_sign_in(facts, SignIn(**(given | more)))
    return token


def asked(deployment: Deployment, method: str) -> int:
    return sum(request.method == method for request in deployment.requests)


def recorded(facts: Facts, deployment: Deployment) -> SignIn:
    found = sign_in_of(facts, deployment.url)
    assert found is not None
    return found
