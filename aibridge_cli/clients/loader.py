"""The strict loader: the text of a profile to a `Profile`, or an error with a place.

Structure only; `aibridge_cli.clients.consistency` judges how the tables fit together.
"""

from __future__ import annotations

import re
import tomllib
from typing import cast, get_args

from aibridge_cli.clients.conditions import CONDITIONS
from aibridge_cli.clients.consistency import check
from aibridge_cli.clients.layers import LAYER_TABLES, REQUEST_WIRES, read_layers, read_routes, read_settings
from aibridge_cli.clients.paths import ROOTED_HINT, rooted
from aibridge_cli.clients.profile import (
    Detect,
    Edit,
    GenericEnv,
    GenericVerdict,
    Include,
    Manual,
    ModelNeed,
    OutrankedBy,
    PathCandidates,
    Platform,
    Profile,
    Request,
    Status,
    Upsert,
    Version,
    Way,
    Wire,
)
from aibridge_cli.clients.tables import Table, key_path
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.documents.operations import KeyPath
from aibridge_cli.errors import ProfileError

STATUSES: tuple[str, ...] = get_args(Status)
WIRES: tuple[str, ...] = get_args(Wire)
WAYS: tuple[str, ...] = get_args(Way)
PLATFORMS: tuple[str, ...] = get_args(Platform)
MODEL_NEEDS: tuple[str, ...] = get_args(ModelNeed)
VERDICTS: tuple[str, ...] = get_args(GenericVerdict)

ALLOWED: dict[str, tuple[str, ...]] = {
    "": (
        *("name", "summary", "docs", "status", "reason", "link", "aliases", "speaks", "credential", "tested"),
        *("model", "detect", "version", "paths", "env", "unset", "generic_env", "request", "edit", "manual"),
        *("outranked_by", "layer", "setting", "route", "documented"),
    ),
    "detect": ("commands", "files", "vscode"),
    "version": ("command", "needs"),
    "paths": PLATFORMS,
    "generic_env": ("verdict", "note"),
    "request": ("wire", "base", "path", "headers"),
    "edit": ("file", "format", "when", "set", "upsert", "include", "remove", "secret"),
    "upsert": ("at", "match", "value"),
    "include": ("at", "values", "only_if_present"),
    "when": CONDITIONS,
    "manual": ("title", "steps", "when"),
    "outranked_by": ("what", "files", "variables", "note"),
    **LAYER_TABLES,
}
"""The keys of each kind of table; the schema names the same ones."""

_TOML_PLACE = re.compile(r" \((?:at )?(line \d+, column \d+|end of document)\)$")


