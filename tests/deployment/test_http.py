"""What is sent to a deployment, what is repeated, and how long it is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aibridge_cli import __version__
from aibridge_cli.deployment.http import QUICK, USUAL, Limits
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from tests.deployment.conftest import Connect, Time

BUILD = "/api/v2/buildinfo"
ME = "/api/v2/users/me"
TOKENS = f"{ME}/keys/tokens"


def test_what_is_sent(deployment: Deployment, connect: Connect) -> None:
    """A request has the token in Coder's header, says who asks, and has the headers of the environment."""
    token = deployment.tokens.issue().text
    with connect(deployment.url, token, CODER_HEADER="CF-Access-Client-Id=me,X-Team=a,X-Team=b") as client:
        answer = client.get(ME, query={"a b": "ä&c"}, headers={"X-Own": "1"})
    assert answer.status == 200
    assert answer.json()["username"] == "developer"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.url == deployment.url + ME
    request = deployment.requests[0]
    assert request.path == f"{ME}?a+b=%C3%A4%26c"
    assert request.headers["coder-session-token"] == token
    assert request.headers["user-agent"] == f"aibridge-cli/{__version__}"
    assert request.headers["x-own"] == "1"
    assert request.headers["cf-access-client-id"] == "me"
    assert request.headers["x-team"] == "a, b"
    assert "cookie" not in request.headers


def test_environment_does_not_replace_the_token(deployment: Deployment, connect: Connect) -> None:
    """A header of the environment stands in for none of ours, least of all the token."""
    token = deployment.tokens.issue().text
    given = "coder-session-token=other,User-Agent=curl"
    with connect(deployment.url, token, CODER_HEADER=given) as client:
        assert client.get(ME).status == 200
        client.get(BUILD, anonymous=True)
    first, second = deployment.requests
    assert first.headers["coder-session-token"] == token
    assert "coder-session-token" not in second.headers
    assert first.headers["user-agent"].startswith("aibridge-cli/")


def test_headers_of_the_command_let_us_through(deployment: Deployment, connect: Connect) -> None:
    """What stands in front of the deployment lets us through with the headers that the command prints."""
    deployment.behave(required_header=("CF-Access-Token", f"for {deployment.url}"))
    with connect(deployment.url) as client:
        assert client.get(BUILD).status == 403
    with connect(deployment.url, CODER_HEADER_COMMAND='echo "CF-Access-Token=for $CODER_URL"') as client:
        assert client.get(BUILD).status == 200


def test_secrets_are_masked(connect: Connect) -> None:
    """Neither the token nor the value of a header is shown, whoever repeats it."""
    with connect("http://127.0.0.1:1", "hunter2hunter2", CODER_HEADER="X-Key=open-sesame,X-Beta=more") as client:
        assert client.masked("hunter2hunter2, open-sesame, more") == "***, ***, more"
        assert "hunter2" not in repr(client)
        assert "hunter2" not in str(vars(client))
        assert "sesame" not in str(vars(client))


@pytest.mark.parametrize("token", ["hunter2é", "hunter2\n", "hunter2\x00"])
def test_token_that_no_header_can_hold(deployment: Deployment, connect: Connect, token: str) -> None:
    """A token with characters that cannot be sent is no traceback."""
    with connect(deployment.url, token) as client, pytest.raises(GatewayError, match="cannot be asked") as caught:
        client.get(ME)
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert deployment.requests == []


def test_used_outside_of_its_block(connect: Connect) -> None:
    """A client works inside of its `with` only."""
    with pytest.raises(RuntimeError, match="outside"):
        connect("http://127.0.0.1:1").get(BUILD)  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_passing_trouble_is_waited_out(deployment: Deployment, connect: Connect, time: Time, status: int) -> None:
    """A GET is repeated after trouble that passes, each time after a longer wait."""
    with connect(deployment.url, deployment.tokens.issue().text) as client:
        fault = Fault.API_RATE_LIMITED if status == 429 else Fault.UNAVAILABLE
        deployment.behave(faults=frozenset({fault}), retry_after=0)
        time.meanwhile = lambda: deployment.behave(faults=frozenset() if len(time.slept) == 2 else frozenset({fault}))
        assert client.get(ME).status == 200
    assert time.slept == [0.5, 1.0]
    assert [request.status for request in deployment.requests] == [status if status == 429 else 503] * 2 + [200]


