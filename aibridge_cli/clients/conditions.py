"""`when` of an edit or of manual steps: equality on the way and the platform, nothing more."""

from __future__ import annotations

from collections.abc import Mapping

CONDITIONS = ("credential", "os")


def applies(when: Mapping[str, tuple[str, ...]], way: str, platform: str) -> bool:
    """Tell whether a condition holds.

    Args:
        when: For `credential` and `os`, the values that fit; absent means any.
        way: How the client gets the token.
        platform: `linux`, `macos` or `windows`.
    """
    facts = {"credential": way, "os": platform}
    return all(facts[name] in fitting for name, fitting in when.items())
