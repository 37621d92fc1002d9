"""HTTP to one deployment, as companies' networks have it.

Proxies, trusted certificates and extra headers come from the usual variables. Every wait
has a limit, what may be asked twice is asked again after a passing fault, and nothing
that could carry the token goes to another origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aibridge_cli import __version__
from aibridge_cli.deployment.answer import Answer, elsewhere, html_page, is_page, seconds_to_wait, title
from aibridge_cli.deployment.extra_headers import TIME_LIMIT, Header, extra_headers, needs_headers
from aibridge_cli.deployment.limits import QUICK, USUAL, Limits
from aibridge_cli.deployment.proxies import proxy_for
from aibridge_cli.errors import GatewayError
from aibridge_cli.secret import Secret, mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from aibridge_cli.deployment.wire import Request, Wire
    from aibridge_cli.facts import Facts

__all__ = ["QUICK", "USUAL", "Answer", "Client", "Limits", "needs_headers"]

TOKEN_HEADER = "Coder-Session-Token"  # noqa: S105  the name of a header
FIRST_PAUSE = 0.5
"""Seconds before the first retry; each further one waits twice as long."""
MOST_REDIRECTS = 3
_SHORTEST_SECRET = 6
"""Characters. Shorter values of headers say `true` or `1`, and would mask half of a sentence."""
_PASSING = frozenset((429, 502, 503, 504))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_REPEATABLE = frozenset(("GET", "DELETE"))
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Client:
    """Speaks to one deployment; use it as a context manager.

    Args:
        facts: Where we run.
        origin: The deployment, as `aibridge_cli.deployment.urls.normalise` returns it.
        token: Sent with each request, unless that is anonymous.
        limits: How long and how often to try.
        sleep: Waits that many seconds.
        clock: Tells seconds that only ever grow.
    """

    def __init__(
        self,
        facts: Facts,
        origin: str,
        *,
        token: Secret | None = None,
        limits: Limits = USUAL,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        import time

        self._facts = facts
        self.origin = origin
        self._token = token
        self._limits = limits
        self._sleep = sleep or time.sleep
        self._clock = clock or time.monotonic
        self._extra: tuple[Header, ...] = ()
        self._wire: Wire | None = None
        self._end: float | None = None

    def __enter__(self) -> Self:
        """Make ready to connect.

        Raises:
            GatewayError: A proxy, a certificate or a header of the environment is of no use.
        """
        from aibridge_cli.deployment.wire import Wire

        if self._limits.altogether is not None:
            self._end = self._clock() + self._limits.altogether
        proxy = proxy_for(self._facts, self.origin)
        self._extra = extra_headers(self._facts, self.origin, time_limit=min(TIME_LIMIT, self._limits.whole))
        self._wire = Wire(self._facts, self.origin, proxy, self._limits, self._clock)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def get(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        anonymous: bool = False,
    ) -> Answer:
        """Ask for what is at a path; redirects that stay on the deployment are followed.

        Args:
            path: Path below the origin, as in `/api/v2/buildinfo`.
            query: Parameters of the query, unencoded.
            headers: Further headers.
            anonymous: Whether to leave the token out.

        Raises:
            GatewayError: No answer came, or one from something that stands in front of
                the deployment.
        """
        url = self.origin + path
        if query:
            from urllib.parse import urlencode

            url += "?" + urlencode(query)
        for _ in range(1 + MOST_REDIRECTS):
            answer = self._send("GET", url, self._headers(headers, anonymous=anonymous))
            if answer.status not in _REDIRECTS:
                return self._from_deployment(answer)
            url, stays = self._target(answer)
            if not stays:
                raise elsewhere(self.origin, answer, self.masked(url))
        raise GatewayError(
            f"`{self.origin}` redirects in circles", hint="look at what stands in front of the deployment"
        )

    def post(
        self,
        path: str,
        body: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        anonymous: bool = False,
    ) -> Answer:
        """Send a JSON object to a path, once: what it asks for might be done even if no answer comes.

        So it is not sent either when the time for all calls leaves less than a call may take.

        Args:
            path: Path below the origin.
            body: The object.
            headers: Further headers.
            anonymous: Whether to leave the token out.

        Raises:
            GatewayError: As with `get`.
        """
        import json

        if self._end is not None and self._end - self._clock() < self._limits.whole:
            raise GatewayError(
                f"`{self.origin}` is too slow for anything to be made in the time there is", hint="try again later"
            )
        sent = [*self._headers(headers, anonymous=anonymous), ("Content-Type", "application/json")]
        return self._at_once(self._send("POST", self.origin + path, sent, json.dumps(body).encode()))

    def delete(self, path: str) -> Answer:
        """Delete what is at a path.

        Args:
            path: Path below the origin.

        Raises:
            GatewayError: As with `get`.
        """
        return self._at_once(self._send("DELETE", self.origin + path, self._headers()))

    def masked(self, text: str) -> str:
        """Return a text from the deployment with everything secret in it shown as `***`."""
        values = (header.value for header in self._extra)
        known = tuple(value for value in values if len(value.reveal()) >= _SHORTEST_SECRET)
        return mask(text, (self._token, *known) if self._token else known)

    def _headers(self, given: Mapping[str, str] | None = None, *, anonymous: bool = False) -> list[tuple[str, str]]:
        own = {
            "Accept": "application/json",
            # what arrives is then as large as it says
            "Accept-Encoding": "identity",
            "User-Agent": f"aibridge-cli/{__version__}",
            **(given or {}),
        }
        if self._token and not anonymous:
            own[TOKEN_HEADER] = self._token.reveal()
        taken = {TOKEN_HEADER.lower(), *(name.lower() for name in own)}
        extra = [(header.name, header.value.reveal()) for header in self._extra if header.name.lower() not in taken]
        return [*own.items(), *extra]

    def _send(self, method: str, url: str, headers: list[tuple[str, str]], body: bytes | None = None) -> Answer:
        from aibridge_cli.deployment.wire import Lost, Request

        request = Request(method, url, headers, body)
        deadline = self._clock() + self._limits.whole
        if self._end is not None:
            deadline = min(deadline, self._end)
        retries = self._limits.retries if method in _REPEATABLE else 0
        pause = FIRST_PAUSE
        while True:
            try:
                answer = self._ask(request, deadline)
            except Lost as lost:
                wait = pause
                if not retries or not lost.passing or self._clock() + wait >= deadline:
                    raise
            else:
                asked = seconds_to_wait(answer)
                wait = max(pause, asked)
                too_long = asked > self._limits.longest_wait or self._clock() + wait >= deadline
                if not retries or answer.status not in _PASSING or too_long:
                    return answer
            self._sleep(wait)
            retries -= 1
            pause *= 2

    def _ask(self, request: Request, deadline: float) -> Answer:
        if self._wire is None:
            raise RuntimeError("the client is used outside of its `with`")
        return self._wire.ask(request, deadline)

    def _target(self, answer: Answer) -> tuple[str, bool]:
        """Return where a redirect leads, and whether it stays; elsewhere, only what may be shown of the address."""
        from urllib.parse import quote, urljoin, urlsplit

        location = answer.headers.get("location", "")
        if not location:
            raise GatewayError(f"`{self.origin}` answered with a redirect that leads nowhere")
        try:
            target = urlsplit(urljoin(answer.url, location))
            host, port = target.hostname or "", target.port
        except ValueError:
            raise GatewayError(f"`{self.origin}` redirects to something that is no address") from None
        host = f"[{host}]" if ":" in host else host
        number = f":{port}" if port and port != _DEFAULT_PORTS.get(target.scheme) else ""
        origin = f"{target.scheme}://{host}{number}"
        if origin != self.origin:
            return origin + target.path, False
        path = quote(target.path, safe="/%:@!$&'()*+,;=~")  # it is shown when that answers with an error
        return origin + (path or "/") + (f"?{target.query}" if target.query else ""), True

    def _at_once(self, answer: Answer) -> Answer:
        if answer.status in _REDIRECTS:
            raise elsewhere(self.origin, answer, self.masked(self._target(answer)[0].partition("?")[0]))
        return self._from_deployment(answer)

    def _from_deployment(self, answer: Answer) -> Answer:
        if answer.status == 407 and self._wire is not None:
            raise self._wire.locked_out()
        if answer.status < 300 and is_page(answer):
            raise html_page(self.origin, self.masked(title(answer)))
        return answer