def test_retry_after_is_honoured(deployment: Deployment, connect: Connect, time: Time) -> None:
    """The deployment says how long to wait."""
    deployment.behave(faults=frozenset({Fault.API_RATE_LIMITED}), retry_after=4)
    time.meanwhile = lambda: deployment.behave(faults=frozenset())
    with connect(deployment.url, deployment.tokens.issue().text) as client:
        assert client.get(ME).status == 200
    assert time.slept == [4.0]


@pytest.mark.parametrize(("limits", "seconds"), [(USUAL, 11), (Limits(whole=3.0), 4), (QUICK, 1)])
def test_too_long_a_wait_is_the_end(
    deployment: Deployment, connect: Connect, time: Time, limits: Limits, seconds: int
) -> None:
    """Where the wait would be longer than a person has, the answer is what it is."""
    deployment.behave(faults=frozenset({Fault.API_RATE_LIMITED}), retry_after=seconds)
    with connect(deployment.url, "", limits) as client:
        assert client.get(BUILD).status == 429
    assert time.slept == []


def test_trouble_that_does_not_pass(deployment: Deployment, connect: Connect, time: Time) -> None:
    """After the last repetition the answer is what it is."""
    deployment.behave(faults=frozenset({Fault.UNAVAILABLE}), retry_after=0)
    with connect(deployment.url) as client:
        assert client.get(BUILD).status == 503
    assert time.slept == [0.5, 1.0]
    assert len(deployment.requests) == 3


def test_only_what_may_be_repeated_is(deployment: Deployment, connect: Connect, time: Time) -> None:
    """A DELETE is repeated; a POST never is, as a second token might be made."""
    token = deployment.tokens.issue()
    deployment.behave(faults=frozenset({Fault.UNAVAILABLE}), retry_after=0)
    with connect(deployment.url, token.text) as client:
        assert client.post(TOKENS, {"token_name": "laptop"}).status == 503
        assert [request.method for request in deployment.requests] == ["POST"]
        assert client.delete(f"{ME}/keys/{token.id}").status == 503
    assert [request.method for request in deployment.requests] == ["POST", "DELETE", "DELETE", "DELETE"]
    deployment.behave(faults=frozenset({Fault.SERVER_DISCONNECTS}))
    deployment.clear()
    with connect(deployment.url, token.text) as client, pytest.raises(GatewayError, match="closed the connection"):
        client.post(TOKENS, {"token_name": "laptop"})
    assert len(deployment.requests) == 1
    assert deployment.tokens.named("laptop") is None


def test_disconnecting(deployment: Deployment, connect: Connect, time: Time) -> None:
    """A connection that is closed without an answer is tried again, and then named."""
    deployment.behave(faults=frozenset({Fault.SERVER_DISCONNECTS}))
    with connect(deployment.url) as client:
        with pytest.raises(GatewayError) as caught:
            client.get(BUILD)
        assert caught.value.message == f"`{deployment.url}` closed the connection without a proper answer"
        assert len(deployment.requests) == 3
        time.meanwhile = lambda: deployment.behave(faults=frozenset())
        assert client.get(BUILD).status == 200


def test_all_calls_together(deployment: Deployment, connect: Connect, time: Time) -> None:
    """Where somebody waits for the whole, later calls have only what earlier ones left of the time."""
    with connect(deployment.url, "", QUICK) as client:
        assert client.get(BUILD).status == 200
        time.now += 8
        with pytest.raises(GatewayError, match="took longer"):
            client.get(BUILD)


def test_nothing_is_begun_that_could_not_end(deployment: Deployment, connect: Connect, time: Time) -> None:
    """When most of the time is gone, nothing is sent that might make something nobody would know of."""
    with connect(deployment.url, deployment.tokens.issue().text, QUICK._replace(altogether=8.0)) as client:
        client.post("/api/v2/users/me/keys/tokens", {"token_name": "in-time"})
        time.now += 8.0 - QUICK.whole + 0.5
        with pytest.raises(GatewayError, match="is too slow"):
            client.post("/api/v2/users/me/keys/tokens", {"token_name": "too-late"})
    assert [token.name for token in deployment.tokens.all() if token.name] == ["in-time"]
