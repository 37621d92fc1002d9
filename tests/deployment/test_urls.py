from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aibridge_cli.deployment.urls import gateway, is_below, is_loopback, normalise, origin_of, standalone_root
from aibridge_cli.errors import CredentialRefused, UsageError


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://coder.example.com", "https://coder.example.com"),
        ("coder.example.com", "https://coder.example.com"),
        ("://coder.example.com", "https://coder.example.com"),
        ("  coder.example.com/\n", "https://coder.example.com"),
        ("https://coder.example.com///", "https://coder.example.com"),
        ("HTTPS://Coder.Example.COM", "https://coder.example.com"),
        ("https://coder.example.com.", "https://coder.example.com"),
        ("https://coder.example.com/api/v2/aibridge/openai/v1", "https://coder.example.com"),
        ("https://coder.example.com/@alice/workspace?tab=logs#end", "https://coder.example.com"),
        ("https://coder.example.com?next=https://elsewhere.example.com", "https://coder.example.com"),
        ("coder.example.com/login?next=https://elsewhere.example.com", "https://coder.example.com"),
        ("https://coder.example.com#x", "https://coder.example.com"),
        ("https://coder.example.com:443", "https://coder.example.com"),
        ("https://coder.example.com:0443", "https://coder.example.com"),
        ("https://coder.example.com:8443/", "https://coder.example.com:8443"),
        ("coder.example.com:80", "https://coder.example.com:80"),
        ("https://my_coder:7080", "https://my_coder:7080"),
        ("localhost", "http://localhost"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://localhost:3000", "https://localhost:3000"),
        ("http://localhost:80", "http://localhost"),
        ("127.0.0.1:8080/api/v2", "http://127.0.0.1:8080"),
        ("127.1.2.3", "http://127.1.2.3"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://[::1]", "http://[::1]"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_origin(typed: str, origin: str) -> None:
    """What people type and paste becomes the origin, with https unless it is this machine."""
    assert normalise(typed) == origin


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "the URL is empty"),
        (" \t\n", "the URL is empty"),
        ("ftp://coder.example.com", "the URL is not an `https://` address"),
        ("https://", "the URL names no host"),
        ("https:///path", "the URL names no host"),
        ("//coder.example.com", "the URL names no host"),
        (".", "the URL names no host"),
        ("https://:8080", "the URL names no host"),
        ("https://coder.example.com:", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder.example.com:0", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder.example.com:65536", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder.example.com:99999999999", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder.example.com:http", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder.example.com:٣", "the URL has a port that is not a number from 1 to 65535"),
        ("javascript:alert(1)", "the URL has a port that is not a number from 1 to 65535"),
        ("https://coder .example.com", "the URL has white space or a control character in it"),
        ("https://coder.example.com/a b", "the URL has white space or a control character in it"),
        ("https://coder\x00.example.com", "the URL has white space or a control character in it"),
        ("https://coder\u200b.example.com", "the URL has white space or a control character in it"),
        ("https://coder.example.com\r\nx: y", "the URL has white space or a control character in it"),
        ("https://köln.example.com", "the URL has a host that is not ASCII"),
        ("https://coder..example.com", "the URL has a host that is not a valid name"),
        (r"https://coder.example.com\\evil", "the URL has a host that is not a valid name"),
        ("https://%63oder.example.com", "the URL has a host that is not a valid name"),
        ("https://$(id).example.com", "the URL has a host that is not a valid name"),
        ("https://" + "a." * 127 + "example", "the URL has a host that is not a valid name"),
        ("https://[::1", "the URL has a broken IPv6 address"),
        ("https://[1:2]", "the URL has a broken IPv6 address"),
        ("https://[::1%25eth0]", "the URL has a broken IPv6 address"),
        ("https://[::1]x", "the URL has something other than a port after its address"),
        ("ABCDEFGHIJ-0123456789012345678901", "the URL looks like a token"),
        ("http://coder.example.com", "the URL would send the token to `coder.example.com` without encryption"),
        ("http://127.example.com", "the URL would send the token to `127.example.com` without encryption"),
        ("http://127.0.0.256", "the URL would send the token to `127.0.0.256` without encryption"),
        ("http://localhost.example.com", "the URL would send the token to `localhost.example.com` without encryption"),
        ("https://user:pass@coder.example.com", "the URL has a user name in it"),
        ("user@coder.example.com", "the URL has a user name in it"),
        ("https://coder.example.com\\@evil.example.com", "the URL has a user name in it"),
    ],
)
def test_refused(typed: str, message: str) -> None:
    """What cannot be the address of a deployment is refused with the reason, as a usage error."""
    with pytest.raises(CredentialRefused) as caught:
        normalise(typed)
    assert (caught.value.message, caught.value.exit_code) == (message, 2)


