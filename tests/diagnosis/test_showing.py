"""Values as they may be shown."""

from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.diagnosis.showing import shown
from aibridge_cli.documents.operations import ABSENT, Item, Place
from aibridge_cli.secret import Secret


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("env", "URL"), "https://x", '"https://x"'),
        (("env", "API_KEY"), "value", '"***"'),
        (("env", "API_KEY"), "", '""'),
        (("models", 2, "apiKey"), "value", '"***"'),
        (("models", 2), {"apiKey": "value", "id": 1}, '{"apiKey": "***", "id": 1}'),
        (("keys",), ["one", "two"], "***"),
        (("any",), "our token", '"our ***"'),
        (("any",), "https://user:pass@host", '"https://user:***@host"'),
        (("any",), ABSENT, "nothing"),
        ((), {"a": 1}, '{"a": 1}'),
        ((Item((("id", "x"),)), "headers"), {"Authorization": "value"}, '{"Authorization": "***"}'),
    ],
)
def test_masked(path: Place, value: Any, words: str) -> None:
    """What a key is called, what a value looks like and what is known to be a secret decide."""
    assert shown(path, value, (Secret("token"),)) == words
