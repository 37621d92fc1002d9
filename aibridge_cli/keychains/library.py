"""The keychains of macOS and Windows by the `keyring` library, which knows their calls.

A keychain may wait for a person, and its calls cannot be interrupted; so they are made in
a thread that is left behind when it takes too long, and that ends with the program. On
macOS an entry belongs to the interpreter that made it; another one may make the system
put up its question, which is not waited for either.
"""

from __future__ import annotations

from aibridge_cli.errors import AibridgeError
from aibridge_cli.keychains.unavailable import LIMIT, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from aibridge_cli.secret import Secret

    Result = TypeVar("Result")


def read(service: str, account: str) -> str | None:
    """Return the secret of an entry, or None when there is no such entry.

    Raises:
        Unavailable: No real keychain answers within `LIMIT` seconds.
    """

    def ask() -> str | None:
        secret = _backend().get_password(service, account)
        return None if secret is None else str(secret)

    return bounded(ask)


def write(service: str, account: str, secret: Secret) -> None:
    """Make an entry, or give the one that is there another secret.

    Raises:
        Unavailable: No real keychain took it within `LIMIT` seconds.
    """
    bounded(lambda: _backend().set_password(service, account, secret.reveal()))


def delete(service: str, account: str) -> bool:
    """Delete an entry, and return whether there was one.

    Raises:
        Unavailable: No real keychain answers within `LIMIT` seconds.
    """

    def ask() -> bool:
        backend = _backend()
        # the library's error for deleting nothing is its error for every other failure too
        if backend.get_password(service, account) is None:
            return False
        backend.delete_password(service, account)
        return True

    return bounded(ask)


def keeps(service: str, account: str, secret: Secret) -> bool:
    """Return whether an entry is there after writing it, and gone after deleting it.

    Raises:
        Unavailable: No real keychain answers within `LIMIT` seconds.
    """

    def ask() -> bool:
        backend = _backend()
        backend.set_password(service, account, secret.reveal())
        kept = bool(backend.get_password(service, account) == secret.reveal())
        backend.delete_password(service, account)
        return kept and backend.get_password(service, account) is None

    return bounded(ask)


def check_writable() -> None:
    """Return when the library has a real keychain to write to; nothing is written.

    Raises:
        Unavailable: It has none, or not within `LIMIT` seconds.
    """
    bounded(_backend)


def bounded(ask: Callable[[], Result], limit: float | None = None) -> Result:
    """Return what a call returns, or stop waiting for it.

    Args:
        ask: The call; it goes on in its thread when it is given up.
        limit: Seconds; `LIMIT` when left out.

    Raises:
        Unavailable: It took longer, or failed.
        AibridgeError: It raised this itself.
    """
    from threading import Thread

    limit = LIMIT if limit is None else limit
    results: list[Result] = []
    failures: list[AibridgeError] = []

    def run() -> None:
        try:
            results.append(ask())
        except AibridgeError as error:
            failures.append(error)
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            failures.append(Unavailable(f"the keychain cannot be used: {_reason(error)}"))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(limit)
    if failures:
        raise failures[0]
    if not results:
        raise Unavailable(f"the keychain did not answer within {limit:g} s")
    return results[0]


def _backend() -> Any:
    """Return the backend that the library chooses, when it is a keychain."""
    import keyring

    try:
        backend: Any = keyring.get_keyring()
    except (ImportError, AttributeError, ValueError, TypeError):
        raise Unavailable("the backend that `PYTHON_KEYRING_BACKEND` or `keyringrc.cfg` names is not there") from None
    # several at once are tried in turn, so that the first that takes a secret keeps it
    candidates = list(backend.backends) if type(backend).__module__ == "keyring.backends.chainer" else [backend]
    for candidate in candidates:
        if is_keychain(type(candidate).__module__, type(candidate).__name__, candidate.priority):
            return candidate
    kind = type(backend)
    raise Unavailable(f"`{kind.__module__}.{kind.__name__}` of the `keyring` library is no keychain of the system")


def is_keychain(module: str, name: str, priority: float) -> bool:
    """Tell whether a backend of the `keyring` library protects what it is given.

    Args:
        module: The module of its class.
        name: The name of its class.
        priority: Its own estimate; the library recommends those from 1 on.
    """
    refused = ("keyring.backends.null", "keyring.backends.fail", "keyring.backends.chainer")
    in_files = module.split(".")[0:2] == ["keyrings", "alt"] or "plaintext" in name.lower()
    return module not in refused and not in_files and priority >= 1


def _reason(error: Exception) -> str:
    # only the library's own errors are known to be about the keychain and not its contents
    own = type(error).__module__.startswith("keyring.")
    words = "".join(character for character in str(error) if character.isprintable()) if own else ""
    return words[:200] or type(error).__name__
