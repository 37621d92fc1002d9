"""Real shells evaluate our output, and a child of theirs prints the variables back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import shell_named
from aibridge_cli.shells.formats import SET, UNSET, Deed
from aibridge_cli.shells.keeping import restoring, setting
from tests.hostile import VALUES
from tests.real_clients.install import install

pytestmark = pytest.mark.real_shell

# how each shell evaluates a text it is given in the variable LINES_TO_EVALUATE
POSIX = ("sh", "bash", "dash", "zsh", "ksh", "mksh", "yash", "ash")
EVALUATE = dict.fromkeys(POSIX, 'eval "$LINES_TO_EVALUATE"') | {
    "fish": 'printf %s "$LINES_TO_EVALUATE" | source',
    "tcsh": 'eval "`printenv LINES_TO_EVALUATE`"',
    "elvish": "eval $E:LINES_TO_EVALUATE",
    "xonsh": "execx($LINES_TO_EVALUATE)",
    "nu": "$env.LINES_TO_EVALUATE | from json | load-env",
}
COMMANDS = {"ash": ("busybox", "ash")}
OPTIONS = {
    "zsh": ["-f"],
    "fish": ["--no-config"],
    "tcsh": ["-f"],
    "elvish": ["-norc"],
    "xonsh": ["--no-rc"],
    "nu": ["-n"],
}
# what is refused, each with the reason, where a shell has no way to take it
REFUSED = {"tcsh": {"newlines": "a line end", "control characters": "a control character"}}


START = "import sys; from aibridge_cli.fast import main; sys.exit(main())"


@pytest.fixture(scope="session", name="programs")
def installed_programs() -> str:
    """A `PATH` with every shell that Debian and npm have."""
    return f"{install(os.path.dirname(os.path.abspath(__file__)))}/node_modules/.bin:/usr/bin:/bin"


class RunShell(Protocol):
    def __call__(self, shell: str, script: str, *options: str, **variables: str) -> dict[str, str]: ...


@pytest.fixture(name="start")
def start_shell(programs: str, tmp_path: Path) -> RunShell:
    """Runs a script in a shell and returns the environment of its child."""

    def start(shell: str, script: str, *options: str, **variables: str) -> dict[str, str]:
        first, *more = COMMANDS.get(shell, (shell,))
        program = shutil.which(first, path=programs)
        assert program, f"`{shell}` is missing: the test command installs it, and without it nothing is proved"
        done = subprocess.run(
            [program, *more, *options, *OPTIONS.get(shell, []), "-c", f"{script}\nexec env -0"],
            env={"PATH": programs, "LANG": "C.UTF-8", "HOME": str(tmp_path)} | variables,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        pairs = [pair.partition(b"=") for pair in done.stdout.split(b"\0") if pair]
        return {name.decode(): value.decode() for name, _, value in pairs}

    return start


@pytest.fixture(name="run")
def evaluate(start: RunShell) -> RunShell:
    """Evaluates lines in a shell and returns the environment of its child."""

    def run(shell: str, script: str, *options: str, **variables: str) -> dict[str, str]:
        return start(shell, EVALUATE[shell], *options, LINES_TO_EVALUATE=script, **variables)

    return run


def values(shell: str) -> dict[str, str]:
    """The values made to hurt that the shell can take; that it refuses the others is checked here."""
    taken = {}
    for number, (what, value) in enumerate(VALUES.items()):
        if what in REFUSED.get(shell, {}):
            with pytest.raises(UsageError, match=REFUSED[shell][what]):
                shell_named(shell).export("NAME", value)
        else:
            taken[f"VALUE_{number}"] = value
    return taken


def set_all(shell: str, names: Mapping[str, str]) -> str:
    return shell_named(shell).script([Deed(SET, name, value) for name, value in names.items()])


@pytest.mark.parametrize("shell", EVALUATE)
def test_values_arrive(shell: str, run: RunShell, tmp_path: Path) -> None:
    """Every value arrives as it is, and none of them ran anything."""
    names = values(shell)
    environment = run(shell, set_all(shell, names))
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
def test_values_arrive_with_options(shell: str, options: list[str], run: RunShell, tmp_path: Path) -> None:
    """Options that change how a shell reads its input change nothing for us."""
    names = values(shell)
    environment = run(shell, set_all(shell, names), *options)
    assert {name: environment.get(name) for name in names} == names
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", EVALUATE)
def test_earlier_values_come_back(shell: str, run: RunShell, tmp_path: Path) -> None:
    """What stood in the variables before, made to hurt as well, is kept and put back; what was not set is not."""
    earlier = {f"VALUE_{number}": value for number, value in enumerate(VALUES.values())}
    form = shell_named(shell)
    ours = [Deed(SET, name, "ours") for name in (*earlier, "NEW")] + [Deed(UNSET, "GONE"), Deed(UNSET, "NEVER")]

    during = run(shell, form.script(setting({**earlier, "GONE": "it's $HOME"}, ours)), **earlier, GONE="it's $HOME")
    assert {name: during.get(name) for name in (*earlier, "NEW", "GONE")} == {
        **dict.fromkeys((*earlier, "NEW"), "ours"),
        "GONE": None,
    }

    deeds, changed = restoring(during)
    ours_now = {name: value for name, value in during.items() if name.startswith(("VALUE", "AIBRIDGE", "NEW"))}
    after = run(shell, form.script(deeds), **ours_now)
    assert changed == []
    assert {name: after.get(name) for name in (*earlier, "NEW", "GONE")} == {
        **earlier,
        "NEW": None,
        "GONE": "it's $HOME",
    }
    assert [name for name in after if name.startswith("AIBRIDGE")] == []
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", EVALUATE)
def test_unset(shell: str, run: RunShell) -> None:
    """A variable that was exported is gone, one that was never set is no error, others stay."""
    taken_away = [Deed(UNSET, "ONE"), Deed(UNSET, "NEVER_SET")]
    environment = run(shell, shell_named(shell).script(taken_away), ONE="1", TWO="2")
    assert ("ONE" in environment, environment["TWO"]) == (False, "2")


@pytest.mark.parametrize("shell", [*POSIX, "fish", "tcsh"])
def test_lines_that_were_joined(shell: str, run: RunShell) -> None:
    """Without the quotes of `eval "$(…)"` the shell joins the lines, and they still stay apart."""
    form = shell_named(shell)
    lines = " ".join([form.export("ONE", "1"), form.export("TWO", "2"), form.unset("HOME")])
    environment = run(shell, lines)
    assert (environment["ONE"], environment["TWO"], "HOME" in environment) == ("1", "2", False)


def test_tcsh_without_quotes(start: RunShell) -> None:
    """Two spaces are two spaces even where tcsh cuts the lines into words and joins them with one."""
    line = shell_named("tcsh").export("ONE", "  two  words  ")
    assert start("tcsh", "eval `printenv LINE`", LINE=line)["ONE"] == "  two  words  "


@pytest.mark.parametrize("shell", EVALUATE)
def test_the_command(shell: str, start: RunShell, tmp_path: Path, programs: str) -> None:
    """The line in `aibridge env --help` sets the variables in every shell, and `--unset` puts back what stood there."""
    program = tmp_path / "bin" / "aibridge"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -I -c '{START}' \"$@\" 2>/dev/null\n")
    program.chmod(0o755)
    variables = {
        "PATH": f"{program.parent}:{programs}",
        "CODER_URL": "https://coder.example.com",
        "CODER_SESSION_TOKEN": "$(it)-s-a%token!",
        "OPENAI_API_KEY": 'it was `mine` "$HOME" %PATH% !!',
    }
    use = shell_named(shell).start_line.replace("{name}", shell)
    environment = start(shell, use, **variables)
    assert {name: value for name, value in environment.items() if name.startswith(("OPENAI", "ANTHROPIC"))} == {
        "OPENAI_BASE_URL": "https://coder.example.com/api/v2/aibridge/openai/v1",
        "OPENAI_API_KEY": "$(it)-s-a%token!",
        "OPENAI_AGENTS_DISABLE_TRACING": "1",
        "ANTHROPIC_BASE_URL": "https://coder.example.com/api/v2/aibridge/anthropic",
        "ANTHROPIC_AUTH_TOKEN": "$(it)-s-a%token!",
    }
    undo = use.replace("aibridge env", "aibridge env --unset")
    environment = start(shell, f"{use}\n{use}\n{undo}", **variables)
    assert {
        name: value for name, value in environment.items() if name.startswith(("OPENAI", "ANTHROPIC", "AIBRIDGE"))
    } == {"OPENAI_API_KEY": variables["OPENAI_API_KEY"]}


@pytest.mark.parametrize("shell", [shell for shell in EVALUATE if shell != "ash"])  # busybox calls itself busybox
def test_the_shell_is_found_out(shell: str, start: RunShell, tmp_path: Path, programs: str) -> None:
    """Without `--shell` the shell that runs us is known, whatever the login shell is."""
    program = tmp_path / "bin" / "aibridge"
    program.parent.mkdir()
    program.symlink_to(os.path.join(os.path.dirname(sys.executable), "aibridge"))
    variables = {
        "PATH": f"{program.parent}:{programs}",
        "SHELL": "/usr/bin/sh" if shell == "fish" else "/usr/bin/fish",
        "CODER_URL": "https://coder.example.com",
        "CODER_SESSION_TOKEN": "$(it)-s-a%token!",
    }
    use = shell_named(shell).start_line.replace(" --shell {name}", " codex --quiet")
    assert start(shell, use, **variables)["CODER_AI_BRIDGE_TOKEN"] == "$(it)-s-a%token!"
