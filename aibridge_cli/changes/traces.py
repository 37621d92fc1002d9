"""Where a token stands in what we ever wrote: client files, kept copies, our own records."""

from __future__ import annotations

import os
from collections.abc import Iterable

from aibridge_cli.changes.entries import entry_name
from aibridge_cli.changes.store import Store
from aibridge_cli.secret import Secret


def written_places(store: Store) -> frozenset[str]:
    """Return every file that we wrote or may have written: those of clients, and all in our folder."""
    state = store.state()
    paths = {*state.files, *(entry.path for entry in state.files.values()), *state.kept}
    for folder, _folders, names in os.walk(store.folder):
        paths |= {os.path.join(folder, name) for name in names}
    return frozenset(paths)


def places_holding(paths: Iterable[str], tokens: Iterable[Secret]) -> tuple[int, tuple[str, ...]]:
    """Search files for tokens.

    Args:
        paths: The files; one that is not there is passed over.
        tokens: What to search for.

    Returns:
        How many files were searched, and those that hold one of the tokens. A file that
        cannot be read counts as one that does.
    """
    needles = [token.reveal().encode() for token in tokens]
    searched, holding = 0, []
    for path in sorted(set(paths)):
        try:
            with open(path, "rb") as file:
                content = file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            holding.append(path)
            continue
        searched += 1
        if any(needle in content for needle in needles):
            holding.append(path)
    return searched, tuple(holding)


def entries_without(store: Store, client: str, token: Secret) -> tuple[str, ...]:
    """Return the names of a client's entries in the keychain that hold something else than a token, or are gone.

    Args:
        store: Our records, and the keychain.
        client: The client.
        token: The token.

    Raises:
        Unavailable: The keychain does not answer.
    """
    without = []
    for entry in store.state().entries.values():
        if client in entry.clients:
            standing = store.keychain.read(entry.attributes)
            if standing is None or token.reveal() not in standing.reveal():
                without.append(entry_name(entry.label, entry.attributes))
    return tuple(without)
