from __future__ import annotations

import http.client
import socket
import ssl
import threading

import pytest
import trustme

from aibridge_cli.loopback import Deployment


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of a company of our own."""
    return trustme.CA()


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def client_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


def status(deployment: Deployment, context: ssl.SSLContext) -> int:
    connection = http.client.HTTPSConnection(deployment.url.removeprefix("https://"), timeout=30, context=context)
    try:
        connection.request("GET", "/api/v2/buildinfo")
        return connection.getresponse().status
    finally:
        connection.close()


def test_certificate(authority: trustme.CA) -> None:
    """With a certificate the deployment is at an https address, and clients that trust it get an answer."""
    with Deployment(tls=server_context(authority)) as deployment:
        assert deployment.url.startswith("https://127.0.0.1:")
        assert status(deployment, client_context(authority)) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            status(deployment, client_context(trustme.CA()))


def test_client_certificate(authority: trustme.CA) -> None:
    """Who shows no certificate, where one is wanted, is told so before the connection closes."""
    context = server_context(authority)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with Deployment(tls=context) as deployment:
        asking = client_context(authority)
        with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required"):
            status(deployment, asking)
        authority.issue_cert("developer@example.com").configure_cert(asking)
        assert status(deployment, asking) == 200


def test_stopping_in_the_middle_of_a_handshake(authority: trustme.CA) -> None:
    """A client that says nothing does not keep the deployment from stopping."""
    before = set(threading.enumerate())
    with Deployment(tls=server_context(authority)) as deployment:
        port = int(deployment.url.rsplit(":", 1)[1])
        waiting = socket.create_connection(("127.0.0.1", port), timeout=30)
        assert status(deployment, client_context(authority)) == 200
    assert set(threading.enumerate()) == before
    assert waiting.recv(1) == b""
    waiting.close()
