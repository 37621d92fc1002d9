"""What a run does to entries of the keychain. Pure.

The rules are those for keys in files: what stands there already is not claimed, what
somebody changed since stays, and what stood there before comes back. It is kept in the
keychain itself, in a second entry of ours that is named after its content; our records
have digests alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from aibridge_cli.changes.state import EntryState
from aibridge_cli.clients.rendered import RenderedEntry
from aibridge_cli.errors import AibridgeError
from aibridge_cli.secret import Secret

Found = Mapping[str, Secret | None]
"""What stands in the keychain: entries by `entry_key`, and what we keep there by its digest."""


class EntryChange(NamedTuple):
    """One entry, before and after.

    Args:
        attributes: What it is looked up by.
        label: What a new one is called.
        before: What it was found to hold, or None for no entry.
        after: What it shall hold, or None when it shall go.
        kept_before: Digest of what was kept for it so far, or "".
        kept_after: Digest of what is kept for it from now on, or "".
    """

    attributes: Mapping[str, str]
    label: str
    before: Secret | None
    after: Secret | None
    kept_before: str = ""
    kept_after: str = ""

    @property
    def name(self) -> str:
        """What people may call it."""
        return entry_name(self.label, self.attributes)

    @property
    def action(self) -> str:
        """What happens to it: `create`, `update`, `restore` or `remove`; "" for nothing that shows."""
        if self.before == self.after:
            return ""
        if self.after is None:
            return "remove"
        if self.before is None:
            return "create"
        return "restore" if self.kept_before and not self.kept_after else "update"


def entry_key(attributes: Mapping[str, str]) -> str:
    """Return the text by which an entry is known in our records."""
    return json.dumps(attributes, sort_keys=True)


def entry_name(label: str, attributes: Mapping[str, str]) -> str:
    """Return what people may call an entry."""
    return f"{label} ({', '.join(f'{name}={value}' for name, value in attributes.items())})"


def secret_digest(attributes: Mapping[str, str], secret: Secret | None) -> str:
    """Return the digest by which what an entry held is known again; "" for no entry."""
    if secret is None:
        return ""
    return hashlib.sha256(f"{entry_key(attributes)}\0{secret.reveal()}".encode()).hexdigest()


class EntryPlan:
    """The entries while a run is being planned.

    Args:
        entries: What is ours so far.
        found: What stands in the keychain, of all entries that the run is about.
    """

    def __init__(self, entries: Mapping[str, EntryState], found: Found) -> None:
        self.before = entries
        self.entries = dict(entries)
        self.found = found
        self.after: dict[str, Secret | None] = {}
        self.stayed: list[str] = []

    def want(self, client: str, wanted: RenderedEntry) -> None:
        """Have an entry for a client."""
        key = entry_key(wanted.attributes)
        entry, standing = self.entries.get(key), self._standing(key)
        if entry is None and standing == wanted.secret:
            return
        written = secret_digest(wanted.attributes, wanted.secret)
        held = secret_digest(wanted.attributes, standing)
        kept = entry.kept if entry is not None and held in (entry.written, written) else held
        clients = {client} if entry is None else {client, *entry.clients}
        self.entries[key] = EntryState(dict(wanted.attributes), wanted.label, written, tuple(sorted(clients)), kept)
        self.after[key] = wanted.secret

    def release(self, client: str, *, except_keys: Collection[str] = ()) -> None:
        """Take a client's entries back, but for these.

        Raises:
            AibridgeError: What stood in one before is not kept any more.
        """
        for key, entry in list(self.entries.items()):
            if client not in entry.clients or key in except_keys:
                continue
            others = tuple(other for other in entry.clients if other != client)
            if others:
                self.entries[key] = entry._replace(clients=others)
                continue
            del self.entries[key]
            standing = self._standing(key)
            if standing is not None and secret_digest(entry.attributes, standing) != entry.written:
                self.stayed.append(entry_name(entry.label, entry.attributes))
            elif standing is not None:
                self.after[key] = self._kept(entry)

    def changes(self) -> Iterable[EntryChange]:
        """Yield what is to be done."""
        for key in {**self.before, **self.entries}:
            old, new = self.before.get(key), self.entries.get(key)
            some = new or old
            if some is None or key not in self.found:
                continue
            before = self.found[key]
            change = EntryChange(
                some.attributes,
                some.label,
                before,
                self.after.get(key, before),
                old.kept if old is not None else "",
                new.kept if new is not None else "",
            )
            if change.action or change.kept_before != change.kept_after:
                yield change

    def _standing(self, key: str) -> Secret | None:
        return self.after[key] if key in self.after else self.found[key]

    def _kept(self, entry: EntryState) -> Secret | None:
        if not entry.kept:
            return None
        kept = self.found.get(entry.kept)
        if secret_digest(entry.attributes, kept) != entry.kept:
            raise AibridgeError(
                f"what stood in the keychain's entry `{entry_name(entry.label, entry.attributes)}` before us is gone",
                hint="delete that entry, or give it another key; then this goes on",
            )
        return kept
