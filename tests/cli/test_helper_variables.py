"""Clients whose variables name our helper: what `env`, `run`, `configure`, `explain` and `doctor` make of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.findings import finding, problems

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

COMMAND = "COPILOT_PROVIDER_API_KEY_COMMAND"
BEARER = "COPILOT_PROVIDER_BEARER_TOKEN"
OTHER_WAY = '`eval "$(aibridge env copilot --credential env)"`'


def set_by(text: str, before: dict[str, str] | None = None) -> dict[str, str]:
    """The variables of a POSIX shell that has evaluated a text."""
    shell = {"PATH": "/usr/bin:/bin", **(before or {})}
    done = subprocess.run(
        ["sh", "-c", 'eval "$1" && env -0', "sh", text], env=shell, capture_output=True, text=True, check=True
    )
    return dict(item.split("=", 1) for item in done.stdout.split("\0") if item)


def test_no_token_in_the_shell(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """The variable holds a line for a shell, and that line prints the token of the moment."""
    shell = set_by(aibridge("env", "copilot", "--shell", "sh").out, {BEARER: "stale", "HOME": str(home)})

    assert signed_in.text not in repr(shell)
    assert BEARER not in shell
    printed = subprocess.run(["/bin/sh", "-c", shell[COMMAND]], env={}, capture_output=True, text=True, check=False)
    assert (printed.returncode, printed.stdout) != (0, "")
    pinned = {"HOME": str(home)}
    printed = subprocess.run(["/bin/sh", "-c", shell[COMMAND]], env=pinned, capture_output=True, text=True, check=True)
    assert printed.stdout == signed_in.text + "\n"


@pytest.mark.parametrize(
    "form", ["bash", "zsh", "fish", "nu", "tcsh", "powershell", "json", "dotenv", "docker", "github"]
)
def test_every_form_carries_it(aibridge: RunAibridge, signed_in: Token, form: str) -> None:
    """Shells, programs and CI systems get the helper, and nobody the token."""
    done = aibridge("env", "copilot", "--shell", form)

    assert done.code == 0, done.err
    assert COMMAND in done.out
    assert "token --url" in done.out.replace("\\", "")
    assert signed_in.text not in done.out


def test_the_token_itself_when_that_is_wanted(aibridge: RunAibridge, signed_in: Token) -> None:
    """For a reader that cannot run our helper, a container say, `--credential env` holds the token."""
    shell = set_by(aibridge("env", "copilot", "--shell", "sh", "--credential", "env").out, {COMMAND: "echo stale"})

    assert (shell[BEARER], COMMAND in shell) == (signed_in.text, False)


def test_a_token_that_a_helper_would_not_find(
    aibridge: RunAibridge, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of this shell alone goes into the variable, unless the helper is asked for."""
    token = deployment.tokens.issue()
    monkeypatch.setenv("CODER_URL", deployment.url)
    monkeypatch.setenv("CODER_SESSION_TOKEN", token.text)

    assert set_by(aibridge("env", "copilot", "--shell", "sh").out)[BEARER] == token.text
    assert COMMAND in set_by(aibridge("env", "copilot", "--shell", "sh", "--credential", "helper").out)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("copilot", "--credential", "file"), "variables do not carry the token by `file`"),
        (("droid", "--credential", "helper"), "no variable of `droid` names a helper"),
        (("--credential", "env"), "`--credential` goes with clients"),
    ],
)
def test_ways_that_variables_have_not(
    aibridge: RunAibridge, signed_in: Token, words: tuple[str, ...], message: str
) -> None:
    """What cannot be is refused, and nothing is printed for the shell."""
    done = aibridge("env", "--shell", "sh", *words)

    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_going_back(aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--unset` puts back what stood in the variables of both ways."""
    before = {COMMAND: "echo mine", BEARER: "my-token-0000000000"}
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    during = set_by(aibridge("env", "copilot", "--shell", "sh").out, before)
    for name, value in during.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(BEARER)

    after = set_by(aibridge("env", "copilot", "--shell", "sh", "--unset").out, during)

    assert {name: after.get(name) for name in before} == before


def test_one_session(aibridge: RunAibridge, home: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aibridge run` passes the command on, and neither the token nor an older one."""
    told: dict[str, str] = {}
    client = home / "bin" / "copilot"
    client.parent.mkdir()
    client.write_text("")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{client.parent}:/usr/bin:/bin")
    monkeypatch.setenv(BEARER, "stale-copilot-0000000000")

    def note(_program: str, _arguments: list[str], environ: dict[str, str]) -> int:
        told.update(environ)
        return 0

    monkeypatch.setattr("aibridge_cli.cli.run.become", note)
    assert aibridge("run", "copilot").code == 0
    assert (BEARER in told, told["COPILOT_PROVIDER_TYPE"]) == (False, "anthropic")
    assert " token --url " in told[COMMAND]
    assert signed_in.text not in repr(told)


def test_a_template_holds_the_token(aibridge: RunAibridge) -> None:
    """In a workspace that is just being made there is no helper, so the template passes the workspace's own token."""
    done = aibridge("template", "copilot")

    names = [line.split('"')[1] for line in done.out.splitlines() if line.strip().startswith("name ")]
    assert BEARER in names
    assert COMMAND not in names


def test_configuring_says_which_line_a_shell_needs(aibridge: RunAibridge, signed_in: Token) -> None:
    """Each way has its own line, for the user and in `explain`."""
    assert 'set it in each shell: eval "$(aibridge env copilot)"' in aibridge("configure", "copilot", "--yes").err
    explained = aibridge("explain", "copilot", "--json").data["data"]
    assert (explained["variables_from"], BEARER in explained["variables"]) == ('eval "$(aibridge env copilot)"', False)
    assert " token --url " in explained["variables"][COMMAND]
    assert 'from eval "$(aibridge env copilot)" in each shell' in aibridge("explain", "copilot").out

    again = aibridge("configure", "copilot", "--credential", "env", "--yes").err
    assert OTHER_WAY.strip("`") in again
    assert COMMAND in aibridge("clients", "show", "copilot").out


def test_doctor_runs_what_the_variable_names(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unset, failing or right: the verdict is about the command in this shell, and the fix is the line for it."""
    aibridge("configure", "copilot", "--yes")
    done = aibridge("doctor", "copilot", "--json")
    assert problems(done) == ["client.helper"]
    assert finding(done, "client.helper")["found"] == f"`{COMMAND}` is not set in this shell"
    assert finding(done, "client.helper")["fix"] == '`eval "$(aibridge env copilot)"`'

    monkeypatch.setenv(COMMAND, "exit 5")
    assert "the command failed" in finding(aibridge("doctor", "copilot", "--json"), "client.helper")["found"]

    monkeypatch.setenv(COMMAND, json.loads(aibridge("env", "copilot", "--shell", "json").out)[COMMAND])
    right = aibridge("doctor", "copilot", "--json")
    assert (problems(right), finding(right, "client.helper")["level"]) == ([], "ok")


def test_doctor_by_the_other_way(aibridge: RunAibridge, signed_in: Token) -> None:
    """A client that is configured to have the token in a variable needs the line that puts it there."""
    aibridge("configure", "copilot", "--credential", "env", "--yes")

    assert finding(aibridge("doctor", "copilot", "--json"), "client.token")["fix"] == OTHER_WAY