@pytest.mark.parametrize(
    "typed", ["https://me:hunter2@coder.example.com", "me:hunter2@x", "me:hunter2/@x", "hunter2://x", "x y?hunter2"]
)
def test_refusal_keeps_secrets(typed: str) -> None:
    """A refusal repeats no part of the text that may be a password."""
    with pytest.raises(CredentialRefused) as caught:
        normalise(typed)
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_insecure_http() -> None:
    """Plain http to another machine is accepted when asked for, and the refusal says how."""
    assert normalise("http://coder.internal:8080", insecure_http=True) == "http://coder.internal:8080"
    with pytest.raises(CredentialRefused) as caught:
        normalise("http://coder.internal", what="`CODER_URL`")
    assert "`CODER_URL`" in caught.value.message
    assert "--insecure-http" in caught.value.hint


@given(st.text() | st.text(alphabet="htps:/[]@.?#%1a-_ \\\n", max_size=30))
@example("http://[::ffff:127.0.0.1]")
def test_any_text(text: str) -> None:
    """Any text is refused or becomes an origin that normalises to itself."""
    try:
        origin = normalise(text)
    except CredentialRefused:
        return
    assert normalise(origin) == origin
    assert origin.isascii()
    assert origin.startswith("https://") or is_loopback(re.sub(r":[0-9]+$", "", origin.removeprefix("http://")))


def test_gateway() -> None:
    """The base URLs end where each wire's clients append their own paths."""
    addresses = gateway("https://coder.example.com")
    assert addresses.root == "https://coder.example.com/api/v2/aibridge"
    assert addresses.openai == "https://coder.example.com/api/v2/aibridge/openai/v1"
    assert addresses.anthropic == "https://coder.example.com/api/v2/aibridge/anthropic"


def test_gateway_with_other_names() -> None:
    """The prefix and the providers' names are the deployment's to choose."""
    addresses = gateway("https://c", prefix="ai-gateway", openai="azure", anthropic="bedrock")
    assert addresses.openai == "https://c/api/v2/ai-gateway/azure/v1"
    assert addresses.anthropic == "https://c/api/v2/ai-gateway/bedrock"


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "ä", "a?b"])
def test_gateway_refuses(name: str) -> None:
    """A name that would change the path is refused."""
    with pytest.raises(UsageError):
        gateway("https://c", anthropic=name)


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("gateway.example.com", "https://gateway.example.com"),
        ("https://Gateway.example.com:443//", "https://gateway.example.com"),
        ("https://example.com/llm/api/v2/ai-gateway/", "https://example.com/llm/api/v2/ai-gateway"),
        ("localhost:4001", "http://localhost:4001"),
    ],
)
def test_a_standalone_gateway_may_be_below_a_path(typed: str, root: str) -> None:
    """Other than with a deployment, the path counts; slashes at its end do not."""
    assert standalone_root(typed) == root
    assert gateway("https://c", root=root, anthropic="bedrock").anthropic == f"{root}/bedrock"


@pytest.mark.parametrize(
    "typed", ["https://g.example.com/a?b", "https://g.example.com/#x", "https://g.example.com/a%20b"]
)
def test_what_is_no_standalone_gateway(typed: str) -> None:
    """A query, a fragment or an escape is refused, as nobody knows what was meant."""
    with pytest.raises(CredentialRefused):
        standalone_root(typed)


def test_an_address_and_what_is_below_it() -> None:
    """A host that only begins like another is not below it."""
    assert is_below("https://c.example.com/a", "https://c.example.com")
    assert is_below("https://c.example.com", "https://c.example.com")
    assert not is_below("https://c.example.com.evil.org/a", "https://c.example.com")
    assert origin_of("https://c.example.com:8443/api/v2") == "https://c.example.com:8443"
    assert origin_of("https://user:password@c.example.com?key=x") == "https://c.example.com"
    assert origin_of("c.example.com:443") == "c.example.com:443"
