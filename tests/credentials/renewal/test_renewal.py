"""A token near its end, against a deployment whose clock is moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli import folders
from aibridge_cli.credentials.minting import DAY
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.facts import Facts
from aibridge_cli.loopback import Deployment
from tests.credentials.renewal.conftest import LIFETIME, START, Clock, asked, recorded, signed_in


def test_long_before_the_end(facts: Facts, deployment: Deployment) -> None:
    """A token that is good for long is printed, and nobody is asked."""
    token = signed_in(facts, deployment)
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert (found.expires, found.source, found.notes) == (START + LIFETIME, "`aibridge login`", ())
    assert deployment.requests == []


def test_near_the_end_a_new_one_is_made(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """In the last week a new token takes the old one's place; the old one works until it ends."""
    old = signed_in(facts, deployment)
    clock.now += LIFETIME - 6 * DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() != old.text
    new = deployment.tokens.accept(found.value.reveal())
    assert new.expires == clock.now + LIFETIME
    assert deployment.tokens.accept(old.text).id == old.id
    record = recorded(facts, deployment)
    assert (record.key, record.expires, record.earlier) == (new.id, clock.now + LIFETIME, (old.id,))
    assert record.renew == new.expires - 7 * DAY
    assert resolve_token(facts, deployment.url, renew=True).value == found.value


def test_the_one_before_the_last_is_revoked(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Renewals leave two tokens on the deployment, not one for each time."""
    oldest = signed_in(facts, deployment)
    for _ in range(4):
        clock.now = recorded(facts, deployment).renew
        resolve_token(facts, deployment.url, renew=True)
    alive = [token.id for token in deployment.tokens.all()]
    assert oldest.id not in alive
    assert len(alive) == 2


def test_the_longest_lifetime_is_not_asked_for(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """A slow deployment is asked as little as can be: as long as was granted last time is granted again."""
    deployment.behave(maximum_token_lifetime=LIFETIME)
    signed_in(facts, deployment, lifetime=3 * LIFETIME)
    clock.now += LIFETIME - DAY
    resolve_token(facts, deployment.url, renew=True)
    record = recorded(facts, deployment)
    assert (record.expires, record.lifetime) == (clock.now + LIFETIME, 3 * LIFETIME)
    assert [request.method for request in deployment.requests] == ["GET", "POST", "GET"]
    assert not [request.path for request in deployment.requests if "tokenconfig" in request.path]


def test_a_lifetime_that_is_granted_no_more(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the deployment's longest lifetime became shorter the new token has that one."""
    signed_in(facts, deployment)
    deployment.behave(maximum_token_lifetime=7 * DAY)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert (found.expires, found.notes) == (clock.now + 7 * DAY, ())
    assert deployment.tokens.accept(found.value.reveal()).expires == clock.now + 7 * DAY


def test_a_name_that_is_in_use_is_not_tried(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """A client waits for the renewal, so the deployment is not asked for a name that the old token has."""
    signed_in(facts, deployment)
    for _ in range(2):
        clock.now = recorded(facts, deployment).renew
        resolve_token(facts, deployment.url, renew=True)
    assert asked(deployment, "POST") == 2
    assert recorded(facts, deployment).name.endswith("-2")


def test_where_use_moves_the_end(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the deployment moves the end of a token that is used, the token stays and none is made."""
    deployment.behave(session_expiry_refresh=True)
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - 6 * DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert found.expires == clock.now + LIFETIME
    assert asked(deployment, "POST") == 0


@pytest.mark.parametrize("moves", [True, False])
def test_a_session_is_kept_alive(moves: bool, facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """The session of a browser, which is not ours to replace, is renewed by its use, where that is allowed."""
    deployment.behave(session_expiry_refresh=moves)
    token = signed_in(facts, deployment, minted=False)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    record = recorded(facts, deployment)
    assert record.expires == (clock.now + LIFETIME if moves else START + LIFETIME)
    assert record.renew == (record.expires - 7 * DAY if moves else 0)


def test_only_the_helper_renews(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """`env` and `configure --dry-run` never ask the deployment, even when the end is near."""
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - 60
    assert resolve_token(facts, deployment.url).value.reveal() == token.text
    assert deployment.requests == []


def test_the_copy_of_clients_follows(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """The file that clients read the token from has the new one as soon as it is made."""
    signed_in(facts, deployment)
    copy = Path(folders.token_file(facts, deployment.url))
    copy.parent.mkdir(parents=True)
    copy.write_text("the old one")
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert copy.read_text() == found.value.reveal()
