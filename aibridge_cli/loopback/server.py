"""Listening on 127.0.0.1: a thread a connection, and none left behind when it stops."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socketserver import BaseRequestHandler

ADDRESS = "127.0.0.1"
LONGEST_GOODBYE = 2.0
"""Seconds that a client whose handshake failed may take to read why."""


class Server(ThreadingHTTPServer):
    """A threading server that can close the connections it has open, so that stopping leaves no thread behind."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handler: type[BaseRequestHandler], tls: ssl.SSLContext | None = None
    ) -> None:
        self._tls = tls
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind without asking a name server what 127.0.0.1 is called, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread that `server_close` knows of."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="loopback connection",
            daemon=True,
        )
        with self._lock:
            self._open[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a connection until it closes."""
        try:
            if self._tls is None or (request := self._secured(request, self._tls)) is not None:
                super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def _secured(self, request: socket.socket, tls: ssl.SSLContext) -> socket.socket | None:
        secured = tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open[threading.current_thread()] = secured
        try:
            secured.do_handshake()
        except OSError:
            _leave(socket.socket(fileno=secured.detach()))
            return None
        return secured

    def server_close(self) -> None:
        """Stop listening, close what is open, and wait until its threads have ended."""
        super().server_close()
        with self._lock:
            connections = list(self._open.items())
        for thread, connection in connections:
            with contextlib.suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Take a client that went away as the everyday thing it is; print anything else, it is a bug of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError | ssl.SSLError):
            super().handle_error(request, client_address)


def _leave(connection: socket.socket) -> None:
    """Close a connection so that the other end still gets to read why."""
    with connection, contextlib.suppress(OSError):
        connection.settimeout(LONGEST_GOODBYE)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass  # closing with something unread would take the alert back
