"""The documents from which a client takes its settings here, strongest first. Pure over a `Reading`."""

from __future__ import annotations

import json
import ntpath
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aibridge_cli.clients.paths import locate, resolve_paths, rooted
from aibridge_cli.clients.placeholders import names
from aibridge_cli.clients.profile import Layer, Profile
from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.documents.editing import document_format
from aibridge_cli.errors import DocumentError
from aibridge_cli.facts import Facts

_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)(/.*)?$")


class Source(NamedTuple):
    """One document, or the environment.

    Args:
        layer: The layer of the profile that it belongs to.
        place: A path, `$NAME` or a flag; "" for the environment.
        data: What the document says; None for the environment.
    """

    layer: Layer
    place: str
    data: Any = None


class BrokenFile(NamedTuple):
    """A document that cannot be read.

    Args:
        place: Its path, `$NAME` or flag.
        what: Its layer's name.
        reason: What is wrong with it, with line and column.
        stops: Whether the client does not start because of it; else it passes it over.
    """

    place: str
    what: str
    reason: str
    stops: bool


def sources(
    profile: Profile, facts: Facts, reading: Reading, arguments: Sequence[str] = ()
) -> tuple[tuple[Source, ...], tuple[BrokenFile, ...]]:
    """Return what the client reads, strongest first, and what it cannot read.

    Args:
        profile: The client.
        facts: The environment, the home and the working folder that the client would have.
        reading: The disk.
        arguments: The client's own arguments.

    Raises:
        AibridgeError: There is no home folder, or one of the client's folders is relative.
    """
    own = resolve_paths(profile, facts)
    found: list[Source] = []
    broken: list[BrokenFile] = []
    for layer in profile.layers:
        if layer.environment:
            found.append(Source(layer, ""))
            continue
        if layer.unless and facts.variable(layer.unless).lower() in ("1", "true"):
            continue
        for place, text in _texts(layer, facts, reading, own, arguments):
            data = load(layer.format, text)
            if isinstance(data, DocumentError):
                broken.append(BrokenFile(place, layer.what, _described(data), layer.broken == "stops"))
            else:
                found.append(Source(layer, place, data))
    return _by_their_last_names(found), tuple(broken)


def _by_their_last_names(found: list[Source]) -> tuple[Source, ...]:
    # started in the home, a client reads the user's file as the project's too; people know it as the user's
    last = {source.place: source.layer.what for source in found if source.place}
    return tuple(
        source._replace(layer=source.layer._replace(what=last[source.place])) if source.place else source
        for source in found
    )


def flag_values(flags: Sequence[str], arguments: Sequence[str]) -> list[tuple[str, str]]:
    """Return what the arguments say by any of these flags, the last one first, each with its flag."""
    found = []
    for index, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag in flags and equals:
            found.append((flag, value))
        elif argument in flags and index + 1 < len(arguments):
            found.append((argument, arguments[index + 1]))
    return found[::-1]


def flags_given(flags: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """Return which of these flags the arguments have; what stands after `--` is none."""
    before = list(arguments)
    before = before[: before.index("--")] if "--" in before else before
    return [flag for flag in flags if flag in before]


def _texts(
    layer: Layer, facts: Facts, reading: Reading, own: Mapping[str, str], arguments: Sequence[str]
) -> Iterator[tuple[str, str | DocumentError]]:
    values = flag_values(layer.flags, arguments)
    if layer.variable:
        if facts.variable(layer.variable):
            yield f"${layer.variable}", facts.variable(layer.variable)
    elif layer.flags and not layer.files:
        for flag, value in values:
            path = join(facts, facts.cwd, value)
            text = read(reading, path)
            yield (flag, _document(layer, value)) if text is None else (path, text)
    else:
        if layer.flags:
            own = {**own, "flag": values[0][1]} if values else {}
        for path in _paths(layer, facts, reading, own):
            for file in _in_folder(layer, facts, reading, path):
                text = read(reading, file)
                if text is not None:
                    yield file, text


def read(reading: Reading, path: str) -> str | DocumentError | None:
    """Return a file's text, what keeps it from being read, or None when there is none."""
    try:
        return reading.text(path)
    except DocumentError as problem:
        return problem


def _document(layer: Layer, value: str) -> str:
    key, equals, rest = value.partition("=")
    if layer.format != "toml" or not equals:
        return value
    try:
        document_format("toml").load(value)
    except DocumentError:  # a value that is no TOML is meant as a string
        return f"{key}={json.dumps(rest)}"
    return value


def load(name: str, text: str | DocumentError) -> Any:
    """Return the data of a text in a format, or what is wrong with it."""
    if isinstance(text, DocumentError):
        return text
    try:
        return document_format(name).load(text)
    except DocumentError as problem:
        return problem


def _paths(layer: Layer, facts: Facts, reading: Reading, own: Mapping[str, str]) -> Iterator[str]:
    relative = [file for file in layer.files if is_of_the_project(file)]
    for folder in _project_folders(layer, facts, reading):
        yield from (join(facts, folder, file) for file in relative)
    for file in layer.files:
        if file not in relative:
            path = place_of(file, facts, own)
            if path is not None:
                yield path


def is_of_the_project(file: str) -> bool:
    """Tell whether a file that a profile names is one in the working folder."""
    return not rooted(file) and not names(file)


def place_of(file: str, facts: Facts, own: Mapping[str, str]) -> str | None:
    """Return the path of a file that a profile names; a relative one belongs to the working folder.

    Args:
        file: As in `{config}/settings.json`, `/etc/…`, `.quill/config.json`, `$NAME` or `$NAME/…`.
        facts: Home, environment, platform and working folder.
        own: The profile's own paths.
    """
    variable = _VARIABLE.match(file)
    if variable:
        value = facts.variable(variable[1])
        return join(facts, facts.cwd, value + (variable[2] or "")) if value else None
    if is_of_the_project(file):
        return join(facts, facts.cwd, file) if facts.cwd else None
    return locate(file, facts, own)


def _project_folders(layer: Layer, facts: Facts, reading: Reading) -> list[str]:
    path = ntpath if facts.platform == "windows" else posixpath
    folders = [facts.cwd] if facts.cwd else []
    while layer.upward and folders and ".git" not in (reading.names(folders[-1]) or ()):
        above = path.dirname(folders[-1])
        if above == folders[-1]:
            break
        folders.append(above)
    return folders[::-1] if layer.upward == "farthest" else folders


def _in_folder(layer: Layer, facts: Facts, reading: Reading, path: str) -> list[str]:
    inside = reading.names(path)
    if inside is None:
        return [path]
    files = [name for name in inside if name.endswith(f".{layer.format}") and not name.startswith(".")]
    return [join(facts, path, name) for name in reversed(files)]


def join(facts: Facts, folder: str, path: str) -> str:
    """Return a path below a folder, by the platform's rules."""
    if facts.platform == "windows":
        return ntpath.join(folder, path.replace("/", "\\"))
    return posixpath.join(folder, path)


def _described(problem: DocumentError) -> str:
    place = f"line {problem.line}, column {problem.column}: " if problem.line else ""
    return f"{place}{problem.message}"
