"""One connection: reads requests off the socket, has them answered, writes the replies."""

from __future__ import annotations

import gzip
import importlib
import zlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, ClassVar

from aibridge_cli.loopback.messages import NoReply, Reply, Request, plain
from aibridge_cli.loopback.recording import RecordedRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from socketserver import BaseServer
    from typing import Any

    from aibridge_cli.loopback.recording import Recorder

LARGEST_BODY = 64 * 1024 * 1024
LONGEST_LINE = 8 * 1024


def _unpackers() -> dict[str, Callable[[bytes], bytes]]:
    known: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "deflate": zlib.decompress}
    try:
        known["zstd"] = importlib.import_module("compression.zstd").decompress
    except ImportError:  # it came with Python 3.14; an older one answers 415
        return known
    return known


UNPACKERS = _unpackers()


class BadBody(Exception):
    """A body that cannot be read or unpacked.

    Args:
        status: The HTTP status to answer with.
        message: What is wrong.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Connection(BaseHTTPRequestHandler):
    """One client's connection; subclassed per deployment with its `route` and `recorder`."""

    protocol_version = "HTTP/1.1"
    # Headers and body go out in separate writes: otherwise each reply waits for a delayed acknowledgement.
    disable_nagle_algorithm = True
    route: ClassVar[Callable[[Request], Reply]]
    recorder: ClassVar[Recorder]
    server: BaseServer

    def _answer(self) -> None:
        request = Request(self.command, self.path, self._sent_headers())
        try:
            request = Request(self.command, self.path, request.headers, self._read_body(request))
            reply = type(self).route(request)
        except BadBody as bad:
            self.close_connection = True
            reply = plain(bad.status, str(bad))
        except NoReply:
            self.close_connection = True
            self._record(request, 0)
            return
        self._record(request, reply.status)
        self._write(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay quiet: the recorder has it all."""

    def _record(self, request: Request, status: int) -> None:
        self.recorder.add(
            RecordedRequest(request.method, request.target, request.headers, _parsed(request), status),
        )

    def _sent_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        return headers

    def _read_body(self, request: Request) -> bytes:
        if "chunked" in request.header("transfer-encoding").lower():
            body = self._read_chunks()
        else:
            length = request.header("content-length") or "0"
            if not (length.isascii() and length.isdigit()):
                raise BadBody(400, "bad Content-Length")
            body = self._read_exactly(int(length))
        for encoding in reversed(request.header("content-encoding").lower().replace(",", " ").split()):
            body = _unpacked(body, encoding)
        return body

    def _read_exactly(self, length: int, before: int = 0) -> bytes:
        if before + length > LARGEST_BODY:
            raise BadBody(413, "body too large")
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionResetError("the client left before its body was complete")
        return body

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            size = self.rfile.readline(LONGEST_LINE).split(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                raise BadBody(400, "bad chunk size") from None
            if length < 0:
                raise BadBody(400, "bad chunk size")
            if length == 0:
                break
            body += self._read_exactly(length, len(body))
            self.rfile.readline(LONGEST_LINE)
        while self.rfile.readline(LONGEST_LINE).strip():
            pass  # trailers end at the first empty line
        return body

    def _write(self, reply: Reply) -> None:
        without_body = self.command == "HEAD" or reply.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        chunked = reply.stream is not None and self.request_version != "HTTP/1.0"
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.stream is not None:
            self.close_connection = True
        elif reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if without_body:
            return
        for piece in reply.stream if reply.stream is not None else (reply.body,):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "identity":
        return body
    unpack = UNPACKERS.get(encoding)
    if unpack is None:
        raise BadBody(415, f"bodies in {encoding} cannot be read here")
    try:
        return unpack(body)
    except Exception as broken:  # each unpacker has errors of its own, and all mean the same
        raise BadBody(400, f"the body is not {encoding}") from broken


def _parsed(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        return None
