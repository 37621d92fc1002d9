"""A server that runs in a thread as long as its `with` block lasts, and two connections made one."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

from aibridge_cli.loopback.server import ADDRESS

if TYPE_CHECKING:
    from http.server import HTTPServer
    from types import TracebackType


class Listening:
    """A running server; use it as a context manager.

    Args:
        server: What listens, on a port of 127.0.0.1.
        scheme: What it speaks: `http`, or `https` where it has a certificate.
    """

    def __init__(self, server: HTTPServer, scheme: str = "http") -> None:
        self._server = server
        self._scheme = scheme
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Its host and port."""
        return f"{ADDRESS}:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Its URL, without a slash at its end."""
        return f"{self._scheme}://{self.address}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def tunnel(client: socket.socket, server: socket.socket) -> None:
    """Pass on what either side says until both have ended."""
    there = threading.Thread(target=_pass_on, args=(client, server), daemon=True)
    there.start()
    _pass_on(server, client)
    there.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Copy what arrives until one side has gone, then end the other's half."""
    with contextlib.suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
