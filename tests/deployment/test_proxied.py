from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.deployment import api
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment
from tests.deployment.forwarding_proxy import ForwardingProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deployment.conftest import Company, Connect, Time

HOST = "coder.example.com"
CODER = f"https://{HOST}"


@pytest.fixture(name="secured")
def deployment_behind_the_proxy(company: Company) -> Iterator[Deployment]:
    """A deployment that only the proxy knows the way to."""
    with Deployment(tls=company.server(HOST)) as deployment:
        yield deployment


def port(deployment: Deployment) -> int:
    return int(deployment.url.rsplit(":", 1)[1])


def refused(connect: Connect, origin: str, **environ: str) -> GatewayError:
    with pytest.raises(GatewayError) as caught, connect(origin, **environ) as client:
        api.build(client)
    return caught.value


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_through_a_proxy(connect: Connect, secured: Deployment, company: Company, variable: str) -> None:
    """The proxy gets no more to see than where we want to go; the token goes to the deployment."""
    token = secured.tokens.issue().text
    with ForwardingProxy({f"{HOST}:443": port(secured)}) as proxy:
        with connect(CODER, token, SSL_CERT_FILE=company.file, **{variable: proxy.url}) as client:
            assert api.user(client).username == "developer"
        assert proxy.asked == [f"CONNECT {HOST}:443"]
    assert secured.requests[0].headers["coder-session-token"] == token


def test_plain_http_through_a_proxy(connect: Connect, deployment: Deployment) -> None:
    """A deployment without TLS is reached through the proxy of plain HTTP."""
    with ForwardingProxy({f"{HOST}:80": port(deployment)}) as proxy:
        with connect(f"http://{HOST}", HTTP_PROXY=proxy.address) as client:
            assert api.build(client).version == "v2.37.0+loopback"
        assert proxy.asked == [f"GET http://{HOST}/api/v2/buildinfo"]


def test_proxy_with_a_certificate(connect: Connect, secured: Deployment, company: Company) -> None:
    """A proxy that is itself spoken to over TLS is checked like the deployment."""
    with ForwardingProxy({f"{HOST}:443": port(secured)}, tls=company.server("127.0.0.1")) as proxy:
        with connect(CODER, SSL_CERT_FILE=company.file, HTTPS_PROXY=proxy.url) as client:
            assert api.build(client).version == "v2.37.0+loopback"
        error = refused(connect, CODER, HTTPS_PROXY=proxy.url)
    assert f"`{CODER}` through the proxy `{proxy.url}` is not trusted" in error.message


def test_proxy_with_a_password(connect: Connect, secured: Deployment, deployment: Deployment, company: Company) -> None:
    """The name and password of the proxy's URL are sent to it, and shown nowhere."""
    ports = {f"{HOST}:443": port(secured), f"{HOST}:80": port(deployment)}
    with ForwardingProxy(ports, user="me:hunter2") as proxy:
        url = proxy.url.replace("://", "://me:hunter2@")
        with connect(CODER, SSL_CERT_FILE=company.file, HTTPS_PROXY=url) as client:
            assert api.build(client).version == "v2.37.0+loopback"
        with connect(f"http://{HOST}", HTTP_PROXY=url) as client:
            assert api.build(client).version == "v2.37.0+loopback"
        wrong = url.replace("hunter2", "hunter3")
        error = refused(connect, CODER, HTTPS_PROXY=wrong)
        plain = refused(connect, f"http://{HOST}", HTTP_PROXY=wrong)
        for said in (error, plain):
            assert f"through the proxy `{proxy.url}` cannot be reached: the proxy wants a user name" in said.message
            assert "USER:PASSWORD@" in said.hint
    for shown in (error.message, error.hint, plain.message, plain.hint):
        assert "hunter" not in shown
    for request in (*secured.requests, *deployment.requests):
        assert "proxy-authorization" not in request.headers


def test_proxy_that_refuses(connect: Connect, secured: Deployment, time: Time) -> None:
    """A proxy that does not let us through is named, once, with what it says."""
    with ForwardingProxy({}) as proxy:
        error = refused(connect, CODER, HTTPS_PROXY=proxy.url)
    assert error.message.endswith("cannot be reached, the proxy says: 403 Forbidden by the company")
    assert error.hint == "`HTTPS_PROXY` names the proxy, `NO_PROXY` what it is not for"
    assert time.slept == []


def test_proxy_that_is_not_there(connect: Connect) -> None:
    """A proxy that nobody runs is what the error is about."""
    with ForwardingProxy({}) as proxy:
        url = proxy.url
    error = refused(connect, CODER, HTTPS_PROXY=url)
    assert error.message == f"`{CODER}` through the proxy `{url}` cannot be reached: Connection refused"
    assert "`HTTPS_PROXY` names the proxy" in error.hint


@pytest.mark.parametrize("exempt", ["127.0.0.1", "[::1]", "fe80::/10", "::1,[::1]:80", "coder.example.com", ""])
def test_exempt_deployments(connect: Connect, deployment: Deployment, exempt: str) -> None:
    """A deployment on this machine is reached directly, whatever stands in `NO_PROXY`."""
    nobody = "http://127.0.0.1:1"
    with connect(deployment.url, ALL_PROXY=nobody, HTTP_PROXY=nobody, NO_PROXY=exempt) as client:
        assert api.build(client).version == "v2.37.0+loopback"


def test_socks_without_its_package(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy needs a package that may not be there, and the error says which."""
    monkeypatch.setitem(sys.modules, "socksio", None)
    error = refused(connect, CODER, ALL_PROXY="socks5://me:hunter2@proxy.example.com:1080")
    assert error.message == "`ALL_PROXY` names a SOCKS proxy, which needs the Python package `socksio`"
    assert "pipx inject aibridge socksio" in error.hint


@pytest.mark.parametrize("host", ["[hunter2]", "[::1", "xn--hunter2-\udcff", "hunter2%zz", "a" * 300])
def test_odd_hosts(connect: Connect, host: str) -> None:
    """What only the library finds out to be no address is the same error as what we do."""
    error = refused(connect, CODER, HTTPS_PROXY=f"http://me:hunter2@{host}:8080")
    assert "HTTPS_PROXY" in error.message + error.hint
    assert "me:" not in error.message + error.hint
