from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from aibridge_cli import __version__
from aibridge_cli.deployment.http import QUICK, USUAL, Answer, Limits
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aibridge_cli.deployment.http import Client
    from tests.deployment.conftest import Answering, Connect, Time

BUILD = "/api/v2/buildinfo"
ME = "/api/v2/users/me"
TOKENS = f"{ME}/keys/tokens"
SHORT = Limits(connect=0.2, read=0.2, whole=5.0, retries=0)


def every_way(client: Client) -> list[Callable[[], object]]:
    """All ways to ask for the user."""
    return [partial(client.get, ME), partial(client.post, ME, {}), partial(client.delete, ME)]


@pytest.fixture(name="closed")
def closed_port() -> str:
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


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


def test_nobody_there(connect: Connect, time: Time, closed: str) -> None:
    """Where nobody listens it is tried again, and then said, with what to look at."""
    with connect(closed) as client, pytest.raises(GatewayError) as caught:
        client.get(BUILD)
    assert caught.value.message == f"`{closed}` cannot be reached: Connection refused"
    assert "`HTTPS_PROXY`" in caught.value.hint
    assert time.slept == [0.5, 1.0]


def test_silence(deployment: Deployment, connect: Connect, time: Time) -> None:
    """A deployment that says nothing is waited for once, as long as the limit says."""
    deployment.behave(faults=frozenset({Fault.SILENT}))
    said = r"took the connection, but was silent for 0\.2 s"
    with connect(deployment.url, "", SHORT._replace(retries=2)) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)
    assert time.slept == []


def test_host_that_takes_no_connection(connect: Connect, time: Time) -> None:
    """A host that lets a connection wait for ever is told from one that refuses it."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        # the kernel drops who comes when the queue is full
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        with connect(url, "", SHORT._replace(retries=1)) as client, pytest.raises(GatewayError) as caught:
            client.get(BUILD)
        for each in waiting:
            each.close()
    assert caught.value.message == f"`{url}` does not answer: no connection within 0.2 s"
    assert "VPN" in caught.value.hint
    assert time.slept == [0.5]


def test_name_that_is_not_known(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that no name server knows is told from one that does not answer."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with connect("http://coder.invalid", "", SHORT) as client, pytest.raises(GatewayError) as caught:
        client.get(BUILD)
    assert caught.value.message == "`http://coder.invalid` cannot be reached: its name is not known here"


def test_name_server_that_does_not_answer(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the search for a name, which cannot be given a limit, does not make a call longer than it may be."""
    waiting = threading.Event()

    def silent(*_: object, **__: object) -> None:
        waiting.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    limits, said = SHORT._replace(whole=0.2), r"`http://coder.invalid` took longer than 0\.2 s"
    with connect("http://coder.invalid", "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)
    waiting.set()


def trickle(line: bytes, *, before: bytes = b"") -> Iterator[str]:
    """Serve one client something that never ends, a line at a time."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + before)
            while not stop.wait(0.01):
                try:
                    connection.sendall(line)
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    stop.set()
    thread.join()
    server.close()


@pytest.fixture(name="endless_headers")
def server_of_endless_headers() -> Iterator[str]:
    yield from trickle(b"X-More: 1\r\n")


@pytest.fixture(name="endless_body")
def server_of_an_endless_body() -> Iterator[str]:
    yield from trickle(b"x" * 100, before=b"Content-Length: 1000000000\r\n\r\n")


def test_answer_that_trickles_in(connect: Connect, endless_headers: str) -> None:
    """A server that always has one more header does not hold us longer than a call may take."""
    limits, said = SHORT._replace(whole=0.3), r"took longer than 0\.3 s"
    with connect(endless_headers, "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)


def test_endless_answer(connect: Connect, endless_body: str) -> None:
    """An answer larger than any of Coder's is not read to its end."""
    limits, said = SHORT._replace(largest_answer=1000), f"the answer of `{endless_body}` is too large"
    with connect(endless_body, "", limits) as client, pytest.raises(GatewayError, match=said):
        client.get(BUILD)


def test_slow_body(connect: Connect, time: Time, endless_body: str) -> None:
    """The limit of a call holds while the body comes in, too."""
    limits = SHORT._replace(whole=1.0)
    with connect(endless_body, "", limits) as client:
        original, calls = time.now, []

        def clock() -> float:
            calls.append(1)
            return original if len(calls) < 4 else original + 2

        client._clock = client._wire._clock = clock  # type: ignore[union-attr]
        with pytest.raises(GatewayError, match="took longer than 1 s"):
            client.get(BUILD)


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.9\r\n", b"\x15\x03\x01\x00\x02\x02\x16", b"HTTP/1.1 abc\r\n\r\n"])
def test_something_else_than_http(connect: Connect, said: bytes) -> None:
    """A server of something else is no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with connect(url, "", SHORT) as client, pytest.raises(GatewayError, match="without a proper answer"):
            client.get(BUILD)
        thread.join()


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
