"""A client in which the deployment takes the place of something: configured only when it is named."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.cli.findings import problems
from tests.conftest import RunAibridge

LAMP = """
name = "Lamp"
summary = "Has a sign-in of its own"
docs = "https://lamp.example/docs"
status = "supported"
speaks = ["anthropic"]
credential = ["helper"]
opt_in = "its own sign-in"

[detect]
files = ["{config}/settings.json"]

[paths]
config = ["~/.lamp"]

[[edit]]
file = "{config}/settings.json"
format = "json"
[edit.set]
mode = "gateway"
base = "{gateway.anthropic}"
program = "{helper.file}"

[[request]]
wire = "anthropic-messages"
base = ["base"]
path = "/v1/messages"
[request.headers]
Authorization = "Bearer {token}"
"""
ALONE = """\
error: Lamp is configured only when it is named, and no other supported client was found here
hint: `aibridge configure lamp` takes the place of its own sign-in
"""
MINE = '{"mode":"own","theme":"dark"}\n'


@pytest.fixture(name="settings")
def users_settings(home: Path) -> Path:
    """The client's settings as its user has them, beside a profile of the client."""
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    (profiles / "lamp.toml").write_text(LAMP)
    settings = home / ".lamp/settings.json"
    settings.parent.mkdir()
    settings.write_text(MINE)
    return settings


def helper(settings: Path) -> Path:
    return Path(json.loads(settings.read_text())["program"])


def test_all_passes_over_it(home: Path, settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`--all` configures what is here beside it, and says how it would be done and what that means."""
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text("")

    done = aibridge("configure", "--all", "--yes")

    assert done.code == 0
    assert "note: Lamp is left as it is: `aibridge configure lamp` takes the place of its own sign-in\n" in done.err
    assert settings.read_text() == MINE
    assert (home / ".codex/config.toml").read_text() != ""


def test_all_with_nothing_else(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Where it is the only client, `--all` has nothing to do and says so."""
    done = aibridge("configure", "--all", "--yes")

    assert (done.code, done.err) == (
        2,
        ALONE,
    )
    assert settings.read_text() == MINE


def test_by_name(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Named, it is said what goes before anything is asked; `--yes` is enough, and undo gives it back."""
    preview = aibridge("configure", "lamp", "--dry-run")
    warning = (
        "warning: in Lamp this takes the place of its own sign-in\nhint: `aibridge unconfigure lamp` gives it back\n"
    )
    assert preview.err.startswith(warning)
    assert settings.read_text() == MINE

    assert aibridge("configure", "lamp", "--yes").code == 0
    written = json.loads(settings.read_text())
    assert (written["mode"], written["theme"]) == ("gateway", "dark")
    assert aibridge("unconfigure", "lamp", "--yes").code == 0
    assert settings.read_text() == MINE


def test_its_program_prints_the_token(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The program that it runs is ours alone, prints the token without arguments, and goes with undo."""
    aibridge("configure", "lamp", "--yes")
    program = helper(settings)

    assert stat.S_IMODE(program.stat().st_mode) == 0o700
    assert signed_in.text not in program.read_text()
    assert subprocess.run([program], capture_output=True, check=True, env={}).stdout.decode().strip() == signed_in.text
    program.write_text("#!/bin/sh\nexit 1\n")
    assert aibridge("configure", "lamp", "--yes").code == 0
    assert subprocess.run([program], capture_output=True, check=True, env={}).stdout.decode().strip() == signed_in.text
    again = aibridge("configure", "lamp", "--yes")
    assert "nothing to do: everything is configured like this\n" in again.err
    aibridge("unconfigure", "lamp", "--yes")
    assert not program.exists()


def test_the_mode_of_its_program(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A program that others can change or that cannot be run is made ours again."""
    aibridge("configure", "lamp", "--yes")
    helper(settings).chmod(0o666)

    aibridge("configure", "lamp", "--yes")

    assert stat.S_IMODE(helper(settings).stat().st_mode) == 0o700


def test_doctor_runs_its_program(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A client with such a program is green, and a program that is gone is a problem."""
    aibridge("configure", "lamp", "--yes")
    assert problems(aibridge("doctor", "lamp", "--json")) == []

    helper(settings).unlink()

    assert problems(aibridge("doctor", "lamp", "--json")) == ["client.helper"]


def test_doctor_leaves_it(
    home: Path, settings: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """What its user went back to is told and not changed, though another client is mended."""
    torch = LAMP.replace("Lamp", "Torch").replace(".lamp", ".torch").replace('opt_in = "its own sign-in"\n', "")
    (home / ".config/aibridge/profiles/torch.toml").write_text(torch)
    aibridge("configure", "lamp", "torch", "--yes")
    ours = (home / ".torch/settings.json").read_text()
    theirs = settings.read_text().replace(deployment.url, "https://lamp.example")
    settings.write_text(theirs)
    (home / ".torch/settings.json").write_text(ours.replace(deployment.url, "https://torch.example"))

    told = aibridge("doctor", "--json")
    fixable = {each["subject"]: each["fixable"] for each in told.data["data"]["findings"] if each["level"] == "problem"}
    assert fixable == {"torch": True, "lamp": False}

    fixed = aibridge("doctor", "--fix", "--yes")

    assert "note: Lamp is left as it is: its own sign-in may be what its user went back to\n" in fixed.err
    assert settings.read_text() == theirs
    assert (home / ".torch/settings.json").read_text() == ours


def test_it_is_shown(settings: Path, aibridge: RunAibridge) -> None:
    """`clients show` says it, and what its program stands for."""
    page = aibridge("clients", "show", "lamp").out

    assert "configured only when it is named, as that takes the place of its own sign-in\n" in page
    assert "  {helper.file}: a program of ours that prints the token and needs no arguments\n" in page


def test_check_looks_at_its_program(settings: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`check` tells a program that is gone, open to others or another one, in words of its own."""
    aibridge("configure", "lamp", "--yes")
    program = helper(settings)
    ours = program.read_text()

    def told() -> list[tuple[str, str, str]]:
        drifts = aibridge("check", "--json").data["data"]["clients"][0]["drifts"]
        return [(each["kind"], each["by"], each["words"]) for each in drifts]

    assert told() == []
    program.chmod(0o755)
    assert told() == [("permissions", "user", "0755, and the client runs it")]
    program.chmod(0o700)
    program.write_text("#!/bin/sh\nexit 1\n")
    assert told() == [("changed", "user", "it is not the program that we wrote")]
    program.unlink()
    assert told() == [("no file", "unknown", "the client runs it for the token")]
    aibridge("configure", "lamp", "--yes")
    assert (told(), program.read_text()) == ([], ours)
