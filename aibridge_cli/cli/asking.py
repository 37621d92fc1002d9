"""Asking a person for a token: the page that shows one, and a hidden prompt."""

from __future__ import annotations

import os
import sys

from aibridge_cli.credentials.token import check_token
from aibridge_cli.errors import CredentialRefused
from aibridge_cli.facts import Facts
from aibridge_cli.output import say
from aibridge_cli.programs import find_program
from aibridge_cli.secret import Secret


def ask_for_token(facts: Facts, origin: str, *, browser: bool) -> Secret:
    """Return the token that a person pastes.

    Args:
        facts: Where we run.
        origin: The deployment.
        browser: Whether its page may be opened.

    Raises:
        CredentialRefused: Nothing was pasted.
        KeyboardInterrupt: The person gave up.
    """
    import getpass

    page = f"{origin}/cli-auth"
    opened = browser and _open(facts, page)
    say(f"{'opened' if opened else 'open'} {page} and copy the token")
    while True:
        try:
            text = getpass.getpass("Paste the token: ", stream=sys.stderr)
        except EOFError:
            say("")
            raise CredentialRefused("no token was pasted", hint=f"open {page}") from None
        except KeyboardInterrupt:
            say("\nnothing was written")
            raise
        try:
            return check_token(text, "what was pasted")
        except CredentialRefused as refused:
            if not text.strip():
                raise
            say(f"{refused.message}; {refused.hint}")


def _open(facts: Facts, page: str) -> bool:
    """Open a page in the user's browser, and tell whether there is one that shows windows."""
    command = _browser(facts)
    if not command:
        return False
    from subprocess import DEVNULL, Popen

    try:
        Popen([*command, page], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
    except OSError:
        return False
    return True


def _browser(facts: Facts) -> list[str]:
    chosen = facts.variable("BROWSER").partition(os.pathsep)[0]
    if chosen and not set(chosen) & set(" %\"'"):
        program = chosen if os.path.isabs(chosen) else find_program(facts, chosen)
        return [program] if program else []
    if facts.variable("SSH_CONNECTION"):  # a window would open on the other machine
        return []
    if facts.platform == "macos":
        return ["/usr/bin/open"]
    if facts.platform == "windows":
        return ["explorer.exe"]
    if not (facts.variable("DISPLAY") or facts.variable("WAYLAND_DISPLAY")):
        return []
    program = find_program(facts, "xdg-open")
    return [program] if program else []
