from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.real_clients.install import FINISHED, InstallationFailed
from tests.real_clients.install_python import clients, folder_for, install, pinned_version

MINE = "{}.{}".format(*sys.version_info[:2])

# Stands in for uv: notes how it was called, and puts a folder or a program in place.
UV = """#!/bin/sh
echo "$@" >> "$RUNS"
for last; do :; done
if [ "$2" = venv ]; then mkdir -p "$last/bin"; else touch "$(dirname "$6")/tool"; fi
exit "$STATUS"
"""


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """Return the pins of one client, for the Python that runs the tests."""
    file = tmp_path / "python" / MINE / "tool.txt"
    file.parent.mkdir(parents=True)
    file.write_text("tool==1.2.3\nneeded==4.5\n", encoding="utf-8")
    file.with_suffix(".in").write_text("tool==1.2.3\n# why\nneeded<5\n", encoding="utf-8")
    return file


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment with the stand-in for uv and an empty cache."""
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o700)
    return {
        "PATH": f"{uv.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "RUNS": str(tmp_path / "runs"),
        "STATUS": "0",
    }


def runs(environ: dict[str, str]) -> list[str]:
    """Return how uv was called."""
    return Path(environ["RUNS"]).read_text(encoding="utf-8").splitlines()


def test_installed_once(pins: Path, environ: dict[str, str]) -> None:
    """The second call finds what the first installed: just what is pinned, and nothing on top."""
    folder = install(str(pins), environ)
    assert install(str(pins), environ) == folder == folder_for(str(pins), environ)
    assert os.path.exists(os.path.join(folder, "bin", "tool"))
    made, filled = runs(environ)
    assert re.fullmatch(rf"--quiet venv --no-python-downloads --python \S+ {re.escape(folder)}", made)
    assert filled == f"--quiet pip install --no-deps --python {folder}/bin/python --requirements {pins}"


def test_two_at_once(pins: Path, environ: dict[str, str]) -> None:
    """Of several at the same time one installs, and all get the same folder."""
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: install(str(pins), environ), range(4)))
    assert len(folders) == 1
    assert len(runs(environ)) == 2


def test_unfinished_folder_is_not_used(pins: Path, environ: dict[str, str]) -> None:
    """A folder that was never finished is made anew."""
    folder = install(str(pins), environ)
    os.remove(os.path.join(folder, FINISHED))
    assert install(str(pins), environ) == folder
    assert len(runs(environ)) == 4


def test_other_pins_are_another_folder(pins: Path, environ: dict[str, str]) -> None:
    """Changed pins never meet what older ones installed."""
    folder = folder_for(str(pins), environ)
    pins.write_text("tool==1.2.3\nneeded==4.6\n", encoding="utf-8")
    assert folder_for(str(pins), environ) != folder


def test_failure_leaves_nothing(pins: Path, environ: dict[str, str]) -> None:
    """When uv fails, that is said and nothing half-made stays."""
    with pytest.raises(InstallationFailed, match=r"^`--quiet venv .*` ended with status 7$"):
        install(str(pins), environ | {"STATUS": "7"})
    cache = os.path.join(environ["XDG_CACHE_HOME"], "aibridge-test-clients")
    assert [name for name in os.listdir(cache) if not name.endswith(".lock")] == []


def test_python_that_is_not_here(pins: Path, environ: dict[str, str]) -> None:
    """A client whose Python is missing is not installed with another one."""
    elsewhere = pins.parent.parent / "3.1" / "tool.txt"
    elsewhere.parent.mkdir()
    pins.rename(elsewhere)
    with pytest.raises(InstallationFailed, match=r"Python 3\.1 is not on this machine"):
        install(str(elsewhere), environ)
    assert not os.path.exists(environ["RUNS"])


def test_what_is_wanted_without_a_version(pins: Path) -> None:
    """The client's own version is pinned by hand, so that nobody installs another one unasked."""
    pins.with_suffix(".in").write_text("tool>=1.2\n", encoding="utf-8")
    with pytest.raises(InstallationFailed, match="does not begin with the client's own version"):
        pinned_version(str(pins))


@pytest.mark.parametrize("client", clients())
def test_our_own_pins(client: str) -> None:
    """Every package is pinned, the client's own as it is wanted, and no registry is named."""
    file = clients()[client]
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.match(r"[a-z0-9-]+==[^ ]+( ; |$)", line)] == []
    wanted = Path(file).with_suffix(".in").read_text(encoding="utf-8").split()[0]
    assert wanted in {line.split(" ; ")[0] for line in lines}
    assert wanted.endswith(f"=={pinned_version(file)}")
