"""A proxy on loopback that lets through what it is asked for, and remembers it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aibridge_cli.loopback.listening import Listening, tunnel
from aibridge_cli.loopback.server import ADDRESS, Server

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping


class ForwardingProxy(Listening):
    """A running proxy; use it as a context manager.

    Args:
        ports: Where the hosts that it knows really are: `name:port` to a port of this machine.
        user: The `name:password` that it wants, or "" when it is for everybody.
        tls: Its own certificate, for clients that speak to it over TLS.
    """

    def __init__(self, ports: Mapping[str, int], *, user: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        super().__init__(Server((ADDRESS, 0), _handler(dict(ports), user, self.asked), tls), "https" if tls else "http")


def _handler(ports: dict[str, int], user: str, asked: list[str]) -> type[BaseHTTPRequestHandler]:
    wanted = "Basic " + base64.b64encode(user.encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            port = self._port(self.path)
            if port is None:
                return
            with socket.create_connection((ADDRESS, port)) as there:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                tunnel(self.connection, there)
            self.close_connection = True

        def do_GET(self) -> None:
            target = urlsplit(self.path)
            port = self._port(f"{target.hostname}:{target.port or 80}")
            if port is None:
                return
            headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
            with contextlib.closing(http.client.HTTPConnection(ADDRESS, port, timeout=30)) as there:
                there.request("GET", target.path, headers=headers)
                answer = there.getresponse()
                body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type", ""))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _port(self, host: str) -> int | None:
            asked.append(f"{self.command} {self.path}")
            if user and self.headers.get("Proxy-Authorization") != wanted:
                self._refuse(407, "Proxy Authentication Required")
                return None
            if host not in ports:
                self._refuse(403, "Forbidden by the company")
                return None
            return ports[host]

        def _refuse(self, status: int, reason: str) -> None:
            self.send_response(status, reason)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay quiet."""

    return Handler
