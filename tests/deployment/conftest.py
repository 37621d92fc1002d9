"""A client that waits without time passing, and certificates of a company of our own."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import trustme

from aibridge_cli.deployment.http import USUAL, Client, Limits
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from aibridge_cli.loopback import Deployment
    from tests.conftest import MakeFacts


class Time:
    """Time that passes only while somebody sleeps.

    Args:
        slept: How long each sleep was, in seconds.
        meanwhile: What happens during each sleep.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.meanwhile()

    def clock(self) -> float:
        return self.now


class Connect(Protocol):
    def __call__(
        self, origin: str, token: str = ..., limits: Limits = ..., /, **environ: str
    ) -> contextlib.AbstractContextManager[Client]: ...


@pytest.fixture(name="time")
def moved_time() -> Time:
    return Time()


@pytest.fixture
def connect(make_facts: MakeFacts, time: Time) -> Connect:
    """A client of an origin, perhaps with a token, in an environment of nothing but what is given."""

    def make(origin: str, token: str = "", limits: Limits = USUAL, /, **environ: str) -> Any:
        facts = make_facts(environ={"PATH": "/usr/bin:/bin", **environ})
        secret = Secret(token) if token else None
        return Client(facts, origin, token=secret, limits=limits, sleep=time.sleep, clock=time.clock)

    return make


@pytest.fixture
def signed_in(deployment: Deployment, connect: Connect) -> Iterator[Client]:
    """A client with the session of a sign-in."""
    with connect(deployment.url, deployment.tokens.issue().text) as client:
        yield client


class Company:
    """A certificate authority, and the files that it hands out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA()
        self.file = self._written("authority.pem", self._authority.cert_pem)

    def server(self, *names: str, clients: bool = False) -> ssl.SSLContext:
        """What a server of these names speaks TLS with; it may want certificates of its clients."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        if clients:
            self._authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def expired_server(self, *names: str) -> ssl.SSLContext:
        """What a server of these names speaks TLS with whose certificate was good until 2020."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        until = datetime(2020, 1, 1, tzinfo=UTC)
        self._authority.issue_cert(*names, not_before=until - timedelta(days=1), not_after=until).configure_cert(
            context
        )
        return context

    def client(self, name: str = "developer") -> tuple[str, str]:
        """Files with a client's certificate and its key."""
        issued = self._authority.issue_cert(f"{name}@example.com")
        certificate = self._folder / f"{name}.pem"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        return str(certificate), self._written(f"{name}.key", issued.private_key_pem)

    def _written(self, name: str, blob: trustme.Blob) -> str:
        path = self._folder / name
        path.write_bytes(blob.bytes())
        return str(path)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def other_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(tmp_path_factory.mktemp("other"))


class Answering(Protocol):
    def __call__(self, status: int, body: str, **headers: str) -> contextlib.AbstractContextManager[str]: ...


@pytest.fixture
def answering() -> Answering:
    """A server that answers everything in the same way; it gives its address."""

    @contextlib.contextmanager
    def serve(status: int, body: str, **headers: str) -> Iterator[str]:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                content = body.encode()
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(content)

            do_GET = do_POST = do_DELETE = _answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Stay quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return serve
