"""The files that shells and sessions read when they start. Pure over a `Reading`."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.diagnosis.sources import join
from aibridge_cli.facts import Facts

START_UP = (
    *(".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".zshenv", ".zprofile", ".zshrc"),
    *(".zlogin", ".kshrc", ".tcshrc", ".cshrc", ".xonshrc", ".pam_environment", ".config/fish/config.fish"),
    *(".config/fish/conf.d/*.fish", ".config/environment.d/*.conf", ".config/powershell/*.ps1"),
    *(".config/nushell/*.nu", ".config/elvish/rc.elv"),
)
"""Where they look, below the home folder."""

_BELOW_ZDOTDIR = (".zshenv", ".zprofile", ".zshrc", ".zlogin")


def start_up_files(facts: Facts, reading: Reading) -> Iterator[str]:
    """Yield where such files are or may be.

    Args:
        facts: Home, environment and platform.
        reading: The disk, for names that are patterns.
    """
    if facts.home:
        yield from matching(facts, reading, START_UP)
    if facts.variable("ZDOTDIR").startswith("/"):
        yield from (join(facts, facts.variable("ZDOTDIR"), name) for name in _BELOW_ZDOTDIR)


def matching(facts: Facts, reading: Reading, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the files of these names below the home; a last part with `*` stands for the names that fit.

    Args:
        facts: Home and platform.
        reading: The disk.
        patterns: As in `.config/fish/conf.d/*.fish`.
    """
    for pattern in patterns:
        folder, _, name = pattern.rpartition("/")
        where = join(facts, facts.home, folder) if folder else facts.home
        names = fnmatch.filter(reading.names(where) or (), name) if "*" in name else [name]
        yield from (join(facts, where, each) for each in names)
