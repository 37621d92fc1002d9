from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aibridge_cli.deployment import api
from aibridge_cli.errors import GatewayError, NameTaken, TokenRejected
from aibridge_cli.loopback import Deployment, Fault
from aibridge_cli.loopback.tokens import USER_ID
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from aibridge_cli.deployment.http import Client
    from tests.deployment.conftest import Answering, Connect

DAY = 24 * 3600


def test_build(deployment: Deployment, connect: Connect) -> None:
    """What runs there is asked without a token, even by one who has one."""
    with connect(deployment.url, deployment.tokens.issue().text) as client:
        assert api.build(client) == api.Build("v2.37.0+loopback", deployment.url)
    assert "coder-session-token" not in deployment.requests[0].headers
    assert deployment.requests[0].headers["user-agent"].startswith("aibridge-cli/")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "{}"),
        (200, '{"version": 5}'),
        (200, "[]"),
        (200, "ok"),
        (404, '{"message": "Route not found."}'),
        (404, "nothing here"),
    ],
)
def test_not_coder(answering: Answering, connect: Connect, status: int, body: str) -> None:
    """Another server at the address is told from a deployment."""
    with answering(status, body) as url, connect(url) as client, pytest.raises(GatewayError) as caught:
        api.build(client)
    assert f"`{url}` is not a Coder deployment" in caught.value.message
    assert "dashboard" in caught.value.hint


def test_build_of_something_else(answering: Answering, connect: Connect) -> None:
    """A deployment need not say where its dashboard is; one in trouble is not taken for something else."""
    with answering(200, '{"version": "v2.1.0", "dashboard_url": null}') as url, connect(url) as client:
        assert api.build(client) == api.Build("v2.1.0")
    with answering(500, "oops") as url, connect(url) as client, pytest.raises(GatewayError, match="trouble of its own"):
        api.build(client)


def test_user(signed_in: Client) -> None:
    """The user is known by id, name and address."""
    assert api.user(signed_in) == api.User(USER_ID, "developer", "developer@example.com")


def test_key_of_a_session(deployment: Deployment, connect: Connect) -> None:
    """A session has no name, and ends when its lifetime is over; only its id stands in the address."""
    token = deployment.tokens.issue()
    with connect(deployment.url, token.text) as client:
        key = api.key(client, Secret(token.text))
    assert key == api.Key(token.id, "", "session", ("all",), int(token.created), int(token.expires), DAY)
    assert token.secret not in deployment.requests[-1].path


def test_life_of_a_token(signed_in: Client, deployment: Deployment) -> None:
    """A token is made, works, is listed, and is gone once it is revoked."""
    assert api.keys(signed_in) == ()
    token = api.create(signed_in, "laptop", 30 * DAY)
    key = api.key(signed_in, token)
    assert (key.name, key.kind, key.lifetime) == ("laptop", "token", 30 * DAY)
    assert key.expires - key.created == 30 * DAY
    assert api.keys(signed_in) == (key,)
    assert deployment.tokens.accept(token.reveal()).name == "laptop"
    assert api.revoke(signed_in, key.id) is True
    assert api.revoke(signed_in, key.id) is False
    assert api.keys(signed_in) == ()
    with pytest.raises(GatewayError, match="knows nothing of this token"):
        api.key(signed_in, token)


def test_expired_tokens_are_listed_on_request(signed_in: Client, deployment: Deployment) -> None:
    """Tokens whose time is over are left out unless they are asked for."""
    token = deployment.tokens.issue("old")
    deployment.tokens.expire(token.id)
    assert api.keys(signed_in) == ()
    assert [key.name for key in api.keys(signed_in, include_expired=True)] == ["old"]


def test_longest_lifetime(signed_in: Client, deployment: Deployment) -> None:
    """The longest lifetime is told in seconds."""
    deployment.behave(maximum_token_lifetime=7 * DAY)
    assert api.longest_lifetime(signed_in) == 7 * DAY


@pytest.mark.parametrize(
    ("status", "body"), [(404, '{"message": "Resource not found."}'), (200, '{"max_token_lifetime": 0}')]
)
def test_no_longest_lifetime(answering: Answering, connect: Connect, status: int, body: str) -> None:
    """Old deployments do not tell a limit, and none is none."""
    with answering(status, body) as url, connect(url) as client:
        assert api.longest_lifetime(client) is None


def test_name_that_is_taken(signed_in: Client) -> None:
    """A second token of the same name is an error of its own kind, so that another name can be tried."""
    api.create(signed_in, "laptop", DAY)
    with pytest.raises(NameTaken, match="has a token of yours called `laptop` already"):
        api.create(signed_in, "laptop", DAY)
    assert len(api.keys(signed_in)) == 1


def test_lifetime_that_is_refused(signed_in: Client, deployment: Deployment) -> None:
    """A lifetime beyond the deployment's is refused in its own words."""
    deployment.behave(maximum_token_lifetime=7 * DAY)
    with pytest.raises(GatewayError) as caught:
        api.create(signed_in, "laptop", 8 * DAY)
    assert caught.value.message.endswith(
        "makes no token `laptop`: Failed to validate create API key request; lifetime must be less than 168h0m0s"
    )


CALLS: list[Callable[[Client], object]] = [
    api.user,
    api.keys,
    api.longest_lifetime,
    lambda client: api.key(client, Secret("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")),
    lambda client: api.create(client, "laptop", DAY),
    lambda client: api.revoke(client, "AAAAAAAAAA"),
]


@pytest.mark.parametrize("call", CALLS)
def test_token_that_ended(deployment: Deployment, connect: Connect, call: Callable[[Client], object]) -> None:
    """A token that is over is told from every other trouble, in every call, and never shown."""
    token = deployment.tokens.issue()
    deployment.tokens.expire(token.id)
    with connect(deployment.url, token.text) as client, pytest.raises(TokenRejected) as caught:
        call(client)
    assert "API key expired at" in caught.value.message
    assert token.secret not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("call", CALLS)
def test_asked_too_often(deployment: Deployment, signed_in: Client, call: Callable[[Client], object]) -> None:
    """A deployment that has had enough says when to come back."""
    deployment.behave(faults=frozenset({Fault.API_RATE_LIMITED}))
    with pytest.raises(GatewayError, match="limits how often it is asked") as caught:
        call(signed_in)
    assert caught.value.hint == "try again in 30 s"


@pytest.mark.parametrize(
    "body", ["", "null", "5", '"text"', "[5]", '{"id": 5}', '{"message": 5}', "[" * 5000, '{"key": null}', "\x00"]
)
@pytest.mark.parametrize("status", [200, 201, 204, 404, 418])
def test_odd_answers(answering: Answering, connect: Connect, body: str, status: int) -> None:
    """Whatever is answered, a call ends with a result of its shape or an error of ours that says who answered."""

    def outcome(call: Callable[[Client], object], client: Client) -> object:
        try:
            return call(client)
        except GatewayError as error:
            return error.message

    with answering(status, body) as url, connect(url) as client:
        for call in CALLS:
            result = outcome(call, client)
            assert result in (None, (), True) or url in str(result)


def test_id_that_is_no_id(signed_in: Client, deployment: Deployment) -> None:
    """Nothing but an id is put into an address."""
    before = len(deployment.requests)
    for identifier in ("", "../../me", "a b", "tokens/laptop"):
        with pytest.raises(GatewayError, match="no id"):
            api.revoke(signed_in, identifier)
    with pytest.raises(GatewayError, match="no id"):
        api.key(signed_in, Secret("a-token-of-another-shape".replace("-", "_")))
    assert len(deployment.requests) == before
