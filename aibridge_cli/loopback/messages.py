"""Requests and replies as values: what the routes get and what they return."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose body has been read and unpacked.

    Args:
        method: The HTTP method in upper case.
        target: Path and query as the client sent them.
        headers: Header names in lower case to values.
        body: The body, without chunks and compression.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without query and without percent escapes."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def header(self, name: str) -> str:
        """Return a header's value without surrounding white space, or ""."""
        return self.headers.get(name, "").strip()

    def json(self) -> Any:
        """Return the body as data.

        Raises:
            ValueError: It is not JSON in UTF-8.
        """
        return json.loads(self.body.decode("utf-8"))


class NoReply(Exception):
    """The connection is closed without a word."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Args:
        status: The HTTP status.
        content_type: The body's media type, or "" when there is no body.
        body: The body of an answer that is sent in one piece.
        stream: The pieces of an answer that is sent as it is made, instead of `body`.
        headers: Further headers.
    """

    status: int
    content_type: str = ""
    body: bytes = b""
    stream: Iterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def plain(status: int, message: str) -> Reply:
    """Return an error as Go's `http.Error` writes it: plain text that ends with a line feed."""
    return Reply(
        status,
        "text/plain; charset=utf-8",
        f"{message}\n".encode(),
        headers={"X-Content-Type-Options": "nosniff"},
    )


def page(status: int, title: str, **headers: str) -> Reply:
    """Return a page for people, such as a proxy or a sign-in shows.

    Args:
        status: The HTTP status.
        title: Its title, and all that it says.
        headers: Further headers, with `_` for `-`.
    """
    text = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Reply(
        status,
        "text/html; charset=utf-8",
        text.encode(),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def data(status: int, value: Any, **headers: str) -> Reply:
    """Return data as JSON.

    Args:
        status: The HTTP status.
        value: What to send.
        headers: Further headers, with `_` for `-`.
    """
    return Reply(
        status,
        "application/json; charset=utf-8",
        (json.dumps(value) + "\n").encode(),
        headers={name.replace("_", "-"): text for name, text in headers.items()},
    )


def coder_error(status: int, message: str, detail: str = "") -> Reply:
    """Return an error in the JSON shape of Coder's API."""
    return data(status, {"message": message, "detail": detail} if detail else {"message": message})


def route_not_found() -> Reply:
    """Return Coder's answer to a path under `/api` that it does not serve."""
    return coder_error(404, "Route not found.")


def event_stream(events: Iterator[bytes]) -> Reply:
    """Return a stream of server-sent events."""
    return Reply(
        200,
        "text/event-stream; charset=utf-8",
        stream=events,
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def event(value: Any, name: str = "") -> bytes:
    """Return one server-sent event.

    Args:
        value: Its data, sent as one line of JSON.
        name: Its event name, or "" for none.
    """
    line = f"data: {json.dumps(value)}\n\n"
    return (f"event: {name}\n{line}" if name else line).encode()
