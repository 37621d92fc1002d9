"""The address of a deployment and of the gateway on it.

Pure, and without `urllib.parse`, which alone would double the start-up of `aibridge token`.
"""

from __future__ import annotations

from aibridge_cli.errors import CredentialRefused, UsageError

_DEFAULT_PORTS = {"https": "443", "http": "80"}
_HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")
_HEX_CHARACTERS = frozenset("0123456789abcdef")
_DIGITS = frozenset("0123456789")
_EXAMPLE = "it looks like `https://coder.example.com`"
_SEGMENT_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")


class Gateway:
    """The addresses of AI Bridge on one deployment, without trailing slashes.

    Args:
        root: `…/api/v2/aibridge`, or the address of a standalone gateway.
        openai: `…/openai/v1`, what OpenAI's clients call the base URL.
        anthropic: `…/anthropic`, without `/v1`, what Anthropic's clients call it.
    """

    __slots__ = ("anthropic", "openai", "root")

    def __init__(self, root: str, openai: str, anthropic: str) -> None:
        self.root = root
        self.openai = openai
        self.anthropic = anthropic


def gateway(
    origin: str, *, prefix: str = "aibridge", openai: str = "openai", anthropic: str = "anthropic", root: str = ""
) -> Gateway:
    """Return the gateway of a deployment.

    Args:
        origin: An origin from `normalise`.
        prefix: `aibridge`, which every deployment with the feature serves, or its newer
            equal `ai-gateway`.
        openai: The name of the deployment's OpenAI provider.
        anthropic: The name of its Anthropic provider.
        root: The address of a standalone gateway, from `standalone_root`; "" for the one
            that the deployment serves itself.

    Raises:
        UsageError: A name that cannot stand in a path.
    """
    for name in (prefix, openai, anthropic):
        if not _is_segment(name):
            raise UsageError(f"`{name}` cannot be the name of a provider or of the gateway's path")
    root = root or f"{origin}/api/v2/{prefix}"
    return Gateway(root, f"{root}/{openai}/v1", f"{root}/{anthropic}")


def normalise(text: str, insecure_http: bool = False, *, what: str = "the URL") -> str:
    """Return the origin of a deployment from what a person typed or pasted.

    Coder is served at the root of an origin, so any path, query and fragment goes. The
    scheme is https when there is none, and http for this machine.

    Args:
        text: `coder.example.com`, `https://coder.example.com/api/v2/aibridge`, …
        insecure_http: Whether http to another machine is accepted.
        what: How error messages call the value, as in "`CODER_URL`".

    Raises:
        CredentialRefused: It cannot be the address of a deployment. The message shows no
            part of the text that may be a secret.
    """
    text = text.strip()
    if not text:
        raise CredentialRefused(f"{what} is empty", hint=_EXAMPLE)
    scheme, separator, rest = text.partition("://")
    if not separator or not set(scheme.lower()) <= _SEGMENT_CHARACTERS:
        scheme, rest = "", text
    scheme = scheme.lower()
    if scheme not in ("", *_DEFAULT_PORTS):
        raise CredentialRefused(f"{what} is not an `https://` address", hint=_EXAMPLE)
    authority = rest
    for delimiter in "/?#":
        authority = authority.partition(delimiter)[0]
    if "@" in authority:
        raise CredentialRefused(
            f"{what} has a user name in it", hint="give the address alone; the token is passed separately"
        )
    if any(character.isspace() or not character.isprintable() for character in text):
        raise CredentialRefused(f"{what} has white space or a control character in it", hint=_EXAMPLE)
    host, port = _split(authority.lower(), what)
    local = is_loopback(host)
    if not scheme:
        scheme = "http" if local else "https"
    if scheme == "http" and not (local or insecure_http):
        raise CredentialRefused(
            f"{what} would send the token to `{host}` without encryption",
            hint=f"use `https://{host}`, or `--insecure-http` if the way there is safe",
        )
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def standalone_root(text: str, insecure_http: bool = False, *, what: str = "`--gateway-url`") -> str:
    """Return the address of a standalone gateway from what a person typed, without a trailing slash.

    Other than a deployment, it may be below a path of its host; `/api/v2/ai-gateway` is
    one of those it serves.

    Args:
        text: `gateway.example.com`, `https://example.com/llm`, …
        insecure_http: Whether http to another machine is accepted.
        what: How error messages call the value.

    Raises:
        CredentialRefused: It cannot be the address of a gateway.
    """
    origin = normalise(text, insecure_http, what=what)
    rest = text.strip().partition("://")[2] or text.strip()
    for delimiter in "?#":
        if delimiter in rest:
            raise CredentialRefused(f"{what} has a `{delimiter}` in it", hint="it ends before the provider's name")
    segments = [segment for segment in rest.split("/")[1:] if segment]
    if not all(_is_segment(segment) for segment in segments):
        raise CredentialRefused(
            f"{what} has a path that cannot be a gateway's", hint="it ends before the provider's name"
        )
    return "/".join([origin, *segments])


def origin_of(url: str) -> str:
    """Return the origin of an address: what is before its path, without a user's name and password."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    for delimiter in "/?#":
        rest = rest.partition(delimiter)[0]
    return scheme + separator + rest.rpartition("@")[2]


def is_below(url: str, base: str) -> bool:
    """Tell whether an address is a base address, or one below it."""
    return url == base or url.startswith(base + "/")


def _is_segment(name: str) -> bool:
    return bool(name) and set(name) <= _SEGMENT_CHARACTERS and bool(name.strip("."))


def is_loopback(host: str) -> bool:
    """Tell whether a host, as `normalise` leaves it, is this machine itself."""
    parts = host.split(".")
    in_127 = len(parts) == 4 and parts[0] == "127" and all(_is_number(part, 255) for part in parts)
    return host in ("localhost", "[::1]") or in_127


def _is_number(text: str, limit: int) -> bool:
    return bool(text) and len(text) <= 5 and set(text) <= _DIGITS and int(text) <= limit


def _split(authority: str, what: str) -> tuple[str, str]:
    if authority.startswith("["):
        address, bracket, after = authority[1:].partition("]")
        if not bracket or address.count(":") < 2 or not set(address) <= _HEX_CHARACTERS | {":", "."}:
            raise CredentialRefused(f"{what} has a broken IPv6 address", hint="it looks like `https://[2001:db8::1]`")
        host, colon, port = f"[{address}]", after[:1], after[1:]
        if colon not in ("", ":"):
            raise CredentialRefused(f"{what} has something other than a port after its address", hint=_EXAMPLE)
    else:
        host, colon, port = authority.partition(":")
        host = host.removesuffix(".")
        _check_host(host, what)
    if colon:
        port = port.lstrip("0")
        if not _is_number(port, 65535):
            raise CredentialRefused(
                f"{what} has a port that is not a number from 1 to 65535", hint="leave the port out for the usual one"
            )
    return host, port


def _check_host(host: str, what: str) -> None:
    if not host:
        raise CredentialRefused(f"{what} names no host", hint=_EXAMPLE)
    if not host.isascii():
        raise CredentialRefused(f"{what} has a host that is not ASCII", hint="write it in its `xn--` form")
    if len(host) > 253 or not set(host) <= _HOST_CHARACTERS or "" in host.split("."):
        raise CredentialRefused(f"{what} has a host that is not a valid name", hint=_EXAMPLE)
    if len(host) == 33 and host[10] == "-" and "." not in host:
        raise CredentialRefused(f"{what} looks like a token", hint="pass a token with `--token-stdin`")
