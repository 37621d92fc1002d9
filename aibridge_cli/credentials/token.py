"""What a Coder token looks like, and what it never looks like.

A token is an id of 10 and a secret of 22 letters and digits with a dash between them.
Servers have changed less than that over the years, but nobody promised it, so another
shape is only unusual; what is known to be something else is refused.
"""

from __future__ import annotations

from aibridge_cli.errors import CredentialRefused
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

LONGEST = 4096
"""Characters. Coder's tokens have 33; what is longer than this is something else."""

_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_NEVER = frozenset("\"'`<>{}\\")
"""Of quotes that were copied along, JSON and pages."""
_HEX = frozenset("0123456789abcdefABCDEF")


def typed_token(stream: TextIO | None) -> str:
    """Return what came on standard input, for `check_token` to judge.

    Args:
        stream: Standard input, or None when it was closed before we started.
    """
    try:
        return "" if stream is None else stream.read(2 * LONGEST)
    except UnicodeDecodeError:
        return "\ufffd"


def check_token(text: str, what: str = "the token") -> Secret:
    """Return a token without the white space around it.

    Args:
        text: What was given.
        what: How error messages call it, as in "`CODER_SESSION_TOKEN`".

    Raises:
        CredentialRefused: It is no Coder token. The message never shows it.
    """
    text = text.strip()
    if not text:
        raise CredentialRefused(f"{what} is empty", hint="make a token with `coder tokens create`")
    if text.startswith("sk-"):
        raise CredentialRefused(
            f"{what} is a key of an AI provider, not a Coder token",
            hint="the deployment holds the providers' keys; make a token with `coder tokens create`",
        )
    if [len(part) for part in text.split("-")] == [8, 4, 4, 4, 12] and set(text) <= _HEX | {"-"}:
        raise CredentialRefused(
            f"{what} is a UUID, as the token of a workspace agent is, not a Coder token",
            hint="make a token with `coder tokens create`",
        )
    if len(text) > LONGEST:
        raise CredentialRefused(f"{what} is too long to be one", hint="copy the token alone, on one line")
    for character in text:
        if not "!" <= character <= "~" or character in _NEVER:
            kind = "white space" if character.isspace() else "a character that no token has"
            raise CredentialRefused(f"{what} has {kind} in it", hint="copy the token alone, on one line")
    return Secret(text)


def unusual(token: Secret) -> bool:
    """Tell whether a token has another shape than those that Coder makes today."""
    identifier, dash, secret = token.reveal().partition("-")
    usual = len(identifier) == 10 and dash and len(secret) == 22 and set(identifier + secret) <= _ALPHANUMERIC
    return not usual
