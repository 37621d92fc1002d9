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
