from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.deployment.proxies import Proxy, proxy_for
from aibridge_cli.errors import GatewayError
from aibridge_cli.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

CODER = "https://coder.example.com"
COMPANY = "http://proxy.example.com:8080"


def chosen(environ: Mapping[str, str], origin: str = CODER) -> Proxy | None:
    return proxy_for(Facts(environ=environ, platform="linux", home="/home/me"), origin)


@pytest.mark.parametrize(
    ("environ", "origin", "variable"),
    [
        ({"HTTPS_PROXY": COMPANY}, CODER, "HTTPS_PROXY"),
        ({"https_proxy": COMPANY}, CODER, "https_proxy"),
        ({"ALL_PROXY": COMPANY}, CODER, "ALL_PROXY"),
        ({"all_proxy": COMPANY, "HTTPS_PROXY": ""}, CODER, "all_proxy"),
        ({"https_proxy": COMPANY, "HTTPS_PROXY": "http://other.example.com"}, CODER, "https_proxy"),
        ({"https_proxy": COMPANY, "ALL_PROXY": "http://other.example.com"}, CODER, "https_proxy"),
        ({"HTTP_PROXY": COMPANY}, "http://coder.example.com", "HTTP_PROXY"),
        ({"HTTPS_PROXY": f" {COMPANY}\n"}, CODER, "HTTPS_PROXY"),
    ],
)
def test_variables(environ: dict[str, str], origin: str, variable: str) -> None:
    """The variable of the scheme goes before the one for all, and a lower-case name before an upper-case one."""
    assert chosen(environ, origin) == Proxy(COMPANY, variable)


@pytest.mark.parametrize(
    ("environ", "origin"),
    [
        ({}, CODER),
        ({"HTTPS_PROXY": ""}, CODER),
        ({"https_proxy": "", "HTTPS_PROXY": COMPANY}, CODER),
        ({"HTTP_PROXY": COMPANY}, CODER),
        ({"HTTPS_PROXY": COMPANY}, "http://coder.example.com"),
        *(
            ({"ALL_PROXY": COMPANY}, origin)
            for origin in ("http://localhost:3000", "https://127.0.0.1", "http://127.8.8.8:1", "https://[::1]:8443")
        ),
    ],
)
def test_no_proxy_is_used(environ: dict[str, str], origin: str) -> None:
    """Nothing set, an empty variable, another scheme's, or a deployment on this machine: it is reached directly."""
    assert chosen(environ, origin) is None


@pytest.mark.parametrize(
    ("exempt", "origin", "through"),
    [
        ("*", CODER, False),
        ("coder.example.com", CODER, False),
        ("CODER.Example.com.", CODER, False),
        ("example.com", CODER, False),
        (".example.com", CODER, False),
        ("*.example.com", CODER, False),
        ("other.test, example.com", CODER, False),
        ("other.test example.com", CODER, False),
        ("coder.example.com:443", CODER, False),
        ("coder.example.com:8443", CODER, True),
        ("coder.example.com:8443", f"{CODER}:8443", False),
        ("ample.com", CODER, True),
        ("coder.example.com.evil.test", CODER, True),
        ("", CODER, True),
        (",,", CODER, True),
        ("10.0.0.0/8", CODER, True),
        ("10.0.0.0/8", "https://10.1.2.3", False),
        ("10.1.2.3/8", "https://10.200.0.1", False),
        ("10.0.0.0/8", "https://11.1.2.3", True),
        ("10.1.2.3", "https://10.1.2.3:8443", False),
        ("300.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/99", "https://10.1.2.3", True),
        ("[2001:db8::1]", "https://[2001:db8::1]", False),
        ("2001:db8:0::1", "https://[2001:db8::1]", False),
        ("[2001:db8::1]:443", "https://[2001:db8::1]", False),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]", True),
        ("2001:db8::2", "https://[2001:db8::1]", True),
        ("2001:zz::2", "https://[2001:db8::1]", True),
        ("2001:db8::/32", "https://[2001:db8::1]", False),
        ("[2001:db8::]/32", "https://[2001:db8::1]", False),
        ("fe80::/10", CODER, True),
        ("[::1]", CODER, True),
    ],
)
def test_exempt(exempt: str, origin: str, through: bool) -> None:
    """`NO_PROXY` holds names with all below them, ports, addresses and blocks of them, however they are written."""
    assert (chosen({"ALL_PROXY": COMPANY, "NO_PROXY": exempt}, origin) is not None) is through


@given(exempt=st.text(alphabet="[]:/.*,0123456789abcdefz% -", max_size=40))
def test_whatever_stands_in_no_proxy(exempt: str) -> None:
    """Nothing in `NO_PROXY` is an error; what cannot be understood exempts nothing but what it names."""
    proxy = chosen({"ALL_PROXY": COMPANY, "NO_PROXY": exempt}, "https://deployment.test")
    everything = any(entry in ("*", "test", "deployment.test") for entry in exempt.replace(",", " ").split())
    assert everything or proxy == Proxy(COMPANY, "ALL_PROXY")


def test_scheme_may_be_left_out() -> None:
    """A proxy without a scheme is one that is spoken to in plain HTTP."""
    assert chosen({"HTTPS_PROXY": "proxy.example.com:8080"}) == Proxy(COMPANY, "HTTPS_PROXY")


@pytest.mark.parametrize(
    "value",
    [
        "ftp://me:hunter2@proxy.example.com",
        "socks4://me:hunter2@proxy.example.com",
        "http://",
        "http://me:hunter2@",
        "http://me:hunter2@proxy.example.com:port",
        "http://me:hunter2@proxy.example.com:99999999",
        "http://me:hunter2@proxy example.com",
        "http://me:hunter2@proxy\x07.example.com",
        "me:hunter2@:8080",
    ],
)
def test_not_a_proxy(value: str) -> None:
    """What cannot be a proxy is an error that names the variable and shows nothing of its value."""
    with pytest.raises(GatewayError) as caught:
        chosen({"HTTPS_PROXY": value})
    assert "`HTTPS_PROXY`" in caught.value.message
    for part in ("hunter2", "me:", "proxy.example.com:9"):
        assert part not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:hunter2@proxy.example.com:8080/", "http://proxy.example.com:8080"),
        ("http://me:p@ss@proxy.example.com?x", "http://proxy.example.com"),
        ("socks5://[2001:db8::1]:1080#x", "socks5://[2001:db8::1]:1080"),
    ],
)
def test_password_is_not_shown(url: str, shown: str) -> None:
    """A proxy is shown without name and password, in messages and in tracebacks."""
    proxy = chosen({"ALL_PROXY": url})
    assert proxy is not None
    assert proxy.shown == shown
    assert repr(proxy) == f"Proxy({shown}, ALL_PROXY)"
