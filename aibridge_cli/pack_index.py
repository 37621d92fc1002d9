"""Which organisation packs are installed: one line each, which is what installs them.

::

    <config>/packs/installed      name, folder, deployment or nothing, hash of its manifest, between tabs
    <config>/packs/<folder>/      pack.toml, profiles/, manifest.json

`aibridge token` may pass here, so this module needs `os` only.
"""

from __future__ import annotations

import os

from aibridge_cli.errors import FileProblem


class InstalledPack:
    """One line of the list.

    Args:
        name: The pack.
        folder: The absolute path of its folder.
        deployment: The origin to use where nothing else names one, or "".
        manifest: The SHA-256 of its `manifest.json`.
    """

    __slots__ = ("deployment", "folder", "manifest", "name")

    def __init__(self, name: str, folder: str, deployment: str, manifest: str) -> None:
        self.name = name
        self.folder = folder
        self.deployment = deployment
        self.manifest = manifest

    @property
    def profiles(self) -> str:
        """The folder of its profiles."""
        return os.path.join(self.folder, "profiles")


def packs_folder(config_folder: str) -> str:
    """Return the folder of all packs, which need not exist.

    Args:
        config_folder: Our configuration folder.
    """
    return os.path.join(config_folder, "packs")


def index_file(config_folder: str) -> str:
    """Return the path of the list.

    Args:
        config_folder: Our configuration folder.
    """
    return os.path.join(packs_folder(config_folder), "installed")


def installed_packs(config_folder: str) -> tuple[InstalledPack, ...]:
    """Return the installed packs, sorted by name.

    Args:
        config_folder: Our configuration folder.

    Raises:
        FileProblem: The list cannot be read or understood. Passing it over would pass over
            the organisation's rules.
    """
    path = index_file(config_folder)
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise FileProblem(path, f"cannot be read: {error.strerror}", hint=f"look at `ls -ld {path}`") from None
    except ValueError:
        raise FileProblem(path, "is not UTF-8 text", hint=_HINT) from None
    found = []
    for number, line in enumerate(lines, 1):
        fields = line.split("\t")
        if len(fields) != 4 or not fields[0] or fields[1] != os.path.basename(fields[1]) or fields[1][:1] in ("", "."):
            raise FileProblem(path, "is not the list of packs that we wrote", line=number, hint=_HINT)
        name, folder, deployment, manifest = fields
        found.append(InstalledPack(name, os.path.join(packs_folder(config_folder), folder), deployment, manifest))
    return tuple(sorted(found, key=_by_name))


_HINT = "remove it, and add the packs again with `aibridge pack add`"


def _by_name(pack: InstalledPack) -> str:
    return pack.name
