"""A server on loopback that remembers what arrives and refuses it in a way that no client repeats."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aibridge_cli.loopback import RecordedRequest
from aibridge_cli.loopback.listening import Listening
from aibridge_cli.loopback.server import ADDRESS

REFUSAL = b'{"type": "error", "error": {"type": "invalid_request_error", "message": "recorded"}}'


class RecordingServer(Listening):
    """A running server; use it as a context manager. Every path exists, and every question is refused with 400."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[RecordedRequest] = []
        server = ThreadingHTTPServer((ADDRESS, 0), _handler(self._note))
        server.daemon_threads = True
        super().__init__(server)

    @property
    def requests(self) -> list[RecordedRequest]:
        """What arrived so far."""
        with self._lock:
            return list(self._requests)

    def _note(self, method: str, path: str, headers: dict[str, str], body: Any) -> None:
        with self._lock:
            self._requests.append(RecordedRequest(method, path, headers, body, 400))


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:  # no body, or a packed one
        return None


def _handler(note: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _refuse(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            note(self.command, self.path, headers, _parsed(content))
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(REFUSAL)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(REFUSAL)
            self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Stay quiet."""

    return Handler
