"""The guide's later steps, done in a copy of the checkout: golden cases, places, made files, and what was forgotten."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_guide import GUIDE, PROFILE, SHIPPED

CHECKOUT = Path(__file__).parent.parent.parent
PARTS = (
    *("aibridge_cli", "client_profiles", "completions", "docs", "tests", "benchmarks", "Makefile", "LICENSE"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml"),
)
COMMANDS = re.findall(r"^\$ (.*?)$", GUIDE, flags=re.MULTILINE)
CASES = ("tests/clients/test_golden.py", "tests/clients/test_places.py")
MADE = ("tests/test_readme.py", "tests/completions/test_scripts.py", "tests/clients/test_generic_env.py")
FRESH = (*MADE, "-k", "fresh or stale")


class Copy:
    """A copy of the checkout, with the client of the guide among the shipped ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            if (CHECKOUT / part).is_dir():
                shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(CHECKOUT / part, folder / part)
        head, _, tables = PROFILE.partition("\n\n")
        tested, _, rest = SHIPPED.partition("\n\n")
        self.write("client_profiles/quill.toml", f"#:schema ./profile.schema.json\n{head}\n{tested}\n{tables}\n{rest}")

    def write(self, place: str, text: str) -> None:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def insert(self, place: str, after: str, text: str) -> None:
        path = self.folder / place
        found = path.read_text()
        assert found.count(after) == 1
        path.write_text(found.replace(after, after + text))

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Do what a line of the guide says, with the Python of these tests."""
        words = shlex.split(command)
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(self.folder)}
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            variables[name] = value
        assert words[0] == ".venv/bin/python"
        return subprocess.run(
            [sys.executable, *words[1:]], cwd=self.folder, env=variables, capture_output=True, text=True, check=False
        )

    def failing(self, *checks: str) -> list[str]:
        """Return the names of the checks that fail."""
        done = self.run(f".venv/bin/python -m pytest -q -p no:cacheprovider {shlex.join(checks)}")
        return sorted(set(re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+)", done.stdout, flags=re.MULTILINE)))


def said(word: str) -> list[str]:
    """Return the guide's commands with a word."""
    found = [command for command in COMMANDS if word in command]
    assert found
    return found


@pytest.fixture(name="copy")
def a_copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "checkout")


def test_from_golden_cases_to_made_files(copy: Copy) -> None:
    """What is written by `WRITE_AFTER` is the client's files, and with all that the guide says nothing is stale."""
    assert copy.failing(*CASES, "-k", "quill") == [
        "test_every_client_has_a_case_for_each_way",
        "test_files_formats_and_keys",
    ]

    copy.write("tests/clients/quill/empty/case.toml", 'title = "a fresh home"\n')
    copy.write("tests/clients/quill/env/case.toml", 'title = "a variable"\nway = "env"\n')
    copy.write("tests/clients/quill/env/before/.quill/config.json", '{"api" :{"key_command":["mine"]}}\n')
    writing, checking = said("test_golden.py -k quill")
    written = copy.run(writing)
    assert (written.returncode, "read it, then run this without" in written.stdout) == (1, True)
    after = (copy.folder / "tests/clients/quill/env/after/.quill/config.json").read_text()
    assert json.loads(after)["api"]["key_variable"] == "QUILL_TOKEN"
    assert "mine" not in after
    assert copy.run(checking).returncode == 0
    (place,) = re.findall(r"`(WRITE_AFTER=1 \S+ -m pytest -q tests/clients/test_places.py -k quill)`", GUIDE)
    assert copy.run(place).returncode == 1
    kept = (copy.folder / "tests/clients/places/quill.txt").read_text()
    assert kept.startswith("== helper\nLinux\n  file 1 /home/ada/.quill/config.json\n")
    assert copy.failing("tests/clients/test_places.py", "tests/clients/test_golden.py", "-k", "quill or every") == []

    assert copy.failing(*FRESH) == [
        "test_rewriting_a_fresh_readme_changes_nothing",
        "test_the_scripts_are_fresh",
        "test_the_table_is_not_stale",
        "test_the_table_of_clients_is_fresh",
    ]
    for command in said("-m aibridge_cli."):
        done = copy.run(command)
        assert done.returncode == 0, done.stderr
    assert "| [Quill](https://quill.example/docs) | `quill` |" in (copy.folder / "README.md").read_text()
    assert "quill\tleaks\t" in (copy.folder / "client_profiles/generic-env.tsv").read_text()
    assert "quill" in (copy.folder / "completions/aibridge.bash").read_text()
    assert copy.failing(*FRESH) == []


def test_the_real_client(copy: Copy) -> None:
    """The places that the last step names are those that the check asks for, one after the other."""
    real = "tests/real_clients/"

    def told() -> str:
        done = copy.run(".venv/bin/python -m pytest -q -p no:cacheprovider tests/clients/test_proofs.py -k quill")
        return "" if done.returncode == 0 else done.stdout

    assert "no `COMMANDS` of tests/real_clients says how quill is asked" in told()
    copy.insert(real + "conftest.py", "\nCOMMANDS = {\n", '    "quill": ("node_modules/.bin/quill", "ask"),\n')
    assert "`FILES` of tests/real_clients/cases.py does not name the file of quill" in told()
    copy.insert(real + "cases.py", "\nFILES = {\n", '    "quill": ".quill/config.json",\n')
    assert "`LIVED_IN` has no such file as people have it" in told()
    copy.insert(real + "cases.py", "\nLIVED_IN = {\n", '    ".quill/config.json": b"{ }",\n')
    assert "`CASES` has not just the ways of quill" in told()
    rows = [f'    ("quill", "{way}", (), "/openai/v1/chat/completions"),\n' for way in ("helper", "env")]
    copy.insert(real + "cases.py", "\nCASES = [\n", "".join(rows))
    assert "test_at_the_version_that_is_pinned[quill]" in told()
    copy.insert(real + "package.json", '"dependencies": {\n', '    "quill": "1.4.0",\n')
    assert told() == ""
