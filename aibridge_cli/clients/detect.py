"""Is a client on this machine: its commands, its files, its editor extensions."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from aibridge_cli.clients.paths import locate, resolve_paths
from aibridge_cli.clients.presence import Detect, Part
from aibridge_cli.clients.profile import Profile
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts
from aibridge_cli.programs import find_program


def found(profile: Profile, facts: Facts, ours: Collection[str] = ()) -> tuple[str, ...]:
    """Return what shows that the client is here, as absolute paths; empty when nothing does.

    Commands come first, then files, then extensions of editors.

    Args:
        profile: The client.
        facts: Where to look: `PATH`, home and the client's own variables.
        ours: Files that we made ourselves, which show nothing.
    """
    return _evidence(profile, profile.detect, facts, ours)


def parts_here(profile: Profile, facts: Facts) -> frozenset[str]:
    """Return the parts of the client that are on this machine.

    Args:
        profile: The client.
        facts: Where to look: `PATH`, home and the client's own variables.
    """
    return frozenset(name for name, part in profile.parts.items() if _evidence(profile, part, facts, ()))


def _evidence(profile: Profile, detect: Detect | Part, facts: Facts, ours: Collection[str]) -> tuple[str, ...]:
    evidence: list[str | None] = [find_program(facts, command) for command in detect.commands]
    files = _files(profile, detect.files, facts)
    evidence += [place for place in files if place and place not in ours and os.path.exists(place)]
    if detect.vscode:
        evidence += _extensions(detect.vscode, facts)
    return tuple(place for place in evidence if place)


def _files(profile: Profile, templates: Sequence[str], facts: Facts) -> list[str | None]:
    try:
        own = resolve_paths(profile, facts)
        return [locate(template, facts, own) for template in templates]
    except AibridgeError:  # without a home folder there is nothing of the client's to be found
        return []


def _extensions(ids: Sequence[str], facts: Facts) -> list[str]:
    # VS Code, its server and every editor built from it keep extensions in `~/.NAME/extensions`
    here: list[str] = []
    for name in _listing(facts.home):
        if not name.startswith("."):
            continue
        extensions = os.path.join(facts.home, name, "extensions")
        here += [
            os.path.join(extensions, folder)
            for folder in _listing(extensions)
            if any(folder.lower().startswith(f"{extension.lower()}-") for extension in ids)
        ]
    return here


def _listing(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder)) if folder else []
    except OSError:  # absent, or not ours to read: nothing found there
        return []
