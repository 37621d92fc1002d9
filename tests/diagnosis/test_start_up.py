"""Shell start-up files that send a client astray, and files that another tool keeps."""

from __future__ import annotations

import pytest

from aibridge_cli.diagnosis.start_up import mark_findings, start_up_findings
from aibridge_cli.facts import Facts
from tests.diagnosis.layered import BASE, LAYERS, OURS, TOKEN, Files, facts_of, quill

USER = "/home/ada/.quill/config.json"
KEY_ONLY = f'{{"api": {{"key": "{TOKEN}"}}}}'


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (".zshrc", "export QUILL_BASE=https://llm.example.com"),
        (".profile", "  QUILL_BASE='https://llm.example.com'; export QUILL_BASE"),
        (".bashrc", 'declare -x QUILL_BASE="https://llm.example.com"'),
        (".config/fish/config.fish", "set -gx QUILL_BASE https://llm.example.com"),
        (".config/fish/conf.d/mine.fish", "set -gx QUILL_BASE https://llm.example.com"),
        (".config/environment.d/50-mine.conf", "QUILL_BASE=https://llm.example.com"),
        (".config/powershell/profile.ps1", '$env:QUILL_BASE = "https://llm.example.com"'),
    ],
)
def test_a_line_that_sends_the_client_astray(file: str, line: str) -> None:
    """The line is named with its file, what it would do, and what to do about it."""
    path = f"/home/ada/{file}"
    files = Files({path: f"# mine\n{line}\nexport OTHER=1\n", USER: KEY_ONLY})
    (finding,) = start_up_findings(quill(), facts_of(), files, OURS)
    assert (finding.check, finding.level, finding.looked_at) == ("client.start-up-file", "problem", f"`{path}`:2")
    assert finding.found.startswith("it sets `QUILL_BASE`; in such a shell `https://llm.example.com`, by `QUILL_BASE`")
    assert finding.fix == "take the line out, then `unset QUILL_BASE` or open another terminal"


def test_a_line_that_changes_nothing() -> None:
    """Where a stronger place decides, or the value is right, nothing is said."""
    well = f'{{"api": {{"base": "{BASE}", "key": "{TOKEN}"}}}}'
    astray = {"/home/ada/.zshrc": "export QUILL_BASE=https://llm.example.com", USER: well}
    assert start_up_findings(quill(), facts_of(), Files(astray), OURS) == ()
    right = {"/home/ada/.zshrc": f"export QUILL_BASE={BASE}", USER: KEY_ONLY}
    assert start_up_findings(quill(), facts_of(), Files(right), OURS) == ()
    unreadable: dict[str, str | bytes] = {"/home/ada/.zshrc": b"\xff", USER: well}
    assert start_up_findings(quill(), facts_of(), Files(unreadable), OURS) == ()


def test_without_a_home() -> None:
    """Without a home there are no start-up files to be looked at."""
    nowhere = Facts(environ={"QUILL_HOME": "/quill"}, platform="linux", home="")
    assert start_up_findings(quill(), nowhere, Files({}), OURS) == ()


def test_marks_of_another_tool() -> None:
    """A file with another tool's marks is a note that names them; the environment has none."""
    files = {
        "/home/ada/code/feather/.quill/config.jsonc": "// >>> feathers: module >>>\n{}\n// <<< feathers\n",
        USER: "{}",
    }
    (finding,) = mark_findings(quill(), facts_of(), Files(files))
    assert (finding.level, finding.looked_at) == ("note", "`/home/ada/code/feather/.quill/config.jsonc`")
    assert "`feathers: module`" in finding.found


def test_marks_in_a_file_that_is_read_twice() -> None:
    """A file that a client reads as the project's and as the user's is told once."""
    at_home = Facts(environ={"QUILL_FILE": USER}, platform="linux", home="/home/ada", cwd="/home/ada")
    profile = quill(LAYERS.replace('format = "json"', 'format = "jsonc"'))
    assert len(mark_findings(profile, at_home, Files({USER: "// >>> feathers >>>\n{}\n"}))) == 1
