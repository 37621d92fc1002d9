"""A profile's variables alone, for `aibridge env CLIENT`, which must not wait for the loader.

Reads with `tomllib` and nothing else; whatever looks wrong goes through the strict loader,
so the errors are the same.
"""

from __future__ import annotations

import tomllib

from aibridge_cli.clients.placeholders import HELPER_NAMES, names

RIVAL = "it would stand beside what is set in its place"
"""Why a variable of the way that is not taken is unset."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def client_variables(text: str, source: str) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Return what `[env]`, `[helper_env]` and `[unset]` of a profile say, placeholders not filled in.

    Args:
        text: The text of the profile.
        source: Its file, for messages.

    Returns:
        Templates by variable, those in the helper's way likewise, and reasons by variable to unset.

    Raises:
        ProfileError: The text breaks the format.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return _strictly(text, source)
    tables = [data.get(name, {}) for name in ("env", "helper_env", "unset")]
    if not all(isinstance(table, dict) and all(isinstance(value, str) for value in table.values()) for table in tables):
        return _strictly(text, source)
    return tables[0], tables[1], tables[2]


def variables_of_way(
    env: Mapping[str, str], helper_env: Mapping[str, str], unset: Mapping[str, str], *, helper: bool
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the variables of a client for one way, and those to unset.

    By the helper's, those that hold the token give way to the ones that name the helper.

    Args:
        env: What `[env]` says.
        helper_env: What `[helper_env]` says.
        unset: What `[unset]` says.
        helper: Whether the client is to ask the helper, if a variable can name it.

    Returns:
        Templates by variable, and reasons by variable to unset.
    """
    if not helper_env:
        return env, unset
    chosen = dict(env)
    if helper:
        chosen = {name: template for name, template in env.items() if "token" not in names(template)} | {**helper_env}
    left = [name for name in (*env, *helper_env) if name not in chosen]
    return chosen, {name: unset.get(name, RIVAL) for name in (*unset, *left) if name not in chosen}


def names_helper(env: Mapping[str, str]) -> bool:
    """Tell whether a variable names the helper."""
    return any(name in HELPER_NAMES for template in env.values() for name in names(template))


def _strictly(text: str, source: str) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    from aibridge_cli.clients.loader import load_profile

    return (profile := load_profile(text, source)).env, profile.helper_env, profile.unset
