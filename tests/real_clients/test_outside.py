"""Nothing goes unseen: traffic to vendors is read, ways past the proxy are seen, and either is held against a run."""

from __future__ import annotations

import base64
import gzip
import http.client
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.conftest import Run
from tests.real_clients.connections import connections, watched
from tests.real_clients.outside import assert_kept_from_vendors, holds, opened
from tests.real_clients.reading_proxy import ReadingProxy, Sent

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"


def run_of(client: str, *sent: Sent, past: tuple[str, ...] = ()) -> Run:
    return Run("", "", 0, (), tuple(each.target for each in sent), sent, past, client)


def python(script: str, environment: dict[str, str], *before: str) -> None:
    subprocess.run([*before, sys.executable, "-c", script], env=environment, check=True, timeout=60)


def test_what_is_sent_by_tls_is_read(proxy: ReadingProxy) -> None:
    """A request in a tunnel is read, with its body unpacked, and refused."""
    address = proxy.url.removeprefix("http://")
    trusting = ssl.create_default_context(cafile=proxy.environment["SSL_CERT_FILE"])
    for body in (b"first", gzip.compress(TOKEN.encode())):
        connection = http.client.HTTPSConnection(address, timeout=10, context=trusting)
        connection.set_tunnel("vendor.example", 443)
        headers = {"Content-Encoding": "gzip"} if body != b"first" else {}
        connection.request("POST", "/telemetry", body, headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (403, b"")
        connection.close()

    assert proxy.targets == [each.target for each in proxy.sent] == ["vendor.example:443"] * 2
    first, second = [each.content or b"" for each in proxy.sent]
    assert first.startswith(b"POST /telemetry HTTP/1.1")
    assert first.endswith(b"first")
    assert second.endswith(TOKEN.encode())


def test_what_is_sent_without_tls_is_read(proxy: ReadingProxy) -> None:
    """A request by plain HTTP is read and refused too."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy.url}))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opener.open("http://vendor.example/a", TOKEN.encode(), timeout=10)
    assert proxy.targets == ["http://vendor.example/a"]
    assert [holds(each.content or b"", TOKEN) for each in proxy.sent] == [True]


def test_who_does_not_trust_us_sends_nothing(proxy: ReadingProxy) -> None:
    """Where the certificate is not taken, the destination is known, and that nothing was sent."""
    connection = http.client.HTTPSConnection(proxy.url.removeprefix("http://"), timeout=10)
    connection.set_tunnel("vendor.example", 443)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")
    assert proxy.targets == ["vendor.example:443"]
    assert [each.content for each in proxy.sent if each.content] == []


def test_node_is_led_there(proxy: ReadingProxy) -> None:
    """Node.js's own `fetch`, which knows no proxy, is read as well, and the name of the host is not asked for."""
    node = shutil.which("node")
    assert node
    script = f'fetch("https://vendor.example/x", {{method: "POST", body: "{TOKEN}"}}).then(a => console.log(a.status))'
    done = subprocess.run(
        [node, "-e", script], env=proxy.environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "403\n"
    assert proxy.targets == ["vendor.example:443"]
    assert [holds(each.content or b"", TOKEN) for each in proxy.sent] == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="system calls are looked at on Linux alone")
def test_what_goes_past_the_proxy_is_seen(tmp_path: Path) -> None:
    """A connection that a program makes by itself is seen, by address or by the name that it asks for; ours are not."""
    script = """
import contextlib, socket
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
there = socket.socket()
there.setblocking(False)
with contextlib.suppress(OSError):
    there.connect(("192.0.2.1", 443))
question = bytes([1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 6]) + b"vendor" + bytes([7]) + b"example" + bytes([0, 0, 1, 0, 1])
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
with contextlib.suppress(OSError):
    names.connect(("127.0.0.1", 53))
    names.send(question)
"""
    written = tmp_path / "connections"

    python(script, {"PATH": "/usr/bin:/bin"}, *watched(written))

    assert connections(written.read_text()) == ["192.0.2.1:443", "vendor.example"]


def test_addresses_of_the_other_family() -> None:
    """Addresses of IPv6, and datagrams to others than a name server, count as well; loopback's do not."""
    text = """
7 connect(3<TCPv6:[1]>, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &a)}, 28) = 0
7 connect(3<TCPv6:[2]>, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &a)}, 28) = 0
7 connect(3<TCPv6:[3]>, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::ffff:127.0.0.1", &a)}) = 0
7 sendto(4<UDP:[192.0.2.2:4000->192.0.2.9:443]>, "\\x01\\x02", 2, 0, NULL, 0) = 2
7 connect(5<UNIX-STREAM:[4]>, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
"""
    assert connections(text) == ["2001:db8::1:443", "192.0.2.9:443"]


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_a_token_is_found(before: str) -> None:
    """It is found as it is, and within what is encoded for `Authorization: Basic`."""
    assert holds(f"Bearer {before}{TOKEN}".encode(), TOKEN)
    assert holds(b"Basic " + base64.b64encode(f"{before}{TOKEN}".encode()), TOKEN)
    assert not holds(b"Basic " + base64.b64encode(TOKEN.lower().encode()), TOKEN)


def test_what_is_held_against_a_run() -> None:
    """Known destinations without the token pass; the token, an unknown one, and a way past the proxy fail."""
    known = Sent("otel.cline.bot:443", b"GET / HTTP/1.1")

    assert_kept_from_vendors(run_of("cline", known), TOKEN)
    assert [tuple(row) for row in opened(run_of("cline", known), TOKEN, "file")] == [
        ("cline", "file", "otel.cline.bot", 1, False)
    ]
    with pytest.raises(AssertionError, match=r"wanted to send the token to otel\.cline\.bot"):
        assert_kept_from_vendors(run_of("cline", known, Sent(known.target, TOKEN.encode())), TOKEN)
    with pytest.raises(AssertionError, match=r"cline wants evilcline\.bot"):
        assert_kept_from_vendors(run_of("cline", Sent("evilcline.bot:443", None)), TOKEN)
    with pytest.raises(AssertionError, match="went past the proxy"):
        assert_kept_from_vendors(run_of("cline", past=("vendor.example",)), TOKEN)
