"""Hosts that are not there, say nothing, never end, or speak something else."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.deployment.http import Limits
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deployment.conftest import Connect, Time

BUILD = "/api/v2/buildinfo"
SHORT = Limits(connect=0.2, read=0.2, whole=5.0, retries=0)


@pytest.fixture(name="closed")
def closed_port() -> str:
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_there(connect: Connect, time: Time, closed: str) -> None:
    """Where nobody listens it is tried again, and then said, with what to look at."""
    with connect(closed) as client, pytest.raises(GatewayError) as caught:
        client.get(BUILD)
    assert caught.value.message == f"`{closed}` cannot be reached: Connection refused"
    assert "`HTTPS_PROXY`" in caught.value.hint
    assert time.slept == [0.5, 1.0]


def test_silence(deployment: Deployment, connect: Connect, time: Time) -> None:
    """A deployment that says nothing is waited for once, as long as the limit says."""
    deployment.behave(faults=frozenset({Fault.SILENT}))
    said = r"took the connection, but was silent for 0\.2 s"
    with connect(deployment.url, "", SHORT._replace(retries=2)) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)
    assert time.slept == []


def test_host_that_takes_no_connection(connect: Connect, time: Time) -> None:
    """A host that lets a connection wait for ever is told from one that refuses it."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        # the kernel drops who comes when the queue is full
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        with connect(url, "", SHORT._replace(retries=1)) as client, pytest.raises(GatewayError) as caught:
            client.get(BUILD)
        for each in waiting:
            each.close()
    assert caught.value.message == f"`{url}` does not answer: no connection within 0.2 s"
    assert "VPN" in caught.value.hint
    assert time.slept == [0.5]


def test_name_that_is_not_known(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that no name server knows is told from one that does not answer."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with connect("http://coder.invalid", "", SHORT) as client, pytest.raises(GatewayError) as caught:
        client.get(BUILD)
    assert caught.value.message == "`http://coder.invalid` cannot be reached: its name is not known here"


def test_name_server_that_does_not_answer(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the search for a name, which cannot be given a limit, does not make a call longer than it may be."""
    waiting = threading.Event()

    def silent(*_: object, **__: object) -> None:
        waiting.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    limits, said = SHORT._replace(whole=0.2), r"`http://coder.invalid` took longer than 0\.2 s"
    with connect("http://coder.invalid", "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)
    waiting.set()


def trickle(line: bytes, *, before: bytes = b"") -> Iterator[str]:
    """Serve one client something that never ends, a line at a time."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + before)
            while not stop.wait(0.01):
                try:
                    connection.sendall(line)
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    stop.set()
    thread.join()
    server.close()


@pytest.fixture(name="endless_headers")
def server_of_endless_headers() -> Iterator[str]:
    yield from trickle(b"X-More: 1\r\n")


@pytest.fixture(name="endless_body")
def server_of_an_endless_body() -> Iterator[str]:
    yield from trickle(b"x" * 100, before=b"Content-Length: 1000000000\r\n\r\n")


def test_answer_that_trickles_in(connect: Connect, endless_headers: str) -> None:
    """A server that always has one more header does not hold us longer than a call may take."""
    limits, said = SHORT._replace(whole=0.3), r"took longer than 0\.3 s"
    with connect(endless_headers, "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)


def test_endless_answer(connect: Connect, endless_body: str) -> None:
    """An answer larger than any of Coder's is not read to its end."""
    limits, said = SHORT._replace(largest_answer=1000), f"the answer of `{endless_body}` is too large"
    with connect(endless_body, "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)


def test_slow_body(connect: Connect, time: Time, endless_body: str) -> None:
    """The limit of a call holds while the body comes in, too."""
    limits = SHORT._replace(whole=1.0)
    with connect(endless_body, "", limits) as client:
        original, calls = time.now, []

        def clock() -> float:
            calls.append(1)
            return original if len(calls) < 4 else original + 2

        client._clock = client._wire._clock = clock  # type: ignore[union-attr]
        with pytest.raises(GatewayError, match="took longer than 1 s"):
            client.get(BUILD)


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.9\r\n", b"\x15\x03\x01\x00\x02\x02\x16", b"HTTP/1.1 abc\r\n\r\n"])
def test_something_else_than_http(connect: Connect, said: bytes) -> None:
    """A server of something else is no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with connect(url, "", SHORT) as client, pytest.raises(GatewayError, match="without a proper answer"):
            client.get(BUILD)
        thread.join()
