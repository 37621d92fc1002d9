"""Real shells evaluate our output, and a child of theirs prints the variables back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aibridge_cli.shells.choose import shell_named

pytestmark = pytest.mark.real_shell

# how each shell evaluates a text it is given in the variable LINES_TO_EVALUATE
EVALUATE = {
    "sh": 'eval "$LINES_TO_EVALUATE"',
    "bash": 'eval "$LINES_TO_EVALUATE"',
    "dash": 'eval "$LINES_TO_EVALUATE"',
    "zsh": 'eval "$LINES_TO_EVALUATE"',
    "fish": 'printf %s "$LINES_TO_EVALUATE" | source',
}
OPTIONS = {"zsh": ["-f"], "fish": ["--no-config"]}
VALUES = {
    "plain": "https://coder.example.com/api/v2/aibridge/openai/v1",
    "empty": "",
    "spaces": "  two  words  ",
    "single quote": "it's",
    "only quotes": "'''\"\"\"'",
    "backslash at the end": "a\\",
    "backslashes and quotes": "\\'\\\\'\\n\\",
    "command": "$(touch ran) `touch ran` $((1+1)) (touch ran)",
    "end of quotes": "'; touch ran; '",
    "end of escaped quotes": "\\'; touch ran; \\'",
    "variables": "$HOME ${HOME} $1 $$ %PATH% ~ ~root",
    "history": "!! !x !$ ^a^b",
    "globs": "* ? [a] {a,b} **",
    "newlines": "one\ntwo\n\nfour\r\n",
    "leading dash": "-n --export",
    "operators": "a & b | c ; d > ran < e # f",
    "control characters": "\x01\x07\x1b[31m\t\x7f",
    "unicode": "Zürich 東京 🔑 \u2018quoted\u2019 \u202e \u00a0",
    "equals": "A=B=C",
    "8 kB": "x'y\\z" * 1600,
}


START = "import sys; from aibridge_cli.fast import main; sys.exit(main())"
# how a user has each shell evaluate what `aibridge env` prints
USE = dict.fromkeys(EVALUATE, 'eval "$({})"') | {"fish": "{} | source"}


def run(shell: str, lines: str, folder: Path, *options: str) -> dict[str, str]:
    """Evaluate the lines in a shell and return the environment of its child."""
    return start(shell, EVALUATE[shell], {"LINES_TO_EVALUATE": lines, "HOME": str(folder)}, folder, *options)


def start(shell: str, script: str, variables: dict[str, str], folder: Path, *options: str) -> dict[str, str]:
    """Run a script in a shell and return the environment of its child."""
    program = shutil.which(shell)
    assert program, f"`{shell}` is missing: the test command installs it, and without it nothing is proved"
    done = subprocess.run(
        [program, *options, *OPTIONS.get(shell, []), "-c", f"{script}\nexec env -0"],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | variables,
        cwd=folder,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    pairs = [pair.partition(b"=") for pair in done.stdout.split(b"\0") if pair]
    return {name.decode(): value.decode() for name, _, value in pairs}


@pytest.mark.parametrize("shell", EVALUATE)
def test_values_arrive(shell: str, tmp_path: Path) -> None:
    """Every value arrives as it is, and none of them ran anything."""
    names = {f"VALUE_{number}": value for number, value in enumerate(VALUES.values())}
    lines = "".join(shell_named(shell).export(name, value) + "\n" for name, value in names.items())
    environment = run(shell, lines, tmp_path)
    assert {name: environment.get(name) for name in names} == names
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("shell", "options"),
    [
        ("bash", ["-o", "posix"]),
        ("bash", ["-o", "histexpand", "-o", "errexit", "-o", "nounset"]),
        ("dash", ["-eu"]),
        ("zsh", ["-o", "rc_quotes"]),
        ("zsh", ["-o", "sh_word_split", "-o", "bang_hist", "-o", "extended_glob", "-o", "err_exit"]),
        ("zsh", ["--emulate", "sh"]),
    ],
)
def test_values_arrive_with_options(shell: str, options: list[str], tmp_path: Path) -> None:
    """Options that change how a shell reads its input change nothing for us."""
    names = {f"VALUE_{number}": value for number, value in enumerate(VALUES.values())}
    lines = "".join(shell_named(shell).export(name, value) + "\n" for name, value in names.items())
    environment = run(shell, lines, tmp_path, *options)
    assert {name: environment.get(name) for name in names} == names
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", EVALUATE)
def test_unset(shell: str, tmp_path: Path) -> None:
    """A variable that was exported is gone, one that was never set is no error, others stay."""
    form = shell_named(shell)
    lines = [form.export("ONE", "1"), form.export("TWO", "2"), form.unset("ONE"), form.unset("NEVER_SET")]
    environment = run(shell, "\n".join(lines), tmp_path)
    assert ("ONE" in environment, environment["TWO"]) == (False, "2")


@pytest.mark.parametrize("shell", EVALUATE)
def test_lines_that_were_joined(shell: str, tmp_path: Path) -> None:
    """Without the quotes of `eval "$(…)"` the shell joins the lines, and they still stay apart."""
    form = shell_named(shell)
    lines = " ".join([form.export("ONE", "1"), form.export("TWO", "2"), form.unset("HOME")])
    environment = run(shell, lines, tmp_path)
    assert (environment["ONE"], environment["TWO"], "HOME" in environment) == ("1", "2", False)


@pytest.mark.parametrize("shell", EVALUATE)
def test_the_command(shell: str, tmp_path: Path) -> None:
    """In every shell one line sets the variables, and one takes them away; which shell it is, is found out."""
    login_shell = "/usr/bin/sh" if shell == "fish" else "/usr/bin/fish"
    variables = {
        "HOME": str(tmp_path),
        "SHELL": login_shell,
        "CODER_URL": "https://coder.example.com",
        "CODER_SESSION_TOKEN": "it's-a-token",
    }
    command = f"{sys.executable} -I -c '{START}' env"
    use = USE[shell].format(f"{command} 2>/dev/null")
    environment = start(shell, use, variables, tmp_path)
    assert {name: value for name, value in environment.items() if name.startswith(("OPENAI", "ANTHROPIC"))} == {
        "OPENAI_BASE_URL": "https://coder.example.com/api/v2/aibridge/openai/v1",
        "OPENAI_API_KEY": "it's-a-token",
        "ANTHROPIC_BASE_URL": "https://coder.example.com/api/v2/aibridge/anthropic",
        "ANTHROPIC_AUTH_TOKEN": "it's-a-token",
    }
    undo = USE[shell].format(f"{command} --unset")
    environment = start(shell, f"{use}\n{undo}", variables, tmp_path)
    assert [name for name in environment if name.startswith(("OPENAI", "ANTHROPIC"))] == []
