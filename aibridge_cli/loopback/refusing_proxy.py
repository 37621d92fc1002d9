"""A proxy on loopback that lets nothing out of the machine and remembers who wanted to go where."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aibridge_cli.loopback.listening import Listening, tunnel
from aibridge_cli.loopback.server import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable


class RefusingProxy(Listening):
    """A running proxy; use it as a context manager.

    Tools that honour the usual variables send all traffic here that is not for loopback, so what
    is in `targets` is all that would have left the machine. Some send it their loopback traffic too;
    that is passed on, and not noted.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heads: list[tuple[str, str]] = []
        server = ThreadingHTTPServer((ADDRESS, 0), refusing(self._note))
        server.daemon_threads = True
        super().__init__(server)

    @property
    def targets(self) -> list[str]:
        """The hosts that were asked for, as `host:port`, or whole URLs for plain HTTP."""
        with self._lock:
            return [target for target, _ in self._heads]

    @property
    def heads(self) -> list[str]:
        """Request line and headers of everything that arrived."""
        with self._lock:
            return [head for _, head in self._heads]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send a tool's traffic here, except what is for loopback."""
        names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
        loopback = "127.0.0.1,localhost"
        return {
            **dict.fromkeys(names, self.url),
            **{name.lower(): self.url for name in names},
            "NO_PROXY": loopback,
            "no_proxy": loopback,
        }

    def _note(self, target: str, head: str) -> None:
        with self._lock:
            self._heads.append((target, head))


def refusing(note: Callable[[str, str], None]) -> type[BaseHTTPRequestHandler]:
    """Return what answers every request with 403, and passes on what is for loopback.

    Args:
        note: Is told where a request was to go, and its head.
    """

    class Handler(BaseHTTPRequestHandler):
        def _refuse(self) -> None:
            note(self.path, f"{self.requestline}\n{self.headers}")
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True

        def do_CONNECT(self) -> None:
            host, _, port = self.path.rpartition(":")
            if host not in {"127.0.0.1", "localhost"}:
                self._refuse()
                return
            self.close_connection = True
            with socket.create_connection((host, int(port))) as server:
                self.send_response(200)
                self.end_headers()
                tunnel(self.connection, server)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Stay quiet."""

    return Handler
