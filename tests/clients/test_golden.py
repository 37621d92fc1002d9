"""Every profile, carried out for real: a home folder before, and the same one after.

`CLIENT/CASE/before` is the home (absent: an empty one), `CLIENT/CASE/after` what configuring
makes of it (absent: nothing changes), and `case.toml` says how::

    title = "what the case shows"
    way = "file"                    # as `--credential`; absent: the client's best
    version = "0.117.0"             # what the installed client answers; absent: unknown
    platform = "macos"              # absent: linux
    models = { openai = "gpt-x" }
    environ = { CODEX_HOME = "~/elsewhere" }   # `~` is the home
    modes = { ".codex/config.toml" = "600" }   # permission bits afterwards
    notes = ["…"]                   # what the user is told about the choice
    keychain = [{ url = "…" }]      # the attributes of the entries that hold the token afterwards
    error = "…"                     # the message, where configuring must refuse

With the variable `WRITE_AFTER` set, the cases that run write their `after` and fail: read
what was written, and run them again without it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import tomllib
from pathlib import Path
from typing import Any, Protocol

import pytest

from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import carry_out, plan_configure, plan_release
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.detect import parts_here
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Way
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedProfile, Values
from aibridge_cli.clients.ways import choose_way
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts
from aibridge_cli.keychains.entries import Entries
from aibridge_cli.keychains.imagined import Imagined

HERE = Path(__file__).parent
CASES = sorted(str(path.parent.relative_to(HERE)) for path in HERE.glob("*/*/case.toml"))
SHIPPED = Catalogue([shipped_folder()])


class MakeValues(Protocol):
    def __call__(self, **given: Any) -> Values: ...


class Case:
    """One case, with its home folder laid out in a scratch place."""

    def __init__(self, name: str, scratch: Path, make_values: MakeValues) -> None:
        self.folder = HERE / name
        self.client = name.split(os.sep, maxsplit=1)[0]
        self.says: dict[str, Any] = tomllib.loads((self.folder / "case.toml").read_text(encoding="utf-8"))
        self.home = scratch / "home"
        self.home.mkdir()
        if (self.folder / "before").is_dir():
            shutil.copytree(self.folder / "before", self.home, dirs_exist_ok=True)
        for path in self.home.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.keychain = Imagined()
        self.store = Store(str(scratch / "state"), self.keychain)
        self.values = make_values(models=self.says.get("models", {}))
        environ = {name: value.replace("~", str(self.home)) for name, value in self.says.get("environ", {}).items()}
        self.facts = Facts(environ=environ, platform=self.says.get("platform", "linux"), home=str(self.home))

    def rendered(self) -> tuple[RenderedProfile, tuple[str, ...]]:
        profile = SHIPPED.load(self.client)
        wanted: Way | None = self.says.get("way")
        attributes = [entry.attributes for entry in profile.keychain]
        choice = choose_way(
            profile,
            wanted,
            lambda: self.says.get("version"),
            keychain=lambda: "" if self.facts.platform == "linux" else Entries(self.facts).refusal(attributes),
        )
        paths = resolve_paths(profile, self.facts)
        filled = render(
            profile,
            choice.way,
            self.values,
            platform=self.facts.platform,
            paths=paths,
            quote=shlex.join,
            parts=parts_here(profile, self.facts),
        )
        return filled, choice.notes

    def configure(self) -> tuple[str, ...]:
        profile, notes = self.rendered()
        wanted = [Wanted(profile, self.values.deployment_url)]
        carry_out(self.store, lambda: plan_configure(self.store, wanted), "configure", show=lambda _plan: None)
        again = plan_configure(self.store, wanted)
        assert again.empty, "a second run would write something"
        return notes

    def unconfigure(self) -> None:
        carry_out(self.store, lambda: plan_release(self.store, [self.client]), "unconfigure", show=lambda _plan: None)


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def looks(folder: Path) -> dict[str, tuple[bytes | None, int]]:
    """Return every file and folder with content and permission bits."""
    return {
        str(path.relative_to(folder)): (
            path.read_bytes() if path.is_file() else None,
            stat.S_IMODE(path.stat().st_mode),
        )
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("name", CASES)
def test_configure_and_back(name: str, tmp_path: Path, make_values: MakeValues) -> None:
    """The home becomes `after`, a second run writes nothing, and undo brings `before` back."""
    case = Case(name, tmp_path, make_values)
    before = looks(case.home)
    if "error" in case.says:
        with pytest.raises(AibridgeError) as caught:
            case.configure()
        assert caught.value.message == case.says["error"].replace("~", str(case.home))
        assert looks(case.home) == before
        return
    assert list(case.configure()) == case.says.get("notes", [])
    if os.environ.get("WRITE_AFTER"):
        shutil.rmtree(case.folder / "after", ignore_errors=True)
        shutil.copytree(case.home, case.folder / "after")
        pytest.fail(f"wrote `{case.folder / 'after'}`: read it, then run this without `WRITE_AFTER`")
    assert tree(case.home) == tree(case.folder / "after")
    modes = {file: f"{stat.S_IMODE((case.home / file).stat().st_mode):o}" for file in case.says.get("modes", {})}
    assert modes == case.says.get("modes", {})
    held = [(dict(attributes), secret) for attributes, secret in case.keychain.entries.items()]
    assert held == [(attributes, case.values.token) for attributes in case.says.get("keychain", [])]
    case.unconfigure()
    assert case.keychain.entries == {}
    assert looks(case.home) == before


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_client_has_a_case_for_each_way(client: str) -> None:
    """No way of passing the token goes without an example of what it writes."""
    profile = SHIPPED.load(client)
    said = [
        tomllib.loads((HERE / name / "case.toml").read_text(encoding="utf-8"))
        for name in CASES
        if name.startswith(client + os.sep)
    ]
    assert {says.get("way", profile.credential[0]) for says in said} == set(profile.credential)
