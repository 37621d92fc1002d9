"""A running deployment, and plain HTTP to ask it with."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from aibridge_cli.loopback import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Event names and data of a stream of server-sent events."""
        events = []
        for block in self.text.split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            data = fields["data"]
            events.append((fields.get("event", ""), data if data == "[DONE]" else json.loads(data)))
        return events


class Ask(Protocol):
    def __call__(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, *, body: Any = None
    ) -> Answer: ...


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    with Deployment() as running:
        yield running


@pytest.fixture
def ask(deployment: Deployment) -> Iterator[Ask]:
    """Send one request after the other over one connection; a body that is no bytes is sent as JSON."""
    connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"), timeout=30)

    def send(method: str, path: str, headers: Mapping[str, str] | None = None, *, body: Any = None) -> Answer:
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, sent, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())

    yield send
    connection.close()


@pytest.fixture
def bearer(deployment: Deployment) -> dict[str, str]:
    """Return the headers of a client with a token that works."""
    return {"Authorization": f"Bearer {deployment.tokens.issue().text}"}
