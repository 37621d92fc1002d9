"""Which programs a profile would have run, by us or by the client: told before it is installed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.trees import strings
from aibridge_cli.documents.operations import Place

OURS = ("{helper}", "{helper.command}", "{helper.args}")
"""What stands for our own command."""

LOADING = (
    *("BASH_ENV", "DYLD_INSERT_LIBRARIES", "EDITOR", "ENV", "GIT_SSH_COMMAND", "LD_LIBRARY_PATH", "LD_PRELOAD"),
    *("NODE_OPTIONS", "PAGER", "PATH", "PERL5OPT", "PYTHONPATH", "PYTHONSTARTUP", "RUBYOPT", "SHELL", "VISUAL"),
)
"""Variables by which shells, interpreters and the system's loader are told what to run or to load."""

_COMMAND = re.compile(r"(?i)command|cmd|helper|hook|script|exec|program|args")


def programs(profile: Profile) -> tuple[str, ...]:
    """Return what a profile has run, each once; our own command is left out.

    What a client makes of a value is not known here: a value counts where the profile says
    that its setting holds a command, or where a word of its key is one for commands.

    Args:
        profile: The profile.
    """
    commands = {setting.key for setting in profile.settings.values() if setting.holds == "command"}
    found = [*_run_by_us(profile)]
    for key, text in _written(profile):
        words = any(isinstance(word, str) and _COMMAND.search(word) for word in key)
        if (words or key in commands) and text not in OURS:
            found.append(text)
    variables = {**profile.env, **(profile.run.env if profile.run else {})}
    found += [f"{name}={text}" for name, text in variables.items() if name in LOADING]
    shown = [text if text.isprintable() else ascii(text) for text in found if text]
    return tuple(dict.fromkeys(shown))


def _run_by_us(profile: Profile) -> Iterator[str]:
    command = profile.detect.commands[:1]
    if command != (profile.id,):  # else it goes without saying
        yield " ".join(command)
    yield " ".join(profile.version.command)
    yield " ".join(profile.ask.command)
    if profile.run:
        yield " ".join([*(profile.run.command or command), *profile.run.arguments, *profile.run.each])


def _written(profile: Profile) -> Iterator[tuple[Place, str]]:
    for edit in profile.edits:
        yield from strings(edit.set)
        yield from strings(edit.default)
        for upsert in edit.upserts:
            yield from (((*upsert.at, *key), text) for key, text in strings(upsert.value))
        for include in edit.includes:
            yield from (((*include.at, *key), text) for key, text in strings(include.values))
    if profile.run:
        yield from strings(profile.run.set)