def load_profile(text: str, source: str) -> Profile:
    """Return the profile that a text describes.

    Args:
        text: The text of the file.
        source: The file's path; its stem is the client's id.

    Raises:
        ProfileError: The text breaks the format; the error names file, table and what
            is allowed there.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, source, str(error)) from None
    top = Table(source, "", data, ALLOWED[""])
    profile = Profile(
        id=client_id(source),
        source=source,
        name=top.text("name"),
        summary=top.text("summary"),
        docs=top.text("docs"),
        status=cast("Status", top.choice("status", STATUSES)),
        reason=top.text("reason", ""),
        link=top.text("link", ""),
        aliases=top.texts("aliases"),
        speaks=cast("tuple[Wire, ...]", top.choices("speaks", WIRES)),
        credential=cast("tuple[Way, ...]", top.choices("credential", WAYS)),
        tested=top.texts("tested"),
        model=cast("ModelNeed", top.choice("model", MODEL_NEEDS, "none")),
        detect=_detect(top.table("detect", ALLOWED["detect"])),
        version=_version(top.table("version", ALLOWED["version"])),
        paths=_paths(top.table("paths")),
        env=top.mapping("env"),
        unset=top.mapping("unset"),
        generic_env=_generic_env(top.table("generic_env", ALLOWED["generic_env"])) if "generic_env" in data else None,
        requests=tuple(_request(table) for table in top.tables("request", ALLOWED["request"])),
        edits=tuple(_edit(table) for table in top.tables("edit", ALLOWED["edit"])),
        manual=tuple(_manual(table) for table in top.tables("manual", ALLOWED["manual"])),
        outranked_by=tuple(_outranked_by(table) for table in top.tables("outranked_by", ALLOWED["outranked_by"])),
        layers=read_layers(top),
        settings=read_settings(top),
        routes=read_routes(top),
        documented=top.mapping("documented"),
    )
    check(profile)
    return profile


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


def _detect(table: Table) -> Detect:
    return Detect(commands=table.texts("commands"), files=table.texts("files"), vscode=table.texts("vscode"))


def _version(table: Table) -> Version:
    needs = table.mapping("needs")
    inner = table.table("needs", WAYS)
    for way, version in needs.items():
        if not re.fullmatch(r"\d+(\.\d+)+", version):
            raise inner.error(way, f"expected a version such as 1.20.0, found `{version}`")
    if needs and "command" not in table.data:
        raise table.error("", "`needs` has no use without `command`")
    return Version(command=table.texts("command"), needs=cast("dict[Way, str]", needs))


def _paths(table: Table) -> dict[str, PathCandidates]:
    paths = {}
    for name, value in table.data.items():
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            raise table.error(name, "the name of a path is small letters and underscores")
        if isinstance(value, dict):
            inner = table.table(name, ALLOWED["paths"])
            if not value:
                raise inner.error("", "must name at least one platform", hint=f"allowed here: {', '.join(PLATFORMS)}")
            found = {platform: inner.texts(platform, required=platform in value) for platform in PLATFORMS}
            paths[name] = PathCandidates(**found)
        else:
            candidates = table.texts(name, required=True)
            paths[name] = PathCandidates(linux=candidates, macos=candidates, windows=candidates)
        for candidate in {*paths[name].linux, *paths[name].macos, *paths[name].windows}:
            if not rooted(candidate) or "{" in candidate:
                raise table.error(name, f"`{candidate}` cannot be a place", hint=ROOTED_HINT)
    return paths


def _generic_env(table: Table) -> GenericEnv:
    verdict = cast("GenericVerdict", table.choice("verdict", VERDICTS))
    if verdict in ("breaks", "leaks") and "note" not in table.data:
        raise table.error("", f"`{verdict}` needs a `note` that tells the user what happens")
    note = table.text("note", "")
    if not note.isprintable():
        raise table.error("note", "must be one line without tabs, for the table that `aibridge env` reads")
    return GenericEnv(verdict=verdict, note=note)


def _request(table: Table) -> Request:
    return Request(
        wire=table.choice("wire", REQUEST_WIRES),
        base=table.path("base"),
        path=table.text("path"),
        headers=table.mapping("headers"),
    )


def _when(table: Table) -> dict[str, tuple[str, ...]]:
    inner = table.table("when", ALLOWED["when"])
    known = {"credential": WAYS, "os": PLATFORMS}
    when = {name: inner.choices(name, known[name], single=True) for name in inner.data}
    for name, fitting in when.items():
        if not fitting:
            raise inner.error(name, "must not be empty")
    return when


def _edit(table: Table) -> Edit:
    remove = table.data.get("remove", [])
    if not isinstance(remove, list):
        raise table.error("remove", 'expected a list of key paths, as in [["env", "NAME"]]')
    edit = Edit(
        file=table.texts("file", single=True, required=True),
        format=table.choice("format", FORMATS),
        when=_when(table),
        set=table.tree("set"),
        upserts=tuple(_upsert(inner) for inner in table.tables("upsert", ALLOWED["upsert"])),
        includes=tuple(_include(inner) for inner in table.tables("include", ALLOWED["include"])),
        remove=tuple(_removal(table, index, path) for index, path in enumerate(remove)),
        secret=table.flag("secret"),
    )
    if not (edit.set or edit.upserts or edit.includes or edit.remove):
        raise table.error("", "changes nothing", hint="an edit needs `set`, `upsert`, `include` or `remove`")
    return edit


def _removal(table: Table, index: int, path: object) -> KeyPath:
    return key_path(table, f"remove[{index}]", path)


def _upsert(table: Table) -> Upsert:
    upsert = Upsert(at=table.path("at"), match=table.tree("match"), value=table.tree("value"))
    if not upsert.match:
        raise table.error("", "`match` must name at least one key that identifies our item")
    for key in upsert.value:
        if key in upsert.match:
            raise table.error(f"value.{key}", "stands in `match` as well")
    return upsert


def _include(table: Table) -> Include:
    return Include(at=table.path("at"), values=table.values("values"), only_if_present=table.flag("only_if_present"))


def _manual(table: Table) -> Manual:
    return Manual(title=table.text("title"), steps=table.texts("steps", required=True), when=_when(table))


def _outranked_by(table: Table) -> OutrankedBy:
    return OutrankedBy(
        what=table.text("what"),
        files=table.texts("files"),
        variables=table.texts("variables"),
        note=table.text("note", ""),
    )
