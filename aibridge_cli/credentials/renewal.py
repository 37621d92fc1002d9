"""A new token before the old one ends, made once however many ask at the same moment."""

from __future__ import annotations

import contextlib

from aibridge_cli.credentials.minting import Minted, described, mint, renewal_time
from aibridge_cli.credentials.sign_in import SignIn, lock_file, sign_in_of, write_sign_in
from aibridge_cli.credentials.storing import follow, from_keychain, store
from aibridge_cli.deployment.api import key, revoke
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.limits import QUICK
from aibridge_cli.errors import AibridgeError, FileProblem, GatewayError
from aibridge_cli.own_files import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

PATIENCE = 6.0
"""Seconds to wait for another process that is renewing, when the token at hand is about to end."""
ABOUT_TO_END = 60
"""Seconds."""
SHORTEST_PAUSE, LONGEST_PAUSE = 60, 3600
"""Seconds between two attempts while the deployment does not answer."""


def renewed(facts: Facts, record: SignIn, now: int, notes: list[str]) -> SignIn | None:
    """Return the sign-in with a token that lasts, or as it was when there is none to be had now.

    None when somebody signed out meanwhile.

    One process renews. Others take the token that is still good, and wait for the one
    that renews only when theirs is about to end.

    Args:
        facts: Where we run.
        record: A sign-in whose time to be renewed has come.
        now: Seconds since 1970.
        notes: What went wrong is added here.
    """
    try:
        with Lock(lock_file(facts)) as lock:
            about_to_end = bool(record.expires) and record.expires - now < ABOUT_TO_END
            if not (lock.wait(PATIENCE) if about_to_end else lock.attempt()):
                return record
            newest = sign_in_of(facts, record.url)
            if newest is None:
                return None
            if newest.renew != record.renew or newest.key != record.key:  # another process was here
                return newest
            return _renew(facts, newest, now, notes)
    except AibridgeError as error:  # a folder that cannot be written, say; the token is still good
        notes.append(f"the token was not renewed: {error.message}")
        return record


def _renew(facts: Facts, record: SignIn, now: int, notes: list[str]) -> SignIn:
    token = record.token or from_keychain(facts, record)
    # Written down first: where nothing can be kept, no token is made to be lost.
    record.renew = now + _pause(record, now)
    write_sign_in(facts, record)
    try:
        with Client(facts, record.url, token=token, limits=QUICK) as client:
            # Most deployments move the end of a token when their interface is used, as it
            # is here; the token then stays the same, also where clients have it in a file.
            found = key(client, token)
            next_time = renewal_time(now, found.expires)
            if found.expires <= record.expires or next_time <= now:
                if record.minted:
                    return replace_minted(client, facts, record, lifetime=found.lifetime or record.lifetime)
                next_time = 0
    except AibridgeError as error:
        notes.append(f"the token was not renewed: {error.message}")
        return record
    record.expires, record.renew = found.expires, next_time
    write_sign_in(facts, record)
    return record


def replace_minted(client: Client, facts: Facts, record: SignIn, *, lifetime: int, all_stay: bool = False) -> SignIn:
    """Make and keep a new token in the place of one that we made; the caller holds the lock.

    The one before stays until it ends, as running clients may still hold it; the one
    before that goes.

    Args:
        client: Signed in with the old token.
        facts: Where we run.
        record: The old one.
        lifetime: Seconds to ask for; what was granted last time is granted without further questions.
        all_stay: Whether the one before that stays as well.

    Raises:
        AibridgeError: There is no new one, and the old one is kept as it was; or there is,
            but the copy for clients cannot be written, and the old one still works.
    """
    made = mint(client, facts, lifetime, taken=record.name)
    replaced = SignIn(
        url=record.url,
        store=record.store,
        key=made.key.id,
        name=made.key.name,
        minted=True,
        user=record.user,
        created=made.key.created,
        expires=made.key.expires,
        lifetime=record.lifetime,
        renew=renewal_time(made.key.created, made.key.expires),
        earlier=(*(record.earlier if all_stay else ()), record.key),
    )
    try:
        store(facts, replaced, made.token)
    except AibridgeError:
        revoke_earlier(client, (made.key.id,))
        raise
    follow(facts, replaced.url, made.token)
    fill_in(client, facts, replaced, made)
    if not all_stay:
        revoke_earlier(client, record.earlier)
    return replaced


def fill_in(client: Client, facts: Facts, record: SignIn, made: Minted) -> None:
    """Put into a record that is kept what the deployment says of its token; the caller holds the lock."""
    found = described(client, made)
    record.key, record.name = found.id, found.name
    record.created, record.expires = found.created, found.expires
    record.renew = renewal_time(found.created, found.expires)
    with contextlib.suppress(FileProblem):  # the token is kept, and its end by our clock is good enough
        write_sign_in(facts, record)


def revoke_earlier(client: Client, earlier: tuple[str, ...]) -> None:
    """Revoke tokens that were replaced; one that cannot be told about now ends by itself."""
    for old in earlier:
        with contextlib.suppress(GatewayError):
            revoke(client, old)


def _pause(record: SignIn, now: int) -> int:
    left = record.expires - now if record.expires else LONGEST_PAUSE
    return max(SHORTEST_PAUSE, min(LONGEST_PAUSE, left // 20))
