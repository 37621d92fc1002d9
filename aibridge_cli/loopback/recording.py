"""What arrived at a loopback deployment, and what it answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request with the status it got.

    Args:
        method: The HTTP method.
        path: The path with its query, as the client sent it.
        headers: Header names in lower case to values; repeated headers joined by ", ".
        body: The parsed JSON body, or `None` when there was none or it was not JSON.
        status: The HTTP status of the answer, or 0 when the connection was closed without one.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    status: int


class Recorder:
    """Keeps requests in the order in which their answers began; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[RecordedRequest] = []

    def add(self, request: RecordedRequest) -> None:
        """Keep one request."""
        with self._lock:
            self._requests.append(request)

    def snapshot(self) -> list[RecordedRequest]:
        """Return the requests so far, in a list of the caller's own."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()
