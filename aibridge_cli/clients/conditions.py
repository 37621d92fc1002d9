"""`when` of an edit or of manual steps: equality on way, platform, models' wires and parts, nothing more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

CONDITIONS = ("credential", "os", "model", "part")
NO_MODEL = "none"
"""The value of `model` that fits when no model was named."""


def applies(
    when: Mapping[str, tuple[str, ...]],
    way: str,
    platform: str,
    models: Collection[str] | None = None,
    parts: Collection[str] | None = None,
) -> bool:
    """Tell whether a condition holds.

    Args:
        when: For `credential`, `os`, `model` and `part`, the values that fit; absent means any.
        way: How the client gets the token.
        platform: `linux`, `macos` or `windows`.
        models: The wires of which a model was named, where `none` fits when there is none; None counts as any.
        parts: The parts of the client that are here; None counts as any.
    """
    facts: dict[str, Collection[str]] = {"credential": (way,), "os": (platform,)}
    if models is not None:
        facts["model"] = models or (NO_MODEL,)
    if parts is not None:
        facts["part"] = parts
    return all(name not in facts or not set(fitting).isdisjoint(facts[name]) for name, fitting in when.items())
