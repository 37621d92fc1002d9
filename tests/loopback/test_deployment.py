from __future__ import annotations

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aibridge_cli.loopback import Deployment, Settings
from aibridge_cli.loopback.messages import Request

MODELS = "/api/v2/aibridge/openai/v1/models"


def get(deployment: Deployment, path: str, headers: dict[str, str]) -> int:
    """Ask over a connection of its own and return the status."""
    connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def test_url_is_on_loopback_and_known_only_while_it_runs() -> None:
    """The deployment takes a free port of 127.0.0.1 and knows its URL until it stops."""
    deployment = Deployment()
    with pytest.raises(RuntimeError, match="not running"):
        _ = deployment.url
    with deployment:
        assert deployment.url.startswith("http://127.0.0.1:")
        assert not deployment.url.endswith(":0")
        with pytest.raises(RuntimeError, match="already running"):
            deployment.start()
    with pytest.raises(RuntimeError, match="not running"):
        _ = deployment.url
    deployment.stop()


def test_port_can_be_chosen() -> None:
    """A deployment that stopped can start again on the port it had, and a port in use is an error."""
    with Deployment() as first:
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"), Deployment(port=port):
            pass
    with Deployment(port=port) as second:
        assert second.url.endswith(f":{port}")


def test_stopping_leaves_nothing_behind() -> None:
    """Stopping closes the port and every open connection, and ends every thread."""
    before = set(threading.enumerate())
    deployment = Deployment()
    deployment.start()
    address = ("127.0.0.1", int(deployment.url.rsplit(":", 1)[1]))
    idle = socket.create_connection(address, timeout=30)
    busy = http.client.HTTPConnection(*address, timeout=30)
    busy.request("GET", "/api/v2/buildinfo")
    busy.getresponse().read()
    deployment.stop()
    assert set(threading.enumerate()) == before
    assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=30)
    idle.close()
    busy.close()


def test_many_clients_at_once() -> None:
    """Requests at the same time are all answered and all recorded."""
    with Deployment() as deployment:
        tokens = [deployment.tokens.issue().text for _ in range(8)]
        headers = [{"Authorization": f"Bearer {token}"} for token in tokens for _ in range(8)]
        with ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(lambda sent: get(deployment, MODELS, sent), headers))
        assert statuses == [200] * 64
        arrived = sorted(request.headers["authorization"] for request in deployment.requests)
        assert arrived == sorted(sent["Authorization"] for sent in headers)


def test_requests_are_a_snapshot() -> None:
    """What was handed out does not change, and clearing forgets."""
    with Deployment() as deployment:
        get(deployment, MODELS, {})
        first = deployment.requests
        get(deployment, MODELS, {})
        assert (len(first), len(deployment.requests)) == (1, 2)
        deployment.clear()
        assert deployment.requests == []


def test_tokens_change_while_it_runs() -> None:
    """A token is taken away and another one works at once."""
    with Deployment() as deployment:
        old = deployment.tokens.issue("laptop")
        assert get(deployment, MODELS, {"X-Api-Key": old.text}) == 200
        deployment.tokens.revoke(old.id)
        new = deployment.tokens.issue("laptop")
        assert get(deployment, MODELS, {"X-Api-Key": old.text}) == 403
        assert get(deployment, MODELS, {"X-Api-Key": new.text}) == 200


def test_behaviour_changes_while_it_runs() -> None:
    """Settings given at the start can be changed one by one."""
    with Deployment(Settings(licensed=False, version="v2.30.0")) as deployment:
        assert get(deployment, MODELS, {}) == 403
        deployment.behave(licensed=True)
        assert get(deployment, MODELS, {}) == 400
        assert deployment.settings.version == "v2.30.0"


def test_fault_of_our_own_is_shown(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the deployment itself is printed and does not pass for an answer."""

    def broken(_request: Request, _name: str) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(Request, "header", broken)
    with Deployment() as deployment, pytest.raises(ConnectionError):
        get(deployment, MODELS, {})
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_wire_speaks_json() -> None:
    """The answers are JSON in UTF-8 that ends with a line feed."""
    with Deployment() as deployment:
        connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"), timeout=30)
        connection.request("GET", "/api/v2/buildinfo")
        body = connection.getresponse().read()
        connection.close()
    assert body.endswith(b"}\n")
    assert json.loads(body)["telemetry"] is False
