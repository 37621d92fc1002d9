"""Which URL and which credential a client will really use, and what decides it.

Pure over a `Reading`: what the client's profile says about its layers, settings and routes,
applied to this folder and this environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.clients.profile import Profile, Route, Setting
from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.diagnosis.sources import BrokenFile, Source, flags_given, join, load, place_of, read, sources
from aibridge_cli.documents.operations import ABSENT, KeyPath, dotted, lookup
from aibridge_cli.errors import DocumentError
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret

_MARKED_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_REFERENCE = re.compile(r"\{(env|file):([^}]*)\}")


class Value(NamedTuple):
    """A value of one setting, and where it stands.

    Args:
        setting: The setting's name in the profile.
        text: What the client makes of it; it may be a secret.
        written: What stands there, which may be a reference.
        what: The layer's name, as in "the project's settings".
        place: A path, `$NAME` or a flag; "" for the environment.
        key: The key in dotted words, or the variable's name.
        path: The key's path in a document; empty for a variable.
        command: Whether what is sent is what this command prints.
        missing: A file that it refers to and that is not there.
        empty: Whether it counts though it is empty.
    """

    setting: str
    text: Secret
    written: Secret
    what: str
    place: str
    key: str
    path: KeyPath = ()
    command: bool = False
    missing: str = ""
    empty: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is a value that counts."""
        return self.empty or bool(self.text.reveal())

    @property
    def where(self) -> str:
        """Where it stands, in words for a person."""
        if not self.path:
            return f"`{self.key}` in {self.what}"
        place = f"`{self.place}`" if self.place else self.what
        return f"`{self.key}` in {place}" + (f" ({self.what})" if self.place else "")


class Sent(NamedTuple):
    """One header, the value that it will carry, and the values that lost to it, strongest first."""

    header: str
    value: Value
    lost: tuple[Value, ...] = ()


class Outcome(NamedTuple):
    """What happens to the requests of one wire.

    Args:
        wire: The wire, as in the profile's `[[request]]`.
        url: The base URL; "" when there is none.
        by: What decided; None when it is the client's own default.
        lost: Other URLs that stand somewhere, strongest first.
        headers: What is sent as a credential, in the profile's order.
        models: The model that is asked for, then others that lost to it; empty when it is the client's own choice.
        elsewhere: Where requests go instead, in words.
        stops: Why the client does not start.
    """

    wire: str
    url: str = ""
    by: Value | None = None
    lost: tuple[Value, ...] = ()
    headers: tuple[Sent, ...] = ()
    models: tuple[Value, ...] = ()
    elsewhere: str = ""
    stops: str = ""


class Effective(NamedTuple):
    """What a client will do in this folder and this environment.

    Args:
        client: The client's id.
        outcomes: One for each wire that the profile has routes for.
        broken: Files of the client's that cannot be read.
    """

    client: str
    outcomes: tuple[Outcome, ...] = ()
    broken: tuple[BrokenFile, ...] = ()


def effective(profile: Profile, facts: Facts, reading: Reading, arguments: Sequence[str] = ()) -> Effective:
    """Return which URL and which credential the client will use.

    Args:
        profile: The client. Without routes there is nothing to say, and no outcome.
        facts: The environment, the home and the working folder that the client would have.
        reading: The disk.
        arguments: The client's own arguments, as `("--flag", "value")`.

    Raises:
        AibridgeError: There is no home folder, or one of the client's folders is relative.
    """
    if not profile.routes:
        return Effective(profile.id)
    found, broken = sources(profile, facts, reading, arguments)
    settings = _Settings(profile, facts, reading, found, arguments)
    stopping = next((file for file in broken if file.stops), None)
    outcomes = []
    for wire in dict.fromkeys(route.wire for route in profile.routes):
        if stopping:
            outcomes.append(Outcome(wire, stops=f"it cannot read `{stopping.place}`: {stopping.reason}"))
            continue
        route = next((route for route in profile.routes if route.wire == wire and settings.fit(route.when)), None)
        if route is not None:
            outcomes.append(_outcome(route, settings))
    return Effective(profile.id, tuple(outcomes), broken)


def _outcome(route: Route, settings: _Settings) -> Outcome:
    used = dict.fromkeys((*route.url, *(name for names in route.headers.values() for name in names)))
    missing = next((value for name in used for value in settings.values(name)[:1] if value.missing), None)
    if missing is not None:
        return Outcome(route.wire, stops=f"{missing.where} refers to `{missing.missing}`, which is not there")
    if route.stops or route.elsewhere:
        deciding = (value for name in route.when for value in settings.values(name)[:1] if value)
        return Outcome(route.wire, by=next(deciding, None), stops=route.stops, elsewhere=route.elsewhere)
    urls = settings.ranked(route.url)
    sent = []
    for header, candidates in route.headers.items():
        ranked = settings.ranked(candidates)
        if ranked:
            sent.append(Sent(header, ranked[0], ranked[1:]))
    silent = next((each.value for each in sent if each.value.command and not each.value.text.reveal()), None)
    if silent is not None:
        return Outcome(route.wire, by=silent, stops=f"the command is empty: {silent.where}")
    models = settings.ranked(route.model)
    if not urls:
        return Outcome(route.wire, route.default, headers=tuple(sent), models=models)
    url = urls[0].text.reveal().rstrip("/")
    if not url:
        return Outcome(route.wire, by=urls[0], stops=f"the address is empty: {urls[0].where}")
    return Outcome(route.wire, url, urls[0], urls[1:], tuple(sent), models)


