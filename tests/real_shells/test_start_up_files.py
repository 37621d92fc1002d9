"""Real shells start with our block in their start-up file, at a terminal, and the hook sees a new sign-in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.real_clients.install import install

pytestmark = pytest.mark.real_shell

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")
SHELLS = ("bash", "zsh", "ksh", "mksh", "yash", "fish", "tcsh", "elvish", "xonsh", "nu")
HOOKED = ("bash", "zsh", "fish")
URL = "https://192.0.2.1"  # an address that never answers: whoever asks it waits
ANSWERS = {"\x1b[6n": "\x1b[1;1R", "\x1b[c": "\x1b[?62c"}
"""What a terminal says when it is asked where the cursor is, and what it can do."""
# what a shell evaluates to write a variable that may be missing into a file
ASK = "sh -c 'printenv OPENAI_API_KEY > {}; echo asked >> {}'"


@pytest.fixture(scope="session", name="programs")
def installed_programs() -> str:
    """A `PATH` with every shell that Debian and npm have."""
    return f"{install(os.path.dirname(os.path.abspath(__file__)))}/node_modules/.bin:/usr/bin:/bin"


@pytest.fixture(name="environ")
def environment(tmp_path: Path, programs: str) -> dict[str, str]:
    """An empty home."""
    (tmp_path / "home").mkdir()
    home = str(tmp_path / "home")
    return {"HOME": home, "PATH": programs, "TERM": "xterm", "LANG": "C.UTF-8", "XONSH_SHOW_TRACEBACK": "False"}


def sign_in(environ: dict[str, str], token: str) -> None:
    folder = Path(environ["HOME"], ".config/coderv2")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "url").write_text(URL)
    (folder / "session").write_text(token)


def aibridge(environ: dict[str, str], *words: str) -> None:
    subprocess.run([PROGRAM, *words], env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=True)


@pytest.fixture(name="begin")
def start_shell(environ: dict[str, str]) -> Iterator[Callable[[str], Any]]:
    """Starts a shell at a terminal; what was started is ended with the test."""
    started: list[Any] = []

    def begin(shell: str) -> Any:
        program = shutil.which(shell, path=environ["PATH"])
        assert program, f"`{shell}` is missing: the test command installs it, and without it nothing is proved"
        words = ["-i"] if shell == "bash" else []
        started.append(
            pexpect.spawn(program, words, env=environ, cwd=environ["HOME"], encoding="utf-8", timeout=60, echo=False)
        )
        started[-1].asks_the_terminal = shell == "nu"
        return started[-1]

    yield begin
    for shell in started:
        shell.close(force=True)


def token_in(shell: Any, environ: dict[str, str]) -> str:
    """Ask a running shell what a program of its sees."""
    file = Path(environ["HOME"], "answer")
    file.unlink(missing_ok=True)
    for _ in range(10 if shell.asks_the_terminal else 0):  # it drops what is typed while it waits for the terminal
        attend(shell)
    shell.send(ASK.format(file, file) + "\r")
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text().endswith("asked\n")):
        assert time.monotonic() < deadline, "the shell did not answer"
        attend(shell)
    return file.read_text().removesuffix("asked\n").strip()


def attend(shell: Any) -> None:
    """Be the terminal for a moment: take what the shell writes, and tell it where the cursor is when it asks."""
    try:
        written = shell.read_nonblocking(65536, timeout=0.1)
    except pexpect.TIMEOUT:
        return
    for question, answer in ANSWERS.items():
        if question in written:
            shell.send(answer)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_starts_with_the_variables(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """At a terminal the variables are there, although the deployment never answers; uninstalled, they are not."""
    sign_in(environ, "token-one")
    aibridge(environ, "shell", "install", shell, "--yes")
    assert token_in(begin(shell), environ) == "token-one"

    aibridge(environ, "shell", "uninstall", shell, "--yes")
    assert token_in(begin(shell), environ) == ""


@pytest.mark.parametrize("shell", HOOKED)
def test_a_new_sign_in(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """With the hook a shell that runs has the new token at its next prompt, and after a sign-out none."""
    sign_in(environ, "token-one")
    aibridge(environ, "shell", "install", shell, "--hook", "--yes")
    running = begin(shell)
    assert token_in(running, environ) == "token-one"

    sign_in(environ, "token-two")
    running.send("\r")

    assert token_in(running, environ) == "token-two"

    Path(environ["HOME"], ".config/coderv2/session").unlink()
    running.send("\r")

    assert token_in(running, environ) == ""


@pytest.mark.parametrize("shell", HOOKED)
def test_the_hook_beside_others(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """Another hook still runs, and the exit code of the last command is what it was."""
    sign_in(environ, "token-one")
    home = Path(environ["HOME"])
    theirs = {
        "bash": (".bashrc", f"PROMPT_COMMAND='echo $? > {home}/code'\n"),
        "zsh": (".zshrc", f"precmd() {{ echo $? > {home}/code; }}\n"),
        "fish": (
            ".config/fish/config.fish",
            f"function other --on-event fish_prompt; echo $status > {home}/code; end\n",
        ),
    }
    name, text = theirs[shell]
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text)
    aibridge(environ, "shell", "install", shell, "--hook", "--yes")
    running = begin(shell)
    assert token_in(running, environ) == "token-one"

    (home / "code").unlink(missing_ok=True)
    running.send("sh -c 'exit 7'\r")

    deadline = time.monotonic() + 60
    while not (home / "code").exists() or (home / "code").read_text() != "7\n":
        assert time.monotonic() < deadline, "the other hook did not see the exit code"
        time.sleep(0.05)


@pytest.mark.parametrize("shell", SHELLS)
def test_not_signed_in(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """Without a token a shell starts as ever, and a person is told in one line."""
    aibridge(environ, "shell", "install", shell, "--yes")
    running = begin(shell)

    running.expect_exact("aibridge: no Coder deployment is known")

    assert token_in(running, environ) == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_program_that_is_gone(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """After aibridge was uninstalled the block does nothing."""
    sign_in(environ, "token-one")
    aibridge(environ, "shell", "install", shell, "--yes")
    for file in Path(environ["HOME"]).rglob("*"):
        if file.is_file() and PROGRAM in file.read_text(errors="replace"):
            file.write_text(file.read_text().replace(PROGRAM, "/gone/aibridge"))

    assert token_in(begin(shell), environ) == ""


@pytest.mark.parametrize("options", [[], ["--hook"]])
@pytest.mark.parametrize(
    ("shell", "name", "strict"),
    [
        ("bash", ".bashrc", "set -euo pipefail"),
        ("zsh", ".zshrc", "setopt err_exit no_unset pipe_fail"),
        ("ksh", ".kshrc", "set -euo pipefail"),
        ("mksh", ".mkshrc", "set -eu"),
        ("yash", ".yashrc", "set -eu"),
    ],
)
def test_in_a_script(shell: str, name: str, strict: str, options: list[str], environ: dict[str, str]) -> None:
    """A script that ends at the first failure and reads the file goes on, without a word, and so does its prompt hook.

    So do `scp` and `rsync`, which break on a word too many.
    """
    if options and shell not in HOOKED:
        return
    sign_in(environ, "token-one")
    file = Path(environ["HOME"], name)
    file.write_text(strict + "\n")
    aibridge(environ, "shell", "install", shell, *options, "--yes")
    again = "_aibridge_hook; " if options else ""

    ran = run_words(environ, shell, f'. "{file}"; {again}echo "$OPENAI_API_KEY"')

    assert (ran.stdout, ran.stderr, ran.returncode) == ("token-one\n", "", 0)


@pytest.mark.parametrize("options", [[], ["--hook"]])
@pytest.mark.parametrize(
    ("shell", "name"),
    [("bash", ".bashrc"), ("zsh", ".zshrc"), ("ksh", ".kshrc"), ("mksh", ".mkshrc"), ("yash", ".yashrc")],
)
def test_a_shell_that_traces(shell: str, name: str, options: list[str], environ: dict[str, str]) -> None:
    """`set -x`, as people who look for what is slow use it, does not show the token."""
    if options and shell not in HOOKED:
        return
    sign_in(environ, "token-one")
    aibridge(environ, "shell", "install", shell, *options, "--yes")
    file = Path(environ["HOME"], name)

    ran = run_words(environ, shell, f'set -x; . "{file}"; set +x; echo "$OPENAI_API_KEY"')

    assert ran.stdout == "token-one\n"
    assert "aibridge" in ran.stderr  # it did trace
    assert "token-one" not in ran.stderr


@pytest.mark.parametrize(("shell", "name"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("tcsh", ".tcshrc")])
def test_carriage_returns(shell: str, name: str, environ: dict[str, str]) -> None:
    """A file that was edited on Windows is still one that the shell reads."""
    sign_in(environ, "token-one")
    file = Path(environ["HOME"], name)
    file.write_bytes(b"# one\r\n# two\r\n")
    aibridge(environ, "shell", "install", shell, "--yes")

    ran = run_words(environ, shell, f'source "{file}"; echo "$OPENAI_API_KEY"')

    assert (ran.stdout, ran.stderr) == ("token-one\n", "")


@pytest.mark.parametrize("shell", HOOKED)
def test_a_pipe_instead_of_a_file(shell: str, environ: dict[str, str], begin: Callable[[str], Any]) -> None:
    """What is no file is not waited for before a prompt."""
    aibridge(environ, "shell", "install", shell, "--hook", "--yes")
    folder = Path(environ["HOME"], ".config/coderv2")
    folder.mkdir(parents=True)
    os.mkfifo(folder / "session")

    assert token_in(begin(shell), environ) == ""


def run_words(environ: dict[str, str], shell: str, words: str) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell that nobody sits before."""
    program = shutil.which(shell, path=environ["PATH"])
    assert program, f"`{shell}` is missing: the test command installs it, and without it nothing is proved"
    return subprocess.run(
        [program, "-c", words],
        env=environ,
        cwd=environ["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
