"""The profiles that we ship, as tests choose among them."""

from __future__ import annotations

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.profile import Profile


def writing_on_linux() -> list[Profile]:
    """Return those that edit a file on Linux, as some clients are not made for it."""
    profiles, problems = Catalogue([shipped_folder()]).load_all()
    assert problems == []
    return [
        profile
        for profile in profiles
        if profile.edits and all(candidates.linux for candidates in profile.paths.values())
    ]
