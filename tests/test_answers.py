from __future__ import annotations

import pytest

from aibridge_cli.answers import ends_within_day

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (86400, ""),
        (86399, "the token ends in 23 hours"),
        (3600, "the token ends in 1 hour"),
        (3599, "the token ends in 59 minutes"),
        (60, "the token ends in 1 minute"),
        (59, "the token ends in a minute"),
        (0, "the token has ended; sign in again"),
        (-5, "the token has ended; sign in again"),
    ],
)
def test_ends_within_day(left: int, words: str) -> None:
    """A token that ends within 24 hours is worth a line; one that lasts is not."""
    assert ends_within_day(NOW + left, NOW) == words


def test_an_unknown_end() -> None:
    """Where the end is not known there is nothing to say."""
    assert ends_within_day(0, NOW) == ""
