"""Shell start-up files that would change what a client does, and files that another tool keeps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.effective import effective
from aibridge_cli.diagnosis.effective_findings import Ours, findings
from aibridge_cli.diagnosis.finding import Finding
from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.diagnosis.sources import read, sources
from aibridge_cli.diagnosis.start_up_files import start_up_files
from aibridge_cli.facts import Facts, with_variables, without_variable

_ASSIGNMENT = re.compile(
    r"""^\s*(?:export\s+|declare\s+-x\s+|typeset\s+-x\s+|set\s+(?:-\S+\s+)+|\$env:)?
        (?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?:=|\s)\s*(?P<value>'[^']*'|"[^"]*"|[^\s;&|]+)""",
    re.VERBOSE,
)
_MARK = re.compile(r"^\s*(?:#|//)\s*(?:>>>|BEGIN)\s*(\S[^<\n]*?)\s*(?:>>>|<<<)?\s*$", re.MULTILINE)


class Assignment(NamedTuple):
    """A line of a start-up file that sets a variable.

    Args:
        file: The file's path.
        line: Its number, from 1.
        name: The variable.
        value: What it is set to, as far as that is written there.
    """

    file: str
    line: int
    name: str
    value: str


def start_up_findings(
    profile: Profile, facts: Facts, reading: Reading, ours: Ours, arguments: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return a problem for each line of a start-up file that would send the client astray.

    A line does when what the client does with its variable set has a problem that it has not
    without.

    Args:
        profile: The client.
        facts: Where it runs.
        reading: The disk.
        ours: What the client should do.
        arguments: The client's own arguments.
    """
    said = []
    for assignment in assignments(profile, facts, reading):
        without = _problems(profile, without_variable(facts, assignment.name), reading, ours, arguments)
        there = with_variables(facts, **{assignment.name: assignment.value})
        with_it = _problems(profile, there, reading, ours, arguments)
        new = [finding for finding in with_it if finding not in without]
        if new:
            text = f"it sets `{assignment.name}`; in such a shell {new[0].found}"
            place = f"`{assignment.file}`:{assignment.line}"
            fix = f"take the line out, then `unset {assignment.name}` or open another terminal"
            said.append(Finding("client.start-up-file", profile.id, "problem", place, text, fix))
    return tuple(said)


def assignments(profile: Profile, facts: Facts, reading: Reading) -> Iterator[Assignment]:
    """Yield the lines of start-up files that set a variable which matters to the client."""
    matter = {setting.variable for setting in profile.settings.values() if setting.variable}
    matter |= {layer.variable for layer in profile.layers if layer.variable} | {*profile.env, *profile.unset}
    for path in start_up_files(facts, reading):
        text = read(reading, path)
        if not isinstance(text, str):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = _ASSIGNMENT.match(line)
            if match and match["name"] in matter:
                yield Assignment(path, number, match["name"], match["value"].strip("'\""))


def mark_findings(
    profile: Profile, facts: Facts, reading: Reading, arguments: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return a note for each file of the client's that another tool says it keeps.

    Args:
        profile: The client.
        facts: Where it runs.
        reading: The disk.
        arguments: The client's own arguments.
    """
    said = []
    found, broken = sources(profile, facts, reading, arguments)
    for place in (*(source.place for source in found), *(file.place for file in broken)):
        text = read(reading, place) if place else None
        for mark in dict.fromkeys(_MARK.findall(text)) if isinstance(text, str) else ():
            words = f"a part of it is kept by another tool, between the marks `{mark}`, which may write it again"
            said.append(Finding("client.marks", profile.id, "note", f"`{place}`", words))
    return tuple(dict.fromkeys(said))


def _problems(profile: Profile, facts: Facts, reading: Reading, ours: Ours, arguments: Sequence[str]) -> list[Finding]:
    found = findings(profile, effective(profile, facts, reading, arguments), facts, ours)
    return [finding for finding in found if finding.level == "problem"]
