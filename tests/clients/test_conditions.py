from __future__ import annotations

import pytest

from aibridge_cli.clients.conditions import applies


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, True),
        ({"credential": ("helper",)}, True),
        ({"credential": ("env", "helper")}, True),
        ({"credential": ("env",)}, False),
        ({"os": ("linux", "macos")}, True),
        ({"os": ("windows",)}, False),
        ({"credential": ("helper",), "os": ("windows",)}, False),
    ],
)
def test_every_condition_must_hold(when: dict[str, tuple[str, ...]], expected: bool) -> None:
    """Absent means any; a list fits when one of its values does; all conditions count."""
    assert applies(when, "helper", "linux") is expected


def test_a_model_that_was_named() -> None:
    """A condition on models holds for the wires of which one was named, and where that is not known."""
    when = {"model": ("openai",)}
    assert applies(when, "env", "linux", {"openai": "m"})
    assert not applies(when, "env", "linux", {"anthropic": "m"})
    assert not applies(when, "env", "linux", {})
    assert applies(when, "env", "linux")
    assert applies({"model": ("none", "openai")}, "env", "linux", {})
    assert not applies({"model": ("none",)}, "env", "linux", {"openai": "m"})


def test_a_part_that_is_here() -> None:
    """A condition on parts holds for those that are here, and where that is not known."""
    when = {"part": ("editor", "plugin")}
    assert applies(when, "env", "linux", None, {"plugin"})
    assert not applies(when, "env", "linux", None, {"terminal"})
    assert not applies(when, "env", "linux", None, ())
    assert applies(when, "env", "linux")
