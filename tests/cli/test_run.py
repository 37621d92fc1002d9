"""`aibridge run`, with programs that tell what they were given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from tests.cli.test_env import profile

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

PROGRAM = os.path.join(os.path.dirname(sys.executable), "aibridge")
TELL = f"""#!{sys.executable}
import json, os, signal, sys
print(json.dumps({{"pid": os.getpid(), "arguments": sys.argv, "env": dict(os.environ)}}), flush=True)
if "wait" in sys.argv:
    signal.pause()
if "read" in sys.argv:
    print("read", sys.stdin.readline(), os.isatty(0), os.isatty(1))
sys.exit(17)
"""


@pytest.fixture(name="path")
def folder_with_clients(home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on `PATH` with clients that tell what they were given."""
    folder = home / "bin"
    folder.mkdir()
    for name in ("claude", "codex", "opencode", "droid", "one"):
        (folder / name).write_text(TELL.replace("#!" + sys.executable, f"#!{sys.executable} -I"))
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@contextmanager
def running(*words: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The program as a process of its own, which is killed when a test fails."""
    with subprocess.Popen(
        [PROGRAM, "run", *words],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def told(*words: str, **variables: str) -> Any:
    """What the started program was given."""
    with running(*words, **variables) as process:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 17, err
        given = json.loads(out)
        assert given["pid"] == process.pid, "there is a wrapper"
    return given


def test_a_client(path: Path, deployment: Deployment, signed_in: Token) -> None:
    """The client takes our place with its variables, and what would win is taken away or overridden."""
    given = told("claude-code", "--", "-p", "say --help", ANTHROPIC_API_KEY="mine", CLAUDE_CODE_USE_BEDROCK="1")

    command, flag, settings, *rest = given["arguments"]
    assert (command, flag, rest) == (str(path / "claude"), "--settings", ["-p", "say --help"])
    assert json.loads(settings)["env"]["ANTHROPIC_BASE_URL"] == f"{deployment.url}/api/v2/aibridge/anthropic"
    assert given["env"]["ANTHROPIC_AUTH_TOKEN"] == signed_in.text
    assert not {"ANTHROPIC_API_KEY", "CLAUDE_CODE_USE_BEDROCK"} & given["env"].keys()
    assert signed_in.text not in "".join(given["arguments"])


def test_an_alias_and_an_own_option(path: Path, deployment: Deployment) -> None:
    """Options of ours stand before `--`, and the client may go by another name."""
    given = told("openai-codex", "--url", deployment.url)

    assert f'model_providers.aibridge_run.base_url="{deployment.url}/api/v2/aibridge/openai/v1"' in given["arguments"]
    assert given["arguments"][1:3] == ["-c", 'model_provider="aibridge_run"']


def test_a_command(path: Path, signed_in: Token) -> None:
    """Behind `--` alone stands any command; it gets the variables that most clients read."""
    given = told("--", "one", "--url", "x", "--", "y", ANTHROPIC_API_KEY="mine", OPENAI_API_KEY="mine")

    assert given["arguments"][1:] == ["--url", "x", "--", "y"]
    assert given["env"]["OPENAI_API_KEY"] == given["env"]["ANTHROPIC_AUTH_TOKEN"] == signed_in.text
    assert "ANTHROPIC_API_KEY" not in given["env"]
    assert told("--anthropic-api-key", "--", "./bin/one")["env"]["ANTHROPIC_API_KEY"] == signed_in.text


def test_nothing_is_written(home: Path, path: Path) -> None:
    """No file of the client's and none of ours is made."""
    before = sorted(home.rglob("*"))

    told("opencode")

    assert sorted(home.rglob("*")) == before


def test_no_signal_is_ignored(path: Path) -> None:
    """What Python ignores for itself is not ignored in the client, so that `| head` ends it as usual."""
    with running("--", "grep", "SigIgn", "/proc/self/status") as process:
        out, _ = process.communicate(timeout=60)
    ignored = int(out.split()[1], 16)
    assert [number for number in (signal.SIGPIPE, signal.SIGXFSZ) if ignored >> (number - 1) & 1] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal(path: Path, number: signal.Signals) -> None:
    """A signal ends the client, and whoever started us sees that it did."""
    with running("--", "one", "wait") as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["pid"] == process.pid
        process.send_signal(number)
        assert process.wait(60) == -number


def test_a_terminal(home: Path, path: Path) -> None:
    """The client has the terminal, reads from it and gets Ctrl-C."""
    environ = dict(os.environ)
    talk = pexpect.spawn(PROGRAM, ["run", "--", "one", "read"], env=environ, cwd=home, encoding="utf-8", timeout=60)
    talk.expect_exact('"pid"')
    talk.sendline("hello")
    talk.expect_exact("read hello")
    talk.expect_exact("True True")
    talk.expect(pexpect.EOF)
    talk.close()
    assert talk.exitstatus == 17

    talk = pexpect.spawn(PROGRAM, ["run", "--", "one", "wait"], env=environ, cwd=home, encoding="utf-8", timeout=60)
    talk.expect_exact('"pid"')
    talk.sendintr()
    talk.expect_exact("KeyboardInterrupt")
    talk.expect(pexpect.EOF)
    talk.close()
    assert talk.signalstatus == signal.SIGINT


def test_a_client_that_is_not_here(aibridge: RunAibridge, signed_in: Token) -> None:
    """A client or command that is not installed is an error that says what to do."""
    ran = aibridge("run", "claude-code")
    assert ran.code == 1
    assert ran.err.startswith("error: `claude` is not on this machine\nhint: install Claude Code: https://")
    assert aibridge("run", "--", "no-such-program").err.startswith("error: `no-such-program` is not on this machine\n")
    assert aibridge("run", "--", "./no-such-program").code == 1


def test_a_program_that_cannot_be_started(aibridge: RunAibridge, path: Path) -> None:
    """What the system refuses to start is named."""
    (path / "one").write_bytes(b"\x7fnot a program")

    ran = aibridge("run", "--", "one")

    assert ran.code == 1
    assert ran.err.startswith(f"error: `{path}/one` cannot be started: Exec format error\n")
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN


def test_not_signed_in(home: Path, aibridge: RunAibridge) -> None:
    """Without a token nothing is started."""
    assert aibridge("run", "codex", "--url", "https://coder.example.com").code == 4
    assert aibridge("run", "--url", "https://coder.example.com", "--", "true").code == 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "there is nothing to start"),
        (("--",), "there is nothing to start"),
        (("codex", "exec"), "`exec` is one client too many"),
        (
            ("codex", "--profile=x"),
            (
                "`--profile=x` is no option of `aibridge run`\n"
                "hint: the client's own stand behind `--`: `aibridge run codex -- --profile=x`"
            ),
        ),
        (("codex", "--anthropic-api-key"), "`--anthropic-api-key` does not go with a client"),
        (("codec",), "unknown client `codec`"),
        (("cursor",), "Cursor"),
        (("jetbrains-ai",), "has no command to start"),
        (("droid",), "takes the address from its file alone"),
        (("claude-code", "--", "--settings=mine.json"), "`--settings` is how this session gets its address"),
    ],
)
def test_called_wrongly(aibridge: RunAibridge, signed_in: Token, words: tuple[str, ...], message: str) -> None:
    """What cannot be started as it was asked for is a usage error."""
    ran = aibridge("run", *words)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_file_for_another_deployment(aibridge: RunAibridge, path: Path, deployment: Deployment) -> None:
    """A client with the address in its file is started for that deployment and for no other."""
    aibridge("configure", "droid", "--credential", "env", "--yes")
    assert "CODER_AI_BRIDGE_TOKEN" in told("droid")["env"]

    with running("droid", CODER_URL="https://other.example.com", CODER_SESSION_TOKEN="x") as process:
        _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert f"the file of Factory Droid names `{deployment.url}`, not `https://other.example.com`\n" in err


def test_a_client_without_a_table(home: Path, path: Path, signed_in: Token) -> None:
    """A profile needs no `[run]` when variables say it all."""
    profile(home / ".config/aibridge/profiles", "one", 'ONE_URL = "{gateway.openai}"\nONE_KEY = "{token}"')

    given = told("one", "--", "x")

    assert given["arguments"][1:] == ["x"]
    assert given["env"]["ONE_KEY"] == signed_in.text


def test_what_was_passed_over_is_said(path: Path, signed_in: Token, deployment: Deployment) -> None:
    """A token that was passed over is named before the client starts."""
    for words in (("codex",), ("--", "one")):
        variables = {"CODER_URL": "https://other.example.com", "CODER_SESSION_TOKEN": "x"}
        with running("--url", deployment.url, *words, **variables) as process:
            _, err = process.communicate(timeout=60)
        assert err.startswith("note: `CODER_SESSION_TOKEN` was passed over"), err
