"""The entry point: answers `token`, `env` and `--version` before Typer is imported.

Clients wait for `aibridge token`, and shells for `aibridge env`, so these commands cost
little more than the interpreter. Modules on their path import `os`, `sys` and each
other; a test looks. Whatever is not understood here, a wrong flag included, goes to the
whole program, which knows the same commands.
"""

from __future__ import annotations

import os
import sys

from aibridge_cli.errors import AibridgeError, error_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from aibridge_cli.credentials.found import FoundToken
    from aibridge_cli.facts import Facts
    from aibridge_cli.shells.formats import Shell

INTERRUPTED = 130
BROKEN_PIPE = 141
_TOKEN_VALUES = ("--url", "--state-dir", "--coder-config-dir", "--coder-command")
_TOKEN_FLAGS = ("--insecure-http",)
_ENV_VALUES = ("--shell", "--url")
_ENV_FLAGS = ("--unset", "--anthropic-api-key", "--insecure-http")


def main() -> int:
    """Run the program on `sys.argv` and return its exit code."""
    try:
        answer = _answer(sys.argv[1:])
        if answer is not None:
            return write_data(answer)
        from aibridge_cli.cli.app import main as whole_program

        return whole_program()
    except AibridgeError as error:
        _say(error_text(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


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
        _say(f"error: cannot write to standard output: {error.strerror}")
        return 1
    return 0


def _answer(arguments: Sequence[str]) -> str | None:
    if arguments == ["--version"]:
        from aibridge_cli import __version__

        return f"aibridge {__version__}\n"
    if arguments[:1] == ["token"]:
        options = _options(arguments[1:], _TOKEN_VALUES, _TOKEN_FLAGS)
        return None if options is None else _token(options)
    if arguments[:1] == ["env"]:
        options = _options(arguments[1:], _ENV_VALUES, _ENV_FLAGS)
        return None if options is None else _env(options)
    return None


def _options(arguments: Sequence[str], values: Sequence[str], flags: Sequence[str]) -> dict[str, str] | None:
    found = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in values:
            if not equals:
                if not rest or rest[0].startswith("-"):
                    return None
                value = rest.pop(0)
            found[name] = value
        elif name in flags and not equals:
            found[name] = ""
        else:
            return None
    return found


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
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.facts import gather
    from aibridge_cli.folders import pinned

    facts = pinned(gather(), state_dir=state_dir, coder_config_dir=coder_config_dir)
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value, coder_command=coder_command)
    if facts.terminal:  # a client would take the notes for a failure
        _say_notes(token)
    return token.value.reveal() + "\n"


def env_text(
    facts: Facts,
    shell: Shell,
    *,
    url: str | None = None,
    anthropic_api_key: bool = False,
    insecure_http: bool = False,
) -> str:
    """Return what `aibridge env` without clients prints; notes go to standard error.

    Args:
        facts: Where we run.
        shell: Who is to read it.
        url: The value of `--url`.
        anthropic_api_key: Whether `--anthropic-api-key` was given.
        insecure_http: Whether `--insecure-http` was given.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.deployment.urls import gateway
    from aibridge_cli.environment import export_lines, generic_environment

    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value)
    _say_notes(token)
    return export_lines(shell, generic_environment(gateway(deployment.value), token.value, anthropic_api_key))


def _token(options: dict[str, str]) -> str:
    return token_text(
        url=options.get("--url"),
        state_dir=options.get("--state-dir"),
        coder_config_dir=options.get("--coder-config-dir"),
        coder_command=options.get("--coder-command", ""),
        insecure_http="--insecure-http" in options,
    )


def _env(options: dict[str, str]) -> str | None:
    from aibridge_cli.environment import generic_names, generic_warnings, has_own_profiles, unset_lines
    from aibridge_cli.facts import gather
    from aibridge_cli.shells.choose import detect, shell_named

    facts = gather()
    shell = shell_named(options["--shell"]) if "--shell" in options else detect(facts)
    api_key = "--anthropic-api-key" in options
    if "--unset" in options:
        return unset_lines(shell, generic_names(api_key))
    if has_own_profiles(facts):  # only the whole program reads what they say
        return None
    text = env_text(
        facts,
        shell,
        url=options.get("--url"),
        anthropic_api_key=api_key,
        insecure_http="--insecure-http" in options,
    )
    for warning in generic_warnings(facts):
        _say(f"warning: {warning}")
    return text


def _say_notes(token: FoundToken) -> None:
    for note in token.notes:
        _say(f"note: {note}")


def _say(text: str) -> None:
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
