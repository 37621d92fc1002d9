"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "aibridge_cli"

LAYERS = {
    "cli": 6,
    "fast": 6,
    "__main__": 7,
    "answers": 5,
    "job_log": 4,
    "launch": 1,
    "diagnosis": 5,
    "changes": 4,
    "packs": 4,
    "terraform": 4,
    "helper": 4,
    "environment": 4,
    "client_environment": 4,
    "credentials": 3,
    "clients": 3,
    "output": 3,
    "completions": 2,
    "deployment": 2,
    "shells": 2,
    "loopback": 2,
    "documents": 2,
    "keychains": 2,
    "own_files": 1,
    "pack_index": 1,
    "folders": 1,
    "programs": 1,
    "child": 1,
    "durations": 1,
    "facts": 0,
    "errors": 0,
    "secret": 0,
    "__init__": 0,
}
"""A part may import parts of a lower layer, and itself."""

ALLOWED_SIDEWAYS = {("fast", "cli")}
"""The entry point hands over to the whole program."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(module: Path) -> str:
    first = module.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_parts(module: Path) -> set[str]:
    parts = set()
    for node in ast.walk(ast.parse(module.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("aibridge_cli"):
            names = (
                [node.module] if node.module != "aibridge_cli" else [f"aibridge_cli.{each.name}" for each in node.names]
            )
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names if each.name.startswith("aibridge_cli")]
        parts |= {name.split(".")[1] for name in names if "." in name}
    return {part for part in parts if part in LAYERS}


@pytest.mark.parametrize("module", modules(), ids=lambda module: str(module.relative_to(PACKAGE)))
def test_imports_go_one_way(module: Path) -> None:
    """A part imports only itself and parts of lower layers."""
    part = part_of(module)

    wrong = {
        other
        for other in imported_parts(module)
        if other != part and LAYERS[other] >= LAYERS[part] and (part, other) not in ALLOWED_SIDEWAYS
    }

    assert wrong == set()


def test_no_client_is_named_in_the_package() -> None:
    """A client is a data file: its id, names and commands appear nowhere in the code."""
    words = set()
    for file in (ROOT / "client_profiles").glob("*.toml"):
        profile = tomllib.loads(file.read_text())
        commands = profile.get("detect", {}).get("commands", [])
        words |= {file.stem, profile["name"], *profile.get("aliases", []), *commands}
    # short names are words of the language too, so they count only between quotes
    pattern = "|".join(
        rf"\b{re.escape(word)}\b" if len(word) >= 5 else rf"""["'`]{re.escape(word)}["'`]""" for word in sorted(words)
    )

    found = {
        (str(module.relative_to(ROOT)), match)
        for module in modules()
        for match in re.findall(pattern, module.read_text(), flags=re.IGNORECASE)
    }

    assert found == set()


def test_files_are_small() -> None:
    """The median module is under 130 lines, and none is past 400."""
    lengths = sorted(len(module.read_text().splitlines()) for module in modules())

    assert lengths[len(lengths) // 2] < 130
    assert lengths[-1] <= 400


def test_files_of_tests_are_small() -> None:
    """No file of tests, or of what tests use, is past 400 lines."""
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in (ROOT / "tests").rglob("*.py")
    }

    assert {file: length for file, length in lengths.items() if length > 400} == {}


def test_the_version_is_in_one_place() -> None:
    """`pyproject.toml` takes the version from the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert project["project"]["dynamic"] == ["version"]
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "aibridge_cli/__init__.py"


def test_every_test_says_what_it_shows() -> None:
    """Each test function has a docstring."""
    silent = [
        f"{file.relative_to(ROOT)}::{node.name}"
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_nothing_points_at_this_machine() -> None:
    """No tracked file has an absolute path of the machine it was written on, or a package registry's host."""
    forbidden = ("/" + "work/", "/" + "root/", "registry" + ".npmjs.org", "files" + ".pythonhosted.org")
    tracked = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False)
    files = [ROOT / name for name in tracked.stdout.decode().split("\0") if name] or modules()

    found = {
        (str(file.relative_to(ROOT)), word)
        for file in files
        if file.is_file()
        for word in forbidden
        if word in file.read_text(errors="replace")
    }

    assert found == set()
