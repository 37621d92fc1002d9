"""A client for the examples in help texts, taken from the profiles that are shipped."""

from __future__ import annotations

import os

from aibridge_cli.clients.catalogue import listing, read, shipped_folder

MARK = 'credential = ["helper"'
"""What the text of a profile has whose best way is the one that most clients should have."""


def example_client() -> str:
    """Return the id of the first shipped client that gets the token by its best way."""
    folder = shipped_folder()
    names = sorted(name for name in listing(folder) if name.endswith(".toml"))
    return next((name.removesuffix(".toml") for name in names if MARK in read(os.path.join(folder, name))), "")
