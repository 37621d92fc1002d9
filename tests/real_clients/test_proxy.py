from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.proxy import RefusingProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aibridge_cli.loopback import Deployment


@pytest.fixture(name="proxy")
def refusing_proxy() -> Iterator[RefusingProxy]:
    """Run the proxy that reads nothing."""
    with RefusingProxy() as running:
        yield running


def through(proxy: RefusingProxy, host: str, port: int) -> http.client.HTTPConnection:
    """Return a connection that goes to `host` by way of the proxy."""
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    connection.set_tunnel(host, port)
    return connection


def test_loopback_is_passed_on(proxy: RefusingProxy, deployment: Deployment) -> None:
    """A client that sends its loopback traffic to the proxy too reaches the deployment, and that is not noted."""
    host, _, port = deployment.url.removeprefix("http://").rpartition(":")
    connection = through(proxy, host, int(port))
    connection.request("GET", "/api/v2/buildinfo")
    assert connection.getresponse().status == 200
    connection.close()
    assert proxy.targets == []


def test_everything_else_is_refused_and_noted(proxy: RefusingProxy) -> None:
    """A tunnel and a plain request to another host are refused, and both hosts are remembered, with what was said."""
    with pytest.raises(OSError, match="403"):
        through(proxy, "api.example.com", 443).request("GET", "/")
    plain = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    plain.request("POST", "http://api.example.com/v1", headers={"Authorization": "Bearer a-token"})
    assert plain.getresponse().status == 403
    plain.close()
    assert proxy.targets == ["api.example.com:443", "http://api.example.com/v1"]
    assert "Bearer a-token" in proxy.heads[1]
