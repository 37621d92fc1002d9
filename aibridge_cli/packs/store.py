"""Installed packs: added whole or not at all, removed without a trace, and checked for changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from aibridge_cli import __version__
from aibridge_cli.errors import AibridgeError, FileProblem, UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.folders import config_folder, state_folder
from aibridge_cli.own_files import Lock, forget, keep
from aibridge_cli.pack_index import InstalledPack, index_file, installed_packs, packs_folder
from aibridge_cli.packs.pack import FILE, PROFILES, Pack, load_pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.packs.source import Fetched

MANIFEST = "manifest.json"
PATIENCE = 10.0
"""Seconds to wait for another run that adds or removes a pack."""

_NOBODY = "`aibridge pack list` names those that are installed"


class Details(NamedTuple):
    """An installed pack with what it says.

    Args:
        installed: Its line in the list.
        pack: Its `pack.toml`.
        clients: The ids of its profiles.
        manifest: Where it came from, and the hashes of its files.
    """

    installed: InstalledPack
    pack: Pack
    clients: tuple[str, ...]
    manifest: dict[str, Any]


def packs(facts: Facts) -> tuple[InstalledPack, ...]:
    """Return the installed packs, sorted by name.

    Raises:
        FileProblem: Their list cannot be read.
    """
    return installed_packs(config_folder(facts))


def named(facts: Facts, name: str) -> InstalledPack:
    """Return an installed pack.

    Raises:
        UsageError: There is none of this name.
    """
    for each in packs(facts):
        if each.name == name:
            return each
    raise UsageError(f"there is no pack `{name}`", hint=_NOBODY)


def details(installed: InstalledPack) -> Details:
    """Return an installed pack with what it says.

    Raises:
        ProfileError: Its `pack.toml` was broken since, or needs a later version of this program.
        FileProblem: A file of it is gone or cannot be read.
    """
    path = os.path.join(installed.folder, FILE)
    text = _read(path).decode("utf-8-sig", "replace")
    pack = load_pack(text, path, running=__version__)
    try:
        manifest = json.loads(_read(os.path.join(installed.folder, MANIFEST)))
        clients = [name for name in manifest["files"] if name.startswith(f"{PROFILES}/")]
    except (ValueError, KeyError, TypeError):
        raise FileProblem(
            os.path.join(installed.folder, MANIFEST), "is not what we wrote", hint="add the pack again"
        ) from None
    ids = tuple(sorted(name.removeprefix(f"{PROFILES}/").removesuffix(".toml") for name in clients))
    return Details(installed, pack, ids, manifest)


def profile_files(installed: InstalledPack) -> tuple[str, ...]:
    """Return the paths of a pack's profiles; () when they are gone."""
    try:
        names = sorted(os.listdir(installed.profiles))
    except OSError:  # a pack that was damaged can be taken away too
        return ()
    return tuple([os.path.join(installed.profiles, name) for name in names if name.endswith(".toml")])


def add(facts: Facts, pack: Pack, fetched: Fetched) -> None:
    """Install a pack, in place of an earlier one of its name.

    Args:
        facts: Where our folders are.
        pack: What it says.
        fetched: Its files.

    Raises:
        UsageError: Another pack has another default deployment.
        FileProblem: It cannot be written; what was installed before still is.
    """
    with _locked(facts):
        before = packs(facts)
        for each in before:
            if pack.deployment and each.deployment not in ("", pack.deployment) and each.name != pack.name:
                raise UsageError(
                    f"the packs `{each.name}` and `{pack.name}` have different deployments, "
                    f"`{each.deployment}` and `{pack.deployment}`",
                    hint=f"`aibridge pack remove {each.name}` takes the other one away",
                )
        root = packs_folder(config_folder(facts))
        _sweep(root, before)
        folder = os.path.join(root, f"{pack.name}-{os.urandom(6).hex()}")
        try:
            manifest = _write(folder, pack, fetched)
            new = InstalledPack(pack.name, folder, pack.deployment, manifest)
            _list(facts, [*(each for each in before if each.name != pack.name), new])
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise FileProblem(folder, f"cannot be written: {error.strerror}", hint="nothing was installed") from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _sweep(root, packs(facts))


