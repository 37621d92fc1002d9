"""Whoever says in a profile which versions were run has a run of the real program here, which can be done again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients import cases, conftest, python_clients
from tests.real_clients.install_python import clients as pins
from tests.real_clients.install_python import pinned_version

SHIPPED = Catalogue([shipped_folder()])
TESTED = [client for client in SHIPPED.ids() if SHIPPED.load(client).tested]
# What is run as a part of another program, pinned with it.
LIBRARIES = {"ai-sdk", "anthropic-sdk", "openai-sdk"}
MANIFEST = json.loads((Path(conftest.__file__).parent / "package.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("client", TESTED)
def test_it_is_run(client: str) -> None:
    """A client with versions in `tested` is asked a question there, in each way that its profile has."""
    if client in LIBRARIES:
        return
    if client in python_clients.COMMANDS:
        assert SHIPPED.load(client).tested == (pinned_version(pins()[client]),), "its `.in` file pins another version"
        return
    assert client in conftest.COMMANDS, f"no `COMMANDS` of tests/real_clients says how {client} is asked"
    assert client in cases.FILES, f"`FILES` of tests/real_clients/cases.py does not name the file of {client}"
    assert cases.FILES[client] in cases.LIVED_IN, "`LIVED_IN` has no such file as people have it"
    ways = {way for name, way, *_ in cases.CASES if name == client}
    assert ways == set(SHIPPED.load(client).credential), f"`CASES` has not just the ways of {client}"


@pytest.mark.parametrize("client", sorted(cases.FILES))
def test_at_the_version_that_is_pinned(client: str) -> None:
    """Each version of a client from npm is one that `package.json` pins."""
    packages = MANIFEST["dependencies"] | MANIFEST["optionalDependencies"]
    pinned = {version.rpartition("@")[2] for version in packages.values()}
    assert set(SHIPPED.load(client).tested) <= pinned
