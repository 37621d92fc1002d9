from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.loopback import Deployment, Fault
from aibridge_cli.loopback.coder_api import NANOSECONDS
from aibridge_cli.loopback.tokens import HOUR

if TYPE_CHECKING:
    from tests.loopback.conftest import Ask, Clock

ME = "/api/v2/users/me"
TOKENS = f"{ME}/keys/tokens"


@pytest.fixture
def session(deployment: Deployment) -> dict[str, str]:
    """Return the headers of a user who is signed in."""
    return {"Coder-Session-Token": deployment.tokens.issue().text}


def test_build_information_needs_no_token(ask: Ask, deployment: Deployment) -> None:
    """`buildinfo` answers anybody with version and URL."""
    answer = ask("GET", "/api/v2/buildinfo")
    assert answer.status == 200
    assert answer.json["version"] == answer.headers["x-coder-build-version"] == deployment.settings.version
    assert answer.json["dashboard_url"] == deployment.url


@pytest.mark.parametrize("path", ["/", "/nope", "/api/v2", "/api/v2/nope", "/api/v2/users/other", "/api/v1/users/me"])
def test_unknown_path(ask: Ask, path: str) -> None:
    """What is not served is a 404 in Coder's shape."""
    answer = ask("GET", path)
    assert (answer.status, answer.json) == (404, {"message": "Route not found."})


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Coder-Session-Token": "{}"}, ""),
        ({"Cookie": "theme=dark; coder_session_token={}"}, ""),
        ({"Authorization": "Bearer {}"}, ""),
        ({}, "?coder_session_token={}"),
    ],
)
def test_user(ask: Ask, deployment: Deployment, headers: dict[str, str], query: str) -> None:
    """The signed-in user is found by own header, cookie, bearer authorization or query."""
    token = deployment.tokens.issue().text
    answer = ask("GET", ME + query.format(token), {name: value.format(token) for name, value in headers.items()})
    assert (answer.status, answer.json["username"], answer.json["roles"]) == (200, "developer", [])


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({}, 'Cookie "coder_session_token" or query parameter must be provided.'),
        ({"X-Api-Key": "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"}, 'Cookie "coder_session_token"'),
        ({"Cookie": "coder_session_token"}, 'Cookie "coder_session_token"'),
        ({"Cookie": 'a"b;c[]=1;\x01=2'}, 'Cookie "coder_session_token"'),
        ({"Coder-Session-Token": "sk-ant-1"}, "incorrect amount of API key parts, expected 2 got 3"),
        ({"Coder-Session-Token": "a-b"}, "invalid API key ID length, expected 10 got 1"),
        ({"Coder-Session-Token": "AAAAAAAAAA-b"}, "invalid API key secret length, expected 22 got 1"),
        ({"Coder-Session-Token": "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"}, "API key is invalid."),
    ],
)
def test_not_signed_in(ask: Ask, sent: dict[str, str], detail: str) -> None:
    """Without a token that is accepted Coder's own interface says 401, and why."""
    answer = ask("GET", ME, sent)
    assert answer.status == 401
    assert answer.json["message"].startswith("You are signed out or your session has expired.")
    assert detail in answer.json["detail"]


def test_expired_and_wrong_tokens(ask: Ask, deployment: Deployment) -> None:
    """An expired token is told from one whose secret half is wrong."""
    token = deployment.tokens.issue()
    wrong = f"{token.id}-{'x' * 22}"
    assert ask("GET", ME, {"Coder-Session-Token": wrong}).json["detail"] == "API key secret is invalid."
    assert deployment.tokens.expire(token.id)
    assert ask("GET", ME, {"Coder-Session-Token": token.text}).json["detail"].startswith('API key expired at "')


def test_own_key(ask: Ask, deployment: Deployment) -> None:
    """A token's public half leads to its name, login type and expiry, never to its secret."""
    token = deployment.tokens.issue("laptop", lifetime=3600)
    answer = ask("GET", f"{ME}/keys/{token.id}", {"Coder-Session-Token": token.text})
    assert answer.status == 200
    assert answer.json["id"] == token.id
    assert (answer.json["token_name"], answer.json["login_type"]) == ("laptop", "token")
    assert answer.json["lifetime_seconds"] == 3600
    assert answer.json["expires_at"] > answer.json["created_at"]
    assert token.secret not in answer.text


def test_token_is_made_listed_found_ended_and_deleted(ask: Ask, session: dict[str, str]) -> None:
    """A new token works, shows in the list, can be ended, and is gone once deleted."""
    answer = ask("POST", TOKENS, session, body={"token_name": "laptop", "lifetime": 3600 * NANOSECONDS})
    assert answer.status == 201
    made = answer.json["key"]
    assert ask("GET", ME, {"Coder-Session-Token": made}).status == 200
    listed = ask("GET", TOKENS, session).json
    assert [(item["id"], item["token_name"], item["username"]) for item in listed] == [
        (made[:10], "laptop", "developer"),
    ]
    assert listed[0]["lifetime_seconds"] == 3600
    assert ask("GET", f"{TOKENS}/laptop", session).json | {"username": "developer"} == listed[0]
    assert ask("PUT", f"{ME}/keys/{made[:10]}/expire", session).status == 204
    assert ask("GET", ME, {"Coder-Session-Token": made}).status == 401
    assert ask("GET", TOKENS, session).json is None
    assert len(ask("GET", f"{TOKENS}?include_expired=true", session).json) == 1
    assert ask("DELETE", f"{ME}/keys/{made[:10]}", session).status == 204
    assert ask("GET", f"{ME}/keys/{made[:10]}", session).status == 404
    assert ask("GET", f"{TOKENS}/laptop", session).status == 404


