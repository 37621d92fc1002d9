from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aibridge_cli import __version__, answers, fast
from aibridge_cli.shells.keeping import fingerprint

TOKEN = "ABCDEFGHIJ-0123456789012345678901"
URL = "https://coder.example.com"
START = "import sys; from aibridge_cli.fast import main; sys.exit(main())"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and no variables that would answer for us."""
    for name in list(os.environ):
        if name.startswith(("CODER", "AIBRIDGE", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """URL and token in the environment."""
    monkeypatch.setenv("CODER_URL", URL)
    monkeypatch.setenv("CODER_SESSION_TOKEN", TOKEN)


@pytest.fixture(name="aibridge")
def _aibridge(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the entry point and return exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aibridge", *arguments])
        code = fast.main()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def whole_program(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stand in for the whole program and collect what it was called with."""
    calls = []
    module = ModuleType("aibridge_cli.cli.app")

    def main() -> int:
        calls.append(sys.argv[1:])
        return 17

    module.main = main  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "aibridge_cli.cli.app", module)
    return calls


def files(home: Path, url: str, session: str) -> Path:
    """Write the Coder CLI's files and return their folder."""
    folder = home / "coder"
    folder.mkdir()
    (folder / "url").write_text(url)
    (folder / "session").write_text(session)
    return folder


def test_version(aibridge: Any) -> None:
    """The version is one line."""
    assert aibridge("--version") == (0, f"aibridge {__version__}\n", "")


def test_token(aibridge: Any, signed_in: None) -> None:
    """`aibridge token` prints the token and nothing else."""
    assert aibridge("token") == (0, f"{TOKEN}\n", "")


def test_token_with_pins(aibridge: Any, home: Path) -> None:
    """The flags that helper commands carry are understood, in both ways of writing them."""
    folder = files(home, URL, TOKEN)
    pinned = ["--state-dir", str(home / "state"), f"--coder-config-dir={folder}", "--coder-command", "/gone"]
    assert aibridge("token", "--url", URL, *pinned, "--insecure-http") == (0, f"{TOKEN}\n", "")
    (home / "state" / "sessions").mkdir(parents=True)
    (home / "state" / "sessions" / "coder.example.com").write_text("ours")
    assert aibridge("token", f"--url={URL}", *pinned) == (0, "ours\n", "")


def test_token_of_the_coder_cli(aibridge: Any, home: Path) -> None:
    """The Coder CLI that a helper names is asked."""
    program = home / "coder"
    program.write_text('#!/bin/sh\n[ $1 = version ] && echo \'{"version":"v2.31.0"}\' || echo from-coder\n')
    program.chmod(0o755)
    assert aibridge("token", "--url", URL, "--coder-command", str(program)) == (0, "from-coder\n", "")


def test_not_signed_in(aibridge: Any) -> None:
    """Without a token standard output stays empty, and the reason and the remedy are on standard error."""
    code, out, err = aibridge("token", "--url", URL)
    assert (code, out) == (4, "")
    assert err.startswith(f"error: not signed in to `{URL}`\nhint: run `aibridge login {URL}`")


def test_refused_url(aibridge: Any) -> None:
    """A URL that cannot be is a usage error."""
    code, out, err = aibridge("token", "--url", "http://coder.example.com")
    assert (code, out, err.splitlines()[1][:9]) == (2, "", "hint: use")


