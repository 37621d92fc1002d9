"""What we own, where: the record that undo is made from.

Pure values, and their JSON form. Values that we wrote are kept as hashes only; what
stood before is found in the kept copy ("image") of the user's own version of the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from aibridge_cli.documents.operations import Item, Place, Value

VERSION = 1


class LaterVersion(ValueError):
    """The records are those of a later version of the program."""


class Claim(NamedTuple):
    """One thing that we did to a file for one client.

    Args:
        client: The client's id.
        kind: `set` (a value), `item` (a value in a list), `upsert` (an object in a list,
            known by `match`), `whole` (an object, with all that is in it) or `removed`
            (a key that was taken out).
        path: The key, or the list; it may lead through objects of other lists.
        written: Hash of the value that we wrote; "" for `removed`.
        before: Whether something stood there in the user's version, which undo puts back.
        image: The kept copy in which it stood, when `before`.
        made: How many enclosing containers did not exist before.
        match: For `upsert`, the keys that identify our object.
        keys: For `upsert` and `whole`, the hash of each value of ours in it, so that ours is
            known again in an object that was edited since; "" for a key that we took out of it.
        secret: Whether the token may stand in it.
    """

    client: str
    kind: Literal["set", "item", "upsert", "whole", "removed"]
    path: Place
    written: str = ""
    before: bool = False
    image: str = ""
    made: int = 0
    match: Mapping[str, Any] = {}
    keys: Mapping[str, str] = {}
    secret: bool = False

    def same_place(self, other: Claim) -> bool:
        """Tell whether the other claim, maybe another client's, is on the very same thing."""
        ours = (self.kind, self.path, self.match, self.written if self.kind == "item" else "")
        theirs = (other.kind, other.path, other.match, other.written if other.kind == "item" else "")
        return ours == theirs


class FileState(NamedTuple):
    """A file in which something is ours.

    Args:
        path: The file as the client names it.
        format: Its document format.
        left: Hash of its bytes as we left them.
        left_mode: Permission bits as we left them when the token stands in it, else 0.
        original: Hash of the user's own version, which is kept; "" when there was no file.
        original_mode: Permission bits of that version, or None when there was no file.
        folders: Folders that we made for it, outermost first.
        claims: What is ours, in the order in which it was done.
        secret: Whether the token stands in it.
    """

    path: str
    format: str
    left: str
    left_mode: int
    original: str
    original_mode: int | None
    folders: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    secret: bool = False


class ClientState(NamedTuple):
    """A client that is configured by us.

    Args:
        way: How it gets the token.
        deployment: The deployment it points at.
        models: What `--model` was given for it, so that the same can be done again.
        insecure_http: Whether plain http to another machine was accepted for it.
    """

    way: str
    deployment: str
    models: tuple[str, ...] = ()
    insecure_http: bool = False


class EntryState(NamedTuple):
    """An entry of the keychain that is ours.

    Args:
        attributes: What it is looked up by.
        label: What the keychain's own window calls it.
        written: Digest of what we wrote.
        clients: Those that need it.
        kept: Digest of what stood there before, which the keychain keeps; "" for nothing.
    """

    attributes: Mapping[str, str]
    label: str
    written: str
    clients: tuple[str, ...]
    kept: str = ""


class State(NamedTuple):
    """Everything we own.

    Args:
        files: By real path, the files of clients.
        clients: By id.
        kept: Files of our own that hold a token, and the clients that need them.
        entries: Entries of the keychain, by their attributes as JSON.
    """

    files: Mapping[str, FileState] = {}
    clients: Mapping[str, ClientState] = {}
    kept: Mapping[str, tuple[str, ...]] = {}
    entries: Mapping[str, EntryState] = {}

    def made(self) -> frozenset[str]:
        """Return the files that were not there before us, as clients name them."""
        return frozenset(entry.path for entry in self.files.values() if not entry.original)

    def without_file(self, target: str) -> State:
        """Return the state in which nothing of the file is ours."""
        return self._replace(files={path: entry for path, entry in self.files.items() if path != target})

    def with_file(self, target: str, entry: FileState) -> State:
        """Return the state with this entry for the file."""
        return self._replace(files={**self.files, target: entry})


def value_hash(value: Value) -> str:
    """Return the hash by which a value that we wrote is known again, however it is spelled."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_json(state: State) -> dict[str, Any]:
    """Return the state as JSON data; it holds no secret."""
    files = {
        path: {**entry._asdict(), "claims": [_claim_as_json(claim) for claim in entry.claims]}
        for path, entry in state.files.items()
    }
    clients = {name: client._asdict() for name, client in state.clients.items()}
    entries = {key: entry._asdict() for key, entry in state.entries.items()}
    return {"version": VERSION, "files": files, "clients": clients, "kept": dict(state.kept), "entries": entries}


def from_json(data: Any) -> State:
    """Return the state that `to_json` made.

    Raises:
        LaterVersion: A later version wrote it.
        ValueError: The data is not ours.
    """
    if not isinstance(data, dict) or data.get("version") != VERSION:
        found = data.get("version") if isinstance(data, dict) else None
        later = isinstance(found, int) and found > VERSION
        raise (LaterVersion if later else ValueError)(f"version {found!r}, expected {VERSION}")
    try:
        return State(
            files={path: _file(entry) for path, entry in data["files"].items()},
            clients={name: client_from_json(entry) for name, entry in data["clients"].items()},
            kept={path: tuple(users) for path, users in data["kept"].items()},
            entries={
                key: EntryState(**{**entry, "clients": tuple(entry["clients"])})
                for key, entry in data.get("entries", {}).items()
            },
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"a part is missing or of the wrong kind ({problem})") from None


def client_from_json(data: dict[str, Any]) -> ClientState:
    """Return the client that stands in the JSON data of a state.

    Raises:
        TypeError: The data is not ours.
    """
    return ClientState(**{**data, "models": tuple(data.get("models", ()))})


def _claim_as_json(claim: Claim) -> dict[str, Any]:
    path = [dict(step.match) if isinstance(step, Item) else step for step in claim.path]
    return {**claim._asdict(), "path": path}


def _step(step: Any) -> str | int | Item:
    return Item(tuple(step.items())) if isinstance(step, dict) else step


def _file(entry: dict[str, Any]) -> FileState:
    claims = tuple(Claim(**{**claim, "path": tuple(map(_step, claim["path"]))}) for claim in entry["claims"])
    if entry["secret"] and not any(claim.secret for claim in claims):
        # as long as this was told of the file and not of each claim, any of them could be it
        claims = tuple(claim._replace(secret=True) for claim in claims)
    return FileState(**{**entry, "claims": claims, "folders": tuple(entry["folders"])})
