"""Taking a token that we once wrote out of a file."""

from __future__ import annotations

import pytest

from aibridge_cli.changes.state import value_hash
from aibridge_cli.diagnosis.taking_out import without_tokens
from aibridge_cli.diagnosis.tokens import Known

OURS = {"id": "ours", "key": "token"}
KNOWN = Known(frozenset(), frozenset(), frozenset([value_hash(OURS), value_hash("token")]), frozenset())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"key": "token", "mine": 1} // why', '{"mine": 1} // why'),
        ('{"env": {"A": "token", "B": "other"}}', '{"env": {"B": "other"}}'),
        ('{"list": ["a", "token", "token"]}', '{"list": ["a"]}'),
        ('{"models": [{"id": "ours", "key": "token"}, {"id": "mine"}]}', '{"models": [{"id": "mine"}]}'),
        ('{"models": [{"id": "mine", "key": "token"}]}', '{"models": [{"id": "mine"}]}'),
        ('{"models": [{"id": "ours", "key": "token"}, {"id": "b", "key": "token"}]}', '{"models": [{"id": "b"}]}'),
        ('{"says": "the token"}', '{"says": "the token"}'),
    ],
)
def test_taken_out(before: str, after: str) -> None:
    """The key goes, an object of ours as a whole, and every other byte stays."""
    assert without_tokens("jsonc", before, frozenset(["token"]), KNOWN) == after


def test_of_another_format() -> None:
    """It is the same in TOML."""
    text = 'a = 1  # why\n\n[p]\nkey = "token"\nb = 2\n'
    assert without_tokens("toml", text, frozenset(["token"]), KNOWN) == "a = 1  # why\n\n[p]\nb = 2\n"
