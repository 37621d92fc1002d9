from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.clients.candidates import PathCandidates
from aibridge_cli.clients.paths import expand, locate, resolve_paths, rooted
from aibridge_cli.clients.profile import Profile
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts

CONFIG = ("$EXAMPLE_HOME", "$XDG_CONFIG_HOME/example", "~/.config/example")
PROFILE = Profile(
    "example",
    "example.toml",
    "Example",
    "",
    "",
    "supported",
    paths={
        "config": PathCandidates(CONFIG, CONFIG, CONFIG),
        "local": PathCandidates((), ("~/Library/Example",), ("$LOCALAPPDATA/Example",)),
    },
)


def facts(platform: str = "linux", home: str = "/home/ada", **environ: str) -> Facts:
    return Facts(environ=environ, platform=platform, home=home)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (facts(), {"config": "/home/ada/.config/example"}),
        (facts(XDG_CONFIG_HOME="/x"), {"config": "/x/example"}),
        (facts(XDG_CONFIG_HOME="/x", EXAMPLE_HOME="/e"), {"config": "/e"}),
        (facts(EXAMPLE_HOME=" "), {"config": "/home/ada/.config/example"}),
        (facts(home="", EXAMPLE_HOME="/e"), {"config": "/e"}),
        (
            facts("macos", "/Users/ada"),
            {"config": "/Users/ada/.config/example", "local": "/Users/ada/Library/Example"},
        ),
        (
            facts("windows", "C:\\Users\\ada", LOCALAPPDATA="C:\\Users\\ada\\AppData\\Local"),
            {"config": "C:\\Users\\ada\\.config\\example", "local": "C:\\Users\\ada\\AppData\\Local\\Example"},
        ),
        (facts("windows", "C:\\Users\\ada"), {"config": "C:\\Users\\ada\\.config\\example"}),
    ],
)
def test_the_first_candidate_that_resolves_counts(given: Facts, expected: dict[str, str]) -> None:
    """Unset and empty variables are skipped; a path without a place on the platform is left out."""
    assert resolve_paths(PROFILE, given) == expected


def test_without_a_home_folder_the_error_says_what_to_set() -> None:
    """A candidate in the home folder cannot be guessed when there is none."""
    with pytest.raises(AibridgeError) as caught:
        resolve_paths(PROFILE, facts(home=""))
    assert caught.value.message == "there is no home folder to look for `~/.config/example` in"
    assert caught.value.hint == "set `HOME` and try again"


@pytest.mark.parametrize(("platform", "value"), [("linux", "here"), ("windows", "/x"), ("windows", "C:x")])
def test_a_variable_with_a_relative_path_is_refused(platform: str, value: str) -> None:
    """What a relative path means depends on where the client is started."""
    with pytest.raises(AibridgeError) as caught:
        resolve_paths(PROFILE, facts(platform, EXAMPLE_HOME=value))
    assert caught.value.message == f"`EXAMPLE_HOME` is `{value}`, which is not an absolute path"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("{config}/a.json", "/home/ada/.config/example/a.json"),
        ("/etc/example.json", "/etc/example.json"),
        ("~", "/home/ada"),
        ("$ProgramFiles/example.json", None),
        ("C:/example.json", None),
        (".example/settings.json", None),
        ("{local}/a.json", None),
    ],
)
def test_files_to_look_for_are_located(place: str, expected: str | None) -> None:
    """Another platform's file, an unset variable and a project's file have no place here."""
    assert locate(place, facts(), {"config": "/home/ada/.config/example"}) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("~", True),
        ("~/x", True),
        ("~ada/x", False),
        ("$A", True),
        ("$A_1/x", True),
        ("$1/x", False),
        ("/x", True),
        ("C:\\x", True),
        ("C:x", False),
        ("x", False),
        ("./x", False),
    ],
)
def test_a_place_is_rooted_or_not(place: str, expected: bool) -> None:
    """Only what the working directory cannot change is a place."""
    assert rooted(place) is expected


def test_only_the_start_of_a_place_is_expanded() -> None:
    """A tilde or dollar sign further on is part of a name."""
    given: Any = facts(A="/a")
    assert expand("/x/~/$A", given) == "/x/~/$A"