class _Settings:
    """The values of a profile's settings, looked up when they are asked for."""

    def __init__(
        self,
        profile: Profile,
        facts: Facts,
        reading: Reading,
        found: tuple[Source, ...],
        arguments: Sequence[str],
    ) -> None:
        self.profile = profile
        self.facts = facts
        self.reading = reading
        self.found = found
        self.arguments = arguments
        self.own = resolve_paths(profile, facts)

    def fit(self, when: Mapping[str, tuple[str, ...]]) -> bool:
        """Tell whether a route's conditions hold."""
        for name, fitting in when.items():
            value = self.text(name).lower()
            there = bool(value) or any(self.values(name)[:1])
            words = value.split() if self.profile.settings[name].holds == "list" else [value]
            if not ("*" in fitting if there else "" in fitting) and not any(word and word in fitting for word in words):
                return False
        return True

    def ranked(self, settings: Sequence[str]) -> tuple[Value, ...]:
        """Return the value that counts, then all others that would if it were not there.

        A value hides weaker ones of the same setting even when it is empty.
        """
        values = [self.values(name) for name in settings]
        counting = [each[0] for each in values if each and each[0]]
        hidden = [value for each in values for value in each[1:] if value]
        return (*counting, *hidden) if counting else ()

    def text(self, name: str) -> str:
        """Return what a setting is, "" for nothing."""
        values = self.values(name)
        return values[0].text.reveal() if values else self.profile.settings[name].default

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the values of a setting, strongest first, empty ones among them."""
        setting = self.profile.settings[name]
        key = self._filled(setting.key)
        if setting.file:
            return tuple(self._stored(name, key)) if key else ()
        variable = self._filled((setting.variable,)) if setting.variable else ()
        on = Secret("true")
        values = [
            Value(name, on, on, "the command line", flag, flag) for flag in flags_given(setting.flags, self.arguments)
        ]
        for source in self.found:
            if name in source.layer.ignores:
                continue
            if source.layer.environment:
                if variable and str(variable[0]) in self.facts.environ:
                    word = str(variable[0])
                    values.append(self._value(name, self.facts.environ[word], source, word, ()))
            elif key:
                text = _text(lookup(source.data, key))
                if text is not None:
                    values.append(self._value(name, text, source, dotted(key), key))
        return tuple(values)

    def _value(self, name: str, text: str, source: Source, word: str, key: KeyPath) -> Value:
        setting = self.profile.settings[name]
        referred, missing = self._meant(text, source.place) if source.layer.references else (text, "")
        meant, command = self._part(setting, referred)
        what, place = source.layer.what, source.place
        empty = setting.empty and not meant
        return Value(name, Secret(meant), Secret(text), what, place, word, key, command, missing, empty)

    def _part(self, setting: Setting, text: str) -> tuple[str, bool]:
        """Return what a setting takes from what stands there, and whether that is a command."""
        if setting.holds != "marked":
            return _credential(setting, text), setting.holds == "command"
        if text.startswith("!"):
            return text[1:], True
        variable = _MARKED_VARIABLE.fullmatch(text)
        return self.facts.variable(variable[1] or variable[2]) if variable else text, False

    def _stored(self, name: str, key: KeyPath) -> list[Value]:
        for place, data in self._documents(self.profile.settings[name]):
            value = _text(lookup(data, key))
            if value is not None:
                part, command = self._part(self.profile.settings[name], value)
                what = "what the client keeps itself"
                return [Value(name, Secret(part), Secret(value), what, place, dotted(key), key, command)]
        return []

    def _documents(self, setting: Setting) -> Iterator[tuple[str, Any]]:
        if setting.content and self.facts.variable(setting.content):
            data = load(setting.format, self.facts.variable(setting.content))
            if not isinstance(data, DocumentError):
                yield f"${setting.content}", data
                return
        for file in setting.file:
            place = place_of(file, self.facts, self.own)
            text = read(self.reading, place) if place else None
            data = None if text is None else load(setting.format, text)
            if place is not None and not isinstance(data, DocumentError):
                yield place, data

    def _filled(self, words: KeyPath) -> KeyPath:
        filled: list[str | int] = []
        for word in words:
            if isinstance(word, int):
                filled.append(word)
                continue
            known = {name: self.text(name) for name in names(word)}
            if not all(known.values()):
                return ()
            filled.append(fill(word, known))
        return tuple(filled)

    def _meant(self, text: str, place: str) -> tuple[str, str]:
        missing = ""

        def replaced(match: re.Match[str]) -> str:
            nonlocal missing
            if match[1] == "env":
                return self.facts.environ.get(match[2], "")
            path = match[2]
            folder = place.rpartition("\\" if self.facts.platform == "windows" else "/")[0]
            full = self.facts.home + path[1:] if path.startswith("~/") else join(self.facts, folder, path)
            content = read(self.reading, full)
            if isinstance(content, str):
                return content.strip()
            missing = full
            return ""

        return _REFERENCE.sub(replaced, text), missing


def _credential(setting: Setting, text: str) -> str:
    """Return of headers the one that is meant, and of that its credential; any other text as it is."""
    if setting.header:
        named = [line.partition(":") for line in text.splitlines()]
        text = next((rest for name, _, rest in named if name.strip().lower() == setting.header.lower()), "")
    elif setting.holds != "header":
        return text
    scheme, _, rest = text.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else text.strip()


def _text(value: Any) -> str | None:
    if value is ABSENT or value is None or isinstance(value, dict):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return str(value)
