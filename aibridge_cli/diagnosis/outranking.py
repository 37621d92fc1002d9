"""What would win over our keys, and whether it is here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from aibridge_cli.clients.paths import located
from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.sources import place_of
from aibridge_cli.facts import Facts


def outranking(profile: Profile, facts: Facts, own: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the profile says would win, with the files and variables that are here.

    Args:
        profile: The client.
        facts: Environment and working folder, in which a project's files are looked for.
        own: The profile's own paths.
    """
    ours = {path for edit in profile.edits for path in located(edit.file, facts, own)}
    rows = []
    for each in profile.outranked_by:
        files = [path for file in each.files if (path := place_of(file, facts, own))]
        here = [path for path in files if path not in ours and os.path.exists(path)]
        here += [name for name in each.variables if facts.variable(name)]
        rows.append(
            {"what": each.what, "places": [*files, *each.variables], "here": here, "note": each.note},
        )
    return rows
