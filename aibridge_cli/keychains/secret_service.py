"""The Secret Service of freedesktop.org: what GNOME Keyring, KWallet and KeePassXC provide.

Only what needs no person: a locked collection, or one that would ask, is an error.
Secrets pass in the plain session of the specification, over a socket that only this user
can open; the encrypted one would need a library for AES on every read, and keep nobody
out who can connect to that bus.
"""

from __future__ import annotations

import time

from jeepney import DBusAddress, HeaderFields, new_method_call

from aibridge_cli.keychains.bus import Bus, Refused, session_socket
from aibridge_cli.keychains.chosen import check_chosen
from aibridge_cli.keychains.unavailable import LIMIT, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any, Self

    from aibridge_cli.facts import Facts
    from aibridge_cli.secret import Secret

_NAME = "org.freedesktop.secrets"
_ROOT = "/org/freedesktop/secrets"
_DEFAULT = "/org/freedesktop/secrets/aliases/default"
_SCHEMA = "xdg:schema"
"""An attribute that some services add by themselves."""
_LIBRARY = {"application": "Python keyring library"}
"""What `keyring` adds to the attributes of its entries."""
_LOCKED = "the keyring is locked"
_LOG_IN = "unlock it in the desktop, or log in to the desktop once"
_PROMPTS = "the keyring wants to ask a person first"
_MISSING = frozenset(
    f"org.freedesktop.{name}"
    for name in (
        "Secret.Error.NoSuchObject",
        "DBus.Error.UnknownObject",
        "DBus.Error.UnknownMethod",
        "DBus.Error.UnknownInterface",
    )
)


def read(facts: Facts, service: str, account: str) -> str | None:
    """Return the secret of the entry that `keyring get SERVICE ACCOUNT` shows, or None.

    Raises:
        Unavailable: The Secret Service cannot be asked, or is locked.
    """
    with _Connection(facts) as connection:
        items = connection.find({"service": service, "username": account})
        return connection.secret(items[0]) if items else None


def write(facts: Facts, service: str, account: str, secret: Secret, *, label: str = "") -> None:
    """Make that entry, or give all that answer to these names the new secret.

    Raises:
        Unavailable: The Secret Service cannot be asked, is locked, or has no place for it.
    """
    with _Connection(facts) as connection:
        connection.put(service, account, secret, label)


def delete(facts: Facts, service: str, account: str) -> bool:
    """Delete all entries that answer to these names, and return whether there were any.

    Raises:
        Unavailable: The Secret Service cannot be asked, or is locked.
    """
    with _Connection(facts) as connection:
        return connection.delete(connection.find({"service": service, "username": account}, every=True))


def keeps(facts: Facts, service: str, account: str, secret: Secret) -> bool:
    """Return whether an entry is there after writing it, and gone after deleting it.

    Raises:
        Unavailable: The Secret Service cannot be asked, is locked, or has no place for it.
    """
    wanted = {"service": service, "username": account}
    with _Connection(facts) as connection:
        connection.put(service, account, secret, "")
        items = connection.find(wanted, every=True)
        kept = [connection.secret(item) for item in items] == [secret.reveal()]
        return connection.delete(items) and kept and not connection.find(wanted)


def read_attributes(facts: Facts, attributes: Mapping[str, str]) -> str | None:
    """Return the secret of the entry with these attributes and no others, or None.

    Args:
        facts: Where we run.
        attributes: Those of the entry; `xdg:schema` counts only when it is among them.

    Raises:
        Unavailable: The Secret Service cannot be asked, or is locked.
    """
    with _Connection(facts) as connection:
        items = connection.find_exactly(attributes)
        return connection.secret(items[0]) if items else None


def write_attributes(
    facts: Facts, attributes: Mapping[str, str], label: str, secret: Secret, content_type: str = "text/plain"
) -> None:
    """Make the entry with these attributes and no others, or give it the new secret.

    Args:
        facts: Where we run.
        attributes: Those of the entry.
        label: What a new entry is called in the keyring's own window.
        secret: What it holds.
        content_type: The MIME type of the secret.

    Raises:
        Unavailable: The Secret Service cannot be asked, is locked, or has no place for it.
    """
    with _Connection(facts) as connection:
        items = connection.find_exactly(attributes, every=True)
        for item in items:
            connection.change(item, secret, content_type)
        if not items:
            connection.create(label, attributes, secret, content_type)


def delete_attributes(facts: Facts, attributes: Mapping[str, str]) -> bool:
    """Delete the entry with these attributes and no others, and return whether there was one.

    Raises:
        Unavailable: The Secret Service cannot be asked, or is locked.
    """
    with _Connection(facts) as connection:
        return connection.delete(connection.find_exactly(attributes, every=True))


def check_writable(facts: Facts) -> None:
    """Return when a new entry could be made; nothing is written.

    Raises:
        Unavailable: The Secret Service cannot be asked, is locked, or has no place for it.
    """
    with _Connection(facts) as connection:
        connection.check_writable()


