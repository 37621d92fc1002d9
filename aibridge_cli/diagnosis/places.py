"""Where a token may have been left: clients' files and folders, copies beside them, shells' files, our own folder.

Nothing is followed out of the home, and what is read is bounded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from aibridge_cli.changes.state import State
from aibridge_cli.clients.paths import located, resolve_paths
from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.reading import Disk
from aibridge_cli.diagnosis.sources import sources
from aibridge_cli.diagnosis.start_up_files import matching, start_up_files
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts

Kind = Literal["client file", "client record", "copy", "start-up file", "history", "our folder"]

LARGEST = 4 * 1024 * 1024
"""Bytes that are read of a file, from its end: what is longer is a history or a log."""
MOST = 2000
"""Files that are looked at in one folder of a client's, its subfolders included."""
DEEPEST = 6
"""Levels of subfolders."""
_NOT_ENTERED = frozenset(("node_modules", ".git", "__pycache__"))

BESIDE_START_UP = (".envrc", ".env", ".netrc", ".config/fish/fish_variables")
HISTORIES = (
    *(".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".ash_history", ".history"),
    *(".local/share/fish/fish_history", ".local/share/powershell/PSReadLine/ConsoleHost_history.txt"),
    *(".config/nushell/history.txt", ".python_history", ".node_repl_history", ".lesshst", ".viminfo"),
)
_COPY_MARKS = (".bak", ".backup", ".orig", ".old", ".save", ".swp")


class Place(NamedTuple):
    """A file that may hold a token.

    Args:
        path: Its absolute path.
        kind: What it is.
        client: The client it belongs to, or "".
        format: The document format, of a client's file.
        writable: Whether it is one that we write for a client; a project's settings, say, are read by it alone.
    """

    path: str
    kind: Kind
    client: str = ""
    format: str = ""
    writable: bool = True


class Read(NamedTuple):
    """What was read of a file.

    Args:
        content: Its bytes, or the last ones; None when it is not searched.
        skipped: Why it is not searched, or only in part; "" when it was, or is not there.
        first_line: The number of the first line of `content`, or 0 when it is not known.
    """

    content: bytes | None
    skipped: str = ""
    first_line: int = 1


def places(facts: Facts, state_folder: str, state: State, profiles: Iterable[Profile]) -> list[Place]:
    """Return every file to be searched, each once, what is known best about it first."""
    found: dict[str, Place] = {}

    def add(place: Place) -> None:
        found.setdefault(os.path.normpath(place.path), place)

    for place in _client_files(facts, state, profiles):
        add(place)
        for copy in _copies(place):
            add(copy)
    for folder, _folders, names in os.walk(state_folder):
        for name in sorted(names):
            add(Place(os.path.join(folder, name), "our folder"))
    disk = Disk()
    for path in (*start_up_files(facts, disk), *matching(facts, disk, BESIDE_START_UP)):
        add(Place(path, "start-up file"))
    for path in (*(os.path.join(facts.home, name) for name in HISTORIES), facts.variable("HISTFILE")):
        if os.path.isabs(path):
            add(Place(path, "history"))
    for profile in profiles:
        for folder in _folders_of(facts, profile):
            for path in _walk(folder):
                add(Place(path, "client record", profile.id))
    return [place for place in found.values() if os.path.lexists(place.path)]


def read(place: Place, home: str, state_folder: str) -> Read:
    """Return a file's bytes, as far as it is searched.

    Args:
        place: The file.
        home: Links that lead out of it are not followed.
        state_folder: Nor those that lead out of this one.
    """
    real = os.path.realpath(place.path)
    inside = [os.path.realpath(folder) + os.sep for folder in (home, state_folder) if folder]
    if real != os.path.normpath(place.path) and not any(real.startswith(folder) for folder in inside):
        return Read(None, "is a link out of the home folder")
    if not os.path.isfile(real):
        return Read(None)
    try:
        with open(real, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - LARGEST))
            content = file.read(LARGEST)
    except FileNotFoundError:
        return Read(None)
    except OSError as problem:
        return Read(None, f"cannot be read: {problem.strerror}")
    if b"\0" in content[:8192]:
        return Read(None)
    if size > LARGEST:
        return Read(content, f"is long, so only its last {LARGEST // 1024 // 1024} MiB were searched", 0)
    return Read(content)


def _client_files(facts: Facts, state: State, profiles: Iterable[Profile]) -> Iterator[Place]:
    for target, entry in state.files.items():
        client = entry.claims[0].client if entry.claims else ""
        for path in dict.fromkeys((entry.path, target)):
            yield Place(path, "client file", client, entry.format)
    for profile in profiles:
        try:
            own = resolve_paths(profile, facts)
        except AibridgeError:  # its folder has no place here, so nothing of it is
            continue
        for edit in profile.edits:
            for here in located(edit.file, facts, own):
                yield Place(here, "client file", profile.id, edit.format)
        found, broken = sources(profile, facts, Disk())
        for place, form in (
            *((each.place, each.layer.format) for each in found),
            *((each.place, "") for each in broken),
        ):
            if os.path.isabs(place):  # neither a variable nor a flag
                yield Place(place, "client file", profile.id, form, writable=False)


def _copies(place: Place) -> Iterator[Place]:
    """Yield what stands beside a client's file and is named like a copy of it."""
    folder, base = os.path.split(place.path)
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # not there, or not ours to read
        return
    for name in names:
        named_alike = name != base and name.lstrip(".").startswith(base.lstrip("."))
        if named_alike or any(mark in name for mark in _COPY_MARKS) or name.endswith("~"):
            yield Place(os.path.join(folder, name), "copy", place.client)


def _folders_of(facts: Facts, profile: Profile) -> list[str]:
    """Return the client's own folders, where it keeps sessions and logs, and those of that name beside."""
    try:
        own = [path for path in resolve_paths(profile, facts).values() if path]
    except AibridgeError:
        return []
    shared = [os.path.join(facts.home, *base) for base in _SHARED]
    folders = []
    for path in own:
        if os.path.normpath(path) in (facts.home, *shared) or not path.startswith(facts.home + os.sep):
            continue
        folders.append(path)
        if os.path.dirname(path) == shared[0]:
            folders += [os.path.join(base, os.path.basename(path)) for base in shared[1:]]
    return folders


_SHARED = ((".config",), (".local", "share"), (".local", "state"), (".cache",), (".local",), ("Library",))
"""Folders below home in which many programs have one each; they are no client's own."""


def _walk(top: str) -> Iterator[str]:
    """Yield the files below a folder, its upper levels first, so that many sessions far below hide none of them."""
    left, level = MOST, [top]
    for _ in range(DEEPEST + 1):
        below: list[str] = []
        for folder in level:
            _, folders, names = next(os.walk(folder), ("", [], []))
            below += [
                path
                for name in sorted(folders)
                if name not in _NOT_ENTERED and not os.path.islink(path := os.path.join(folder, name))
            ]
            for name in sorted(names):
                if not left:
                    return
                left -= 1
                yield os.path.join(folder, name)
        level = below
