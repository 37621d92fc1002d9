"""Signing in to a deployment and out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from aibridge_cli import folders
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.minting import Minted, mint, renewal_time, unexplained
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.renewal import fill_in, revoke_earlier
from aibridge_cli.credentials.sign_in import (
    KEYCHAIN,
    NOWHERE,
    SignIn,
    forget_sign_in,
    lock_file,
    sign_in_of,
    sign_ins,
)
from aibridge_cli.credentials.storing import SERVICE, follow, from_keychain, store
from aibridge_cli.deployment.api import Key, User, build, key, revoke, user
from aibridge_cli.deployment.http import Client
from aibridge_cli.errors import AibridgeError, FileProblem, NotSignedIn, TokenRejected
from aibridge_cli.facts import Facts
from aibridge_cli.own_files import Lock, forget, keep
from aibridge_cli.secret import Secret

PATIENCE = 10.0
"""Seconds to wait for another process that changes sign-ins."""


class Accepted(NamedTuple):
    """A token that the deployment knows.

    Args:
        token: The token.
        source: Where it is from, in words for the user.
        user: Whose it is.
        key: What the deployment says about it.
    """

    token: Secret
    source: str
    user: User
    key: Key


def first_accepted(
    facts: Facts, origin: str, candidates: Iterable[tuple[FoundToken, bool]], notes: list[str]
) -> Accepted:
    """Return the first token that the deployment accepts.

    Args:
        facts: Where we run.
        origin: The deployment.
        candidates: Tokens, each with whether another may be tried when it is refused.
        notes: What was passed over is added here.

    Raises:
        GatewayError: The deployment does not answer as Coder does.
        NotSignedIn: None is accepted.
    """
    with Client(facts, origin) as client:
        build(client)
    for found, passable in candidates:
        try:
            with Client(facts, origin, token=found.value) as client:
                return Accepted(found.value, found.source, user(client), key(client, found.value))
        except TokenRejected as refused:
            if not passable:
                raise
            notes.append(f"the token from {found.source} was passed over: {refused.message}")
    raise NotSignedIn(
        f"no token for `{origin}` was found, and nobody is here to be asked",
        hint=f"pass one with `--token-stdin`; `{origin}/cli-auth` shows one",
    )


def sign_in(
    facts: Facts, origin: str, accepted: Accepted, *, lifetime: int, store_name: str, notes: list[str]
) -> SignIn:
    """Keep a session with a deployment, with a token of our own where the deployment makes one.

    Args:
        facts: Where we run.
        origin: The deployment.
        accepted: A token that it accepts.
        lifetime: Seconds for which our own token is to be good; 0 keeps the one at hand.
        store_name: `keyring`, `file`, or `none`, which keeps nothing.
        notes: What the user should know is added here.

    Raises:
        AibridgeError: Nothing could be kept; what was kept before still is.
    """
    record = SignIn(
        url=origin,
        store=store_name,
        key=accepted.key.id,
        name=accepted.key.name,
        user=accepted.user.username,
        created=accepted.key.created,
        expires=accepted.key.expires,
        lifetime=accepted.key.lifetime,
        renew=renewal_time(accepted.key.created, accepted.key.expires),
    )
    if store_name == NOWHERE:
        return record
    with Lock(lock_file(facts)) as lock, Client(facts, origin, token=accepted.token) as client:
        _take(lock)
        earlier = _earlier(facts, origin, notes)
        made = _minted(client, facts, record, lifetime, notes) if lifetime else None
        token = made.token if made is not None else accepted.token
        another = earlier is not None and earlier.user not in ("", record.user)
        if earlier is not None and earlier.minted and earlier.key != record.key and not another:
            record.earlier = (earlier.key,)
        try:
            store(facts, record, token)
        except AibridgeError:
            if record.minted:
                revoke_earlier(client, (record.key,))
            raise
        if made is not None:
            fill_in(client, facts, record, made)
        if earlier is not None:
            if another:
                notes += _left_behind(earlier)
            else:
                revoke_earlier(client, earlier.earlier)
            if earlier.store == KEYCHAIN and record.store != KEYCHAIN:
                _forget_in_keychain(facts, origin, notes)
        if record.minted:
            strange = unexplained(client, facts, (record.key, *record.earlier))
            if strange:
                notes.append(
                    f"not of this sign-in: {', '.join(f'`{name}`' for name in strange)}, of another machine that is "
                    "called like this one, or of a run that was cut short; `aibridge tokens revoke` ends such a token"
                )
        keep(folders.current_file(facts), origin + "\n")
        # what `configure` was once passed would go before what was signed in with now
        forget(folders.session_file(facts, origin))
        follow(facts, origin, token)
    return record


def _take(lock: Lock) -> None:
    if not lock.wait(PATIENCE):
        raise AibridgeError("another `aibridge` is signing in", hint="wait for it, then try again")


def _earlier(facts: Facts, origin: str, notes: list[str]) -> SignIn | None:
    try:
        return sign_in_of(facts, origin)
    except FileProblem as problem:
        notes.append(f"an earlier record was replaced: {problem.message}")
        return None


def _left_behind(earlier: SignIn) -> list[str]:
    """Say what another user's sign-in leaves on the deployment, which only that user can revoke."""
    keys_left = [*earlier.earlier, *([earlier.key] if earlier.minted else [])]
    if not keys_left:
        return []
    note = (
        f"what `aibridge` made for `{earlier.user}` stays valid until it ends; only `{earlier.user}` can revoke it, "
        f"with `aibridge tokens revoke {' '.join(keys_left)}` or at `{earlier.url}/settings/tokens`"
    )
    return [note]


