"""Pages and redirects where an answer should be: nothing secret goes there, or is shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.deployment.http import Answer
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from aibridge_cli.deployment.http import Client
    from tests.deployment.conftest import Answering, Connect

BUILD = "/api/v2/buildinfo"
ME = "/api/v2/users/me"


def every_way(client: Client) -> list[Callable[[], object]]:
    """All ways to ask for the user."""
    return [partial(client.get, ME), partial(client.post, ME, {}), partial(client.delete, ME)]


def test_page_in_the_place_of_an_answer(deployment: Deployment, connect: Connect) -> None:
    """A sign-in page with status 200 is named by its title."""
    deployment.behave(faults=frozenset({Fault.SIGN_IN_PAGE}))
    with connect(deployment.url, "token") as client:
        for call in every_way(client):
            with pytest.raises(GatewayError, match="a web page, “Sign in - Example & Co”, and not as Coder does"):
                call()


@pytest.mark.parametrize(
    ("status", "body", "location"),
    [
        (200, "<html><title>hunter2hunter2 open-sesame</title>", ""),
        (302, "", "https://sso.example.com/hunter2hunter2/open-sesame"),
        (302, "", "/hunter2hunter2/open-sesame"),
    ],
)
def test_what_stands_in_front_repeats(
    connect: Connect, answering: Answering, status: int, body: str, location: str
) -> None:
    """A page or a redirect that has our secrets in it does not get them shown."""
    headers = {"Location": location} if location else {}
    environ = {"CODER_HEADER": "X-Key=open-sesame"}
    with answering(status, body, **headers) as url, connect(url, "hunter2hunter2", **environ) as client:
        for call in every_way(client):
            with pytest.raises(GatewayError) as caught:
                call()
            assert "hunter2" not in caught.value.message + caught.value.hint
            assert "sesame" not in caught.value.message + caught.value.hint


def test_redirect_to_a_sign_in(deployment: Deployment, connect: Connect) -> None:
    """A redirect to another host is named without its query and not followed, whatever is asked."""
    deployment.behave(faults=frozenset({Fault.SIGN_IN_REDIRECT}))
    deployment.behave(sign_in_url="https://me:hunter2@SSO.example.com:443/authorize?state=hunter2#hunter2")
    with connect(deployment.url, "token") as client:
        for call in every_way(client):
            with pytest.raises(GatewayError) as caught:
                call()
            assert "redirects to `https://sso.example.com/authorize`, where no token is sent" in caught.value.message
            assert "sign-in stands in front" in caught.value.hint
            assert "hunter2" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_token_stays_with_the_deployment(connect: Connect, answering: Answering, status: int) -> None:
    """Another origin, even of the same host, gets neither the token nor any request."""
    with Deployment() as other, answering(status, "", Location=f"{other.url}{ME}") as url:
        with connect(url, "token", CODER_HEADER="X-Key=open-sesame") as client:
            for call in every_way(client):
                with pytest.raises(GatewayError, match=f"redirects to `{other.url}{ME}`") as caught:
                    call()
                assert caught.value.hint == f"if that is the deployment, use its own address: `{other.url}`"
        assert other.requests == []


def test_redirect_that_stays(connect: Connect, deployment: Deployment, answering: Answering) -> None:
    """A redirect on the deployment itself is followed for a GET, a few times, and for nothing else."""
    deployment.behave(faults=frozenset({Fault.SIGN_IN_REDIRECT}), sign_in_url=f"{ME}?moved=1#part")
    token = deployment.tokens.issue().text
    with connect(deployment.url, token) as client:
        with pytest.raises(GatewayError, match="redirects in circles"):
            client.get(BUILD)
        assert [request.path for request in deployment.requests] == [BUILD, *[f"{ME}?moved=1"] * 3]
        assert {request.headers["coder-session-token"] for request in deployment.requests} == {token}
        deployment.clear()
        with pytest.raises(GatewayError, match=f"redirects to `{deployment.url}{ME}`"):
            client.delete(ME)
        assert len(deployment.requests) == 1


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("", "leads nowhere"),
        ("https://[::1", "to something that is no address"),
        ("https://coder.example.com:port/", "to something that is no address"),
        ("javascript:alert(1)", "redirects to"),
        ("//other.example.com/x", "redirects to `http://other.example.com/x`"),
        ("https://[2001:db8::1]:8443/x", "redirects to `https://[2001:db8::1]:8443/x`"),
    ],
)
def test_odd_redirects(connect: Connect, answering: Answering, location: str, said: str) -> None:
    """Whatever a redirect says, it is an error of ours."""
    headers = {"Location": location} if location else {}
    with answering(302, "", **headers) as url, connect(url, "token") as client:
        for call in every_way(client):
            with pytest.raises(GatewayError) as caught:
                call()
            assert said in caught.value.message


def test_redirect_with_a_terminals_characters(connect: Connect) -> None:
    """Where a redirect stays, its path is encoded before it can be shown in an error."""
    with connect("https://coder.example.com") as client:
        there = Answer(302, {"location": "/a\x9b\xe9%20b;c?q=1"}, b"", "https://coder.example.com/api")
        assert client._target(there) == ("https://coder.example.com/a%C2%9B%C3%A9%20b;c?q=1", True)
