"""Tokens are looked for in every file that the client reads here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.changes.state import State
from aibridge_cli.diagnosis.places import places
from tests.diagnosis.layered import quill

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeFacts


def test_a_projects_settings(tmp_path: Path, make_facts: MakeFacts) -> None:
    """A project's files are searched too, and those that the client cannot read; a variable is no file."""
    project = tmp_path / "project"
    (project / ".quill").mkdir(parents=True)
    (project / "quill.json").write_text('{"api": {"key": "x"}}')
    (project / ".quill/config.jsonc").write_text("{")
    facts = make_facts(home=str(tmp_path / "home"), cwd=str(project), environ={"QUILL_CONFIG": "{}"})

    found = places(facts, str(tmp_path / "ours"), State(), [quill()])

    assert {(place.path, place.kind, place.client, place.format) for place in found} == {
        (str(project / "quill.json"), "client file", "quill", "json"),
        (str(project / ".quill/config.jsonc"), "client file", "quill", ""),
    }
