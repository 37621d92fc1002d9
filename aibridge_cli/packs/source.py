"""The files of a pack from where it is: a folder, or an archive whose hash is known."""

from __future__ import annotations

import hashlib
import os
import re
from typing import NamedTuple

from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.packs.archive import MOST_FILES, Member, check_size, choose, unpack
from aibridge_cli.packs.pack import FILE, PROFILES


class Fetched(NamedTuple):
    """A pack as it came.

    Args:
        files: `pack.toml` and `profiles/ID.toml`, with what is in them.
        source: Where from, as it may be shown: without what stands after `?`.
        sha256: Of the archive, or "".
    """

    files: dict[str, bytes]
    source: str
    sha256: str = ""


def fetch(facts: Facts, source: str, sha256: str | None) -> Fetched:
    """Return the files of a pack.

    Args:
        facts: Where we run.
        source: A folder, or the `https` address of an archive.
        sha256: The hash that the archive must have; for an address.

    Raises:
        UsageError: An address without a hash, or a hash that cannot be one.
        AibridgeError: It cannot be had, is not what the hash says, or is not safe.
    """
    if sha256 is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UsageError("`--sha256` is not the hash of a file", hint="it is 64 digits, as `sha256sum FILE` prints it")
    if "://" not in source:
        if sha256 is not None:
            raise UsageError("`--sha256` is for an archive; a folder has no hash", hint="leave it out")
        folder = os.path.normpath(os.path.join(facts.cwd, source))
        return Fetched(read_folder(folder), folder)
    from aibridge_cli.packs.download import download, shown

    named = shown(source)
    if sha256 is None:
        raise UsageError(
            f"`--sha256` is needed for `{named}`: it says that the archive is the one you mean",
            hint="whoever hands out the pack tells it; `sha256sum FILE` prints it",
        )
    archive = download(facts, source)
    found = hashlib.sha256(archive).hexdigest()
    if found != sha256.lower():
        raise AibridgeError(
            f"`{named}` is not what `--sha256` says: its hash is {found}",
            hint="nothing was installed; ask whoever hands out the pack",
        )
    return Fetched(unpack(archive, named), named, found)


def read_folder(folder: str) -> dict[str, bytes]:
    """Return the files of the pack in a folder; links are not followed.

    Raises:
        AibridgeError: It is no folder, cannot be read, or holds a link where a file belongs.
    """
    inside = f"{PROFILES}/"
    try:
        entries = sorted(os.listdir(folder))
        if PROFILES in entries:
            inner = os.path.join(folder, PROFILES)
            _refuse_link(inner, os.path.isdir(inner))
            entries += [inside + name for name in sorted(os.listdir(inner))]
        if len(entries) > MOST_FILES:
            raise AibridgeError(f"`{folder}` has too many files for a pack", hint="was another folder meant?")
        wanted = [name for name in entries if name == FILE or (name.startswith(inside) and name.endswith(".toml"))]
        members = [Member(name, _read(os.path.join(folder, name), name, folder)) for name in wanted]
    except OSError as error:
        raise AibridgeError(
            f"`{error.filename or folder}` cannot be read: {error.strerror}",
            hint="a pack is a folder with `pack.toml`, or the `https` address of an archive",
        ) from None
    return choose(members, folder)


def _read(path: str, name: str, folder: str) -> bytes:
    _refuse_link(path, os.path.isfile(path))
    check_size(name, os.path.getsize(path), folder)
    with open(path, "rb") as file:
        return file.read()


def _refuse_link(path: str, fits: bool) -> None:
    if os.path.islink(path) or not fits:
        raise AibridgeError(f"`{path}` cannot be part of a pack: it is a link, or no file", hint="put the file there")