def _minted(client: Client, facts: Facts, record: SignIn, lifetime: int, notes: list[str]) -> Minted | None:
    try:
        made = mint(client, facts, lifetime)
    except AibridgeError as problem:
        notes.append(f"the deployment made no token of our own, so the one at hand is kept: {problem.message}")
        return None
    record.key, record.name, record.minted = made.key.id, made.key.name, True
    record.created, record.expires, record.lifetime = made.key.created, made.key.expires, lifetime
    record.renew = renewal_time(made.key.created, made.key.expires)
    if made.shortened:
        notes.append("the deployment allows no longer lifetime than this")
    return made


class SignedOut(NamedTuple):
    """What signing out did.

    Args:
        known: Whether there was anything to forget.
        revoked: Whether the deployment was told to refuse the token from now on.
        problem: Why it was not told, though the token is one that we made; "" otherwise.
    """

    known: bool
    revoked: bool = False
    problem: str = ""


def sign_out(facts: Facts, origin: str, notes: list[str]) -> SignedOut:
    """Forget the session with a deployment here, and have a token that we made refused there.

    Args:
        facts: Where we run.
        origin: The deployment.
        notes: What the user should know is added here.

    Raises:
        AibridgeError: Something of it cannot be removed.
    """
    with Lock(lock_file(facts)) as lock:
        _take(lock)
        problem, revoked = "", False
        try:
            record = sign_in_of(facts, origin)
        except FileProblem as broken:
            record, problem = None, broken.message
        if record is not None:
            if record.minted or record.earlier:
                problem = _revoke(facts, record)
                revoked = record.minted and not problem
            if record.store == KEYCHAIN:
                _forget_in_keychain(facts, origin, notes)
        known = forget_sign_in(facts, origin)
        known = forget(folders.session_file(facts, origin)) or known
        try:
            follow(facts, origin, Secret(""))  # a client may refuse to start when the file is gone
        finally:
            _settle_current(facts, origin)
    return SignedOut(known, revoked, problem)


def _revoke(facts: Facts, record: SignIn) -> str:
    try:
        token = record.token or from_keychain(facts, record)
        with Client(facts, record.url, token=token) as client:
            for old in record.earlier:
                revoke(client, old)
            if record.minted:  # last, as it is what we ask with
                revoke(client, record.key)
    except TokenRejected:
        return ""  # it is refused already
    except AibridgeError as problem:
        return problem.message
    return ""


def _forget_in_keychain(facts: Facts, origin: str, notes: list[str]) -> None:
    from aibridge_cli.keychains.keychain import delete

    try:
        delete(facts, SERVICE, origin)
    except AibridgeError as problem:
        notes.append(f"the entry in the keyring was not removed: {problem.message}")


def _settle_current(facts: Facts, origin: str) -> None:
    path = folders.current_file(facts)
    if read_line(path) != origin:
        return
    records, _ = sign_ins(facts)
    if records:
        keep(path, max(records, key=lambda record: record.created).url + "\n")
    else:
        forget(path)


def use(facts: Facts, origin: str) -> None:
    """Make a deployment that was signed in to the one that counts when none is named.

    Raises:
        NotSignedIn: It was not signed in to.
    """
    with Lock(lock_file(facts)) as lock:
        _take(lock)
        if sign_in_of(facts, origin) is None:
            raise NotSignedIn(f"not signed in to `{origin}`", hint=f"run `aibridge login {origin}`")
        keep(folders.current_file(facts), origin + "\n")
