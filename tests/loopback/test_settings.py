from __future__ import annotations

import pytest

from aibridge_cli.loopback import Settings


def test_wire_that_does_not_exist() -> None:
    """A provider's wire is one of the two."""
    with pytest.raises(ValueError, match="not gemini"):
        Settings(providers={"google": "gemini"})
