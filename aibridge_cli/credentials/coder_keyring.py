"""The Coder CLI's own entry in the keychain of macOS and Windows: read, never written.

`coder login token` is the better way to the same token; this one is for a Coder CLI that
cannot print it (before 2.31) or is not on `PATH`. The formats are those of
`cli/sessionstore` in coder/coder: one object in 2.29, then an object for each host, whose
`coder_url` was first a bare host and is an origin now.
"""

from __future__ import annotations

import os

from aibridge_cli.child import TookTooLong, run
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError, CredentialRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aibridge_cli.facts import Facts

SERVICE = "coder-v2-credentials"
ACCOUNT = "coder-login-credentials"
SECURITY = "/usr/bin/security"
"""The program of macOS by which the Coder CLI writes the entry, so that it reads it without a question."""
TIME_LIMIT = 2.0
"""Seconds."""
_NO_SUCH_ENTRY = 44
"""The exit code of `security` for errSecItemNotFound, of whose -25300 eight bits are left."""


def read(facts: Facts, origin: str) -> str:
    """Return the token that the Coder CLI keeps for a deployment in the keychain, or "".

    Where a folder was named, or the keychain turned off, files are the Coder CLI's store
    and an entry is a left-over.

    Args:
        facts: Where we run.
        origin: The deployment.

    Raises:
        AibridgeError: The keychain does not answer within `TIME_LIMIT`, or refuses.
    """
    if facts.variable("CODER_CONFIG_DIR") or facts.variable("CODER_USE_KEYRING").lower() in ("0", "f", "false"):
        return ""
    if facts.platform == "macos":
        return token_in(_from_security(facts), origin)
    if facts.platform == "windows":
        from aibridge_cli.credentials.windows_credential import generic_credential
        from aibridge_cli.keychains.library import bounded

        return token_in(bounded(lambda: generic_credential(SERVICE), TIME_LIMIT), origin)
    return ""


def token_in(entry: str | bytes, origin: str) -> str:
    """Return the token for a deployment in a value of the Coder CLI's entry, or "".

    An entry for `https` is never given to `http`, nor the other way round, and a host
    without a scheme counts as `https`.

    Args:
        entry: The value, as its JSON, in base64 as macOS has it, or as the `keyring`
            library shows the UTF-8 of Windows: taken for UTF-16.
        origin: The deployment, as `aibridge_cli.deployment.urls.normalise` returns it.
    """
    for entries in _decoded(entry):
        whole = _token_of(entries, origin)
        if whole:
            return whole
        for host, value in entries.items():
            token = _token_of(value, origin)
            if token and _same(host, origin):
                return token
    return ""


def _token_of(value: Any, origin: str) -> str:
    if not isinstance(value, dict):
        return ""
    url, token = value.get("coder_url"), value.get("api_token")
    if not isinstance(url, str) or not isinstance(token, str):
        return ""
    written = url if "://" in url else f"https://{url}"
    return token.strip() if _origin(written) == origin else ""


def _same(host: str, origin: str) -> bool:
    scheme, _, _ = origin.partition("://")
    return _origin(f"{scheme}://{host}") == origin


def _origin(url: str) -> str:
    try:
        return normalise(url, insecure_http=True)
    except CredentialRefused:
        return ""


def _decoded(entry: str | bytes) -> Iterator[dict[str, Any]]:
    """Give the objects that the value may stand for, the likeliest first."""
    import base64
    import json

    try:
        text = entry.decode() if isinstance(entry, bytes) else entry
    except UnicodeDecodeError:
        return
    text = text.strip().removeprefix("\ufeff")
    readings = [text.encode(errors="surrogatepass")]
    try:
        readings.append(base64.b64decode(text, validate=True))
    except ValueError:  # it is not base64, or not even ASCII
        readings.append(text.encode("utf-16-le", errors="surrogatepass"))
    for reading in readings:
        try:
            value = json.loads(reading.decode())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _from_security(facts: Facts) -> bytes:
    command = [SECURITY, "find-generic-password", "-s", SERVICE, "-a", ACCOUNT, "-w"]
    environment = dict(facts.environ)
    if facts.home and not environment.get("HOME"):
        environment["HOME"] = facts.home  # where the login keychain is
    if not os.path.exists(SECURITY):
        return b""
    try:
        outcome = run(command, environment, TIME_LIMIT)
    except TookTooLong:
        raise AibridgeError(f"`{SECURITY}` did not answer within {TIME_LIMIT:g} s", hint=_HINT) from None
    if outcome.code == _NO_SUCH_ENTRY:
        return b""
    if outcome.code != 0:
        raise AibridgeError(f"`{SECURITY}` does not give the Coder CLI's entry: {outcome.reason}", hint=_HINT)
    return outcome.output


_HINT = "unlock the login keychain, or set `CODER_SESSION_TOKEN`"
