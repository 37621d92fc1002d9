"""The entry point: answers `token`, `env` and `--version` before Typer is imported.

Clients wait for `aibridge token`, and shells for `aibridge env`, so these commands cost
little more than the interpreter. Modules on their path import `os`, `sys` and each
other; a test looks. Whatever is not understood here, a wrong flag included, goes to the
whole program, which knows the same commands.
"""

from __future__ import annotations

import os
import sys

from aibridge_cli.answers import env_text, say, token_text, unset_text, write_data
from aibridge_cli.errors import AibridgeError, error_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

INTERRUPTED = 130
_TOKEN_VALUES = ("--url", "--state-dir", "--coder-config-dir", "--coder-command")
_TOKEN_FLAGS = ("--insecure-http",)
_ENV_VALUES = ("--shell", "--url", "--clients", "--credential")
_ENV_FLAGS = ("--unset", "--quiet", "--anthropic-api-key", "--insecure-http")


def start() -> NoReturn:
    """Run the program as a process of its own, and end it without tidying up.

    Taking the interpreter apart, module by module, costs up to two interpreter starts, and
    the system does it anyway. Nothing of ours is registered to run at exit.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):  # the reader is gone, or the stream was closed: told already
            code = code or 1
    os._exit(code)


def main() -> int:
    """Run the program on `sys.argv` and return its exit code."""
    try:
        answer = _answer(sys.argv[1:])
        if answer is not None:
            return write_data(answer)
        import gc

        gc.set_threshold(100_000)  # a short run makes little garbage, and looking for it costs a twentieth of start-up
        from aibridge_cli.cli.app import main as whole_program

        return whole_program()
    except AibridgeError as error:
        say(error_text(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):  # in the middle of an import
            return INTERRUPTED
        say(_unexpected(error))
        return 1


def _unexpected(error: Exception) -> str:
    """Return a report of a bug of ours: where, and never with values, which could be secrets."""
    from aibridge_cli import __version__

    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('aibridge_cli')[2].lstrip('/')}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return (
        f"error: aibridge {__version__} came to something it did not foresee ({type(error).__name__} at {place})\n"
        "hint: nothing half-written is left behind; please report this line"
    )


def _answer(arguments: Sequence[str]) -> str | None:
    if arguments == ["--version"]:
        from aibridge_cli import __version__

        return f"aibridge {__version__}\n"
    if arguments[:1] == ["token"]:
        options = _options(arguments[1:], _TOKEN_VALUES, _TOKEN_FLAGS)
        return None if options is None else _token(options)
    if arguments[:1] == ["env"]:
        options = _options(arguments[1:], _ENV_VALUES, _ENV_FLAGS, words=True)
        return None if options is None else _env(options)
    return None


def _options(
    arguments: Sequence[str], values: Sequence[str], flags: Sequence[str], *, words: bool = False
) -> dict[str, str] | None:
    """Return the flags with their values, and under "" the other words, one on each line."""
    found = {}
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        name, equals, value = argument.partition("=")
        if name in values:
            if not equals:
                if not rest or rest[0].startswith("-"):
                    return None
                value = rest.pop(0)
            found[name] = value
        elif name in flags and not equals:
            found[name] = ""
        elif words and argument and not argument.startswith("-"):
            found[""] = found.get("", "") + argument + "\n"
        else:
            return None
    return found


def _token(options: dict[str, str]) -> str:
    return token_text(
        url=options.get("--url"),
        state_dir=options.get("--state-dir"),
        coder_config_dir=options.get("--coder-config-dir"),
        coder_command=options.get("--coder-command", ""),
        insecure_http="--insecure-http" in options,
    )


def _env(options: dict[str, str]) -> str | None:
    from aibridge_cli.environment import generic_warnings, has_own_profiles, has_packs
    from aibridge_cli.facts import gather
    from aibridge_cli.shells.choose import detect, shell_named

    facts = gather()
    shell = shell_named(options["--shell"]) if "--shell" in options else detect(facts)
    if options.get("--clients") == "all":  # which those are needs every profile
        return None
    clients = options.get("", "").splitlines() + [name for name in options.get("--clients", "").split(",") if name]
    quiet = "--quiet" in options
    api_key = "--anthropic-api-key" in options
    if clients and (api_key or has_packs(facts)):  # the whole program says what cannot be, and why
        return None
    if "--unset" in options:
        return unset_text(facts, shell, clients)
    if not clients and not quiet and has_own_profiles(facts):  # only the whole program reads what they say
        return None
    answer = env_text(
        facts,
        shell,
        clients,
        url=options.get("--url"),
        anthropic_api_key=api_key,
        insecure_http="--insecure-http" in options,
        credential=options.get("--credential", ""),
        quiet=quiet,
    )
    for warning in () if clients or quiet else generic_warnings(facts):
        say(f"warning: {warning}")
    return answer.text
