"""What was at the bottom of a failed connection, found in the chain of an error's causes."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator


def secured_failure(error: BaseException) -> ssl.SSLError | None:
    """Return the failure of TLS that an error of the HTTP library came from, if it was one."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return cause
    return None


def system_failure(error: BaseException) -> str:
    """Return what the operating system said of a connection that did not come about."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "its name is not known here"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return "no connection"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
