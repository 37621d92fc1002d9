"""An archive over https.

No token and none of the headers for the deployment are sent: the archive may be anywhere.
What it must be is known by its hash, so redirects to other hosts are followed.
"""

from __future__ import annotations

import time

from aibridge_cli import __version__
from aibridge_cli.deployment.limits import Limits
from aibridge_cli.deployment.proxies import proxy_for
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.packs.archive import LARGEST_ARCHIVE

LIMITS = Limits(connect=10.0, read=20.0, whole=120.0, largest_answer=LARGEST_ARCHIVE)
MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)


def shown(url: str) -> str:
    """Return an address as it may be shown: what stands after `?` can be a secret.

    Raises:
        UsageError: It is not an `https` address, or has a user's name in it.
    """
    address = url.partition("#")[0].partition("?")[0]
    origin, path = _split(address)
    return origin + path


def download(facts: Facts, url: str) -> bytes:
    """Return what is at an address.

    Args:
        facts: Proxies and certificates to trust.
        url: An `https` address.

    Raises:
        UsageError: It is not an `https` address.
        AibridgeError: It cannot be had.
    """
    from aibridge_cli.deployment.wire import Request, Wire

    deadline = time.monotonic() + LIMITS.whole
    headers = [("User-Agent", f"aibridge-cli/{__version__}"), ("Accept-Encoding", "identity")]
    for _ in range(1 + MOST_REDIRECTS):
        named = shown(url)
        origin, _path = _split(url)
        wire = Wire(facts, origin, proxy_for(facts, origin), LIMITS, time.monotonic)
        try:
            answer = wire.ask(Request("GET", url.partition("#")[0], headers), deadline)
        finally:
            wire.close()
        if answer.status in _REDIRECTS and answer.headers.get("location"):
            url = _target(url, answer.headers["location"])
        elif answer.status == 200:
            return answer.body
        else:
            raise AibridgeError(
                f"`{named}` cannot be downloaded: it answers {answer.status}", hint="look at the address"
            )
    raise AibridgeError(f"`{shown(url)}` redirects in circles", hint="look at the address")


def _target(url: str, location: str) -> str:
    from urllib.parse import urljoin

    try:
        target = urljoin(url, location)
        shown(target)
    except (ValueError, UsageError):
        raise AibridgeError(
            f"`{shown(url)}` redirects to what is no `https` address", hint="look at the address"
        ) from None
    return target


def _split(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition("://")
    if scheme.lower() != "https":
        raise UsageError(
            f"`{scheme}://…` is not an `https` address", hint="a pack is a folder, or an archive at an `https` address"
        )
    authority, slash, path = rest.partition("/")
    # normalise refuses a user's name, white space and what is no host
    return normalise(f"https://{authority.partition('?')[0]}", what="the pack's address"), slash + path
