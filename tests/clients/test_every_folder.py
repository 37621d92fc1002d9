"""A path that stands for every folder that is there: each gets what the edits in it say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.paths import located, resolve_paths
from aibridge_cli.clients.render import render
from aibridge_cli.diagnosis.client_files import ClientFiles
from aibridge_cli.facts import Facts

PROFILE = load_profile(
    """
name = "Example"
summary = "Stands for any editor"
docs = "https://example.com"
status = "supported"
speaks = ["openai"]
credential = ["manual"]

[paths.user]
every = true
linux = [
  { exists = "$EXAMPLE_HOME" },
  { exists = "~/one" },
  { exists = "~/one/profiles/*" },
  { exists = "~/two" },
  "$EXAMPLE_HOME",
  "~/one",
  "~/usual",
]

[[edit]]
file = "{user}/a.json"
format = "json"
remove = [["old"]]
[edit.set]
url = "{gateway.openai}"
here = "{user}"

[[manual]]
title = "t"
steps = ["s"]
""",
    "example.toml",
)


def made(home: Path, *names: str) -> Facts:
    for name in names:
        (home / name).mkdir(parents=True)
        (home / name / "something").touch()
    return Facts(environ={}, platform="linux", home=str(home))


def found(facts: Facts) -> list[str]:
    own = resolve_paths(PROFILE, facts)
    return [place.removeprefix(facts.home) for place in located(["{user}/a.json"], facts, own)]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((), ["/one/a.json"]),
        (("two",), ["/two/a.json"]),
        (("one", "two"), ["/one/a.json", "/two/a.json"]),
        (
            ("two", "one/profiles/b", "one/profiles/a"),
            ["/one/a.json", "/one/profiles/a/a.json", "/one/profiles/b/a.json", "/two/a.json"],
        ),
    ],
)
def test_every_folder_that_is_there_counts(tmp_path: Path, there: tuple[str, ...], expected: list[str]) -> None:
    """Each conditional candidate with something in it counts, and the first of the others only where none has."""
    assert found(made(tmp_path, *there)) == expected


def test_a_folder_that_two_candidates_name_counts_once(tmp_path: Path) -> None:
    """Where a variable leads to the folder that is usual, the files in it are edited once."""
    home = made(tmp_path, "one")
    facts = Facts(environ={"EXAMPLE_HOME": str(tmp_path / "one")}, platform="linux", home=home.home)

    assert found(facts) == ["/one/a.json"]


def test_an_empty_folder_and_a_file_are_no_profiles(tmp_path: Path) -> None:
    """Below `*`, what is no folder with something in it is passed over."""
    facts = made(tmp_path, "one/profiles/a")
    (tmp_path / "one" / "profiles" / "empty").mkdir()
    (tmp_path / "one" / "profiles" / "file").touch()

    assert found(facts) == ["/one/a.json", "/one/profiles/a/a.json"]


def test_each_folder_gets_an_edit_of_its_own(tmp_path: Path, make_values: Any) -> None:
    """The path stands for the same folder in the file's name and in what is written into it."""
    facts = made(tmp_path, "one", "two")

    rendered = render(
        PROFILE, "manual", make_values(), platform="linux", paths=resolve_paths(PROFILE, facts), quote=" ".join
    )

    places = [(edit.candidates, dict(edit.sets)["here",]) for edit in rendered.edits]
    assert places == [((f"{tmp_path}/{name}/a.json",), f"{tmp_path}/{name}") for name in ("one", "two")]


def test_each_folder_is_looked_at(tmp_path: Path) -> None:
    """What stands in the client's files is read in every folder."""
    facts = made(tmp_path, "one", "two")
    (tmp_path / "two" / "a.json").write_text('{"url": "x", "old": 1}')

    files = ClientFiles(PROFILE, facts, "manual")

    assert files.paths == (f"{tmp_path}/one/a.json", f"{tmp_path}/two/a.json")
    assert [standing.value for standing in files.standing() if standing.key == ("url",)][1] == "x"
    assert list(files.unwanted()) == [(f"{tmp_path}/two/a.json", ("old",))]
