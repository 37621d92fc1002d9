"""Reading `[paths]`: the folders of a client, strictly."""

from __future__ import annotations

import re
from typing import get_args

from aibridge_cli.clients.candidates import Candidate, IfExists, PathCandidates
from aibridge_cli.clients.paths import ROOTED_HINT, rooted
from aibridge_cli.clients.profile import Platform
from aibridge_cli.clients.tables import Table

PLATFORMS: tuple[str, ...] = get_args(Platform)
PATHS = (*PLATFORMS, "every")
"""The keys of a path that is written as a table; the schema names the same ones."""


def _candidates(table: Table, name: str) -> tuple[Candidate, ...]:
    """Return places, of which those in a table of their own count only where they exist."""
    value = table.data.get(name)
    if not isinstance(value, list):
        return table.texts(name, required=True)
    found: list[Candidate] = []
    for index, item in enumerate(value):
        if isinstance(item, dict):
            found.append(IfExists(Table(table.file, table.place(f"{name}[{index}]"), item, ("exists",)).text("exists")))
    plain = Table(table.file, table.where, {name: [item for item in value if not isinstance(item, dict)]}, None)
    words = iter(plain.texts(name, required=not found))
    conditional = iter(found)
    return tuple(next(conditional) if isinstance(item, dict) else next(words) for item in value)


def read_paths(table: Table) -> dict[str, PathCandidates]:
    """Return the client's folders, each with its candidates.

    Raises:
        ProfileError: A candidate is no place, or stands for several where one is meant.
    """
    paths = {}
    for name, value in table.data.items():
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            raise table.error(name, "the name of a path is small letters and underscores")
        if isinstance(value, dict):
            inner = table.table(name, PATHS)
            if value.keys().isdisjoint(PLATFORMS):
                raise inner.error("", "must name at least one platform", hint=f"allowed here: {', '.join(PLATFORMS)}")
            found = {platform: _candidates(inner, platform) if platform in value else () for platform in PLATFORMS}
            paths[name] = PathCandidates(**found, every=inner.flag("every"))
        else:
            candidates = _candidates(table, name)
            paths[name] = PathCandidates(linux=candidates, macos=candidates, windows=candidates)
        for each in (*paths[name].linux, *paths[name].macos, *paths[name].windows):
            conditional = isinstance(each, IfExists)
            candidate = each.exists if isinstance(each, IfExists) else each
            if "*" in candidate.removesuffix("/*" if conditional and paths[name].every else ""):
                raise table.error(
                    name,
                    f"`{candidate}` cannot stand for several folders",
                    hint='only the last name may be `*`, in { exists = "…/*" } of a path with `every = true`',
                )
            if not rooted(candidate) or "{" in candidate:
                raise table.error(name, f"`{candidate}` cannot be a place", hint=ROOTED_HINT)
    return paths
