"""The deployment itself: its life on a port of 127.0.0.1, and who answers which path."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from aibridge_cli.loopback import coder_api, front, gateway
from aibridge_cli.loopback.connection import Connection
from aibridge_cli.loopback.messages import Reply, Request, route_not_found
from aibridge_cli.loopback.recording import RecordedRequest, Recorder
from aibridge_cli.loopback.server import ADDRESS, Server
from aibridge_cli.loopback.settings import Settings
from aibridge_cli.loopback.tokens import Tokens

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

API = "/api/v2"


class Deployment:
    """A running deployment; use it as a context manager, or call `start` and `stop`.

    Args:
        settings: How it behaves; `behave` changes that while it runs.
        port: The port to listen on; 0 takes a free one.
        tls: Its certificate, and whether clients must show one; None for plain HTTP.
        clock: What time it is, in seconds since 1970.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings or Settings()
        self._port = port
        self._tls = tls
        self._stopping = threading.Event()
        self._recorder = Recorder()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.tokens = Tokens(clock)

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
        return f"{'https' if self._tls else 'http'}://{ADDRESS}:{self._server.server_address[1]}"

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
        self._stopping.clear()
        self._server = Server((ADDRESS, self._port), handler, self._tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="loopback", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection and wait for the threads; does nothing when it is not running."""
        self._stopping.set()
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
        before = front.answer(request, settings, self._stopping)
        if before is not None:
            return before
        if not path.startswith(f"{API}/"):
            return route_not_found()
        below = path.removeprefix(API)
        for prefix in settings.prefixes:
            if below == f"/{prefix}" or below.startswith(f"/{prefix}/"):
                return gateway.answer(request, below.removeprefix(f"/{prefix}") or "/", settings, self.tokens)
        return coder_api.answer(request, below, settings, self.tokens, self.url)
