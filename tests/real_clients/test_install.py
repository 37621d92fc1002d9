from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.install import FINISHED, HERE, InstallationFailed, folder_for, install

if TYPE_CHECKING:
    from pathlib import Path

# Stands in for npm: notes that it ran, and puts one package with one program in place.
NPM = """#!/bin/sh
echo "$@" >> "$RUNS"
mkdir -p node_modules/tool/bin
echo '{"bin": {"tool": "bin/tool"}}' > node_modules/tool/package.json
printf '#!/bin/sh\\necho "tool %s"\\n' "$INSTALLED" > node_modules/tool/bin/tool
chmod +x node_modules/tool/bin/tool
exit "$STATUS"
"""


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Return a folder with manifests that pin one package."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "package.json").write_text('{"dependencies": {"tool": "npm:@maker/tool@1.2.3"}}', encoding="utf-8")
    (folder / "package-lock.json").write_text("{}", encoding="utf-8")
    return str(folder)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment with the stand-in for npm and an empty cache."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(NPM, encoding="utf-8")
    npm.chmod(0o700)
    return {
        "PATH": f"{npm.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "RUNS": str(tmp_path / "runs"),
        "INSTALLED": "1.2.3",
        "STATUS": "0",
    }


def runs(environ: dict[str, str]) -> list[str]:
    """Return how npm was called."""
    with open(environ["RUNS"], encoding="utf-8") as file:
        return file.read().splitlines()


def test_installed_once(source: str, environ: dict[str, str]) -> None:
    """The second call finds what the first installed."""
    folder = install(source, environ)
    assert install(source, environ) == folder == folder_for(source, environ)
    assert os.path.exists(os.path.join(folder, "node_modules/tool/bin/tool"))
    assert runs(environ) == ["ci --no-audit --no-fund --ignore-scripts"]


def test_install_scripts_of_those_that_may(source: str, environ: dict[str, str]) -> None:
    """The scripts of packages that are named and were installed are run, and no others."""
    with open(os.path.join(source, "package.json"), "w", encoding="utf-8") as file:
        json.dump(
            {"dependencies": {"tool": "1.2.3"}, "allowScripts": {"absent": True, "no": False, "tool": True}}, file
        )
    install(source, environ)
    assert runs(environ)[1:] == ["rebuild --ignore-scripts=false tool"]


def test_two_at_once(source: str, environ: dict[str, str]) -> None:
    """Of several at the same time one installs, and all get the same folder."""
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: install(source, environ), range(4)))
    assert len(folders) == 1
    assert len(runs(environ)) == 1


def test_unfinished_folder_is_not_used(source: str, environ: dict[str, str]) -> None:
    """A folder that was never finished is made anew."""
    folder = install(source, environ)
    os.remove(os.path.join(folder, FINISHED))
    assert install(source, environ) == folder
    assert len(runs(environ)) == 2


def test_other_lock_file_is_another_folder(source: str, environ: dict[str, str]) -> None:
    """A changed lock file never meets what an older one installed."""
    folder = folder_for(source, environ)
    with open(os.path.join(source, "package-lock.json"), "w", encoding="utf-8") as file:
        file.write('{"lockfileVersion": 3}')
    assert folder_for(source, environ) != folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"STATUS": "7"}, "ended with status 7"),
        ({"INSTALLED": "1.2.4"}, "should be 1.2.3, but its `--version` says: tool 1.2.4"),
        ({"PATH": "/nowhere"}, "`npm` is not on PATH"),
    ],
)
def test_failure_leaves_nothing(source: str, environ: dict[str, str], change: dict[str, str], message: str) -> None:
    """When npm is missing, fails, or brings something else, that is said and nothing half-made stays."""
    with pytest.raises(InstallationFailed, match=re.escape(message)):
        install(source, environ | change)
    cache = os.path.join(environ["XDG_CACHE_HOME"], "aibridge-test-clients")
    assert [name for name in os.listdir(cache) if not name.endswith(".lock")] == []


def test_our_own_manifests() -> None:
    """Versions are pinned, the lock names no registry, and just what has install scripts may run them."""
    with open(os.path.join(HERE, "package.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(os.path.join(HERE, "package-lock.json"), encoding="utf-8") as file:
        text = file.read()
    kinds = ("dependencies", "devDependencies", "optionalDependencies")
    pinned = [version for kind in kinds for version in manifest[kind].values()]
    assert all(re.fullmatch(r"(npm:\S+@)?\d+\.\d+\.\d+", version) for version in pinned)
    assert "resolved" not in text
    assert "://" not in text
    scripted = [path for path, package in json.loads(text)["packages"].items() if package.get("hasInstallScript")]
    assert set(manifest["allowScripts"]) == {path.rpartition("node_modules/")[2] for path in scripted}