def test_notes_are_for_people(aibridge: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was passed over is said to a person, and not to a client that runs the helper."""
    folder = files(home, URL, TOKEN)
    monkeypatch.setenv("CODER_URL", "https://other.example.com")
    monkeypatch.setenv("CODER_SESSION_TOKEN", "x")
    command = ["token", "--url", URL, "--coder-config-dir", str(folder)]
    assert aibridge(*command) == (0, f"{TOKEN}\n", "")
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _: True)
    code, out, err = aibridge(*command)
    assert (code, out) == (0, f"{TOKEN}\n")
    assert err.startswith("note: `CODER_SESSION_TOKEN` was passed over")


def test_env(aibridge: Any, signed_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aibridge env` prints the variables for the shell, and warnings go to standard error."""
    monkeypatch.setattr("aibridge_cli.environment.generic_warnings", lambda _: ("take care",))
    code, out, err = aibridge("env", "--shell", "sh")
    assert (code, err) == (0, "warning: take care\n")
    record, *lines = out.splitlines()
    assert record.startswith("export AIBRIDGE_SET='OPENAI_BASE_URL:")
    assert lines == [
        f"export OPENAI_BASE_URL='{URL}/api/v2/aibridge/openai/v1';",
        f"export OPENAI_API_KEY='{TOKEN}';",
        "export OPENAI_AGENTS_DISABLE_TRACING='1';",
        f"export ANTHROPIC_BASE_URL='{URL}/api/v2/aibridge/anthropic';",
        f"export ANTHROPIC_AUTH_TOKEN='{TOKEN}';",
    ]


def test_env_options(aibridge: Any, signed_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell is found or named, Anthropic's other key is asked for, and the URL may be another."""
    monkeypatch.setattr("aibridge_cli.environment.generic_warnings", lambda _: ())
    _, out, _ = aibridge("env", "--shell=fish", "--anthropic-api-key", "--url", URL + "/")
    assert out.splitlines()[6] == f"set -gx ANTHROPIC_API_KEY '{TOKEN}';"
    monkeypatch.setattr("aibridge_cli.shells.choose._parent_names", lambda _: ["pwsh"])
    _, out, _ = aibridge("env", "--insecure-http")
    assert out.splitlines()[1].startswith("$env:OPENAI_BASE_URL")


def test_env_with_clients_in_one_word(aibridge: Any, signed_in: None) -> None:
    """`--clients` takes the ids between commas, beside words."""
    _, one, _ = aibridge("env", "--shell", "sh", "--clients=codex,claude-code")
    _, other, _ = aibridge("env", "--shell", "sh", "codex", "--clients", "claude-code")
    assert one == other
    assert "export CODER_AI_BRIDGE_TOKEN=" in one
    assert "export ANTHROPIC_AUTH_TOKEN=" in one


def test_env_unset(aibridge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Putting back needs no deployment and no token, and touches nothing that we did not set."""
    assert aibridge("env", "--unset", "--shell", "bash") == (0, "", "note: nothing of ours is set in this shell\n")
    monkeypatch.setenv("OPENAI_API_KEY", "ours")
    monkeypatch.setenv("OTHER", "changed")
    monkeypatch.setenv("AIBRIDGE_SET", f"OPENAI_API_KEY:{fingerprint('ours')},OTHER:{fingerprint('ours too')}")
    code, out, err = aibridge("env", "--unset", "--shell", "bash")
    assert (code, out) == (0, "unset OPENAI_API_KEY;\nunset AIBRIDGE_SET;\n")
    assert err == "note: `OTHER` was changed since `aibridge env` set it, so it stays\n"


def test_env_in_a_start_up_file(aibridge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--quiet` a shell starts without a token too: nothing is set, and a person is told in one line."""
    monkeypatch.setattr("aibridge_cli.environment.generic_warnings", lambda _: ("take care",))
    assert aibridge("env", "--shell", "sh", "--quiet") == (0, "", "")
    assert aibridge("env", "--shell", "nu", "--quiet") == (0, "{}\n", "")
    monkeypatch.setenv("ONE", "ours")
    monkeypatch.setenv("AIBRIDGE_SET", f"ONE:{fingerprint('ours')}")
    assert aibridge("env", "--shell", "sh", "--quiet") == (0, "unset ONE;\nunset AIBRIDGE_SET;\n", "")
    assert aibridge("env", "--shell", "docker", "--quiet") == (0, "", "")
    monkeypatch.setenv("CODER_URL", "http://not.loopback")  # an error of another kind ends no session
    assert aibridge("env", "--shell", "sh", "--quiet") == (0, "", "")
    monkeypatch.delenv("AIBRIDGE_SET")
    monkeypatch.setattr("aibridge_cli.facts._is_terminal", lambda _: True)
    monkeypatch.setenv("CODER_URL", URL)
    code, out, err = aibridge("env", "--shell", "sh", "--quiet")
    assert (code, out) == (0, "")
    assert err == f"aibridge: not signed in to `{URL}`\n"
    monkeypatch.setenv("CODER_SESSION_TOKEN", TOKEN)
    code, out, err = aibridge("env", "--shell", "sh", "--quiet")
    assert (code, out.count("export"), err) == (0, 6, "")


def test_env_unknown_shell(aibridge: Any) -> None:
    """An unknown shell is a usage error with the known ones."""
    code, out, err = aibridge("env", "--shell", "psh")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "error: `psh` is not a supported shell or format"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["--version", "x"],
        ["token", "--help"],
        ["token", "extra"],
        ["token", "--url"],
        ["token", "--url", "--insecure-http"],
        ["token", "--insecure-http=1"],
        ["token", "--token-stdin"],
        ["token", "--"],
        ["env", "codex", "--anthropic-api-key"],
        ["env", "--json"],
        ["env", "--clients", "all"],
        ["env", "--shell", "docker", "--to", "FILE"],
        ["env", "--shell"],
        ["configure", "client"],
    ],
)
def test_everything_else(aibridge: Any, whole_program: list[list[str]], arguments: list[str]) -> None:
    """What is not understood goes to the whole program, whose exit code is ours."""
    assert aibridge(*arguments) == (17, "", "")
    assert whole_program == [arguments]


def test_own_profiles(aibridge: Any, signed_in: None, whole_program: list[list[str]], home: Path) -> None:
    """With profiles of the user's own only the whole program knows whom to warn about."""
    (home / ".config" / "aibridge" / "profiles").mkdir(parents=True)
    assert aibridge("env") == (17, "", "")
    assert aibridge("env", "--unset", "--shell", "sh")[0] == 0


def test_interrupt(aibridge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is exit code 130 without a traceback."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fast, "_answer", interrupt)
    assert aibridge("token") == (130, "", "")


def test_interrupt_in_an_import(aibridge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C that an import turned into another error is still exit code 130."""

    def interrupt(_: object) -> None:
        raise RuntimeError("while a class was made") from KeyboardInterrupt()

    monkeypatch.setattr(fast, "_answer", interrupt)
    assert aibridge("token") == (130, "", "")


def test_missing_streams(monkeypatch: pytest.MonkeyPatch, signed_in: None) -> None:
    """With standard output closed the exit code is 1, and with standard error closed nothing breaks."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "argv", ["aibridge", "token"])
    assert fast.main() == 1
    monkeypatch.setattr(sys, "argv", ["aibridge", "token", "--url", ""])
    assert fast.main() == 2


def test_full_disk(monkeypatch: pytest.MonkeyPatch, signed_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be written is an error with the reason."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert answers.write_data("x") == 1
        monkeypatch.undo()
    assert capsys.readouterr().err == "error: cannot write to standard output: No space left on device\n"


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody at the other end of both streams nothing is left to fail when the interpreter ends."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out, open("/dev/full", "w", encoding="utf-8") as err:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setattr(sys, "argv", ["aibridge", "env", "--shell", "none"])
        assert (answers.write_data("x"), fast.main()) == (141, 2)
        monkeypatch.undo()


def started(*arguments: str, redirect: str = "") -> tuple[int, bytes, bytes]:
    """Run the entry point in a process of its own, with its streams redirected by a shell."""
    script = f'"$0" -I -c "$1" {" ".join(arguments)} {redirect}'
    done = subprocess.run(["bash", "-c", script, sys.executable, START], capture_output=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("redirect", "answer"),
    [
        ("", (0, TOKEN.encode() + b"\n", b"")),
        (">&-", (1, b"", b"")),
        ("2>&-", (0, TOKEN.encode() + b"\n", b"")),
        (">/dev/full", (1, b"", b"error: cannot write to standard output: No space left on device\n")),
        (">/dev/full 2>/dev/full", (1, b"", b"")),
        ("| true; exit ${PIPESTATUS[0]}", None),
        ("<&-", (0, TOKEN.encode() + b"\n", b"")),
    ],
)
def test_streams(signed_in: None, redirect: str, answer: tuple[int, bytes, bytes] | None) -> None:
    """Closed and full streams end in an exit code, never in a traceback."""
    given = started("token", redirect=redirect)
    assert given == answer if answer else given in ((0, b"", b""), (141, b"", b""))


def test_broken_pipe(signed_in: None) -> None:
    """A reader that is gone makes us stop quietly, as the signal would have."""
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START, "token"], stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == 141


def test_interrupted_while_waiting(home: Path) -> None:
    """Ctrl-C while the Coder CLI is being asked is exit code 130, and quiet."""
    program = home / "coder"
    program.write_text(f"#!/bin/sh\ntouch {home}/asked\nexec sleep 60\n")
    program.chmod(0o755)
    command = [sys.executable, "-I", "-c", START, "token", "--url", URL, "--coder-command", str(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not (home / "asked").exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 130


def test_module(signed_in: None) -> None:
    """`python -m aibridge_cli` is the same program."""
    done = subprocess.run(
        [sys.executable, "-I", "-m", "aibridge_cli", "token"], capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, TOKEN.encode() + b"\n", b"")
