"""Which way of passing the token is taken: the best that the client can do here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aibridge_cli.clients.profile import Profile, Way
from aibridge_cli.errors import UsageError

SECRETLESS: tuple[Way, ...] = ("helper", "env", "keychain", "manual")
"""The ways that leave nothing of ours on disk in clear."""


_ON_DISK = {"reference": "in a file of ours", "file": "in its file"}


def secret_on_disk(profile: Profile) -> str:
    """Return where the token stands on disk in clear, in words, when the client gets it in its best way.

    Args:
        profile: The client. One that cannot be configured, or is set up by hand, has "-".
    """
    return _ON_DISK.get(profile.credential[0], "no") if profile.status == "supported" else "-"


def proof(profile: Profile) -> str:
    """Return how surely the profile is right, in words.

    Args:
        profile: The client.

    Returns:
        The versions of the program that were run with it; `documented` when none was; else the
        profile's status, `guided` or `unsupported`.
    """
    return profile.status if profile.status != "supported" else ", ".join(profile.tested) or "documented"


def refuse_unsupported(profile: Profile) -> None:
    """Raise for a client that cannot be configured.

    Raises:
        UsageError: It cannot; the message says why, the hint where that is discussed.
    """
    if profile.status == "unsupported":
        raise UsageError(f"{profile.name} cannot be configured: {profile.reason}", hint=f"see {profile.link}")


def variables_command(profile: Profile, way: str) -> str:
    """Return what a shell evaluates to have a client's variables for a way; "" where it needs none."""
    if way == "env" and profile.helper_env:
        return f'eval "$(aibridge env {profile.id} --credential env)"'
    return f'eval "$(aibridge env {profile.id})"' if way == "env" or (way == "helper" and profile.helper_env) else ""


class Choice(NamedTuple):
    """The way that was chosen.

    Args:
        way: How the client gets the token.
        notes: What the user should know about the choice, one sentence each.
    """

    way: Way
    notes: tuple[str, ...] = ()


def choose_way(
    profile: Profile,
    wanted: Way | None,
    installed_version: Callable[[], str | None],
    *,
    keychain: Callable[[], str] = str,
    require_secretless: bool = False,
    required_by: str = "",
) -> Choice:
    """Return the way to use.

    Args:
        profile: The client.
        wanted: What the user insists on, or None for the best.
        installed_version: Asks the client for its version; called only when a way
            depends on it. None means that it could not be told.
        keychain: Asks whether the profile's entries can be written here; "" when they can,
            else why not. Called only when it matters.
        require_secretless: Whether the token may not stand on disk in clear.
        required_by: The organisation pack that says so, or "" when the user did.

    Raises:
        UsageError: The client cannot be configured, or not in the way that was asked for.
    """
    refuse_unsupported(profile)
    possible = [way for way in profile.credential if not require_secretless or way in SECRETLESS]
    if wanted is not None and wanted not in profile.credential:
        raise UsageError(f"{profile.name} cannot get the token by `{wanted}`", hint=_possible(profile.credential))
    if require_secretless and (not possible or (wanted is not None and wanted not in possible)):
        raise UsageError(
            f"{profile.name} cannot get the token {f'by `{wanted}`' if wanted else 'here'} without it standing on disk"
            + (f", as the pack `{required_by}` requires" if required_by else ""),
            hint=_without(possible, profile, required_by),
        )
    notes: list[str] = []
    asked = False
    version: str | None = None
    for way in possible if wanted is None else [wanted]:
        if way == "keychain" and (problem := keychain()):
            notes.append(f"{profile.name} is not given the token by the keychain: {problem}")
            continue
        need = profile.version.needs.get(way)
        if need is None:
            return Choice(way, tuple(notes))
        if not asked:
            version, asked = installed_version(), True
        if version is None:
            notes.append(f"the version of {profile.name} is not known; `{way}` needs {need} or later")
            return Choice(way, tuple(notes))
        if _numbers(version) >= _numbers(need):
            return Choice(way, tuple(notes))
        notes.append(f"{profile.name} {version} is too old for `{way}`, which needs {need} or later")
    others = tuple(way for way in possible if way not in profile.version.needs and way != "keychain")
    advice = ["update it"] if version is not None else []
    raise UsageError(notes[-1], hint="; ".join([*advice, *([_possible(others)] if others else [])]))


def later_than(version: str, other: str) -> bool:
    """Tell whether one dotted version comes after another (1.10 after 1.9, 1.0 not after 1)."""
    return _numbers(version) > _numbers(other)


def _without(possible: list[Way], profile: Profile, required_by: str) -> str:
    if possible:
        return _possible(tuple(possible))
    if required_by:
        return "whoever hands out the pack decides on it"
    return f"leave `--require-secretless` out; {_possible(profile.credential)}"


def _possible(ways: tuple[Way, ...]) -> str:
    return f"possible: {', '.join(f'`--credential {way}`' for way in ways)}"


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
