"""Everything that is wrong with a profile that somebody is writing, not only what comes first."""

from __future__ import annotations

from aibridge_cli.clients.consistency import problems
from aibridge_cli.clients.loader import ALLOWED, LISTS, READERS, client_id, read_profile, toml_data
from aibridge_cli.clients.tables import Table, nearest
from aibridge_cli.errors import ProfileError


def lint(text: str, source: str) -> list[ProfileError]:
    """Return what is wrong with a profile, each with its place; empty when it can be used.

    Every key at the top and every table of an array is judged by itself; only when all of
    them are right can it be told how they fit together.

    Args:
        text: The text of the file.
        source: The file's path; its stem is the client's id.
    """
    found: list[ProfileError] = []
    try:
        data = toml_data(text, source)
    except ProfileError as problem:
        return [problem]
    try:
        client_id(source)
    except ProfileError as problem:
        found.append(problem)
    top = Table(source, "", data, None)
    known = ALLOWED[""]
    found += [top.error("", f"unknown key `{key}`", hint=nearest(key, known)) for key in data if key not in known]
    for read in READERS.values():
        try:
            read(top)
        except ProfileError as problem:
            found.append(problem)
    for key in LISTS:
        found += _in_list(top, key)
    return found or list(problems(read_profile(top)))


def _in_list(top: Table, key: str) -> list[ProfileError]:
    try:
        tables = top.tables(key, None)
    except ProfileError as problem:
        return [problem]
    found = []
    for table in tables:
        try:
            LISTS[key][1](Table(table.file, table.where, table.data, ALLOWED[key]))
        except ProfileError as problem:
            found.append(problem)
    return found
