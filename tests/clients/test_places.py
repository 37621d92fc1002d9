"""Where each profile's files are, on each system and for each way of passing the token.

`places/CLIENT.txt` has for every way which files `configure` would write, in which format and
with which keys, in a home that has none of them yet. With the variable `WRITE_AFTER` set the
texts are written anew, and the tests fail: read them, and run the tests without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import carry_out, plan_configure, plan_release
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Way
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedEdit, RenderedProfile, Values
from aibridge_cli.documents.operations import dotted
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts
from aibridge_cli.helper import quote_for_shell

PLACES = Path(__file__).parent / "places"
SHIPPED = Catalogue([shipped_folder()])
CONFIGURABLE = [client for client in SHIPPED.ids() if SHIPPED.load(client).status != "unsupported"]
MODELS = {"openai": "gpt-5.4", "anthropic": "claude-sonnet-4-5"}
WAYS = [(client, way) for client in CONFIGURABLE for way in SHIPPED.load(client).credential]


class MakeValues(Protocol):
    def __call__(self, **given: Any) -> Values: ...


class System(NamedTuple):
    """A kind of machine, with what its environment says of folders; `~` is the home."""

    name: str
    platform: str
    home: str
    environ: dict[str, str]

    def facts(self, home: str = "") -> Facts:
        home = home or self.home
        environ = {name: value.replace("~", home) for name, value in self.environ.items()}
        return Facts(environ=environ, platform=self.platform, home=home)


SYSTEMS = [
    System("Linux", "linux", "/home/ada", {}),
    System(
        "Linux with XDG variables",
        "linux",
        "/home/ada",
        {"XDG_CONFIG_HOME": "~/xdg/settings", "XDG_DATA_HOME": "~/xdg/data", "XDG_STATE_HOME": "~/xdg/state"},
    ),
    System("macOS", "macos", "/Users/ada", {}),
    System(
        "Windows",
        "windows",
        "C:\\Users\\ada",
        {
            "USERPROFILE": "~",
            "APPDATA": "~\\AppData\\Roaming",
            "LOCALAPPDATA": "~\\AppData\\Local",
            "ProgramData": "C:\\ProgramData",
        },
    ),
]


def rendered(client: str, way: Way, facts: Facts, values: Values) -> RenderedProfile:
    profile = SHIPPED.load(client)
    paths = resolve_paths(profile, facts, exists=lambda _folder: False)
    return render(
        profile,
        way,
        values,
        platform=facts.platform,
        paths=paths,
        quote=lambda words: quote_for_shell(tuple(words), facts.platform),
    )


def keys(edit: RenderedEdit) -> Iterator[str]:
    """Name what an edit does to a file, one line for each key."""
    for path, _ in edit.sets:
        yield f"set {dotted(path)}"
    for path, _ in edit.defaults:
        yield f"set unless it is there {dotted(path)}"
    for whole in edit.wholes:
        yield f"set as one {dotted(whole.path)}: {', '.join(dotted(path) for path, _ in whole.sets + whole.defaults)}"
    for at, _ in edit.includes:
        yield f"add to the list {dotted(at)}"
    for at, _ in edit.extends:
        yield f"add to the list, if it is there, {dotted(at)}"
    for upsert in edit.upserts:
        yield f"item of the list {dotted(upsert.at)}: {', '.join({**upsert.match, **upsert.value})}"
    for path in edit.remove:
        yield f"take out {dotted(path)}"


def contents(profile: RenderedProfile) -> dict[tuple[str, ...], list[str]]:
    """Return what is done to each file, by its candidates."""
    files: dict[tuple[str, ...], list[str]] = {}
    for edit in profile.edits:
        lines = files.setdefault(edit.candidates, [f"format {edit.format}"])
        lines += ["it holds the token"] * (edit.secret and "it holds the token" not in lines)
        lines += [line for line in keys(edit) if line not in lines]
    return files


def described(client: str, way: Way, facts: Facts, make_values: MakeValues) -> tuple[list[str], list[str]]:
    """Return the places of the files, and what is done to each, also with a model named for one of the wires."""
    try:
        plain = contents(rendered(client, way, facts, make_values()))
    except AibridgeError as refusal:
        return [], [f"refused: {refusal.message}"]
    said = {file: list(lines) for file, lines in plain.items()}
    for wire, model in MODELS.items():
        named = contents(rendered(client, way, facts, make_values(models={wire: model})))
        for file in named:
            more = [line for line in named[file] if line not in plain.get(file, [])]
            said.setdefault(file, []).extend(f"with an {wire} model named: {line}" for line in more)
            less = [line for line in plain.get(file, []) if line not in named[file]]
            said[file] += [f"not with an {wire} model named: {line}" for line in less]
    places = [f"file {number} {', else '.join(file)}" for number, file in enumerate(said, start=1)]
    lines = []
    for number, file in enumerate(said, start=1):
        lines += [f"file {number}", *(f"  {line}" for line in said[file])]
    return places, lines or ["no file"]


def text(client: str, make_values: MakeValues) -> str:
    """Return all that is said of a client: systems that agree on the keys stand together."""
    lines = []
    for way in SHIPPED.load(client).credential:
        alike: dict[tuple[str, ...], list[str]] = {}
        for system in SYSTEMS:
            places, what = described(client, way, system.facts(), make_values)
            alike.setdefault(tuple(what), []).extend([system.name, *(f"  {place}" for place in places)])
        for doing, where in alike.items():
            lines += [f"== {way}", *where, *doing, ""]
    return "\n".join(lines)


@pytest.mark.parametrize("client", CONFIGURABLE)
def test_files_formats_and_keys(client: str, make_values: MakeValues) -> None:
    """On Linux, with XDG variables, on macOS and on Windows the files and keys are those that were read and kept.

    For Windows this is about texts alone: nothing is written with its paths here.
    """
    kept = PLACES / f"{client}.txt"
    if os.environ.get("WRITE_AFTER"):
        kept.write_text(text(client, make_values), encoding="utf-8")
        pytest.fail(f"wrote `{kept}`: read it, then run this without `WRITE_AFTER`")

    assert text(client, make_values) == kept.read_text(encoding="utf-8")


def test_every_text_belongs_to_a_client() -> None:
    """No text stays behind when a client goes."""
    assert sorted(path.stem for path in PLACES.iterdir()) == CONFIGURABLE


@pytest.mark.parametrize("system", SYSTEMS[:3], ids=lambda system: system.name)
@pytest.mark.parametrize(("client", "way"), WAYS)
def test_from_an_empty_home_and_back(
    client: str, way: Way, system: System, tmp_path: Path, make_values: MakeValues
) -> None:
    """Just those files are made, a second run writes nothing, and undo leaves an empty home.

    Where the client has no place, it is refused in the words of its text.

    Windows is left out: its paths cannot be made on another system.
    """
    home = tmp_path / "home"
    home.mkdir()
    store = Store(str(tmp_path / "state"))
    values = make_values()
    places, said = described(client, way, system.facts(str(home)), make_values)
    if said[0].startswith("refused"):
        assert (places, list(home.iterdir())) == ([], [])
        assert said[0] in (PLACES / f"{client}.txt").read_text(encoding="utf-8").splitlines()
        return
    profile = rendered(client, way, system.facts(str(home)), values)
    wanted = [Wanted(profile, values.deployment_url)]
    adding = [edit for edit in profile.edits if edit._replace(remove=(), extends=()) != _nothing(edit)]

    carry_out(store, lambda: plan_configure(store, wanted), "configure", show=lambda _plan: None)

    made = {str(path) for path in home.rglob("*") if path.is_file()}
    assert made == {edit.candidates[0] for edit in adding}
    assert plan_configure(store, wanted).empty
    assert {os.stat(edit.candidates[0]).st_mode & 0o077 for edit in adding if edit.secret} <= {0}
    carry_out(store, lambda: plan_release(store, [client]), "unconfigure", show=lambda _plan: None)
    assert list(home.iterdir()) == []


def _nothing(edit: RenderedEdit) -> RenderedEdit:
    return RenderedEdit(edit.candidates, edit.format, secret=edit.secret)
