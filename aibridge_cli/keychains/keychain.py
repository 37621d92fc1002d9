"""Reading, writing and deleting entries in the keychain of this operating system.

On Linux that is the Secret Service, asked over D-Bus by a small client of ours; the
`keyring` library would do it too, at five times the cost and without a limit on how long
it waits. On macOS and Windows it is the library, in a thread that is not waited for.
An entry is the one that `keyring get SERVICE ACCOUNT` shows, whichever way it came in.
"""

from __future__ import annotations

from aibridge_cli.keychains.unavailable import LIMIT, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts
    from aibridge_cli.secret import Secret

__all__ = ["LIMIT", "Unavailable", "delete", "read", "usable", "write"]


def read(facts: Facts, service: str, account: str) -> str | None:
    """Return the secret of an entry, or None when there is no such entry.

    Args:
        facts: Where we run.
        service: What the entry is for.
        account: Whose it is there.

    Raises:
        Unavailable: No keychain answers within `LIMIT` seconds and without a prompt.
    """
    if facts.platform == "linux":
        from aibridge_cli.keychains import secret_service

        return secret_service.read(facts, service, account)
    from aibridge_cli.keychains import library

    return library.read(service, account)


def write(facts: Facts, service: str, account: str, secret: Secret, *, label: str = "") -> None:
    """Make an entry, or give the one that is there another secret.

    Args:
        facts: Where we run.
        service: What the entry is for.
        account: Whose it is there.
        secret: What it holds.
        label: What the keychain's own window calls a new entry; only the Secret Service
            has such a thing.

    Raises:
        Unavailable: No keychain took it within `LIMIT` seconds and without a prompt.
    """
    if facts.platform == "linux":
        from aibridge_cli.keychains import secret_service

        secret_service.write(facts, service, account, secret, label=label)
        return
    from aibridge_cli.keychains import library

    library.write(service, account, secret)


def delete(facts: Facts, service: str, account: str) -> bool:
    """Delete an entry, and return whether there was one.

    Args:
        facts: Where we run.
        service: What the entry is for.
        account: Whose it is there.

    Raises:
        Unavailable: No keychain answers within `LIMIT` seconds and without a prompt.
    """
    if facts.platform == "linux":
        from aibridge_cli.keychains import secret_service

        return secret_service.delete(facts, service, account)
    from aibridge_cli.keychains import library

    return library.delete(service, account)


def usable(facts: Facts) -> str:
    """Return "" when a keychain keeps what it is given, else the reason in words.

    A made-up entry is written, read back and deleted, because a keychain that answers may
    still be one that forgets.
    """
    import os

    from aibridge_cli.secret import Secret

    account, made_up = os.urandom(8).hex(), os.urandom(16).hex()
    try:
        if facts.platform == "linux":
            from aibridge_cli.keychains import secret_service

            kept = secret_service.keeps(facts, _CHECK, account, Secret(made_up))
        else:
            from aibridge_cli.keychains import library

            kept = library.keeps(_CHECK, account, Secret(made_up))
    except Unavailable as error:
        return error.message
    return "" if kept else "the keychain does not give back what is written to it"


_CHECK = "aibridge-check"
"""The service of the made-up entry."""
