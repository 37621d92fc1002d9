from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from typing import Any

import dotenv
import hcl2
import javaproperties
import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import FORMATS, shell_named
from aibridge_cli.shells.formats import SET, UNSET, Deed
from aibridge_cli.shells.job_formats import mask_command
from tests.hostile import VALUES

Read = Callable[[str], dict[str, str]]


def read_docker(text: str) -> dict[str, str]:
    """`docker run --env-file`, from its rules: lines, the first `=` parts, `#` only at the start, no quotes."""
    lines = [line.removesuffix("\r").lstrip(" \t") for line in text.split("\n")]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_gitlab(text: str) -> dict[str, str]:
    """A dotenv report, from its rules: no empty lines, white space round name and value goes, `$` is expanded."""
    pairs = [line.split("=", 1) for line in text.removesuffix("\n").split("\n")]
    assert "$" not in text
    return {name.strip(): value.strip() for name, value in pairs}


def read_github(text: str) -> dict[str, str]:
    """`$GITHUB_ENV`, from its rules: a name, `<<`, a delimiter, and all up to the line that is the delimiter."""
    found, lines = {}, text.removesuffix("\n").split("\n")
    while lines:
        name, _, delimiter = lines.pop(0).partition("<<")
        end = lines.index(delimiter)
        found[name] = "\n".join(lines[:end])
        lines = lines[end + 1 :]
    return found


def read_azure(text: str) -> dict[str, str]:
    """Azure's commands, from their rules: one a line, and `%` with two digits is another character."""
    found = {}
    for line in text.removesuffix("\n").split("\n"):
        command, _, value = line.removeprefix("##vso[").partition("]")
        if command.startswith("task.setvariable variable="):
            assert "%" not in value
            found[command.partition("=")[2]] = value
    return found


def read_by_sh(text: str) -> dict[str, str]:
    """Systemd and `$BASH_ENV`: both read these lines as a POSIX shell does."""
    done = subprocess.run(["sh", "-c", f"set -a; {text}\nexec env -0"], env={}, capture_output=True, check=True)
    pairs = [item.decode().partition("=") for item in done.stdout.split(b"\0") if item]
    return {name: value for name, _, value in pairs if name.startswith("NAME")}


def read_dotenv(text: str) -> dict[str, str]:
    """python-dotenv, as it is used: with its expansion of variables."""
    return {name: value or "" for name, value in dotenv.dotenv_values(stream=io.StringIO(text, newline="")).items()}


def read_tfvars(text: str) -> dict[str, str]:
    """python-hcl2, and the marks of templates by the rules of HCL."""
    found: dict[str, Any] = hcl2.loads(text)
    return {name: _plain(value) for name, value in found.items() if name.startswith("NAME")}


def _plain(value: str) -> str:
    inner = value[1:-1] if value.startswith('"') and value.endswith('"') else value
    decoded: str = json.loads(f'"{inner}"')
    return decoded.replace("$${", "${").replace("%%{", "%{")


READERS: dict[str, Read] = {
    "json": json.loads,
    "buildkite": json.loads,
    "jenkins": javaproperties.loads,
    "dotenv": read_dotenv,
    "docker": read_docker,
    "gitlab": read_gitlab,
    "github": read_github,
    "azure": read_azure,
    "systemd": read_by_sh,
    "circleci": read_by_sh,
    "tfvars": read_tfvars,
}
CONTROL = "a control character"
LINE_END = "a line end"
REFUSED: dict[str, dict[str, str]] = {
    "dotenv": {
        "only quotes": "single quotes beside another quote",
        "backslashes and quotes": "a backslash before",
        "end of escaped quotes": "a backslash before",
        "backslash at the end": "a backslash before",
        "variables": r"has `\$\{`",
        "newlines": "a carriage return",
        "8 kB": "single quotes beside",
    },
    "docker": {"newlines": LINE_END},
    "gitlab": {
        "newlines": LINE_END,
        "spaces": "white space",
        "unicode": "white space",
        "command": "a dollar sign",
        "variables": "a dollar sign",
        "history": "a dollar sign",
    },
    "github": {"newlines": "a carriage return"},
    "azure": {"newlines": LINE_END, "variables": "a percent sign", "empty": "no character"},
    "systemd": {"newlines": CONTROL, "control characters": CONTROL},
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("what", VALUES)
def test_round_trip(name: str, what: str) -> None:
    """What reads the format gets each value as it is, or we refused it with the reason."""
    form, value = shell_named(name), VALUES[what]
    deeds = [Deed(SET, "NAME_1", value, secret=True), Deed(UNSET, "GONE"), Deed(SET, "NAME_2", "x")]
    reason = REFUSED.get(name, {}).get(what)
    if reason is None:
        assert READERS[name](form.script(deeds)) == {"NAME_1": value, "NAME_2": "x"}
        return
    with pytest.raises(UsageError, match=reason) as caught:
        form.script(deeds)
    assert f"which {name} cannot take" in caught.value.message


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_taken_away(name: str) -> None:
    """A file has no way to unset a variable, and says so when it is asked."""
    with pytest.raises(UsageError, match=f"{name} has no way to take `GONE` away"):
        shell_named(name).unset("GONE")
    empty = "{}\n" if name in ("json", "buildkite") else ""
    assert shell_named(name).script([Deed(UNSET, "GONE")]) == empty


def test_lines_of_github() -> None:
    """Lines are kept, a carriage return and the runner's own names are refused, and no delimiter is used twice."""
    form = shell_named("github")
    one, two = form.export("NAME", "a\nb"), form.export("NAME", "a\nb")
    assert read_github(one + "\n") == {"NAME": "a\nb"}
    assert one != two
    for name in ("GITHUB_TOKEN", "runner_temp", "NODE_OPTIONS"):
        with pytest.raises(UsageError, match="a name that the runner keeps for itself"):
            form.export(name, "x")


def test_systemd_takes_lines() -> None:
    """A value of several lines stands between the quotes."""
    assert shell_named("systemd").export("NAME", 'a\n"b"') == 'NAME="a\n\\"b\\""'


def test_jenkins_is_ascii() -> None:
    """Characters past ASCII are escaped in units of UTF-16, as Java reads them."""
    assert shell_named("jenkins").export("NAME", "é🔑 #") == "NAME=\\u00e9\\ud83d\\udd11\\ \\#"


def test_masks() -> None:
    """GitHub hides each line of a secret, and Azure the secret before it is anywhere else; nothing else is hidden."""
    assert mask_command("a%b\r\n\nc\n") == "::add-mask::a%25b%0D\n::add-mask::c\n"
    deeds = [Deed(SET, "URL", "https://x"), Deed(SET, "KEY", "s3", secret=True), Deed(SET, "TOKEN", "s3", secret=True)]
    assert shell_named("azure").script(deeds).splitlines() == [
        "##vso[task.setsecret]s3",
        "##vso[task.setvariable variable=URL]https://x",
        "##vso[task.setvariable variable=KEY]s3",
        "##vso[task.setvariable variable=TOKEN]s3",
    ]
