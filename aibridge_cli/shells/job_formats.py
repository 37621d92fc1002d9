"""What CI systems take variables from. Pure text.

GitHub and Azure read commands out of a step's log, by which a value can be masked; the
others have none, or one of their own program.
"""

from __future__ import annotations

import os

from aibridge_cli.shells.file_formats import LINE_END, FileFormat, Json
from aibridge_cli.shells.formats import SET, quote_posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.shells.formats import Deed


class GitHub(FileFormat):
    """`$GITHUB_ENV`: a heredoc with a delimiter that nobody can guess.

    Source: GitHub's documentation of workflow commands; which names are refused, and that
    commands on standard error count too, is from the runner's source.
    """

    __slots__ = ()

    appends = True
    start_line = 'aibridge env --shell {name} --to "$GITHUB_ENV"'

    def _export(self, name: str, value: str) -> str:
        if name.upper() == "NODE_OPTIONS" or name.upper().startswith(("GITHUB_", "RUNNER_")):
            raise self.refuse(name, "a name that the runner keeps for itself")
        self.refuse_any(name, value, "\r", "a carriage return")
        delimiter = f"aibridge_{os.urandom(16).hex()}"
        return f"{name}<<{delimiter}\n{value}\n{delimiter}"


class GitLab(FileFormat):
    """A `dotenv` report, which has no quotes; jobs that get it expand dollar signs.

    Source: GitLab's documentation of `artifacts:reports:dotenv`, and its parser, which
    takes white space around a value away.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        self.refuse_any(name, value, "\r\n", LINE_END)
        self.refuse_any(name, value, "$", "a dollar sign")
        if value != value.strip():
            raise self.refuse(name, "white space at an end")
        return f"{name}={value}"


class Azure(FileFormat):
    """Azure Pipelines, by commands in the log: each secret is masked before it is set.

    It is set as an ordinary variable, as one that is marked secret reaches no later
    step's environment; the mask is by value, so the log shows it nowhere.
    Source: Azure's documentation of logging commands.
    """

    __slots__ = ()

    in_log = True
    start_line = "aibridge env --shell {name}"

    def script(self, deeds: Iterable[Deed]) -> str:
        """Return the commands, with those that mask first."""
        wanted = [deed for deed in deeds if deed.verb == SET]
        lines = [self.line(deed) + "\n" for deed in wanted]
        secrets = dict.fromkeys([deed.value for deed in wanted if deed.secret])
        return "".join([f"##vso[task.setsecret]{secret}\n" for secret in secrets] + lines)

    def _export(self, name: str, value: str) -> str:
        self.refuse_any(name, value, "\r\n", LINE_END)
        self.refuse_any(name, value, "%", "a percent sign")
        if not value:
            raise self.refuse(name, "no character")
        return f"##vso[task.setvariable variable={name}]{value}"


class CircleCi(FileFormat):
    """`$BASH_ENV`, which bash reads before each step."""

    __slots__ = ()

    appends = True
    start_line = 'aibridge env --shell {name} --to "$BASH_ENV"'

    def _export(self, name: str, value: str) -> str:
        return f"export {name}={quote_posix(value)};"


class Buildkite(Json):
    """The JSON that Buildkite's own program takes, for variables and for what it hides."""

    __slots__ = ()

    start_line = "aibridge env --shell {name} | buildkite-agent env set --input-format=json -"


class Jenkins(FileFormat):
    """Java properties for the `readProperties` step of Jenkins pipelines, in ASCII.

    Source: the documentation of `java.util.Properties.load`.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        return f"{name}=" + "".join([_property_character(character) for character in value])


def _property_character(character: str) -> str:
    if character in "\\:=#! ":
        return "\\" + character
    if " " < character < "\x7f":
        return character
    units = character.encode("utf-16-be")
    return "".join([f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)])


def mask_command(secret: str) -> str:
    """Return the lines by which GitHub hides a value in the log of a job from then on."""
    masks = [line.replace("%", "%25").replace("\r", "%0D") for line in secret.split("\n") if line]
    return "".join([f"::add-mask::{mask}\n" for mask in masks])
