"""A profile's variables alone, for `aibridge env CLIENT`, which must not wait for the loader.

Reads with `tomllib` and nothing else; whatever looks wrong goes through the strict loader,
so the errors are the same.
"""

from __future__ import annotations

import tomllib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def client_variables(text: str, source: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what `[env]` and `[unset]` of a profile say, placeholders not filled in.

    Args:
        text: The text of the profile.
        source: Its file, for messages.

    Returns:
        Templates by variable, and reasons by variable to unset.

    Raises:
        ProfileError: The text breaks the format.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return _strictly(text, source)
    tables = [data.get(name, {}) for name in ("env", "unset")]
    if not all(isinstance(table, dict) and all(isinstance(value, str) for value in table.values()) for table in tables):
        return _strictly(text, source)
    return tables[0], tables[1]


def _strictly(text: str, source: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    from aibridge_cli.clients.loader import load_profile

    return (profile := load_profile(text, source)).env, profile.unset
