"""The command that client files name, and that prints the token whenever it is run.

A client may be started from a dock, with an empty environment, so the command says all
that this environment would not: the account's home folder is the only thing it finds
by itself.
"""

from __future__ import annotations

import os

from aibridge_cli.credentials.coder_files import coder_folder, files_are_the_store
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts, account_home
from aibridge_cli.folders import state_folder
from aibridge_cli.programs import find_program
from aibridge_cli.shells.formats import quote_posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SAFE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-")
_SAFE_ON_WINDOWS = _SAFE_CHARACTERS - {"%", "=", ","} | {"\\"}


def helper_command(
    facts: Facts, deployment: str, *, coder_command: str = "", insecure_http: bool = False, home: str | None = None
) -> tuple[str, ...]:
    """Return the argument list that prints the deployment's token; the first is absolute.

    Folders and programs are pinned only where a run with nothing but the account's home
    would find others.

    Args:
        facts: Where we run.
        deployment: The deployment's origin.
        coder_command: The Coder CLI that printed the token, or "" when none did.
        insecure_http: Whether plain http to another machine was accepted.
        home: The account's home folder; None asks the password database.
    """
    bare = Facts(environ={}, platform=facts.platform, home=account_home() if home is None else home)
    words = [*program_command(facts), "token", "--url", deployment]
    state = state_folder(facts)
    if state != _or_nowhere(state_folder, bare):
        words += ["--state-dir", state]
    # naming the folder would make the Coder CLI leave its keychain aside
    if files_are_the_store(facts) or not coder_command:
        folder = coder_folder(facts)
        if folder != _or_nowhere(coder_folder, bare):
            words += ["--coder-config-dir", folder]
    if coder_command:
        words += ["--coder-command", coder_command]
    if insecure_http:
        words.append("--insecure-http")
    return tuple(words)


def program_command(facts: Facts) -> tuple[str, ...]:
    """Return how to start this program again, from any folder and environment.

    The entry on `PATH` is preferred when it is the running program: it stays where it is
    when an installer replaces the environment behind it.
    """
    program = facts.program
    if os.path.basename(program).startswith("aibridge") and os.path.isfile(program):
        on_path = find_program(facts, "aibridge")
        return (on_path if os.path.realpath(on_path) == os.path.realpath(program) else program,)
    # started as a module; -I keeps the client's working folder out of what is imported
    return (facts.python, "-I", "-m", "aibridge_cli")


def quote_for_shell(words: tuple[str, ...], platform: str) -> str:
    """Return an argument list as one line for the shell that clients run helpers with.

    Args:
        words: The argument list.
        platform: `windows` for cmd.exe, anything else for a POSIX shell.

    Raises:
        UsageError: cmd.exe has no way to write one of the words.
    """
    if platform == "windows":
        return " ".join([_quote_for_cmd(word) for word in words])
    return " ".join([word if word and set(word) <= _SAFE_CHARACTERS else quote_posix(word) for word in words])


def helper_program(words: tuple[str, ...], platform: str) -> str:
    """Return the text of a program that runs an argument list, for clients that give a program no arguments.

    Args:
        words: The argument list.
        platform: `windows` for a file of cmd.exe, anything else for a POSIX shell's.

    Raises:
        UsageError: cmd.exe has no way to write one of the words.
    """
    line = quote_for_shell(words, platform)
    return f"@echo off\r\n{line}\r\n" if platform == "windows" else f"#!/bin/sh\nexec {line}\n"


def _quote_for_cmd(word: str) -> str:
    # Not run: there is no Windows where this was developed. Double quotes keep all of
    # cmd.exe's operators from acting, but not `%`, and a quote inside is read in two
    # ways by cmd.exe and by the program, so those are refused.
    if word and set(word) <= _SAFE_ON_WINDOWS:
        return word
    if any(character in '"%!' or not character.isprintable() for character in word):
        raise UsageError(f"`{word}` cannot be written in a command line of cmd.exe")
    backslashes = len(word) - len(word.rstrip("\\"))
    return '"' + word + "\\" * backslashes + '"'


def _or_nowhere(folder: Callable[[Facts], str], facts: Facts) -> str:
    try:
        return folder(facts)
    except AibridgeError:  # the account has no home folder
        return ""
