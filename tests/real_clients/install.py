"""Install the pinned AI coding tools from npm, once per machine, and print the folder they are in.

The folder is named after the lock file and the platform, below the user's cache folder, so that a
clone, a second clone and a clean build all share it and an old one is never reused by mistake.
`package.json` names in `allowScripts` the packages whose install scripts are run, most of which put the
real program in place; those of others stay unrun, so that what they want of the machine does not matter.
The lock file names packages of other platforms without a checksum where the registry it was made with
did not have them.
Some clients need a newer Node.js than machines have: `optionalDependencies` pins one for the platforms
that npm has it for, and as `node_modules/.bin/node` it is the one that all clients run with.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = os.path.dirname(os.path.abspath(__file__))
MANIFESTS = ("package.json", "package-lock.json")
FINISHED = "finished"
HOME = "home"  # where the clients may write while their versions are checked


class InstallationFailed(Exception):
    """The clients could not be installed; the message says why."""


def folder_for(source: str, environ: Mapping[str, str]) -> str:
    """Return where the clients of `source` belong on this machine.

    Args:
        source: The folder with `package.json` and `package-lock.json`.
        environ: The environment, for `XDG_CACHE_HOME`.
    """
    digest = hashlib.sha256()
    for name in MANIFESTS:
        with open(os.path.join(source, name), "rb") as file:
            digest.update(file.read())
    digest.update(f"{sys.platform} {platform.machine()}".encode())
    return os.path.join(cache_folder(environ), digest.hexdigest()[:16])


def cache_folder(environ: Mapping[str, str]) -> str:
    """Return the folder below which clients are installed.

    Args:
        environ: The environment, for `XDG_CACHE_HOME`.
    """
    cache = environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "aibridge-test-clients")


def install(source: str = HERE, environ: Mapping[str, str] = os.environ) -> str:
    """Install the clients unless they are there, and return their folder.

    Safe when two run at once: the second waits, and a half-finished folder is never used.

    Args:
        source: The folder with `package.json` and `package-lock.json`.
        environ: The environment, for `PATH` and `XDG_CACHE_HOME`.

    Raises:
        InstallationFailed: npm is missing or failed, or a client is not of the pinned version.
    """
    folder = folder_for(source, environ)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with alone(folder + ".lock"):
        if os.path.exists(os.path.join(folder, FINISHED)):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        staging = tempfile.mkdtemp(prefix="installing-", dir=os.path.dirname(folder))
        try:
            for name in MANIFESTS:
                shutil.copyfile(os.path.join(source, name), os.path.join(staging, name))
            _run_npm(staging, environ)
            _check_versions(staging, environ)
            shutil.rmtree(os.path.join(staging, HOME), ignore_errors=True)
            with open(os.path.join(staging, FINISHED), "w", encoding="utf-8"):
                pass
            os.replace(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return folder


def _run_npm(folder: str, environ: Mapping[str, str]) -> None:
    npm = shutil.which("npm", path=environ.get("PATH"))
    if npm is None:
        raise InstallationFailed("`npm` is not on PATH; install Node.js 20 or later")
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        allowed = [name for name, may in json.load(file).get("allowScripts", {}).items() if may]
    _npm(npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder, environ)
    there = [name for name in allowed if os.path.isdir(os.path.join(folder, "node_modules", name))]
    if there:
        # What the user set for npm elsewhere may forbid install scripts; these packages cannot work without.
        _npm(npm, ["rebuild", "--ignore-scripts=false", *there], folder, environ)


def _npm(npm: str, arguments: list[str], folder: str, environ: Mapping[str, str]) -> None:
    done = subprocess.run(
        [npm, *arguments], cwd=folder, env=dict(environ), stdin=subprocess.DEVNULL, stdout=2, check=False
    )
    if done.returncode:
        raise InstallationFailed(f"`npm {' '.join(arguments)}` in `{folder}` ended with status {done.returncode}")


def _check_versions(folder: str, environ: Mapping[str, str]) -> None:
    """Start the programs: a package whose install script did not run says so here, not in some test.

    Where a package has several, one that tells its version is enough; the others may be servers.
    """
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        wanted: dict[str, str] = json.load(file)["dependencies"]
    for package, pinned in wanted.items():
        where = os.path.join(folder, "node_modules", package)
        with open(os.path.join(where, "package.json"), encoding="utf-8") as file:
            programs: dict[str, str] = json.load(file)["bin"]
        version = pinned.rsplit("@", 1)[-1]
        said = [_first_words(os.path.join(where, program), folder, environ) for program in programs.values()]
        if not any(version in {word.rstrip(".") for word in words.split()} for words in said):
            raise InstallationFailed(
                f"`{package}` should be {version}, but its `--version` says: {' '.join(said).strip() or 'nothing'}"
            )


def _first_words(program: str, folder: str, environ: Mapping[str, str]) -> str:
    command = [program] if os.path.splitext(program)[1] != ".js" else ["node", program]
    commands = os.path.join(folder, "node_modules", ".bin")
    path = os.pathsep.join((commands, environ.get("PATH", os.defpath)))
    environment = {**environ, "HOME": os.path.join(folder, HOME), "PATH": path}
    done = subprocess.run(
        [*command, "--version"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip()


@contextlib.contextmanager
def alone(path: str) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for whoever has it; the system frees it when a process ends."""
    with open(path, "a", encoding="utf-8") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Install, print the folder on standard output, and return the exit code."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None).parse_args()
    try:
        folder = install()
    except InstallationFailed as failed:
        print(f"error: {failed}", file=sys.stderr)  # noqa: T201
        return 1
    print(folder)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
