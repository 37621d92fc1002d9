"""Combinations of settings for a client, drawn from its profile, and putting one on a disk.

A place is where a setting can stand: a file of a layer, a variable, a flag, or a file of its own.
In a combination each setting at each place is absent, empty, or a value that is found nowhere else,
so that what a client sends tells where it came from.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tomlkit

from aibridge_cli.clients.placeholders import fill, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aibridge_cli.clients.profile import Layer, Profile, Setting

CANDIDATES = 60
"""How many combinations are drawn for each that is taken: the one with most new pairs."""


class Subject(NamedTuple):
    """What the generator has to know about a client beyond its profile.

    Args:
        rows: How many combinations.
        words: For a setting that is neither address nor credential: the values it may have.
        left_out: Settings that are never drawn.
        never: Ends of keys that are crossed but not drawn.
        never_empty: Settings that are drawn with a value or not at all.
        together: A setting that is drawn only where a certain other one speaks.
        always: Places and settings of every crossed combination.
        crossed: Places and settings of which each pair is tried, each alone, and none.
        around: For a file, what the client wants beside the settings.
        beside: For each word of a setting, what has to stand in the same documents.
        arguments: Arguments of every run.
        for_wire: Arguments that make the client ask by a wire.
        folder_files: Names of the files in a layer's folder.
        diverting: Settings that send everything elsewhere: only one combination in five has any.
        environment: Variables of every run.
        elsewhere: For a path at the recorder that `environment` makes stand for it, or `host:port`: where that is.
        paths: What is added to the address by a wire, where no request of the profile says so.
        now_and_then: Variables of one run in so many, by turns: those that move the client's folders, say.
        below: What is added to each address, where the client minds how it ends.
        busybodies: Vendors that the client calls for other reasons too, and what it says when it was for an answer.
    """

    rows: int
    words: Mapping[str, tuple[str, ...]] = {}
    left_out: tuple[str, ...] = ()
    never: tuple[tuple[str, ...], ...] = ()
    never_empty: tuple[str, ...] = ()
    together: Mapping[str, str] = {}
    always: tuple[tuple[str, str], ...] = ()
    crossed: tuple[tuple[str, str], ...] = ()
    around: Mapping[str, Any] = {}
    beside: Any = None
    arguments: tuple[str, ...] = ()
    for_wire: Mapping[str, tuple[str, ...]] = {}
    folder_files: tuple[str, ...] = ()
    diverting: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}
    elsewhere: Mapping[str, str] = {}
    paths: Mapping[str, str] = {}
    now_and_then: tuple[Mapping[str, str], ...] = ({},)
    below: str = ""
    busybodies: Mapping[str, str] = {}


class Cell(NamedTuple):
    """One setting at one place.

    Args:
        place: A path template, `$NAME`, a flag, `environment`.
        setting: The setting.
        key: Its key there, or its variable.
        format: How the place is written, "" for the environment.
        kind: `file`, `variable`, `flag`, `switch` or `environment`.
        header: The header that it is one line of.
        is_list: Whether the value is the one item of a list.
    """

    place: str
    setting: str
    key: tuple[str | int, ...]
    format: str
    kind: str
    header: str = ""
    is_list: bool = False


Combination = dict[Cell, str]
"""For each cell that is not absent: its value, where `{url}` is the recorder and `{home}` the home."""


def cells(profile: Profile, subject: Subject) -> list[Cell]:
    """Return every place of every setting on Linux."""
    found = []
    for layer in profile.layers:
        for place, kind in _places(layer, subject):
            for name, setting in profile.settings.items():
                if name in subject.left_out or setting.file or name in layer.ignores:
                    continue
                words: tuple[str | int, ...] = (setting.variable,) if layer.environment else setting.key
                if words and words[0]:
                    shape = (layer.format, kind, setting.header, setting.holds == "list")
                    found += [Cell(place, name, key, *shape) for key in _expanded(words, subject)]
    for name, setting in profile.settings.items():
        if name in subject.left_out:
            continue
        found += [Cell(flag, name, (flag,), "", "switch") for flag in setting.flags]
        if setting.file:
            kept = [(setting.file[0], "file")] + ([(f"${setting.content}", "variable")] if setting.content else [])
            found += [
                Cell(place, name, key, setting.format, kind)
                for place, kind in kept
                for key in _expanded(setting.key, subject)
            ]
    # two settings may be taken from one key, one of them in some of the layers only
    return list({(cell.place, cell.key, cell.header): cell for cell in reversed(found)}.values())[::-1]


def _places(layer: Layer, subject: Subject) -> Iterator[tuple[str, str]]:
    if layer.environment:
        yield "environment", "environment"
    elif layer.variable:
        yield f"${layer.variable}", "variable"
    elif layer.flags and not layer.files:
        yield layer.flags[-1], "flag"
    else:
        for file in layer.files:
            if file.startswith("/etc/") and file.endswith(".d"):
                yield from ((f"{file}/{name}", "file") for name in subject.folder_files)
            elif file.startswith(("{", "/etc/", "$", "~/")) and not file.startswith("$Program"):
                yield file, "file"
            elif not file.startswith(("/", "$")):
                yield file, "file"
                if layer.upward:
                    yield f"../{file}", "file"


def _expanded(words: Sequence[str | int], subject: Subject) -> list[tuple[str | int, ...]]:
    for word in words:
        for name in names(word) if isinstance(word, str) else []:
            return [
                tuple(fill(each, {name: value}) if isinstance(each, str) else each for each in words)
                for value in subject.words[name]
            ]
    return [tuple(words)]


def combinations(profile: Profile, subject: Subject, seed: int) -> tuple[list[Combination], float]:
    """Return combinations of settings, and the share of all pairs of places' states that they hold.

    Args:
        profile: The client.
        subject: What else there is to know.
        seed: The same seed gives the same combinations.
    """
    randomness = random.Random(seed)  # noqa: S311 - the same combinations each time
    every = [cell for cell in cells(profile, subject) if not any(cell.key[-len(end) :] == end for end in subject.never)]
    usual = [cell for cell in every if cell.setting not in subject.diverting]
    covered: set[tuple[int, str, int, str]] = set()
    rows = []
    for _ in range(subject.rows):
        silent = () if randomness.random() < 0.2 else subject.diverting
        drawn = [_drawn(every, profile, subject, randomness, silent) for _ in range(CANDIDATES)]
        best = max(drawn, key=lambda row: len(_pairs(usual, row) - covered))
        covered |= _pairs(usual, best)
        rows.append(best)
    return rows, len(covered) / (len(usual) * (len(usual) - 1) // 2 * 4)


def _pairs(every: list[Cell], row: Combination) -> set[tuple[int, str, int, str]]:
    states = ["there" if row.get(cell) else "absent" for cell in every]
    return {(i, states[i], j, states[j]) for i in range(len(every)) for j in range(i)}


def _drawn(
    every: list[Cell], profile: Profile, subject: Subject, randomness: random.Random, silent: Sequence[str]
) -> Combination:
    # few places and few credentials speak in each, so that weak ones win as often as strong ones
    absent = {place for place in dict.fromkeys(cell.place for cell in every) if randomness.random() < 0.35}
    sent: dict[str, dict[str, bool]] = {}
    for route in profile.routes:
        names = [name for settings in route.headers.values() for name in settings]
        sent.setdefault(route.wire, {}).update(dict.fromkeys(names, True))
    spoken = {
        name
        for names in sent.values()
        for name in randomness.sample(list(names), randomness.randint(0, min(3, len(names))))
    }
    unsaid = {name for names in sent.values() for name in names if name not in spoken} | set(silent)
    unsaid |= {name for name, other in subject.together.items() if other not in spoken}
    row: Combination = {}
    for number, cell in enumerate(every):
        if cell.place in absent or cell.setting in unsaid:
            continue
        if randomness.random() < (0.15 if cell.setting in subject.diverting else 0.6):
            row[cell] = _value(number, cell, profile.settings[cell.setting], profile, subject, randomness)
    return row


def _value(
    number: int, cell: Cell, setting: Setting, profile: Profile, subject: Subject, randomness: random.Random
) -> str:
    if cell.kind == "switch":
        return "true"
    if cell.setting in subject.words:
        return randomness.choice(subject.words[cell.setting])
    may_be_empty = cell.kind in ("file", "environment") and not setting.file and cell.setting not in subject.never_empty
    if may_be_empty and randomness.random() < 0.12:
        return ""
    return _made_up(number, cell, setting, profile, subject)


def _made_up(number: int, cell: Cell, setting: Setting, profile: Profile, subject: Subject) -> str:
    if any(cell.setting in route.url for route in profile.routes):
        return f"{{url}}/{number}{subject.below}"
    if setting.holds == "command":
        return f"{{home}}/print-{number}"
    if setting.holds == "marked" and number // 2 % 2:
        return f"!{{home}}/print-{number}"
    made_up = f"made-up-{number}-{cell.setting.replace('_', '-')}"
    return f"Bearer {made_up}" if setting.holds == "header" or setting.header == "Authorization" else made_up


def crossed(profile: Profile, subject: Subject, seed: int, most: int | None = None) -> list[Combination]:
    """Return the ways in which at most two of the subject's crossed settings stand beside those that always do.

    Args:
        profile: The client.
        subject: What else there is to know.
        seed: Which of them are chosen.
        most: How many, or None for all.
    """
    at: dict[tuple[str, str], tuple[int, Cell]] = {}
    for number, cell in enumerate(cells(profile, subject)):
        at.setdefault((cell.place, cell.setting), (number, cell))
    rows = []
    for size in range(3 if subject.crossed else 0):
        for chosen in itertools.combinations(subject.crossed, size):
            row: Combination = {}
            for place_and_setting in (*subject.always, *chosen):
                number, cell = at[place_and_setting]
                words = subject.words.get(cell.setting)
                setting = profile.settings[cell.setting]
                row[cell] = words[0] if words else _made_up(number, cell, setting, profile, subject)
            rows.append(row)
    if most is None or len(rows) <= most:
        return rows
    chosen_rows = sorted(random.Random(seed).sample(range(len(rows)), most))  # noqa: S311 - the same ones each time
    return [rows[number] for number in chosen_rows]


class Placed(NamedTuple):
    """What a combination adds to a run: variables, arguments, and files below `etc` for `/etc`."""

    environment: dict[str, str]
    arguments: tuple[str, ...]


def place(
    row: Combination, subject: Subject, own: Mapping[str, str], home: Path, project: Path, etc: Path, url: str
) -> Placed:
    """Write a combination's files, and return the rest of it.

    Args:
        row: The combination.
        subject: The client.
        own: The profile's own paths in that home.
        home: The home.
        project: The working folder.
        etc: What the run will see as `/etc`.
        url: The recorder's URL.
    """
    environment = {name: value.replace("{url}", url) for name, value in subject.environment.items()}
    arguments: list[str] = list(subject.arguments)
    documents: dict[str, Any] = {}
    kinds: dict[str, Cell] = {}
    for cell, template in row.items():
        value = template.replace("{url}", url).replace("{home}", str(home))
        if template.removeprefix("!").startswith("{home}/print-"):
            script = Path(value.removeprefix("!"))
            script.write_text(f"#!/bin/sh\necho printed-{script.name}\n", encoding="utf-8")
            script.chmod(0o700)
        if cell.kind == "switch":
            arguments.append(cell.place)
            continue
        if cell.kind == "environment":
            environment[str(cell.key[0])] = _with_line(environment.get(str(cell.key[0]), ""), cell, value)
            continue
        kinds[cell.place] = cell
        document = documents.setdefault(cell.place, json.loads(around(subject, cell.place, url)))
        for word in cell.key[:-1]:
            document = document.setdefault(word, {})
        word = cell.key[-1]
        if cell.header:
            document[word] = _with_line(document.get(word, ""), cell, value)
        else:
            # TOML's clients want a true that is no string
            document[word] = True if value == "true" and cell.format == "toml" else [value] if cell.is_list else value
    for where, document in documents.items():
        cell = kinds[where]
        if subject.beside:
            subject.beside(document, cell)
        text = tomlkit.dumps(document) if cell.format == "toml" else json.dumps(document)
        if cell.kind == "variable":
            environment[where[1:]] = text
        elif cell.kind == "flag":
            arguments += _flag(where, document, text, cell.format)
        else:
            path = _path(where, own, home, project, etc)
            if where.startswith("$"):
                variable, _, inside = where[1:].partition("/")
                environment[variable] = str(path).removesuffix(f"/{inside}") if inside else str(path)
            if "{flag}" in where:
                arguments += ["--profile", "drawn"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return Placed(environment, tuple(arguments))


def around(subject: Subject, where: str, url: str) -> str:
    """Return what the client wants in a file beside the settings, as JSON."""
    return json.dumps(subject.around.get(where, {})).replace("{url}", url)


def _with_line(before: str, cell: Cell, value: str) -> str:
    if not cell.header or not value:
        return before if cell.header else value
    return "\n".join(filter(None, (before, f"{cell.header}: {value}")))


def _flag(flag: str, document: Any, text: str, form: str) -> list[str]:
    if form != "toml":
        return [flag, text]
    return [word for key, value in _leaves(document, ()) for word in (flag, f"{key}={json.dumps(value)}")]


def _leaves(document: Any, above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value


def _path(where: str, own: Mapping[str, str], home: Path, project: Path, etc: Path) -> Path:
    if where.startswith("/etc/"):
        return etc / where.removeprefix("/etc/")
    if where.startswith("$"):
        name, _, inside = where[1:].lower().partition("/")
        return home / "elsewhere" / name / inside if inside else home / "elsewhere" / f"{name}.json"
    if where.startswith("~/"):
        return home / where[2:]
    if where.startswith("{"):
        return Path(fill(where, {**own, "flag": "drawn"}))
    if where.startswith("../"):
        return project.parent / where.removeprefix("../")
    return project / where