def test_token_without_name_and_lifetime(ask: Ask, session: dict[str, str]) -> None:
    """Without a wish the token gets a name and thirty days."""
    assert ask("POST", TOKENS, session).status == 201
    listed = ask("GET", TOKENS, session).json
    assert listed[0]["token_name"]
    assert listed[0]["lifetime_seconds"] == 30 * 24 * 3600


@pytest.mark.parametrize(
    "body",
    [b"{", [], {"lifetime": -1}, {"lifetime": "1h"}, {"token_name": 5}, {"lifetime": 366 * 24 * 3600 * NANOSECONDS}],
)
def test_token_that_may_not_be_made(ask: Ask, session: dict[str, str], body: object) -> None:
    """A wish that cannot be read or is too long is a 400, and no token is made."""
    assert ask("POST", TOKENS, session, body=body).status == 400
    assert ask("GET", TOKENS, session).json is None


def test_token_names_are_unique(ask: Ask, session: dict[str, str]) -> None:
    """A second token of the same name is a conflict that names the field."""
    assert ask("POST", TOKENS, session, body={"token_name": "laptop"}).status == 201
    answer = ask("POST", TOKENS, session, body={"token_name": "laptop"})
    assert (answer.status, answer.json["validations"][0]["field"]) == (409, "name")


def test_longest_lifetime(ask: Ask, deployment: Deployment, session: dict[str, str]) -> None:
    """The longest lifetime is told in nanoseconds, is named as Go does, and holds for tokens without a wish as well."""
    deployment.behave(maximum_token_lifetime=3600)
    assert ask("GET", f"{TOKENS}/tokenconfig", session).json == {"max_token_lifetime": 3600 * NANOSECONDS}
    refused = ask("POST", TOKENS, session, body={"lifetime": 3601 * NANOSECONDS})
    assert refused.json["detail"] == "lifetime must be less than 1h0m0s"
    ask("POST", TOKENS, session)
    assert ask("GET", TOKENS, session).json[0]["lifetime_seconds"] == 3600


def test_session_key(ask: Ask, session: dict[str, str]) -> None:
    """A session key works, and is not one of the user's tokens."""
    answer = ask("POST", f"{ME}/keys", session)
    assert answer.status == 201
    assert ask("GET", ME, {"Coder-Session-Token": answer.json["key"]}).status == 200
    assert ask("GET", TOKENS, session).json is None


def test_methods_that_a_route_does_not_have(ask: Ask, session: dict[str, str]) -> None:
    """Another method is a 405 on a fixed route, and no route on a key; HEAD is GET without a body."""
    assert ask("DELETE", ME, session).status == 405
    key = f"{ME}/keys/{session['Coder-Session-Token'][:10]}"
    assert ask("POST", key, session).status == 404
    assert ask("PUT", f"{key}/nope", session).status == 404
    head = ask("HEAD", ME, session)
    assert (head.status, head.body) == (200, b"")


def test_providers_are_for_administrators(ask: Ask, deployment: Deployment, session: dict[str, str]) -> None:
    """A member may not list the providers; an administrator sees name, type and state."""
    assert ask("GET", "/api/v2/ai/providers", session).status == 403
    deployment.behave(administrator=True, providers={"prod": "anthropic"})
    answer = ask("GET", "/api/v2/ai/providers", session)
    assert (answer.status, answer.json) == (200, [{"name": "prod", "type": "anthropic", "enabled": True}])
    deployment.behave(switched_off=frozenset({"prod"}))
    assert [each["enabled"] for each in ask("GET", "/api/v2/ai/providers", session).json] == [False]
    assert ask("GET", ME, session).json["roles"][0]["name"] == "owner"


@pytest.mark.parametrize(("licensed", "entitlement"), [(True, "entitled"), (False, "not_entitled")])
def test_entitlements(
    ask: Ask, deployment: Deployment, session: dict[str, str], licensed: bool, entitlement: str
) -> None:
    """The licence shows under the feature's old name."""
    deployment.behave(licensed=licensed, enabled=False)
    feature = ask("GET", "/api/v2/entitlements", session).json["features"]["aibridge"]
    assert feature == {"entitlement": entitlement, "enabled": False}


def test_rate_limit(ask: Ask, deployment: Deployment, session: dict[str, str]) -> None:
    """Coder's own interface can be asked too often, says how long to wait, and works again after that."""
    deployment.behave(faults=frozenset({Fault.API_RATE_LIMITED}), retry_after=7)
    answer = ask("GET", ME, session)
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert answer.json["message"].startswith("You've been rate limited")
    deployment.behave(faults=frozenset())
    assert ask("GET", ME, session).status == 200


def test_use_moves_the_end(clock: Clock) -> None:
    """Use of Coder's interface moves a token's end, at most once an hour, and never that of one that is over."""
    with Deployment(clock=clock) as deployment:
        session, token = deployment.tokens.issue(), deployment.tokens.issue("laptop", lifetime=10 * HOUR)
        connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"), timeout=30)

        def expiry(identifier: str) -> float:
            for known in (session, token):
                connection.request("GET", ME, headers={"Coder-Session-Token": known.text})
                connection.getresponse().read()
            found = deployment.tokens.get(identifier)
            assert found is not None
            return found.expires

        clock.now += HOUR - 1
        assert expiry(session.id) == session.expires
        clock.now += 1
        assert expiry(session.id) == clock.now + 24 * HOUR
        assert expiry(token.id) == clock.now + 10 * HOUR
        deployment.behave(session_expiry_refresh=False)
        before = expiry(session.id)
        clock.now += 5 * HOUR
        assert expiry(session.id) == before
        deployment.behave(session_expiry_refresh=True)
        clock.now += 20 * HOUR
        assert expiry(session.id) == before < clock.now
        connection.close()
