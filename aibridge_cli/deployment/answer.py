"""An answer as a value, and how to tell that it is not the deployment's own. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from aibridge_cli.errors import GatewayError

_LONGEST_WORDS = 300
_TITLE = re.compile(rb"<title[^>]*>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)


class Answer(NamedTuple):
    """What came back.

    Args:
        status: The HTTP status.
        headers: Names in lower case to values.
        body: The body.
        url: What was asked, without its query.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""

    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as data.

        Raises:
            GatewayError: It is not JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise GatewayError(
                f"`{self.url}` answered with something that is not JSON",
                hint="look at the address, and at what stands in front of the deployment",
            ) from None


def seconds_to_wait(answer: Answer, now: float | None = None) -> float:
    """Return how long `Retry-After` asks to wait, in seconds; 0 when it says nothing.

    Args:
        answer: What came back.
        now: Seconds since 1970, for the header's other form, a date; None asks the clock.
    """
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    if not value:
        return 0.0
    import time
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, until - (time.time() if now is None else now))


def is_page(answer: Answer) -> bool:
    """Tell whether the answer is a page for people."""
    kind = answer.headers.get("content-type", "").lower()
    start = answer.body[:200].lstrip().lower()
    return kind.startswith(("text/html", "application/xhtml")) or start.startswith((b"<!doctype html", b"<html"))


def title(answer: Answer) -> str:
    """Return a page's title on one line, or ""."""
    from html import unescape

    found = _TITLE.search(answer.body[:65536])
    return shortened(unescape(found[1].decode("utf-8", "replace")), 100) if found else ""


def shortened(text: str, limit: int = _LONGEST_WORDS) -> str:
    """Return a stranger's words on one line, without control characters and not too long."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def html_page(origin: str, called: str) -> GatewayError:
    """Return the error for a page where Coder would have answered with data.

    Args:
        origin: The deployment.
        called: The page's title, or "".
    """
    named = f"a web page, “{called}”," if called else "a web page"
    return GatewayError(
        f"`{origin}` answered with {named} and not as Coder does",
        hint="it may be the page of a sign-in or of another server; look at the address, "
        "and set `CODER_HEADER` or `CODER_HEADER_COMMAND` where something in front wants a sign-in of its own",
    )


def elsewhere(origin: str, answer: Answer, target: str) -> GatewayError:
    """Return the error for a redirect that is not followed.

    Args:
        origin: The deployment.
        answer: The redirect.
        target: Where it leads, without user name, query and fragment.
    """
    target = shortened(target)
    path = answer.url.removeprefix(origin)
    other = target.removesuffix(path)
    if path and target.endswith(path) and other != origin:
        hint = f"if that is the deployment, use its own address: `{other}`"
    else:
        hint = (
            "a sign-in stands in front of the deployment; "
            "set `CODER_HEADER` or `CODER_HEADER_COMMAND` to what lets programs through"
        )
    return GatewayError(f"`{origin}` redirects to `{target}`, where no token is sent", hint=hint)