def remove(facts: Facts, name: str) -> None:
    """Take a pack away, and everything that adding it made.

    Raises:
        UsageError: There is none of this name.
        FileProblem: Something of it cannot be removed.
    """
    with _locked(facts):
        named(facts, name)
        _list(facts, [each for each in packs(facts) if each.name != name])
        root = packs_folder(config_folder(facts))
        _sweep(root, packs(facts))
        with contextlib.suppress(OSError):  # another pack is in it, or something that is not ours
            os.rmdir(root)
            os.rmdir(config_folder(facts))


def changes(installed: InstalledPack) -> tuple[str, ...]:
    """Return what is not as it was installed, one sentence each; () when all is.

    Args:
        installed: The pack.

    Raises:
        FileProblem: A file is there and cannot be read.
    """
    path = os.path.join(installed.folder, MANIFEST)
    if not os.path.isfile(path):
        return (f"`{path}` is missing",)
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != installed.manifest:
        return (f"`{path}` was changed, so the other files cannot be judged",)
    hashes: dict[str, str] = json.loads(content)["files"]
    said = []
    present = set(_files(installed.folder))
    for name in sorted({*hashes, *present} - {MANIFEST}):
        whole = os.path.join(installed.folder, *name.split("/"))
        if name not in present:
            said.append(f"`{whole}` is missing")
        elif name not in hashes:
            said.append(f"`{whole}` was added")
        elif hashlib.sha256(_read(whole)).hexdigest() != hashes[name]:
            said.append(f"`{whole}` was changed")
    if not said and details(installed).pack.deployment != installed.deployment:
        said.append("the list of packs names another deployment for it")
    return tuple(said)


@contextlib.contextmanager
def _locked(facts: Facts) -> Iterator[None]:
    with Lock(os.path.join(state_folder(facts), "packs.lock")) as lock:
        if not lock.wait(PATIENCE):
            raise AibridgeError("another run of aibridge adds or removes a pack", hint="try again when it has ended")
        yield


def _write(folder: str, pack: Pack, fetched: Fetched) -> str:
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    os.mkdir(folder, 0o700)
    os.mkdir(os.path.join(folder, PROFILES), 0o700)
    for name, content in fetched.files.items():
        _put(os.path.join(folder, *name.split("/")), content)
    manifest = {
        "version": 1,
        "pack": pack.name,
        "source": fetched.source,
        "sha256": fetched.sha256,
        "added": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": {name: hashlib.sha256(fetched.files[name]).hexdigest() for name in sorted(fetched.files)},
    }
    content = (json.dumps(manifest, indent=2) + "\n").encode()
    _put(os.path.join(folder, MANIFEST), content)
    return hashlib.sha256(content).hexdigest()


def _put(path: str, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _list(facts: Facts, installed: Sequence[InstalledPack]) -> None:
    path = index_file(config_folder(facts))
    lines = [
        "\t".join((each.name, os.path.basename(each.folder), each.deployment, each.manifest)) + "\n"
        for each in sorted(installed, key=lambda each: each.name)
    ]
    if lines:
        keep(path, "".join(lines))
    else:
        forget(path)


def _sweep(root: str, installed: Sequence[InstalledPack]) -> None:
    """Remove folders that no line of the list names: of a pack that was replaced, or what a crash left."""
    wanted = {os.path.basename(each.folder) for each in installed}
    try:
        entries = os.listdir(root)
    except FileNotFoundError:
        return
    for name in entries:
        path = os.path.join(root, name)
        if name not in wanted and os.path.exists(os.path.join(path, PROFILES)) and not os.path.islink(path):
            try:
                shutil.rmtree(path)
            except OSError as error:
                raise FileProblem(
                    path, f"cannot be removed: {error.strerror}", hint=f"look at `ls -ld {path}`"
                ) from None


def _files(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise FileProblem(
            path, f"cannot be read: {error.strerror}", hint="`aibridge pack verify` says what was changed"
        ) from None
