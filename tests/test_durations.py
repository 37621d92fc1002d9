from __future__ import annotations

import pytest

from aibridge_cli.durations import ending, in_words, iso, moment, seconds_in
from aibridge_cli.errors import UsageError

DAY = 86400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30d", 30 * DAY),
        ("12h", 43200),
        ("90m", 5400),
        ("5s", 5),
        ("2w", 14 * DAY),
        ("1d12h", 129600),
        (" 1D ", DAY),
        ("0", 0),
    ],
)
def test_read(text: str, seconds: int) -> None:
    """Whole numbers with units are added up."""
    assert seconds_in(text, "--lifetime") == seconds


@pytest.mark.parametrize("text", ["", "1", "d", "1.5d", "1d 2h", "-1d", "1y", "٣d", "9" * 400 + "d", "40000d"])
def test_refused(text: str) -> None:
    """Anything else is a usage error that names the option."""
    with pytest.raises(UsageError, match="--lifetime"):
        seconds_in(text, "--lifetime")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "less than a minute"), (60, "1 minute"), (7199, "1 hour"), (2 * DAY + 5, "2 days")]
)
def test_told(seconds: int, words: str) -> None:
    """The largest unit tells enough."""
    assert in_words(seconds) == words


def test_ends() -> None:
    """An end is told from now on, with the moment itself; one that is not known is said to be so."""
    assert ending(0, 100) == "not known"
    assert ending(100 + DAY, 100) == "in 1 day (1970-01-02 00:01 UTC)"
    assert ending(100, 100 + DAY) == "ended 1 day ago (1970-01-01 00:01 UTC)"


def test_beyond_the_calendar() -> None:
    """A deployment that says something absurd does not end in a traceback."""
    assert moment(10**15) == "in the far future"
    assert iso(10**15) is None
    assert (iso(0), iso(60)) == (None, "1970-01-01T00:01:00Z")
