"""Run the unit tests under the newest other supported Python that this machine has.

    python tests/other_pythons.py [--all]

Looks on `PATH` and among pyenv's versions, and says which ones it did not find; with `--all`
those between are run as well. Each gets a virtual environment of its own in a scratch folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
HEAVY = ("tests/real_clients", "tests/real_shells", "tests/secret_service", "tests/test_packaging.py")
"""What does not depend on the Python that runs the tests."""


def find(version: str) -> str:
    """Return a Python of this version that starts, or ""."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))]
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        if candidate:
            answer = subprocess.run([candidate, "-c", question], capture_output=True, text=True, check=False)
            if answer.stdout.strip() == version:
                return candidate
    return ""


def test_under(python: str, folder: Path) -> int:
    """Install the project and its test tools, and run the tests; return the exit code."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    inside = str(folder / "bin" / "python")
    pip = [inside, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
    subprocess.run([*pip, "--editable", ".", "--group", "dev"], cwd=ROOT, check=True)
    ignored = [f"--ignore={place}" for place in HEAVY]
    command = [inside, "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *ignored]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Run the tests under the Pythons that are found; return 1 when any fails."""
    mine = "{}.{}".format(*sys.version_info[:2])
    failed = []
    ran = False
    for version in reversed(SUPPORTED):
        python = find(version)
        if version == mine:
            continue
        if not python:
            print(f"Python {version}: not on this machine", flush=True)
            continue
        if ran and "--all" not in sys.argv:
            print(f"Python {version}: not run, as a newer one was; `--all` runs it", flush=True)
            continue
        ran = True
        print(f"Python {version}: {python}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            if test_under(python, Path(folder)):
                failed.append(version)
    print(f"failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
