"""What every keychain has in common: how long it may take, and how it says no."""

from __future__ import annotations

from aibridge_cli.errors import AibridgeError

LIMIT = 2.0
"""Seconds that one reading, writing or deleting may take, all waits together."""


class Unavailable(AibridgeError):
    """There is no keychain that can be used now; the message says why, in words."""

    code = "keychain-unavailable"
