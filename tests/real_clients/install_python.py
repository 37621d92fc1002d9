"""Install the pinned AI coding tools from PyPI, each into a virtual environment of its own, once per machine.

`python/VERSION/CLIENT.in` says what is wanted, and with which Python it runs; `CLIENT.txt` beside it pins
that with everything it needs, as `uv pip compile --universal --python-version VERSION` writes it. The
folder is named after those pins, below the user's cache folder, so an old one is never reused by mistake.
Run from the root of the checkout: `python -m tests.real_clients.install_python`.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.other_pythons import find
from tests.real_clients.install import FINISHED, InstallationFailed, alone, cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = os.path.dirname(os.path.abspath(__file__))
PINS = os.path.join(HERE, "python")
AT_ONCE = 2
"""How many are installed at the same time: unpacking keeps a core busy, and npm may be at work too."""


def clients(pins: str = PINS) -> dict[str, str]:
    """Return the file with the pins for each client, by the client's id.

    Args:
        pins: The folder with one folder for each version of Python.
    """
    files = sorted(glob.glob(os.path.join(pins, "*", "*.txt")))
    return {os.path.basename(file).removesuffix(".txt"): file for file in files}


def pinned_version(file: str) -> str:
    """Return the version of the client itself: what stands first in the `.in` file beside its pins.

    Args:
        file: The file with the pins.

    Raises:
        InstallationFailed: The file does not begin with a pinned package.
    """
    wanted = file.removesuffix(".txt") + ".in"
    with open(wanted, encoding="utf-8") as opened:
        first = re.match(r"[\w-]+==(\S+)\n", opened.read())
    if first is None:
        raise InstallationFailed(f"`{wanted}` does not begin with the client's own version")
    return first[1]


def folder_for(file: str, environ: Mapping[str, str]) -> str:
    """Return where the client with these pins belongs on this machine.

    Args:
        file: The file with the pins.
        environ: The environment, for `XDG_CACHE_HOME`.
    """
    digest = hashlib.sha256(f"{_python_version(file)} {sys.platform} {platform.machine()}".encode())
    with open(file, "rb") as opened:
        digest.update(opened.read())
    name = os.path.basename(file).removesuffix(".txt")
    return os.path.join(cache_folder(environ), f"python-{name}-{digest.hexdigest()[:16]}")


def install(file: str, environ: Mapping[str, str] = os.environ) -> str:
    """Install one client unless it is there, and return the folder of its virtual environment.

    Safe when two run at once: the second waits, and a half-finished folder is made anew, in its own
    place, as the programs in it name their Python by its path.

    Args:
        file: The file with the pins.
        environ: The environment, for `PATH`, `XDG_CACHE_HOME` and what uv reads.

    Raises:
        InstallationFailed: uv or the right Python is missing, or uv failed.
    """
    folder = folder_for(file, environ)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with alone(folder + ".lock"):
        if os.path.exists(os.path.join(folder, FINISHED)):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _run_uv(environ, "venv", "--no-python-downloads", "--python", _python(file), folder)
            inside = os.path.join(folder, "bin", "python")
            _run_uv(environ, "pip", "install", "--no-deps", "--python", inside, "--requirements", file)
            with open(os.path.join(folder, FINISHED), "w", encoding="utf-8"):
                pass
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return folder


def _python_version(file: str) -> str:
    return os.path.basename(os.path.dirname(file))


def _python(file: str) -> str:
    version = _python_version(file)
    found = find(version)
    if not found:
        raise InstallationFailed(f"Python {version} is not on this machine, and `{file}` is for it")
    return found


def _run_uv(environ: Mapping[str, str], *arguments: str) -> None:
    beside = os.path.dirname(sys.executable)
    uv = shutil.which("uv", path=os.pathsep.join((environ.get("PATH", ""), beside)))
    if uv is None:
        raise InstallationFailed("`uv` is not here; `make test-clients` installs it")
    command = [uv, "--quiet", *arguments]
    done = subprocess.run(command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=2, check=False)
    if done.returncode:
        raise InstallationFailed(f"`{' '.join(command[1:])}` ended with status {done.returncode}")


def main() -> int:
    """Install all of them, print each with its folder on standard output, and return the exit code."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None).parse_args()
    wanted = clients()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            folders = list(pool.map(install, wanted.values()))
    except InstallationFailed as failed:
        print(f"error: {failed}", file=sys.stderr)  # noqa: T201
        return 1
    for client, folder in zip(wanted, folders, strict=True):
        print(f"{client}\t{folder}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
