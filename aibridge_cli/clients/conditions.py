"""`when` of an edit or of manual steps: equality on the way, the platform and the models' wires, nothing more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

CONDITIONS = ("credential", "os", "model")


def applies(
    when: Mapping[str, tuple[str, ...]], way: str, platform: str, models: Collection[str] | None = None
) -> bool:
    """Tell whether a condition holds.

    Args:
        when: For `credential`, `os` and `model`, the values that fit; absent means any.
        way: How the client gets the token.
        platform: `linux`, `macos` or `windows`.
        models: The wires of which a model was named; None counts as any.
    """
    facts: dict[str, Collection[str]] = {"credential": (way,), "os": (platform,)}
    if models is not None:
        facts["model"] = models
    return all(name not in facts or not set(fitting).isdisjoint(facts[name]) for name, fitting in when.items())
