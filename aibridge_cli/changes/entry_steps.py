"""The keychain's part in carrying a plan out: the same all or nothing as for files.

While a run is under way, what each entry held and what it shall hold stand in entries of
our own beside it, so that a run that was interrupted can be finished or rolled back from
the keychain alone. The records name them by digests.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from aibridge_cli.changes.entries import EntryChange, secret_digest
from aibridge_cli.errors import ChangedMeanwhile
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret

SERVICE = "aibridge-kept"
"""The service of our own entries; the user name is the digest of what they hold."""


class Keychain(Protocol):
    """Entries by their attributes; `aibridge_cli.keychains.entries.Entries` is the real one."""

    def read(self, attributes: Mapping[str, str]) -> Secret | None:
        """Return what an entry holds, or None."""

    def write(self, attributes: Mapping[str, str], label: str, secret: Secret) -> None:
        """Make or change an entry."""

    def delete(self, attributes: Mapping[str, str]) -> None:
        """Delete an entry, if there is one."""


class EntryStep(NamedTuple):
    """One entry of a run, in the words of the pending record; it holds no secret."""

    attributes: Mapping[str, str]
    label: str
    before: str
    after: str
    kept_before: str
    kept_after: str


def entry_steps(changes: Iterable[EntryChange]) -> list[EntryStep]:
    """Return the steps of a plan's entries."""
    return [
        EntryStep(
            dict(change.attributes),
            change.label,
            secret_digest(change.attributes, change.before),
            secret_digest(change.attributes, change.after),
            change.kept_before,
            change.kept_after,
        )
        for change in changes
    ]


def recorded_steps(run: Mapping[str, Any]) -> list[EntryStep]:
    """Return the steps of a run in our records; runs of earlier versions have none."""
    return [EntryStep(**step) for step in run.get("entries", ())]


def kept_place(digest: str) -> dict[str, str]:
    """Return the attributes of the entry of ours that keeps a secret."""
    return {"service": SERVICE, "username": digest}


def stage_entries(keychain: Keychain, steps: Sequence[EntryStep], changes: Sequence[EntryChange]) -> None:
    """Lay out beside each entry what it held and what it shall hold.

    Raises:
        ChangedMeanwhile: One is not as it was planned for.
        Unavailable: The keychain does not take it.
    """
    for step, change in zip(steps, changes, strict=True):
        if keychain.read(step.attributes) != change.before:
            raise ChangedMeanwhile(
                change.name, "was changed in the keychain meanwhile; nothing was written", hint="try again"
            )
        for digest, secret in ((step.before, change.before), (step.after, change.after)):
            if secret is not None and step.before != step.after:
                keychain.write(kept_place(digest), f"kept by aibridge for {step.label}", secret)
                if keychain.read(kept_place(digest)) != secret:
                    raise Unavailable("the keychain does not give back what is written to it")


def carry_forward(keychain: Keychain, steps: Iterable[EntryStep]) -> None:
    """Give each entry what it shall hold, unless somebody else changed it.

    Raises:
        Unavailable: The keychain does not answer.
    """
    for step in steps:
        _give(keychain, step, step.before, step.after)


def put_back(keychain: Keychain, steps: Iterable[EntryStep]) -> None:
    """Give each entry what it held, unless somebody else changed it.

    Raises:
        Unavailable: The keychain does not answer.
    """
    for step in steps:
        _give(keychain, step, step.after, step.before)


def drop_kept(keychain: Keychain, steps: Iterable[EntryStep], still_kept: Callable[[EntryStep], str]) -> None:
    """Delete our own entries beside these, but for the one that is still needed.

    Args:
        keychain: The keychain.
        steps: The entries.
        still_kept: Gives the digest of what is kept on for an entry, or "".
    """
    for step in steps:
        places = {step.before, step.after, step.kept_before, step.kept_after} - {"", still_kept(step)}
        for digest in sorted(places):
            # what cannot be deleted now harms nobody: it stays where it is safe
            with contextlib.suppress(Unavailable):
                keychain.delete(kept_place(digest))


def _give(keychain: Keychain, step: EntryStep, old: str, new: str) -> None:
    if old == new or secret_digest(step.attributes, keychain.read(step.attributes)) != old:
        return
    if not new:
        keychain.delete(step.attributes)
        return
    secret = keychain.read(kept_place(new))
    # after a crash somebody may have deleted it; configuring again writes the entry then
    if secret is not None:
        keychain.write(step.attributes, step.label, secret)
