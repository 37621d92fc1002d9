from __future__ import annotations

import gzip
import http.client
import json
import socket
import struct
import sys
import types
import zlib
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.loopback.connection import LARGEST_BODY, UNPACKERS, _unpackers

if TYPE_CHECKING:
    from collections.abc import Callable

    from aibridge_cli.loopback import Deployment
    from tests.loopback.conftest import Ask

CHAT = "/api/v2/aibridge/openai/v1/chat/completions"
QUESTION = {"model": "any", "messages": [{"role": "user", "content": "hi"}]}
BODY = json.dumps(QUESTION).encode()


def conversation(deployment: Deployment, *sent: bytes) -> bytes:
    """Send bytes over one connection, in pieces, and return all that comes back until it closes."""
    host, port = deployment.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        for piece in sent:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def head(bearer: dict[str, str], *lines: str, version: str = "HTTP/1.1") -> bytes:
    """Return the head of a question with these lines in it."""
    return "\r\n".join(
        (f"POST {CHAT} {version}", "Host: x", f"Authorization: {bearer['Authorization']}", *lines, "", "")
    ).encode()


def zstd_frame(body: bytes) -> bytes:
    """Return a zstd frame (RFC 8878) of one block that is not compressed."""
    size = b"\x20" + struct.pack("B", len(body)) if len(body) < 256 else b"\x60" + struct.pack("<H", len(body) - 256)
    return b"\x28\xb5\x2f\xfd" + size + struct.pack("<I", len(body) << 3 | 1)[:3] + body


