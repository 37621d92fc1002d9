"""How long and how often the deployment is asked."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """How long and how often a call may try.

    Args:
        connect: Seconds until a connection must stand.
        read: Seconds that the other end may be silent.
        whole: Seconds that a call may take in all, with its retries and waits.
        retries: How often a GET or DELETE is repeated after a passing fault.
        longest_wait: Seconds that the deployment may ask to wait; above that the call
            ends with its answer.
        largest_answer: Bytes of an answer's body.
        altogether: Seconds that all calls of one client may take, or None.
    """

    connect: float = 5.0
    read: float = 10.0
    whole: float = 30.0
    retries: int = 2
    longest_wait: float = 10.0
    largest_answer: int = 4 * 1024 * 1024
    altogether: float | None = None


USUAL = Limits()
QUICK = Limits(connect=2.0, read=3.0, whole=4.0, retries=0, altogether=8.0)
"""For what a client waits for."""
