"""Which proxy leads to a deployment: the usual variables, and what stands in `NO_PROXY`.

Pure. Decided here and not by the HTTP library, which fails on some of the values that
people have (`NO_PROXY=[::1]`, `NO_PROXY=fe80::/10`) and knows no ports and no blocks of
addresses. Like the Coder CLI we read variables only, not what a desktop has set.
"""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.deployment.urls import is_loopback
from aibridge_cli.errors import GatewayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

_DEFAULT_PORTS = {"https": "443", "http": "80"}
_SCHEMES = ("http", "https", "socks5", "socks5h")


class Proxy(NamedTuple):
    """A proxy.

    Args:
        url: Its URL, with a scheme, and perhaps with a user's name and password.
        variable: The environment variable that named it.
    """

    url: str
    variable: str

    def __repr__(self) -> str:
        return f"Proxy({self.shown}, {self.variable})"

    @property
    def shown(self) -> str:
        """The proxy as messages show it: without name and password."""
        scheme, _, rest = self.url.partition("://")
        authority = _authority(rest)
        return f"{scheme}://{authority.rpartition('@')[2]}"


def proxy_for(facts: Facts, origin: str) -> Proxy | None:
    """Return the proxy for a deployment, or None when it is reached directly.

    The lower-case name goes before the upper-case one, and an empty value means none, as
    with curl; a deployment on this machine is always reached directly.

    Args:
        facts: Where we run.
        origin: An origin from `aibridge_cli.deployment.urls.normalise`.

    Raises:
        GatewayError: The variable that counts holds no proxy that could be used. The
            message shows no part of it, as there may be a password in it.
    """
    scheme, _, authority = origin.partition("://")
    host, port = _split_port(authority)
    port = port or _DEFAULT_PORTS[scheme]
    if is_loopback(host):
        return None
    for name in (f"{scheme}_proxy", "all_proxy"):
        variable, value = _read(facts, name)
        if value:
            break
    else:
        return None
    if _is_exempt(host.strip("[]"), port, _read(facts, "no_proxy")[1]):
        return None
    url = value if "://" in value else f"http://{value}"
    _check(url, variable)
    return Proxy(url, variable)


def _read(facts: Facts, name: str) -> tuple[str, str]:
    for variable in (name, name.upper()):
        if variable in facts.environ:
            return variable, facts.variable(variable)
    return name.upper(), ""


def _authority(rest: str) -> str:
    for delimiter in "/?#":
        rest = rest.partition(delimiter)[0]
    return rest


def _split_port(authority: str) -> tuple[str, str]:
    """Split `host:port`, `[address]:port` and bare addresses; the port is "" when there is none."""
    if authority.startswith("["):
        address, _, after = authority[1:].partition("]")
        return f"[{address}]", after.removeprefix(":")
    if authority.count(":") > 1:
        return f"[{authority}]", ""
    host, _, port = authority.partition(":")
    return host, port


def _check(url: str, variable: str) -> None:
    scheme, _, rest = url.partition("://")
    hint = f"`{variable}` looks like `http://proxy.example.com:8080`"
    if scheme.lower() not in _SCHEMES:
        raise GatewayError(f"`{variable}` names a kind of proxy that cannot be used", hint=hint)
    host, port = _split_port(_authority(rest).rpartition("@")[2])
    well_formed = not port or (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536)
    if not host.strip("[]") or not well_formed or not url.isprintable() or " " in url:
        raise GatewayError(f"`{variable}` is not the address of a proxy", hint=hint)


def _is_exempt(host: str, port: str, no_proxy: str) -> bool:
    return any(_matches(entry.lower(), host, port) for entry in no_proxy.replace(",", " ").split())


def _matches(entry: str, host: str, port: str) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_block(entry, host)
    name, of_port = _split_port(entry)
    if of_port and of_port != port:
        return False
    name = name.strip("[]").removeprefix("*").removeprefix(".").removesuffix(".")
    return bool(name) and (host == name or host.endswith(f".{name}") or _same_address(name, host))


def _in_block(entry: str, host: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.replace("[", "").replace("]", ""), strict=False)
    except ValueError:  # one of them is a name, or nothing at all
        return False


def _same_address(name: str, host: str) -> bool:
    if ":" not in name or ":" not in host:
        return False
    import ipaddress

    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        return False
