"""Lengths of time as people write and read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from aibridge_cli.errors import UsageError

_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
_LONGEST = 100 * 366 * 86400
_PARTS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def seconds_in(text: str, option: str) -> int:
    """Return the seconds of a text such as `30d`, `12h`, `1d12h` or `0`.

    Args:
        text: Whole numbers, each with `w`, `d`, `h`, `m` or `s`.
        option: Where it was written, for error messages.

    Raises:
        UsageError: It is no length of time, or a longer one than a hundred years.
    """
    plain = text.strip().lower()
    total = sum(int(number[:12]) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", plain))
    if not (plain == "0" or re.fullmatch(r"(\d+[wdhms])+", plain, re.ASCII)) or total > _LONGEST:
        raise UsageError(f"`{option} {text}` is no length of time", hint="write it as `30d`, `12h` or `1d12h`")
    return total


def in_words(seconds: int) -> str:
    """Return a length of time in its largest unit, as in `29 days`."""
    for size, unit in _PARTS:
        number = seconds // size
        if number:
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return "less than a minute"


def moment(seconds: int) -> str:
    """Return a time in seconds since 1970 as text in UTC, as in `2026-11-24 09:00 UTC`."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, OSError, ValueError):  # more than the calendar of this system has
        return "in the far future"


def iso(seconds: int) -> str | None:
    """Return a time for JSON, as in `2026-11-24T09:00:00Z`; None for 0, which is not known."""
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def ending(expires: int, now: int) -> str:
    """Return when a token ends, in words: `in 29 days (2026-12-22 09:00 UTC)`."""
    if not expires:
        return "not known"
    if expires <= now:
        return f"ended {in_words(now - expires)} ago ({moment(expires)})"
    return f"in {in_words(expires - now)} ({moment(expires)})"
