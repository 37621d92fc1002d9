"""Which files shells and sessions read when they start."""

from __future__ import annotations

from aibridge_cli.diagnosis.start_up_files import matching, start_up_files
from tests.diagnosis.layered import Files, facts_of


def test_patterns_stand_for_the_names_that_fit() -> None:
    """Only what is there, and fits, is named for a pattern; a plain name is named in any case."""
    disk = Files({"/home/ada/.config/fish/conf.d/a.fish": "", "/home/ada/.config/fish/conf.d/notes.txt": ""})
    patterns = (".config/fish/conf.d/*.fish", ".config/nothing/*.nu", ".zshrc")
    assert list(matching(facts_of(), disk, patterns)) == [
        "/home/ada/.config/fish/conf.d/a.fish",
        "/home/ada/.zshrc",
    ]


def test_zsh_elsewhere() -> None:
    """`ZDOTDIR` moves zsh's files, unless it is relative; without a home there are no others."""
    moved = facts_of(ZDOTDIR="/zsh")
    assert [path for path in start_up_files(moved, Files({})) if not path.startswith("/home/ada/")] == [
        "/zsh/.zshenv",
        "/zsh/.zprofile",
        "/zsh/.zshrc",
        "/zsh/.zlogin",
    ]
    assert all(path.startswith("/home/ada/") for path in start_up_files(facts_of(ZDOTDIR="zsh"), Files({})))
    homeless = type(moved)(environ={}, platform="linux", home="", cwd="/")
    assert list(start_up_files(homeless, Files({}))) == []
