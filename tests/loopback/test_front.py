from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from tests.loopback.conftest import Ask

BUILD = "/api/v2/buildinfo"


def test_sign_in_redirect(ask: Ask, deployment: Deployment) -> None:
    """A sign-in in front sends every request elsewhere."""
    deployment.behave(faults=frozenset({Fault.SIGN_IN_REDIRECT}), sign_in_url="https://sso.example.com/in?state=x")
    answer = ask("GET", BUILD)
    assert (answer.status, answer.headers["location"]) == (302, "https://sso.example.com/in?state=x")


def test_pages(ask: Ask, deployment: Deployment) -> None:
    """A sign-in page is a 200, and a load balancer without a server behind it a 503 that says when to come back."""
    deployment.behave(faults=frozenset({Fault.SIGN_IN_PAGE}))
    answer = ask("GET", BUILD)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Sign in - Example &amp; Co</title>" in answer.text
    deployment.behave(faults=frozenset({Fault.UNAVAILABLE}), retry_after=2)
    answer = ask("GET", BUILD)
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


def test_required_header(ask: Ask, deployment: Deployment) -> None:
    """Only who sends the header gets through."""
    deployment.behave(required_header=("CF-Access-Client-Secret", "open sesame"))
    assert ask("GET", BUILD).status == 403
    assert ask("GET", BUILD, {"CF-Access-Client-Secret": "please"}).status == 403
    assert ask("GET", BUILD, {"cf-access-client-secret": "open sesame"}).status == 200


def test_disconnecting(ask: Ask, deployment: Deployment) -> None:
    """A connection that is closed without a word is on record, with no status."""
    deployment.behave(faults=frozenset({Fault.SERVER_DISCONNECTS}))
    with pytest.raises(http.client.RemoteDisconnected):
        ask("GET", BUILD)
    assert [(request.path, request.status) for request in deployment.requests] == [(BUILD, 0)]


def connection_to(deployment: Deployment) -> socket.socket:
    """A connection on which the build was asked for already."""
    host, port = deployment.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(f"GET {BUILD} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection


def ended(connection: socket.socket) -> bool:
    """Tell whether the other end closed the connection, be it before it was taken from the queue."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_slowness() -> None:
    """A slow deployment answers in its time, and stops at once."""
    with Deployment() as deployment:
        deployment.behave(delay=0.1)
        with connection_to(deployment) as connection:
            connection.settimeout(0.02)
            with pytest.raises(TimeoutError):
                connection.recv(1)
            connection.settimeout(30)
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        deployment.behave(delay=600)
        waiting = connection_to(deployment)
    with waiting:
        assert ended(waiting)


def test_silence() -> None:
    """A silent deployment takes the request and says nothing; stopping it ends the silence."""
    with Deployment() as deployment:
        deployment.behave(faults=frozenset({Fault.SILENT}))
        waiting = connection_to(deployment)
        waiting.settimeout(0.1)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        waiting.settimeout(30)
    with waiting:
        assert ended(waiting)
