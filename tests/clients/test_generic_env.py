from __future__ import annotations

import os
import runpy
import shutil
from pathlib import Path

import pytest

from aibridge_cli.clients import catalogue, generic_env
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.generic_env import FILE, table
from aibridge_cli.clients.presence import Detect
from aibridge_cli.clients.profile import GenericEnv, GenericVerdict, Profile


def profile(client: str, verdict: GenericVerdict | None, *commands: str) -> Profile:
    generic = GenericEnv(verdict, f"it {verdict}") if verdict else None
    return Profile(client, "", "", "", "", "supported", detect=Detect(commands=commands), generic_env=generic)


def test_only_clients_that_come_to_harm_have_a_line() -> None:
    """Id, verdict, commands and note, between tabs."""
    profiles = [
        profile("a", "works", "a"),
        profile("b", "breaks", "b", "bb"),
        profile("c", "ignored", "c"),
        profile("d", "leaks", "d"),
        profile("e", None, "e"),
    ]
    assert table(profiles) == "b\tbreaks\tb,bb\tit breaks\nd\tleaks\td\tit leaks\n"


def test_the_table_is_not_stale() -> None:
    """The file beside the profiles is what the profiles say."""
    known = Catalogue([shipped_folder()])
    with open(os.path.join(shipped_folder(), FILE), encoding="utf-8") as file:
        standing = file.read()
    if standing != table(known.load(client) for client in known.ids()):
        pytest.fail("run `python -m aibridge_cli.clients.generic_env`")


def test_it_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running the module writes the same bytes into the folder of profiles."""
    with open(os.path.join(shipped_folder(), FILE), "rb") as file:
        standing = file.read()
    folder = tmp_path / "profiles"
    shutil.copytree(shipped_folder(), folder)
    (folder / FILE).unlink()
    monkeypatch.setattr(catalogue, "shipped_folder", lambda: str(folder))
    runpy.run_path(generic_env.__file__, run_name="__main__")
    assert (folder / FILE).read_bytes() == standing
