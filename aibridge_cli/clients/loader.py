"""The strict loader: the text of a profile to a `Profile`, or an error with a place.

Structure only; `aibridge_cli.clients.consistency` judges how the tables fit together.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any, cast, get_args

from aibridge_cli.clients.conditions import CONDITIONS, NO_MODEL
from aibridge_cli.clients.consistency import check
from aibridge_cli.clients.layers import LAYER_TABLES, REQUEST_WIRES, read_layers, read_routes, read_settings
from aibridge_cli.clients.other_tools import OTHER_TOOL, read_other_tool
from aibridge_cli.clients.path_tables import PATHS, PLATFORMS, read_paths
from aibridge_cli.clients.presence import PRESENCE_TABLES, read_detect, read_parts
from aibridge_cli.clients.profile import (
    Ask,
    Edit,
    GenericEnv,
    GenericVerdict,
    Include,
    KeychainEntry,
    Manual,
    ModelNeed,
    OutrankedBy,
    Profile,
    RegistryModule,
    Request,
    Run,
    Status,
    Upsert,
    Version,
    Way,
    Wire,
)
from aibridge_cli.clients.rivals import rivals
from aibridge_cli.clients.sign_ins import SIGN_IN, read_sign_in
from aibridge_cli.clients.tables import Table, key_paths
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.documents.operations import Item
from aibridge_cli.errors import ProfileError

STATUSES: tuple[str, ...] = get_args(Status)
WIRES: tuple[str, ...] = get_args(Wire)
WAYS: tuple[str, ...] = get_args(Way)
MODEL_NEEDS: tuple[str, ...] = get_args(ModelNeed)
VERDICTS: tuple[str, ...] = get_args(GenericVerdict)
REPEATED = ("models",)

ALLOWED: dict[str, tuple[str, ...]] = {
    "": (
        *("name", "summary", "docs", "status", "reason", "link", "aliases", "speaks", "credential", "tested"),
        *("model", "opt_in", "detect", "part", "version", "paths", "env", "helper_env", "unset", "generic_env"),
        *("template", "request", "run", "edit", "keychain", "manual", "outranked_by", "other_tool", "sign_in"),
        *("ask", "layer", "setting", "route", "documented"),
    ),
    **PRESENCE_TABLES,
    "version": ("command", "needs"),
    "paths": PATHS,
    "generic_env": ("verdict", "note"),
    "template": ("module", "version", "inputs", "sets"),
    "request": ("wire", "base", "path", "headers", "when"),
    "ask": ("command", "env"),
    "run": ("command", "arguments", "each", "env", "set"),
    "edit": ("file", "format", "when", "set", "default", "whole", "upsert", "include", "remove", "secret"),
    "upsert": ("at", "match", "value", "for_each", "remove"),
    "include": ("at", "values", "only_if_present"),
    "when": CONDITIONS,
    "keychain": ("attributes", "label", "value"),
    "manual": ("title", "steps", "when"),
    "outranked_by": ("what", "files", "variables", "note"),
    "other_tool": OTHER_TOOL,
    "sign_in": SIGN_IN,
    **LAYER_TABLES,
}
"""The keys of each kind of table; the schema names the same ones."""

LISTS_OF_LISTS = ("json", "jsonc")
"""Formats of files that may be a list as a whole, and whose lists may be written inside objects of lists."""

_TOML_PLACE = re.compile(r" \((?:at )?(line \d+, column \d+|end of document)\)$")


def load_profile(text: str, source: str, *, proven: bool = False) -> Profile:
    """Return the profile that a text describes.

    Args:
        text: The text of the file.
        source: The file's path; its stem is the client's id.
        proven: Whether it is known that the tables fit together, as it is of the
            profiles that we ship: looking takes as long as reading them.

    Raises:
        ProfileError: The text breaks the format; the error names file, table and what
            is allowed there.
    """
    profile = read_profile(Table(source, "", toml_data(text, source), ALLOWED[""]))
    if not proven:
        check(profile)
    return profile._replace(outranked_by=(*rivals(profile), *profile.outranked_by))


def toml_data(text: str, source: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Args:
        text: The text.
        source: Its file, for messages.

    Raises:
        ProfileError: It is not TOML; the error has line and column.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, source, str(error)) from None


def read_profile(top: Table) -> Profile:
    """Return the profile of a table, whose tables may not fit together.

    Raises:
        ProfileError: A table breaks the format.
    """
    values = {key: read(top) for key, read in READERS.items()}
    values |= {
        field: tuple(read(each) for each in top.tables(key, ALLOWED[key])) for key, (field, read) in LISTS.items()
    }
    return Profile(id=client_id(top.file), source=top.file, **values)


def _syntax_error(text: str, source: str, message: str) -> ProfileError:
    place = _TOML_PLACE.search(message)
    # the parser has no line for what goes wrong at the very end
    where = f"line {text.count(chr(10)) + 1}, column {len(text) - text.rfind(chr(10))}"
    if place and place[1].startswith("line"):
        where = place[1]
    return ProfileError(source, where, f"not valid TOML: {_TOML_PLACE.sub('', message)}")


def client_id(source: str) -> str:
    """Return the id that a profile's file stands for.

    Raises:
        ProfileError: The stem is not made of small letters, digits and hyphens.
    """
    stem = re.split(r"[/\\]", source)[-1].removesuffix(".toml")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem):
        raise ProfileError(
            source,
            "",
            "the file's name is not a client's id",
            hint="small letters, digits and single hyphens, as in `my-client.toml`",
        )
    return stem


def _version(table: Table) -> Version:
    needs = table.mapping("needs")
    inner = table.table("needs", WAYS)
    for way, version in needs.items():
        if not re.fullmatch(r"\d+(\.\d+)+", version):
            raise inner.error(way, f"expected a version such as 1.20.0, found `{version}`")
    if needs and "command" not in table.data:
        raise table.error("", "`needs` has no use without `command`")
    return Version(command=table.texts("command"), needs=cast("dict[Way, str]", needs))


def _model(table: Table) -> ModelNeed | dict[Wire, ModelNeed]:
    if not isinstance(table.data.get("model"), dict):
        return cast("ModelNeed", table.choice("model", MODEL_NEEDS, "none"))
    inner = table.table("model", WIRES)
    return {cast("Wire", wire): cast("ModelNeed", inner.choice(wire, MODEL_NEEDS)) for wire in inner.data}


def _generic_env(top: Table) -> GenericEnv | None:
    if "generic_env" not in top.data:
        return None
    table = top.table("generic_env", ALLOWED["generic_env"])
    verdict = cast("GenericVerdict", table.choice("verdict", VERDICTS))
    if verdict in ("breaks", "leaks") and "note" not in table.data:
        raise table.error("", f"`{verdict}` needs a `note` that tells the user what happens")
    note = table.text("note", "")
    if not note.isprintable():
        raise table.error("note", "must be one line without tabs, for the table that `aibridge env` reads")
    return GenericEnv(verdict=verdict, note=note)


def _template(top: Table) -> RegistryModule | None:
    if "template" not in top.data:
        return None
    table = top.table("template", ALLOWED["template"])
    module = table.text("module")
    if not re.fullmatch(r"[\w.-]+(/[\w-]+){3}", module):
        raise table.error(
            "module", f"`{module}` is not a module of a registry", hint="as in `registry.coder.com/coder/NAME/coder`"
        )
    inputs = table.table("inputs")
    for name, value in inputs.data.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise inputs.error(name, "the name of an input is small letters, digits and underscores")
        if not isinstance(value, str | bool | int):
            raise inputs.wrong(name, "a string, a number without a point, true or false", value)
    sets = table.texts("sets")
    for name in sets:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise table.error("sets", f"`{name}` is not the name of a variable")
    return RegistryModule(module=module, version=table.text("version"), inputs=inputs.data, sets=sets)


def _request(table: Table) -> Request:
    return Request(
        wire=table.choice("wire", REQUEST_WIRES),
        base=table.steps("base"),
        path=table.text("path", empty=True),
        headers=table.mapping("headers"),
        when=_when(table),
    )


def _ask(table: Table) -> Ask:
    return Ask(command=table.texts("command", required=True), env=table.mapping("env"))


def _run(top: Table) -> Run | None:
    if "run" not in top.data:
        return None
    table = top.table("run", ALLOWED["run"])
    return Run(
        command=table.texts("command"),
        arguments=table.texts("arguments"),
        each=table.texts("each"),
        env=table.mapping("env"),
        set=table.tree("set"),
    )


def _when(table: Table) -> dict[str, tuple[str, ...]]:
    inner = table.table("when", ALLOWED["when"])
    known = {"credential": WAYS, "os": PLATFORMS, "model": (*WIRES, NO_MODEL)}
    when: dict[str, tuple[str, ...]] = {
        name: inner.choices(name, known[name], single=True) if name in known else inner.texts(name, single=True)
        for name in inner.data
    }
    for name, fitting in when.items():
        if not fitting:
            raise inner.error(name, "must not be empty")
    return when


def _edit(table: Table) -> Edit:
    edit = Edit(
        file=table.texts("file", single=True, required=True),
        format=table.choice("format", FORMATS),
        when=_when(table),
        set=table.tree("set"),
        default=table.tree("default"),
        whole=key_paths(table, "whole"),
        upserts=tuple(_upsert(inner) for inner in table.tables("upsert", ALLOWED["upsert"])),
        includes=tuple(_include(inner) for inner in table.tables("include", ALLOWED["include"])),
        remove=key_paths(table, "remove"),
        secret=table.flag("secret"),
    )
    if not (edit.set or edit.default or edit.upserts or edit.includes or edit.remove):
        raise table.error("", "changes nothing", hint="an edit needs `set`, `default`, `upsert`, `include` or `remove`")
    for index, upsert in enumerate(edit.upserts):
        if edit.format in LISTS_OF_LISTS:
            continue
        if not upsert.at or isinstance(upsert.at[0], Item):
            raise table.error(
                f"upsert[{index}].at",
                f"a file of the format {edit.format} is not a list",
                hint=f"the list that is the whole file: only in {' and '.join(LISTS_OF_LISTS)}",
            )
        if any(isinstance(step, Item) for step in upsert.at):
            raise table.error(
                f"upsert[{index}].at",
                f"lists inside an object of a list cannot be written in the format {edit.format}",
                hint=f"only in {' and '.join(LISTS_OF_LISTS)}",
            )
    return edit


def _upsert(table: Table) -> Upsert:
    for_each = table.choice("for_each", REPEATED) if "for_each" in table.data else ""
    place = table.steps("at", top=True)
    upsert = Upsert(place, table.tree("match"), table.tree("value"), for_each, table.texts("remove"))
    if not upsert.match:
        raise table.error("", "`match` must name at least one key that identifies our item")
    for key in upsert.value:
        if key in upsert.match:
            raise table.error(f"value.{key}", "stands in `match` as well")
    for index, key in enumerate(upsert.remove):
        if key in (*upsert.match, *upsert.value):
            raise table.error(f"remove[{index}]", f"`{key}` is removed, but it is written as well")
    return upsert


def _include(table: Table) -> Include:
    return Include(at=table.path("at"), values=table.values("values"), only_if_present=table.flag("only_if_present"))


def _keychain(table: Table) -> KeychainEntry:
    attributes = table.mapping("attributes")
    if not attributes:
        raise table.error("attributes", "must name what the client looks the entry up by")
    return KeychainEntry(attributes=attributes, label=table.text("label"), value=table.text("value", "{token}"))


def _manual(table: Table) -> Manual:
    return Manual(title=table.text("title"), steps=table.texts("steps", required=True), when=_when(table))


def _outranked_by(table: Table) -> OutrankedBy:
    return OutrankedBy(
        what=table.text("what"),
        files=table.texts("files"),
        variables=table.texts("variables"),
        note=table.text("note", ""),
    )


READERS: dict[str, Callable[[Table], Any]] = {
    "name": lambda top: top.text("name"),
    "summary": lambda top: top.text("summary"),
    "docs": lambda top: top.text("docs"),
    "status": lambda top: top.choice("status", STATUSES),
    "reason": lambda top: top.text("reason", ""),
    "link": lambda top: top.text("link", ""),
    "aliases": lambda top: top.texts("aliases"),
    "speaks": lambda top: top.choices("speaks", WIRES),
    "credential": lambda top: top.choices("credential", WAYS),
    "tested": lambda top: top.texts("tested"),
    "model": _model,
    "opt_in": lambda top: top.text("opt_in", ""),
    "detect": lambda top: read_detect(top.table("detect", ALLOWED["detect"])),
    "parts": lambda top: read_parts(top.table("part")),
    "version": lambda top: _version(top.table("version", ALLOWED["version"])),
    "paths": lambda top: read_paths(top.table("paths")),
    "env": lambda top: top.mapping("env"),
    "helper_env": lambda top: top.mapping("helper_env"),
    "unset": lambda top: top.mapping("unset"),
    "generic_env": _generic_env,
    "template": _template,
    "ask": lambda top: _ask(top.table("ask", ALLOWED["ask"])) if "ask" in top.data else Ask(),
    "run": _run,
    "layers": read_layers,
    "settings": read_settings,
    "routes": read_routes,
    "documented": lambda top: top.mapping("documented"),
}
"""How each key at the top is read, in the order in which mistakes are told."""

LISTS: dict[str, tuple[str, Callable[[Table], Any]]] = {
    "request": ("requests", _request),
    "edit": ("edits", _edit),
    "keychain": ("keychain", _keychain),
    "manual": ("manual", _manual),
    "outranked_by": ("outranked_by", _outranked_by),
    "other_tool": ("other_tools", read_other_tool),
    "sign_in": ("sign_ins", read_sign_in),
}
"""For each array of tables, the field that holds it, and how one of its tables is read."""
