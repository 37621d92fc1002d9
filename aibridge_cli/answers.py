"""What `aibridge token` and `aibridge env` answer, for the fast and for the whole program."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from aibridge_cli.credentials.found import FoundToken
    from aibridge_cli.facts import Facts
    from aibridge_cli.shells.formats import Shell

BROKEN_PIPE = 141


def token_text(
    *,
    url: str | None = None,
    state_dir: str | None = None,
    coder_config_dir: str | None = None,
    coder_command: str = "",
    insecure_http: bool = False,
) -> str:
    """Return what `aibridge token` prints; the arguments are its flags.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    found = client_token(
        url=url,
        state_dir=state_dir,
        coder_config_dir=coder_config_dir,
        coder_command=coder_command,
        insecure_http=insecure_http,
    )
    return found[1].value.reveal() + "\n"


def client_token(
    *,
    url: str | None = None,
    state_dir: str | None = None,
    coder_config_dir: str | None = None,
    coder_command: str = "",
    insecure_http: bool = False,
) -> tuple[str, FoundToken]:
    """Return deployment and token as a client's helper is to get them; the arguments are the flags of `aibridge token`.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.facts import gather
    from aibridge_cli.folders import pinned

    facts = pinned(gather(), state_dir=state_dir, coder_config_dir=coder_config_dir)
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value, coder_command=coder_command, renew=True)
    if facts.terminal:  # a client would take the notes for a failure
        _say_notes(token)
    return deployment.value, token


def env_text(
    facts: Facts,
    shell: Shell,
    clients: Sequence[str] = (),
    *,
    url: str | None = None,
    anthropic_api_key: bool = False,
    insecure_http: bool = False,
    typed: str | None = None,
) -> str:
    """Return what `aibridge env` prints; notes go to standard error.

    Args:
        facts: Where we run.
        shell: Who is to read it.
        clients: Ids or aliases; without any, the variables that most clients read.
        url: The value of `--url`.
        anthropic_api_key: Whether `--anthropic-api-key` was given.
        insecure_http: Whether `--insecure-http` was given.
        typed: The token that came on standard input, or None.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.gateway_settings import gateway_of
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.environment import export_lines, generic_environment, unset_lines

    needed = None
    if clients:
        from aibridge_cli.client_environment import ClientEnvironment

        needed = ClientEnvironment(facts, clients)
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value, typed=typed)
    addresses = gateway_of(facts, deployment.value)
    _say_notes(token)
    if needed is None:
        return export_lines(shell, generic_environment(addresses, token.value, anthropic_api_key))
    for warning in needed.warnings():
        say(f"warning: {warning}")
    values = needed.values(addresses, deployment.value, token.value)
    return unset_lines(shell, needed.unset) + export_lines(shell, values)


def unset_text(facts: Facts, shell: Shell, clients: Sequence[str] = (), *, anthropic_api_key: bool = False) -> str:
    """Return what `aibridge env --unset` prints: the lines that take away what `env` sets.

    Args:
        facts: Where we run.
        shell: Who is to read it.
        clients: Ids or aliases.
        anthropic_api_key: Whether `--anthropic-api-key` was given.

    Raises:
        AibridgeError: A client is unknown, or its profile broken.
    """
    from aibridge_cli.environment import generic_names, unset_lines

    if not clients:
        return unset_lines(shell, generic_names(anthropic_api_key))
    from aibridge_cli.client_environment import ClientEnvironment

    return unset_lines(shell, ClientEnvironment(facts, clients).templates)


def write_data(text: str) -> int:
    """Write to standard output and return the exit code: quiet when nobody reads it."""
    if sys.stdout is None:
        return 1
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _drop(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE
        say(f"error: cannot write to standard output: {error.strerror}")
        return 1
    return 0


def _say_notes(token: FoundToken) -> None:
    for note in token.notes:
        say(f"note: {note}")


def say(text: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:  # nobody listens, and there is nowhere else to say it
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    # what is left in the buffer would fail again when the interpreter ends
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