class _Connection:
    """The Secret Service, for as long as one operation takes."""

    __slots__ = ("_bus", "_session")

    def __init__(self, facts: Facts) -> None:
        deadline = time.monotonic() + LIMIT
        check_chosen(facts)
        self._bus = Bus(session_socket(facts), deadline)
        self._session = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bus.close()

    def find(self, attributes: Mapping[str, str], *, every: bool = False) -> list[str]:
        """Return the unlocked items that have at least these attributes.

        Args:
            attributes: What to look for.
            every: Whether a locked one beside them is an error too.
        """
        unlocked, locked = self._call(_ROOT, "Service", "SearchItems", "a{ss}", dict(attributes))
        # not every service can search what is locked, so nothing found may mean nothing seen
        if (locked and (every or not unlocked)) or (not unlocked and self._is_locked()):
            raise Unavailable(_LOCKED, hint=_LOG_IN)
        return list(unlocked)

    def find_exactly(self, attributes: Mapping[str, str], *, every: bool = False) -> list[str]:
        """Return the unlocked items that have these attributes and no others."""
        items = []
        for item in self.find(attributes, every=every):
            _, found = self._get(item, "Item", "Attributes")
            if _SCHEMA not in attributes:
                found.pop(_SCHEMA, None)
            if found == dict(attributes):
                items.append(item)
        return items

    def secret(self, item: str) -> str:
        """Return what an item holds."""
        ((_, _, value, _),) = self._call(item, "Item", "GetSecret", "o", self._open())
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            raise Unavailable("the keyring's entry is not UTF-8 text") from None

    def put(self, service: str, account: str, secret: Secret, label: str) -> None:
        """Make or change the entry that `keyring` knows by these names."""
        wanted = {"service": service, "username": account}
        items = self.find(wanted, every=True)
        # an entry of another program may have more or fewer attributes than ours would,
        # and readers take whichever comes first
        for item in items:
            self.change(item, secret, "text/plain")
        if not items:
            self.create(label or f"{account} on {service}", wanted | _LIBRARY, secret, "text/plain")

    def change(self, item: str, secret: Secret, content_type: str) -> None:
        """Give an item another secret."""
        self._call(item, "Item", "SetSecret", "(oayays)", self._wrapped(secret, content_type))

    def create(self, label: str, attributes: Mapping[str, str], secret: Secret, content_type: str) -> None:
        """Make an item in the default collection."""
        properties = {
            "org.freedesktop.Secret.Item.Label": ("s", label),
            "org.freedesktop.Secret.Item.Attributes": ("a{ss}", dict(attributes)),
        }
        wrapped = self._wrapped(secret, content_type)
        item, _prompt = self._call(_DEFAULT, "Collection", "CreateItem", "a{sv}(oayays)b", properties, wrapped, False)
        if item == "/":
            raise Unavailable(_PROMPTS)

    def delete(self, items: list[str]) -> bool:
        """Delete items, and return whether there were any."""
        for item in items:
            (prompt,) = self._call(item, "Item", "Delete")
            if prompt != "/":
                raise Unavailable(_PROMPTS)
        return bool(items)

    def check_writable(self) -> None:
        """Return when the default collection is there and unlocked."""
        if self._get(_DEFAULT, "Collection", "Locked") == ("b", True):
            raise Unavailable(_LOCKED, hint=_LOG_IN)

    def _open(self) -> str:
        if not self._session:
            _, self._session = self._call(_ROOT, "Service", "OpenSession", "sv", "plain", ("s", ""))
        return self._session

    def _wrapped(self, secret: Secret, content_type: str) -> tuple[str, bytes, bytes, str]:
        return self._open(), b"", secret.reveal().encode(), content_type

    def _is_locked(self) -> bool:
        try:
            return self._get(_DEFAULT, "Collection", "Locked") == ("b", True)
        except _NoCollection:
            return False

    def _get(self, path: str, interface: str, name: str) -> tuple[str, Any]:
        words = (f"org.freedesktop.Secret.{interface}", name)
        address = DBusAddress(path, bus_name=_NAME, interface="org.freedesktop.DBus.Properties")
        (variant,) = self._send(new_method_call(address, "Get", "ss", words))
        kind, value = variant
        return kind, value

    def _call(self, path: str, interface: str, method: str, signature: str | None = None, *values: Any) -> Any:
        address = DBusAddress(path, bus_name=_NAME, interface=f"org.freedesktop.Secret.{interface}")
        return self._send(new_method_call(address, method, signature, values))

    def _send(self, message: Any) -> Any:
        try:
            return self._bus.call(message)
        except Refused as error:
            if error.name in _MISSING and message.header.fields[HeaderFields.path] == _DEFAULT:
                raise _NoCollection("the keyring has no default collection", hint=_LOG_IN) from None
            if error.name == "org.freedesktop.Secret.Error.IsLocked":
                raise Unavailable(_LOCKED, hint=_LOG_IN) from None
            raise Unavailable(_reason(error)) from None


class _NoCollection(Unavailable):
    """There is no collection that new entries go to, as before the first login to a desktop."""


def _reason(error: Refused) -> str:
    if error.name in ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner"):
        return "no program on the session bus provides a keyring"
    text = "".join(character for character in error.text if character.isprintable())[:200]
    return f"the keyring says: {text or error.name}"
