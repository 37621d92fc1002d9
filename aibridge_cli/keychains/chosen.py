"""What the user told the `keyring` library to use, which we follow without importing it."""

from __future__ import annotations

import os

from aibridge_cli.keychains.unavailable import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

_SECRET_SERVICE = ("keyring.backends.SecretService.Keyring", "keyring.backends.libsecret.Keyring")
_OFF = ("keyring.backends.null.Keyring", "keyring.backends.fail.Keyring")


def check_chosen(facts: Facts) -> None:
    """Return when the Secret Service may be asked.

    `PYTHON_KEYRING_BACKEND` and the library's `keyringrc.cfg`, which `keyring --disable`
    writes, say so in this order.

    Args:
        facts: Where we run.

    Raises:
        Unavailable: The user chose something else.
    """
    name = facts.variable("PYTHON_KEYRING_BACKEND")
    said_by = "`PYTHON_KEYRING_BACKEND`"
    if not name:
        path = _configuration(facts)
        name, said_by = _chosen_in(path), f"`{path}`"
    if not name or name in _SECRET_SERVICE:
        return
    shown = "".join(character for character in name if character.isprintable())[:100]
    if name in _OFF:
        raise Unavailable(f"{said_by} turns the keyring off (`{shown}`)")
    raise Unavailable(f"{said_by} asks for `{shown}`, which is not the keyring of the desktop")


def _configuration(facts: Facts) -> str:
    base = facts.variable("XDG_CONFIG_HOME") or (facts.home and os.path.join(facts.home, ".config"))
    return os.path.join(base, "python_keyring", "keyringrc.cfg") if os.path.isabs(base) else ""


def _chosen_in(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read(65536).splitlines()
    except (OSError, ValueError):  # mostly there is none
        return ""
    section = ""
    for line in lines:
        if line.startswith("["):
            section = line.strip()
        name, separator, value = line.partition("=" if "=" in line else ":")
        if section == "[backend]" and separator and name.strip().lower() == "default-keyring":
            return value.strip()
    return ""
