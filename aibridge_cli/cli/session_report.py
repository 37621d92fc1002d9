"""What is known about the token in use, from our record and, when asked for, from the deployment."""

from __future__ import annotations

from typing import Any, NamedTuple

from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.minting import renewal_time
from aibridge_cli.credentials.sign_in import sign_in_of
from aibridge_cli.durations import iso
from aibridge_cli.facts import Facts


class Session(NamedTuple):
    """What is known about the token in use.

    Args:
        source: Where it was found.
        user: Whose it is, or "" when that is not known.
        kind: `token` (an API token), `session`, or "" when that is not known.
        name: What it is called on the deployment, or "".
        id: Its public half, or "".
        expires: When it ends, in seconds since 1970, or 0 when that is not known.
        made_by_us: Whether `aibridge` made it.
        renewed: Whether it is renewed without anybody's doing.
        renewed_from: From when on, likewise, or 0.
        store: Where we keep it: `keyring`, `file`, or "" when it is not ours to keep.
        verified: Whether the deployment said so just now.
    """

    source: str
    user: str = ""
    kind: str = ""
    name: str = ""
    id: str = ""
    expires: int = 0
    made_by_us: bool = False
    renewed: bool = False
    renewed_from: int = 0
    store: str = ""
    verified: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the same for JSON."""
        data = self._asdict()
        data["expires_at"] = iso(data.pop("expires"))
        data["renewed_from"] = iso(data["renewed_from"])
        return data


def session_of(facts: Facts, origin: str, token: FoundToken, *, ask: bool) -> Session:
    """Return what is known about a token.

    Args:
        facts: Where we run.
        origin: The deployment.
        token: The token in use.
        ask: Whether the deployment is asked.

    Raises:
        TokenRejected: It was asked, and does not accept the token.
        GatewayError: It was asked, and does not answer as Coder does.
    """
    session = Session(token.source)
    record = sign_in_of(facts, origin) if token.signed_in else None
    if record is not None:
        session = Session(
            token.source,
            user=record.user,
            kind="token" if record.name else "session",
            name=record.name,
            id=record.key,
            expires=record.expires,
            made_by_us=record.minted,
            renewed=bool(record.renew),
            renewed_from=record.renew,
            store=record.store,
        )
    if not ask:
        return session
    from aibridge_cli.deployment.api import key, user
    from aibridge_cli.deployment.http import Client

    with Client(facts, origin, token=token.value) as client:
        owner = user(client)
        known = key(client, token.value)
    if session.renewed:  # after an attempt that failed, the record has the time of the next one
        session = session._replace(renewed_from=renewal_time(known.expires - known.lifetime, known.expires))
    return session._replace(
        user=owner.username, kind=known.kind, name=known.name, id=known.id, expires=known.expires, verified=True
    )
