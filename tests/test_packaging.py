"""What is shipped is what is tested: the wheel, in a clean virtual environment, far from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import aibridge_cli

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed from the wheel; its dependencies are borrowed, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # a folder named in a .pth file is looked into, but its own .pth files, the checkout's among them, are not
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(installed: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [str(installed / "bin" / words[0]), *words[1:]],
        env=environ,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_wheel_has_every_profile_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    """Installed from the wheel and started in `/`, the program lists exactly the profiles of the checkout."""
    shipped = json.loads(run(installed, tmp_path, "aibridge", "clients", "--json").stdout)["data"]["clients"]

    assert [client["id"] for client in shipped] == sorted(
        path.stem for path in (ROOT / "client_profiles").glob("*.toml")
    )


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    """The code that ran came from the clean environment, not from the checkout."""
    code = "import aibridge_cli; print(aibridge_cli.__file__)"

    assert run(installed, tmp_path, "python", "-c", code).stdout.startswith(str(installed))


def test_the_wheel_is_typed_and_whole(wheel: Path) -> None:
    """Types, the schema and the table of the generic variables are in the wheel; tests are not."""
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"aibridge_cli/py.typed", "aibridge_cli/client_profiles/profile.schema.json"} <= names
    assert "aibridge_cli/client_profiles/generic-env.tsv" in names
    assert not any(name.startswith("tests/") for name in names)


def test_completions_are_where_shells_look(installed: Path, tmp_path: Path) -> None:
    """Installing the wheel puts the scripts below `share`, and `aibridge completion` prints the same."""
    places = {
        "bash": "bash-completion/completions/aibridge",
        "zsh": "zsh/site-functions/_aibridge",
        "fish": "fish/vendor_completions.d/aibridge.fish",
    }

    for shell, place in places.items():
        script = (installed / "share" / place).read_text()
        assert "Completion of aibridge" in script
        assert run(installed, tmp_path, "aibridge", "completion", shell).stdout == script
    assert "Register-ArgumentCompleter" in run(installed, tmp_path, "aibridge", "completion", "powershell").stdout


def test_the_version_is_the_packages(wheel: Path, installed: Path, tmp_path: Path) -> None:
    """File name, metadata and `--version` say the same."""
    assert wheel.name.startswith(f"aibridge-{aibridge_cli.__version__}-")
    assert run(installed, tmp_path, "aibridge", "--version").stdout == f"aibridge {aibridge_cli.__version__}\n"


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """`aibridge demo` does the whole job where nothing but the wheel is, and leaves the home alone."""
    ran = run(installed, tmp_path, "aibridge", "demo")

    assert "FAILED" not in ran.stdout
    assert ran.stdout.count("as before: ") >= 5
    assert os.listdir(tmp_path) == []
