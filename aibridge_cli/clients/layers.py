"""How a client decides between its settings, read strictly: `[[layer]]`, `[setting.NAME]` and `[[route]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn, cast, get_args

from aibridge_cli.clients.placeholders import BadPlaceholder, names
from aibridge_cli.clients.profile import Broken, Holds, Layer, Profile, Route, Setting, Upward
from aibridge_cli.clients.tables import Table
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.errors import ProfileError

REQUEST_WIRES = ("anthropic-messages", "openai-responses", "openai-chat")
BROKEN: tuple[str, ...] = get_args(Broken)
UPWARD: tuple[str, ...] = get_args(Upward)[1:]
HOLDS: tuple[str, ...] = get_args(Holds)

LAYER_TABLES: dict[str, tuple[str, ...]] = {
    "layer": (
        *("what", "files", "format", "upward", "variable", "flags", "environment", "ignores", "references", "broken"),
        *("unless", "note"),
    ),
    "setting": (
        *("key", "variable", "flags", "file", "content", "format", "holds", "header", "empty", "default"),
        "short",
    ),
    "route": ("wire", "when", "url", "default", "headers", "model", "elsewhere", "stops"),
}
"""The keys of each kind of table; the schema names the same ones."""


def read_layers(top: Table) -> tuple[Layer, ...]:
    """Return the layers of a profile, strongest first.

    Raises:
        ProfileError: One breaks the format.
    """
    return tuple(_layer(table) for table in top.tables("layer", LAYER_TABLES["layer"]))


def _layer(table: Table) -> Layer:
    layer = Layer(
        what=table.text("what"),
        files=table.texts("files", single=True),
        format=table.choice("format", FORMATS) if "format" in table.data else "",
        upward=cast("Upward", table.choice("upward", UPWARD)) if "upward" in table.data else "",
        variable=table.text("variable", ""),
        flags=table.texts("flags"),
        environment=table.flag("environment"),
        ignores=table.texts("ignores"),
        references=table.flag("references"),
        broken=cast("Broken", table.choice("broken", BROKEN, "passed-over")),
        unless=table.text("unless", ""),
        note=table.text("note", ""),
    )
    documents = [bool(layer.files or layer.flags), bool(layer.variable), layer.environment]
    if sum(documents) != 1:
        raise table.error("", "a layer is either `files` or `flags`, or a `variable`, or the `environment`")
    if layer.environment == bool(layer.format):
        raise table.error("", "`format` says how documents are written, so all layers but the environment have one")
    return layer


def read_settings(top: Table) -> dict[str, Setting]:
    """Return the settings of a profile by name.

    Raises:
        ProfileError: One breaks the format.
    """
    tables = top.table("setting")
    return {name: _setting(tables, name) for name in tables.data}


def _setting(tables: Table, name: str) -> Setting:
    if not re.fullmatch(r"[a-z][a-z_]*", name):
        raise tables.error(name, "the name of a setting is small letters and underscores")
    table = tables.table(name, LAYER_TABLES["setting"])
    setting = Setting(
        key=table.path("key") if "key" in table.data else (),
        variable=table.text("variable", ""),
        flags=table.texts("flags"),
        file=table.texts("file", single=True),
        content=table.text("content", ""),
        format=table.choice("format", FORMATS) if "format" in table.data else "",
        holds=cast("Holds", table.choice("holds", HOLDS, "text")),
        header=table.text("header", ""),
        empty=table.flag("empty"),
        default=table.text("default", ""),
        short=table.texts("short"),
    )
    if not (setting.key or setting.variable or setting.flags):
        raise table.error("", "needs a `key`, a `variable` or `flags`")
    beside = setting.variable or setting.flags or not setting.key
    if bool(setting.file) != bool(setting.format) or (setting.file and beside):
        raise table.error("", "a `file` of its own goes with its `format` and a `key`, and no `variable` or `flags`")
    if setting.content and not setting.file:
        raise table.error("", "`content` takes the place of a `file`, so it needs one")
    return setting


def read_routes(top: Table) -> tuple[Route, ...]:
    """Return the routes of a profile, in order.

    Raises:
        ProfileError: One breaks the format.
    """
    return tuple(_route(table) for table in top.tables("route", LAYER_TABLES["route"]))


def _route(table: Table) -> Route:
    when, headers = table.table("when"), table.table("headers")
    route = Route(
        wire=table.choice("wire", REQUEST_WIRES),
        when={name: _fitting(when, name) for name in when.data},
        url=table.texts("url"),
        default=table.text("default", ""),
        headers={name: headers.texts(name, required=True) for name in headers.data},
        model=table.texts("model"),
        elsewhere=table.text("elsewhere", ""),
        stops=table.text("stops", ""),
    )
    if [bool(route.url or route.default), bool(route.elsewhere), bool(route.stops)].count(True) != 1:
        raise table.error("", "a route has a URL (`url`, `default`), or says `elsewhere`, or `stops`")
    return route


def _fitting(when: Table, name: str) -> tuple[str, ...]:
    value = when.data[name]
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise when.wrong(name, 'a list of strings, where "" is no value and "*" any other', value)
    return tuple(value)


def check_layers(profile: Profile) -> None:
    """Make sure that layers, settings and routes fit together.

    Raises:
        ProfileError: One names what is not there, or a setting stands for itself.
    """
    for where, name in _named(profile):
        if name not in profile.settings:
            _fail(profile, where, f"`{name}` is not one of the profile's settings")
    for name in profile.settings:
        _order(profile, name, ())
    for index, layer in enumerate(profile.layers):
        for file in layer.files:
            unknown = [name for name in _names(profile, f"layer[{index}].files", file) if name not in profile.paths]
            if [name for name in unknown if name != "flag" or not layer.flags]:
                _fail(profile, f"layer[{index}].files", f"`{file}` has a placeholder that is not one of `[paths]`")


def _named(profile: Profile) -> Iterator[tuple[str, str]]:
    for index, layer in enumerate(profile.layers):
        yield from ((f"layer[{index}].ignores", name) for name in layer.ignores)
    for name in profile.settings:
        yield from ((f"setting.{name}", other) for other in _stands_for(profile, name))
    for index, route in enumerate(profile.routes):
        yield from ((f"route[{index}].when", name) for name in route.when)
        yield from ((f"route[{index}].url", name) for name in route.url)
        yield from ((f"route[{index}].model", name) for name in route.model)
        for header, settings in route.headers.items():
            yield from ((f"route[{index}].headers.{header}", name) for name in settings)


def _stands_for(profile: Profile, name: str) -> list[str]:
    setting = profile.settings[name]
    words = [word for word in (*setting.key, setting.variable) if isinstance(word, str)]
    return [other for word in words for other in _names(profile, f"setting.{name}", word)]


def _names(profile: Profile, where: str, text: str) -> list[str]:
    try:
        return names(text)
    except BadPlaceholder as problem:
        _fail(profile, where, f"`{text}`: {problem}")


def _order(profile: Profile, name: str, above: tuple[str, ...]) -> None:
    if name in above:
        _fail(profile, f"setting.{above[0]}", "stands for itself")
    for other in _stands_for(profile, name):
        _order(profile, other, (*above, name))


def _fail(profile: Profile, where: str, message: str) -> NoReturn:
    raise ProfileError(profile.source, where, message)
