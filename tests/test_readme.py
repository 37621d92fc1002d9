"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aibridge_cli.cli.app import COMMANDS
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.consistency import touched
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.readme import BEGIN, END, main, table, with_table
from aibridge_cli.errors import ProfileError

ROOT = Path(__file__).parent.parent
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
README = (ROOT / "README.md").read_text()


def shipped() -> list[Profile]:
    profiles, problems = Catalogue([shipped_folder()]).load_all()
    assert problems == []
    return profiles


def test_the_table_of_clients_is_fresh() -> None:
    """README has the table that the profiles give; `python -m aibridge_cli.clients.readme` brings it up to date."""
    assert with_table(README, shipped()) == README


def test_rewriting_a_fresh_readme_changes_nothing(tmp_path: Path) -> None:
    """The generator touches what is between its marks and nothing else."""
    copy = tmp_path / "README.md"
    copy.write_text(README)

    assert main(str(copy)) == 0

    assert copy.read_text() == README


def test_a_broken_profile_stops_the_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is not made from part of the profiles."""
    (tmp_path / "broken.toml").write_text("name = 1")
    monkeypatch.setattr("aibridge_cli.clients.readme.shipped_folder", lambda: str(tmp_path))

    with pytest.raises(ProfileError):
        main(str(tmp_path / "README.md"))


def test_a_readme_without_marks_is_refused() -> None:
    """Without its marks the generator does not guess where the table belongs."""
    with pytest.raises(ValueError, match="in the text"):
        with_table("nothing here", [])
    with pytest.raises(ValueError, match="in the text"):
        with_table(BEGIN, [])
    assert with_table(f"a{BEGIN}b{END}c", []).startswith(f"a{BEGIN}\n")


def test_unsupported_clients_say_why() -> None:
    """A row of a client that cannot be configured has the reason and the link."""
    profile = Profile("x", "x.toml", "X", "s", "https://d", "unsupported", reason="no option", link="https://l")

    assert table([profile]).splitlines()[-1] == (
        "| [X](https://d) | `x` | - | - | no option ([link](https://l)) | - | unsupported |"
    )


def test_every_command_is_in_the_readme() -> None:
    """README names each command."""
    for command in COMMANDS:
        assert f"aibridge {command}" in README


def test_every_command_of_the_readme_exists() -> None:
    """README names no command that is not there."""
    assert {word for word in re.findall(r"`?aibridge ([a-z]+)", README) if word.isalpha()} <= {*COMMANDS, "has"}


def test_the_example_of_a_client_is_a_profile() -> None:
    """The profile that CONTRIBUTING adds loads as it stands, and so does what a shipped one has on top."""
    first, run, more, layers = re.findall(r"```toml\n(.*?)```", CONTRIBUTING, flags=re.DOTALL)
    head, _, tables = first.partition("\n\n")
    tested, _, rest = more.partition("\n\n")

    profile = load_profile(first, "quill.toml")
    whole = load_profile(f"{head}\n{tested}\n{tables}\n{rest}", "quill.toml")

    assert load_profile(f"{first}\n{run}", "quill.toml").run is not None
    assert len(load_profile(f"{first}\n{layers}", "quill.toml").routes) == 3
    assert profile.credential == ("helper", "env")
    assert whole.edits == profile.edits
    assert (len(whole.requests), whole.tested) == (1, ("1.4.0",))
    assert set(whole.documented) == set(touched(profile)) - {"QUILL_TOKEN"}


def test_the_map_names_every_part() -> None:
    """Each module and folder of the package stands in the map of CONTRIBUTING, and nothing else does."""
    parts = {path.name + "/" * path.is_dir() for path in (ROOT / "aibridge_cli").iterdir()}
    house = CONTRIBUTING.partition("```")[2].partition("```")[0]
    lines = re.findall(r"^  (\S+(?: \S+\.py)*)", house, flags=re.MULTILINE)
    named = {name for line in lines for name in line.split()}

    assert named == parts - {"__init__.py", "__main__.py", "__pycache__/", "py.typed"}


@pytest.mark.parametrize("document", ["README.md", "Makefile", ".ci/run"])
def test_files_that_are_named_are_there(document: str) -> None:
    """Each file or folder of the checkout that a document or a command names exists."""
    named = re.findall(r"(?<![\w/])(?:tests|benchmarks|docs|client_profiles)/[\w./-]*\w", (ROOT / document).read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    """CHANGELOG follows Keep a Changelog: unreleased changes stand on top."""
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)

    assert headings[0] == "[Unreleased]"
