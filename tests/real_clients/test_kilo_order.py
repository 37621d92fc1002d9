"""Every file that Kilo takes settings from, against the order that its profile gives, in one run.

Each two places that follow one another in the profile have a setting of their own that both
speak of; what the client makes of all the files tells who won, for each pair.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.diagnosis.sources import sources
from aibridge_cli.facts import Facts
from tests.real_clients.combinations import Subject, cells, place
from tests.real_clients.test_effective import EtcOverDisk, unshared

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_clients.conftest import Clients

pytestmark = pytest.mark.real_client

SETTING = "openai_key"


def test_each_place_wins_over_the_next(clients: Clients, tmp_path: Path) -> None:
    """Of any two neighbours in the profile the stronger one's word is the client's, from `/etc` down to the user's."""
    profile = Catalogue([shipped_folder()]).load("kilo")
    home, project, etc = clients.home, clients.home / "work/project", tmp_path / "own/etc"
    for folder in (project, etc, home / "work/.git"):
        folder.mkdir(parents=True)
    own = resolve_paths(profile, Facts(environ=clients.environment, platform="linux", home=str(home)))
    everywhere = {cell: "" for cell in cells(profile, Subject(rows=0)) if cell.setting == SETTING and cell.format}
    documents = {cell: "" for cell in everywhere if cell.place != "{data}/auth.json"}
    placed = place(documents, Subject(rows=0), own, home, project, etc, "")
    environment = {**clients.environment, **placed.environment}
    facts = Facts(environ=environment, platform="linux", home=str(home), cwd=str(project))
    found, broken = sources(profile, facts, EtcOverDisk(etc))
    order = [source.place for source in found if source.place]
    assert broken == ()
    assert len(order) == len(documents)

    for number, name in enumerate(order):
        pairs = {f"pair-{each}": {"template": name} for each in (number - 1, number) if 0 <= each < len(order) - 1}
        text = json.dumps({"permission": {"bash": "ask"}, "command": pairs})
        if name.startswith("$"):
            environment[name[1:]] = text
        else:
            path = str(etc) + name.removeprefix("/etc") if name.startswith("/etc/") else name
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    program = os.path.join(clients.folder, "node_modules/.bin/kilo")
    ran = subprocess.run(
        [*unshared(tmp_path / "own"), program, "debug", "config"],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    commands = json.loads(ran.stdout)["command"]
    assert [commands[f"pair-{number}"]["template"] for number in range(len(order) - 1)] == order[:-1]
