"""The refusing proxy with certificates of its own: what was meant for a vendor is read before it is refused."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import zlib
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple

import trustme

from aibridge_cli.loopback.refusing_proxy import RefusingProxy, refusing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# The first byte of a TLS connection: a record of the handshake (RFC 8446, 5.1).
TLS = b"\x16"
FOR_NODE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "through_proxy.cjs")


class Sent(NamedTuple):
    """What somebody wanted to send out of the machine.

    Args:
        target: Where to, as `host:port`.
        content: Request line, headers and body, unpacked; None where the certificate was not taken, so
            that nothing was sent.
    """

    target: str
    content: bytes | None


class ReadingProxy(RefusingProxy):
    """A running proxy; use it as a context manager.

    Args:
        folder: Where the file with its certificate authority goes.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._authority = trustme.CA()
        self._file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self._file))
        self._certificates: dict[str, ssl.SSLContext] = {}
        self._sent: list[Sent] = []
        self._server.RequestHandlerClass = _reading(self, self._note)

    @property
    def sent(self) -> list[Sent]:
        """What arrived so far, and was refused."""
        with self._lock:
            return list(self._sent)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send a tool's traffic here, except what is for loopback, and have it trust us."""
        names = ("CODEX_CA_CERTIFICATE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
        trusting = dict.fromkeys(names, str(self._file))
        return {**super().environment, **trusting, "NODE_OPTIONS": f"--require={FOR_NODE}"}

    def certificate(self, host: str) -> ssl.SSLContext:
        """Return what a host of this name speaks TLS with."""
        with self._lock:
            if host not in self._certificates:
                context = _context()
                self._authority.issue_cert(host).configure_cert(context)
                self._certificates[host] = context
            return self._certificates[host]

    def keep(self, target: str, content: bytes | None) -> None:
        """Remember what was meant for somebody."""
        with self._lock:
            self._sent.append(Sent(target, content))


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _reading(proxy: ReadingProxy, note: Callable[[str, str], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(refusing(note)):  # type: ignore[misc]
        inside = ""

        def handle(self) -> None:
            if self.connection.recv(1, socket.MSG_PEEK) == TLS:
                self._read("")
            else:
                super().handle()

        def _refuse(self) -> None:
            if self.command == "CONNECT":
                self._open()
                return
            content = f"{self.requestline}\n{self.headers}".encode() + self._body()
            proxy.keep(self.inside or self.path, content)
            if not self.inside:
                super()._refuse()
                return
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

        def _open(self) -> None:
            """Take a tunnel, and speak TLS in it as the host would that it is for."""
            note(self.path, f"{self.requestline}\n{self.headers}")
            self.send_response(200)
            self.end_headers()
            self._read(self.path)

        def _read(self, target: str) -> None:
            """Read what is said over TLS; whoever asks for no tunnel says by TLS which host it is for."""
            self.inside = target

            def choose(secured: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
                if not target:
                    self.inside = f"{name}:443"
                    note(self.inside, "")
                secured.context = proxy.certificate(name or target.rpartition(":")[0].strip("[]"))

            context = _context()
            context.sni_callback = choose
            try:
                with context.wrap_socket(self.connection, server_side=True) as secured:
                    self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb", 0)
                    self.close_connection = False
                    while not self.close_connection:
                        self.handle_one_request()
            except OSError:
                proxy.keep(self.inside, None)
            self.close_connection = True

        def _body(self) -> bytes:
            if "chunked" in self.headers.get("Transfer-Encoding", ""):
                body = b""
                while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return unpacked(body, self.headers.get("Content-Encoding", ""))

    return Handler


def unpacked(body: bytes, coding: str) -> bytes:
    """Return a body as it was before it was compressed.

    Raises:
        ValueError: In a way that is not read here.
    """
    match coding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return gzip.decompress(body)
        case "deflate":
            return zlib.decompress(body)
        case other:
            raise ValueError(f"a body is compressed by {other}")