def test_connection_stays_open(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """Several requests go over one connection, streams among them."""
    connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"), timeout=30)
    connection.connect()
    first = connection.sock
    for stream in (True, False, True):
        connection.request("POST", CHAT, json.dumps({**QUESTION, "stream": stream}), bearer)
        assert b"loopback" in connection.getresponse().read()
        assert connection.sock is first
    connection.close()


def test_body_in_chunks(deployment: Deployment, bearer: dict[str, str]) -> None:
    """A body in chunks, with extensions and trailers, is read whole."""
    chunked = b"5;name=value\r\n%b\r\n%x\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (BODY[:5], len(BODY) - 5, BODY[5:])
    answer = conversation(deployment, head(bearer, "Transfer-Encoding: chunked"), chunked)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert deployment.requests[0].body == QUESTION


@pytest.mark.parametrize("size", [b"x", b"-1", b""])
def test_chunk_of_no_size(deployment: Deployment, bearer: dict[str, str], size: bytes) -> None:
    """A chunk whose size makes no sense is a 400, and the connection closes."""
    answer = conversation(deployment, head(bearer, "Transfer-Encoding: chunked"), size + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"bad chunk size" in answer
    assert deployment.requests[0].status == 400


@pytest.mark.parametrize(("length", "status"), [("-5", 400), ("x", 400), (str(LARGEST_BODY + 1), 413)])
def test_body_of_no_length(deployment: Deployment, bearer: dict[str, str], length: str, status: int) -> None:
    """A length that makes no sense, or is beyond all measure, is refused before the body is read."""
    answer = conversation(deployment, head(bearer, f"Content-Length: {length}"))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in answer


def test_client_that_asks_before_it_sends(deployment: Deployment, bearer: dict[str, str]) -> None:
    """A client that expects `100 Continue` gets it before the answer."""
    lines = (f"Content-Length: {len(BODY)}", "Expect: 100-continue", "Connection: close")
    answer = conversation(deployment, head(bearer, *lines), BODY)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")


@pytest.mark.parametrize("length", [0, 300])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate", "zstd", "gzip, deflate"])
def test_compressed_body(ask: Ask, deployment: Deployment, bearer: dict[str, str], encoding: str, length: int) -> None:
    """Bodies are unpacked; zstd only where Python can, and elsewhere the client is told to send it plain."""
    question = {**QUESTION, "user": "x" * length}
    packed = json.dumps(question).encode()
    packers: dict[str, Callable[[bytes], bytes]] = {
        "identity": bytes,
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "zstd": zstd_frame,
    }
    for name in encoding.split(", "):
        packed = packers[name](packed)
    answer = ask("POST", CHAT, {**bearer, "Content-Encoding": encoding}, body=packed)
    if encoding == "zstd" and "zstd" not in UNPACKERS:
        assert (answer.status, answer.text) == (415, "bodies in zstd cannot be read here\n")
    else:
        assert answer.status == 200
        assert deployment.requests[0].body == question


def test_zstd_is_read_where_python_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.14 brings zstd; where the module is, it is used."""
    zstd = types.ModuleType("compression.zstd")
    zstd.__dict__["decompress"] = bytes.lower
    monkeypatch.setitem(sys.modules, "compression", types.ModuleType("compression"))
    monkeypatch.setitem(sys.modules, "compression.zstd", zstd)
    assert _unpackers()["zstd"](b"ZSTD") == b"zstd"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_body_that_is_not_compressed_as_it_says(ask: Ask, bearer: dict[str, str], encoding: str) -> None:
    """A body that cannot be unpacked is a 400."""
    answer = ask("POST", CHAT, {**bearer, "Content-Encoding": encoding}, body=BODY)
    assert (answer.status, answer.text) == (400, f"the body is not {encoding}\n")


def test_old_client_gets_a_stream_until_the_connection_closes(deployment: Deployment, bearer: dict[str, str]) -> None:
    """HTTP/1.0 knows no chunks: the stream ends with the connection."""
    body = json.dumps({**QUESTION, "stream": True}).encode()
    lines = (f"Content-Length: {len(body)}", "Connection: keep-alive")
    answer = conversation(deployment, head(bearer, *lines, version="HTTP/1.0"), body)
    assert b"Transfer-Encoding" not in answer
    assert answer.endswith(b"data: [DONE]\n\n")


def test_head_has_headers_only(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """HEAD gets the headers of GET, and the connection stays in step."""
    full = ask("GET", "/api/v2/buildinfo")
    answer = ask("HEAD", "/api/v2/buildinfo")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == full.headers["content-length"]
    assert ask("GET", "/api/v2/buildinfo").status == 200
    assert [request.method for request in deployment.requests] == ["GET", "HEAD", "GET"]


@pytest.mark.parametrize("sent", [b"", BODY[:5]])
def test_client_that_leaves_before_its_body_is_complete(
    ask: Ask, deployment: Deployment, bearer: dict[str, str], sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """A client that leaves in the middle is let go without a word, and the next one is served."""
    assert conversation(deployment, head(bearer, f"Content-Length: {len(BODY)}"), sent) == b""
    assert ask("GET", "/api/v2/buildinfo").status == 200
    assert capfd.readouterr().err == ""


def test_client_that_leaves_in_the_middle_of_a_stream(
    ask: Ask, deployment: Deployment, bearer: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    """A client that resets the connection during a stream is let go without a word."""
    deployment.behave(answer="word " * 50_000)
    body = json.dumps({**QUESTION, "stream": True}).encode()
    host, port = deployment.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(head(bearer, f"Content-Length: {len(body)}") + body)
    assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    deployment.behave(answer="done")
    assert b"done" in ask("POST", CHAT, bearer, body=QUESTION).body
    deployment.stop()
    assert capfd.readouterr().err == ""


def test_repeated_headers_are_joined(deployment: Deployment) -> None:
    """Headers are recorded in lower case, repeated ones joined."""
    conversation(deployment, b"GET /?x=%20 HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nx-one: 2\r\nConnection: close\r\n\r\n")
    request = deployment.requests[0]
    assert (request.method, request.path, request.headers["x-one"]) == ("GET", "/?x=%20", "1, 2")
    assert (request.body, request.status) == (None, 404)
