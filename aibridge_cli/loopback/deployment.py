"""The deployment itself: its life on a port of 127.0.0.1, and who answers which path."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from dataclasses import replace
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from aibridge_cli.loopback import coder_api, gateway
from aibridge_cli.loopback.connection import Connection
from aibridge_cli.loopback.messages import Reply, Request, route_not_found
from aibridge_cli.loopback.recording import RecordedRequest, Recorder
from aibridge_cli.loopback.settings import Settings
from aibridge_cli.loopback.tokens import Tokens

if TYPE_CHECKING:
    from types import TracebackType

ADDRESS = "127.0.0.1"
API = "/api/v2"


class Deployment:
    """A running deployment; use it as a context manager, or call `start` and `stop`.

    Args:
        settings: How it behaves; `behave` changes that while it runs.
        port: The port to listen on; 0 takes a free one.
    """

    def __init__(self, settings: Settings | None = None, *, port: int = 0) -> None:
        self._settings = settings or Settings()
        self._port = port
        self._recorder = Recorder()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.tokens = Tokens()

    @property
    def settings(self) -> Settings:
        """How the deployment behaves now."""
        return self._settings

    def behave(self, **changes: Any) -> None:
        """Change some settings; requests that are already being answered keep the old ones."""
        self._settings = replace(self._settings, **changes)

    @property
    def url(self) -> str:
        """The deployment's URL, without a slash at its end; only while it runs.

        Raises:
            RuntimeError: It is not running.
        """
        if self._server is None:
            raise RuntimeError("the loopback deployment is not running")
        return f"http://{ADDRESS}:{self._server.server_address[1]}"

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request so far, in the order in which their answers began."""
        return self._recorder.snapshot()

    def clear(self) -> None:
        """Forget the requests so far."""
        self._recorder.clear()

    def start(self) -> None:
        """Listen and answer, in threads of its own.

        Raises:
            OSError: The port is taken.
            RuntimeError: It is running already.
        """
        if self._server is not None:
            raise RuntimeError("the loopback deployment is already running")
        handler = type("Connection", (Connection,), {"route": staticmethod(self._route), "recorder": self._recorder})
        self._server = _Server((ADDRESS, self._port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="loopback", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection and wait for the threads; does nothing when it is not running."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _route(self, request: Request) -> Reply:
        settings, path = self._settings, request.path
        if not path.startswith(f"{API}/"):
            return route_not_found()
        below = path.removeprefix(API)
        for prefix in settings.prefixes:
            if below == f"/{prefix}" or below.startswith(f"/{prefix}/"):
                return gateway.answer(request, below.removeprefix(f"/{prefix}") or "/", settings, self.tokens)
        return coder_api.answer(request, below, settings, self.tokens, self.url)


class _Server(ThreadingHTTPServer):
    """A threading server that can close the connections it has open, so that stopping leaves no thread behind."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[Connection]) -> None:
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
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

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
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
