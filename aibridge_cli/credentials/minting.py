"""A long-lived token of our own, named for this machine, so that clients outlive a working day."""

from __future__ import annotations

import socket
import time
from typing import NamedTuple

from aibridge_cli.deployment.api import Key, create, key, keys, longest_lifetime
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.shapes import identifier
from aibridge_cli.errors import AibridgeError, NameTaken, TokenNotMade
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret

DAY = 24 * 3600
DEFAULT_LIFETIME = 30 * DAY
"""Seconds; the example in Coder's documentation of clients. It is renewed in its last quarter."""
LARGEST_MARGIN = 7 * DAY
NAMES = 50
"""How many names are tried before we give up."""


class Minted(NamedTuple):
    """A token that the deployment made for us.

    Args:
        token: The token.
        key: What is known about it without asking; `described` asks.
        shortened: Whether the deployment's maximum was less than what was asked for.
    """

    token: Secret
    key: Key
    shortened: bool


def mint(client: Client, facts: Facts, lifetime: int, *, taken: str = "") -> Minted:
    """Make a token named for this machine, within the deployment's longest lifetime.

    Nothing is asked once it is made, so that it can be kept at once: nobody knows of a token
    whose maker ended before that. The longest lifetime is asked for only when the deployment
    refuses this one, as clients wait for a renewal.

    Args:
        client: Signed in.
        facts: Where we run.
        lifetime: Seconds.
        taken: A name that need not be tried.

    Raises:
        GatewayError: The deployment makes none.
        NotSignedIn: The token in use is not accepted.
    """
    granted = lifetime
    base = token_name(facts, socket.gethostname())
    for number in range(1, NAMES + 1):
        name = base if number == 1 else f"{base}-{number}"
        if name == taken:
            continue
        try:
            token, granted = _create(client, name, granted)
        except NameTaken:
            continue
        return Minted(token, _expected(token, name, granted), granted < lifetime)
    raise AibridgeError(
        f"the deployment has {NAMES} tokens called `{base}…` already",
        hint="`aibridge tokens list` shows them, `aibridge tokens revoke` removes them",
    )


def unexplained(client: Client, facts: Facts, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of tokens that are called after this machine and that our record does not know.

    They are another machine's of the same name, or what a run left that was ended between
    making a token and keeping it. Nobody can tell which, so they are named and not revoked.

    Args:
        client: Signed in.
        facts: Where we run.
        known: The ids that our record knows.
    """
    base = token_name(facts, socket.gethostname())
    try:
        found = keys(client)
    except AibridgeError:  # nothing depends on it
        return ()
    names = {base, *(f"{base}-{number}" for number in range(2, NAMES + 1))}
    return tuple(each.name for each in found if each.name in names and each.id not in known)


def described(client: Client, made: Minted) -> Key:
    """Return what the deployment says about a token that it made just now, or else what was asked for."""
    try:
        return key(client, made.token)
    except AibridgeError:  # the token works, and its end by our clock is good enough
        return made.key


def _create(client: Client, name: str, lifetime: int) -> tuple[Secret, int]:
    try:
        return create(client, name, lifetime), lifetime
    except TokenNotMade:
        longest = longest_lifetime(client)
        if longest is None or longest >= lifetime:
            raise
    return create(client, name, longest), longest


def _expected(token: Secret, name: str, lifetime: int) -> Key:
    now = int(time.time())
    try:
        public = identifier(token)
    except AibridgeError:
        public = ""
    return Key(public, name, "token", (), now, now + lifetime, lifetime)


def token_name(facts: Facts, host: str) -> str:
    """Return what our token is called on the deployment: `aibridge-` and this machine's name.

    Coder takes letters, digits and single dashes between them, 32 characters in all.
    """
    workspace = facts.variable("CODER_WORKSPACE_NAME")
    name = (workspace or host.partition(".")[0]).lower()
    plain = "".join([character if character.isascii() and character.isalnum() else "-" for character in name])
    words = "-".join([word for word in plain.split("-") if word])
    return f"aibridge-{words}"[:28].rstrip("-")


def renewal_time(start: int, expires: int) -> int:
    """Return when to see to the next token: in the last quarter, at most a week before the end; 0 for never.

    Args:
        start: When the token was made or last moved, in seconds since 1970.
        expires: When it ends, likewise; 0 when it does not.
    """
    if not expires:
        return 0
    return expires - min((expires - start) // 4, LARGEST_MARGIN)
