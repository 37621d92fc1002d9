"""One request on the wire and its answer, or why there is none. The one module that knows httpx."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, NamedTuple

import httpx

from aibridge_cli.deployment import trust
from aibridge_cli.deployment.answer import Answer, shortened
from aibridge_cli.deployment.network_failures import secured_failure, system_failure
from aibridge_cli.errors import GatewayError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from aibridge_cli.deployment.limits import Limits
    from aibridge_cli.deployment.proxies import Proxy
    from aibridge_cli.facts import Facts

_ADDRESS = "look at the address, the network and the VPN"


class Lost(GatewayError):
    """No answer came.

    Args:
        message: What happened.
        hint: What to do about it.
        passing: Whether the same request may well work a moment later.
    """

    def __init__(self, message: str, *, hint: str = "", passing: bool) -> None:
        super().__init__(message, hint=hint)
        self.passing = passing


class Request(NamedTuple):
    """What is asked.

    Args:
        method: As in `GET`.
        url: The whole address.
        headers: Names and values; the token may be among them.
        body: What to send, or None.
    """

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: bytes | None = None


class Wire:
    """The connections to one deployment.

    Args:
        facts: Where we run.
        origin: The deployment.
        proxy: What leads there, or None.
        limits: How long to wait.
        clock: Tells seconds that only ever grow.

    Raises:
        GatewayError: The proxy or a certificate cannot be used.
    """

    def __init__(
        self, facts: Facts, origin: str, proxy: Proxy | None, limits: Limits, clock: Callable[[], float]
    ) -> None:
        self._facts = facts
        self._origin = origin
        self._proxy = proxy
        self._limits = limits
        self._clock = clock
        self.way = f"`{origin}`" + (f" through the proxy `{proxy.shown}`" if proxy else "")
        to_proxy = proxy is not None and proxy.url.lower().startswith("https:")
        context = trust.tls_context(facts) if to_proxy or origin.startswith("https:") else trust.no_tls()
        # not a client of httpx, which keeps cookies and follows redirects in its mind even where it may not
        self._transport = _transport(proxy, context, to_proxy=to_proxy)
        self._waits = httpx.Timeout(limits.read, connect=limits.connect).as_dict()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def ask(self, request: Request, deadline: float) -> Answer:
        """Send a request once and return what came back.

        Args:
            request: What to send.
            deadline: When to give up, on the clock.

        Raises:
            Lost: Nothing came back.
            GatewayError: What came back is no HTTP, or too much.
        """
        outcome: list[Answer | Exception] = []

        def exchange() -> None:
            try:
                outcome.append(self._exchange(request, deadline))
            except Exception as error:  # noqa: BLE001  raised again by the one who waits
                outcome.append(error)

        # in a thread of its own, because neither the search for a name nor a header that
        # trickles in can be given a limit
        thread = threading.Thread(target=exchange, name="request", daemon=True)
        thread.start()
        thread.join(max(0.0, deadline - self._clock()))
        result = outcome[0] if outcome else self._too_long()
        if isinstance(result, (httpx.HTTPError, httpx.InvalidURL, UnicodeError)):
            raise self._explained(result) from None
        if isinstance(result, Exception):
            raise result
        return result

    def locked_out(self) -> Lost:
        """Return the error for a proxy that is not for everybody."""
        return Lost(
            f"{self.way} cannot be reached: the proxy wants a user name and a password, or others (407)",
            hint="they stand in the proxy's variable: `http://USER:PASSWORD@proxy.example.com:8080`",
            passing=False,
        )

    def _exchange(self, request: Request, deadline: float) -> Answer:
        pieces, size = [], 0
        sent = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.body,
            extensions={"timeout": self._waits},
        )
        with contextlib.closing(self._transport.handle_request(sent)) as response:
            for piece in response.iter_bytes():
                size += len(piece)
                if size > self._limits.largest_answer:
                    raise GatewayError(f"the answer of `{self._origin}` is too large to be one of Coder's")
                if self._clock() >= deadline:
                    raise self._too_long()
                pieces.append(piece)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, b"".join(pieces), request.url.partition("?")[0])

    def _too_long(self) -> Lost:
        return Lost(
            f"{self.way} took longer than {self._limits.whole:g} s",
            hint="try again, and look at the network if that does not help",
            passing=False,
        )

    def _explained(self, error: httpx.HTTPError | httpx.InvalidURL | UnicodeError) -> GatewayError:
        tls = secured_failure(error)
        if tls is not None:
            return trust.explained(tls, self.way, self._facts)
        hint = f"`{self._proxy.variable}` names the proxy, `NO_PROXY` what it is not for" if self._proxy else ""
        match error:
            case httpx.ProxyError():
                said = shortened(str(error))
                if said.startswith("407"):
                    return self.locked_out()
                return Lost(f"{self.way} cannot be reached, the proxy says: {said}", hint=hint, passing=False)
            case httpx.ConnectTimeout():
                message = f"{self.way} does not answer: no connection within {self._limits.connect:g} s"
                return Lost(message, hint=hint or _ADDRESS, passing=True)
            case httpx.TimeoutException():
                message = f"{self.way} took the connection, but was silent for {self._limits.read:g} s"
                return Lost(message, hint=hint or "try again later", passing=False)
            case httpx.ConnectError():
                message = f"{self.way} cannot be reached: {system_failure(error)}"
                return Lost(message, hint=hint or f"{_ADDRESS}, or set `HTTPS_PROXY` where one is needed", passing=True)
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                message = f"{self.way} closed the connection without a proper answer"
                return Lost(message, hint=hint or "try again; if that does not help, look at the address", passing=True)
            case _:
                return GatewayError(f"{self.way} cannot be asked: {type(error).__name__}", hint=hint or _ADDRESS)


def _transport(proxy: Proxy | None, context: ssl.SSLContext, *, to_proxy: bool) -> httpx.HTTPTransport:
    if proxy is None:
        return httpx.HTTPTransport(verify=context, trust_env=False)
    try:
        through = httpx.Proxy(proxy.url, ssl_context=context if to_proxy else None)
        return httpx.HTTPTransport(verify=context, trust_env=False, proxy=through)
    except ImportError:
        raise GatewayError(
            f"`{proxy.variable}` names a SOCKS proxy, which needs the Python package `socksio`",
            hint="install it beside aibridge, as in `pipx inject aibridge socksio`, or use an `http://` proxy",
        ) from None
    except (httpx.InvalidURL, ValueError):
        raise GatewayError(
            f"`{proxy.variable}` is not the address of a proxy", hint="it looks like `http://proxy.example.com:8080`"
        ) from None
