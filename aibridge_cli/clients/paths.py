"""Where a client's files are: a profile's candidates, looked up in the facts.

It asks the environment that the facts hold, and the disk only for candidates that count where
they exist.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from aibridge_cli.clients.candidates import Candidate, IfExists
from aibridge_cli.clients.placeholders import each_folder, fill, names, repeated
from aibridge_cli.clients.profile import Profile
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts

ROOTED_HINT = "a place starts with `~/`, with `$NAME`, or at the root"

_ROOTED = re.compile(r"(~|\$[A-Za-z_][A-Za-z0-9_]*)([/\\]|$)|/|[A-Za-z]:[/\\]")
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def rooted(place: str) -> bool:
    """Tell whether a place is independent of the working directory."""
    return _ROOTED.match(place) is not None


def expand(place: str, facts: Facts) -> str | None:
    """Return a place as an absolute path of the facts' platform.

    Args:
        place: `~/…`, `$NAME/…` or an absolute path; `/` separates on every platform.
        facts: Home, environment and platform.

    Returns:
        None when the place starts with a variable that is unset or empty.

    Raises:
        AibridgeError: There is no home folder, or a variable holds a relative path.
    """
    variable = _VARIABLE.match(place)
    if place.startswith("~"):
        if not facts.home:
            raise AibridgeError(f"there is no home folder to look for `{place}` in", hint="set `HOME` and try again")
        place = facts.home + place[1:]
    elif variable:
        value = facts.variable(variable[1])
        if not value:
            return None
        place = value + place[variable.end() :]
        if not _absolute(value, facts):
            raise AibridgeError(
                f"`{variable[1]}` is `{value}`, which is not an absolute path",
                hint="set it to an absolute path, or unset it",
            )
    if not _absolute(place, facts):
        return None
    return place.replace("/", "\\") if facts.platform == "windows" else place


def resolve_paths(profile: Profile, facts: Facts, exists: Callable[[str], bool] | None = None) -> dict[str, str]:
    """Return the profile's own paths, each the first candidate that resolves.

    A path without a place on this platform is left out. Of a path that stands for every
    candidate, the second is called `NAME[1]`, and so on.

    Args:
        profile: The client.
        facts: Home, environment and platform.
        exists: Tells whether a folder is there, for candidates that count only then; None
            asks the disk with `inhabited`.

    Raises:
        AibridgeError: There is no home folder, or a variable holds a relative path.
    """
    exists = exists or inhabited
    found = {}
    for name, candidates in profile.paths.items():
        places = _places(getattr(candidates, facts.platform), facts, exists)
        for index, place in enumerate(dict.fromkeys(places) if candidates.every else islice(places, 1)):
            found[repeated(name, index)] = place
    return found


def _places(candidates: Iterable[Candidate], facts: Facts, exists: Callable[[str], bool]) -> Iterator[str]:
    """Yield the candidates that resolve, an unconditional one only where none did before."""
    none = True
    for candidate in candidates:
        conditional = isinstance(candidate, IfExists)
        place = expand(candidate.exists if isinstance(candidate, IfExists) else candidate, facts)
        if place is None or not (conditional or none):
            continue
        for folder in _folders(place) if place.endswith("*") else [place]:
            if not conditional or exists(folder):
                none = False
                yield folder


def _folders(pattern: str) -> list[str]:
    """Return what is in the folder that the pattern names before its `*`, sorted."""
    try:
        with os.scandir(pattern.removesuffix("*")) as entries:
            return sorted(entry.path for entry in entries)
    except OSError:  # absent, no folder, or not ours to read: no client of ours has its files there
        return []


def inhabited(folder: str) -> bool:
    """Tell whether a folder, or a link to one, has something in it; clients pass over an empty one."""
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:  # absent, no folder, or not ours to read: no client of ours has its files there
        return False


def locate(template: str, facts: Facts, own: Mapping[str, str]) -> str | None:
    """Return a file that a profile looks for, as in `{config}/settings.json` or `/etc/…`.

    Args:
        template: A place, which may start with one of the profile's own paths.
        facts: Home, environment and platform.
        own: The profile's own paths, from `resolve_paths`.

    Returns:
        None when it has no place here: another platform's path, an unset variable, or a
        path relative to a project.
    """
    if any(name not in own for name in names(template)):
        return None
    return expand(fill(template, own), facts)


def located(templates: Iterable[str], facts: Facts, own: Mapping[str, str]) -> list[str]:
    """Return the files that templates name, each in every folder that its path stands for.

    Args:
        templates: Places, as for `locate`; one without a place here is passed over.
        facts: Home, environment and platform.
        own: The profile's own paths, from `resolve_paths`.
    """
    return [
        place
        for template in templates
        for each in each_folder(own, names(template))
        if (place := locate(template, facts, each)) is not None
    ]


def _absolute(path: str, facts: Facts) -> bool:
    if facts.platform == "windows":
        return ntpath.isabs(path) and ntpath.splitdrive(path)[0] != ""
    return posixpath.isabs(path)
