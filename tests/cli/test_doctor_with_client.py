"""`aibridge doctor --with-client`: the client itself is run in a copy, and what it sends is told."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.cli.findings import finding, green, problems
from tests.conftest import RunAibridge
from tests.processes import executable

FIX = ("doctor", "--fix", "--yes")


PROFILE = """
name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
credential = ["file"]

[detect]
commands = ["quill"]

[paths]
config = ["$QUILL_HOME", "~/.quill"]

[[request]]
wire = "openai-chat"
base = ["api", "base"]
path = "/chat/completions"
[request.headers]
Authorization = "Bearer {token}"

[ask]
command = ["quill", "ask"]
[ask.env]
QUILL_UPDATES = "off"

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "file" }
secret = true
[edit.set.api]
base = "{gateway.openai}"
key = "{token}"
"""
QUILL = """#!{python} -I
import json, os, sys, urllib.request
assert sys.argv[1:] == ["ask", "Say hello"] and os.environ["QUILL_UPDATES"] == "off"
folder = os.environ.get("QUILL_HOME") or os.environ["HOME"] + "/.quill"
api = json.load(open(folder + "/config.json"))["api"]
key = os.environ.get("QUILL_KEY") or api["key"]
base = os.environ.get("QUILL_BASE") or api["base"]
open(folder + "/history", "w").write("asked")
body = json.dumps({{"model": "any", "messages": [{{"role": "user", "content": "hello"}}]}}).encode()
headers = {{"Authorization": "Bearer " + key, "Content-Type": "application/json"}}
urllib.request.urlopen(urllib.request.Request(base + "/chat/completions", body, headers)).read()
"""


@pytest.fixture(name="quill")
def installed_client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client with a profile of the user's own, on `PATH`."""
    profiles = home / ".config/aibridge/profiles"
    profiles.mkdir(parents=True)
    (profiles / "quill.toml").write_text(PROFILE)
    folder = home / "bin"
    folder.mkdir()
    executable(folder / "quill", QUILL.format(python=sys.executable))
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return home / ".quill"


def test_the_client_itself_is_run_in_a_copy(
    quill: Path, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """What it sends arrives at a recorder on this machine; neither its folder nor the deployment notices."""
    aibridge("configure", "quill", "--yes")
    before = {path.name: path.read_bytes() for path in quill.iterdir()}
    deployment.clear()

    done = aibridge("doctor", "--with-client", "--json")

    assert done.code == 0
    assert finding(done, "client.sends")["found"] == (
        "POST /api/v2/aibridge/openai/v1/chat/completions with the Coder token in `authorization`, answered 200"
    )
    assert {path.name: path.read_bytes() for path in quill.iterdir()} == before
    assert not [request for request in deployment.requests if request.path.endswith("/chat/completions")]
    assert signed_in.text not in done.out + done.err


def test_a_folder_of_the_clients_that_a_variable_names(
    quill: Path, aibridge: RunAibridge, signed_in: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is copied from there, and the variable names the copy."""
    monkeypatch.setenv("QUILL_HOME", str(tmp_path / "elsewhere"))
    aibridge("configure", "quill", "--yes")

    done = aibridge("doctor", "--with-client", "--json")

    assert finding(done, "client.sends")["level"] == "ok"
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["config.json"]


def test_a_key_in_the_shell_that_the_client_prefers(
    quill: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told is what the client really sent, by kind and never by value."""
    aibridge("configure", "quill", "--yes")
    monkeypatch.setenv("QUILL_KEY", "sk-made-up")

    done = aibridge("doctor", "--with-client", "--json")

    assert problems(done) == ["client.sends"]
    assert "with a key of an AI provider in `authorization`, answered 403" in finding(done, "client.sends")["found"]
    assert "sk-made-up" not in done.out + done.err


def test_an_address_in_the_shell_that_the_client_prefers(
    quill: Path, aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where else it wanted to go is refused, and named."""
    aibridge("configure", "quill", "--yes")
    monkeypatch.setenv("QUILL_BASE", "https://vendor.invalid/v1")

    done = aibridge("doctor", "--with-client", "--json")

    assert problems(done) == ["client.sends"]
    assert (
        "it sent nothing to the gateway; it wanted to go to `vendor.invalid:443`"
        in (finding(done, "client.sends")["found"])
    )


def test_a_client_that_is_not_installed_is_passed_over(quill: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Without the program there is nothing to run."""
    aibridge("configure", "quill", "--yes")
    shutil.rmtree(quill.parent / "bin")

    done = aibridge("doctor", "quill", "--with-client", "--json")

    assert (done.code, finding(done, "client.sends")["level"]) == (0, "skipped")


def test_a_client_that_nobody_has_said_how_to_ask(
    aibridge: RunAibridge, home: Path, quill: Path, signed_in: Token
) -> None:
    """Without `[ask]` in its profile it is not run."""
    profile = home / ".config/aibridge/profiles/quill.toml"
    profile.write_text(
        profile.read_text().replace('[ask]\ncommand = ["quill", "ask"]\n[ask.env]\nQUILL_UPDATES = "off"', "")
    )
    aibridge("configure", "quill", "--yes")

    done = aibridge("doctor", "--with-client", "--json")

    assert finding(done, "client.sends")["found"] == "nobody has said how it is asked without a screen"


def test_a_client_that_never_answers(
    aibridge: RunAibridge, home: Path, quill: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended, with what it started."""
    monkeypatch.setattr("aibridge_cli.diagnosis.client_run.TIME_LIMIT", 0.3)
    executable(home / "bin/quill", "#!/bin/sh\nsleep 60\n")
    aibridge("configure", "quill", "--yes")

    done = aibridge("doctor", "--with-client", "--json")

    assert finding(done, "client.sends")["found"] == "it sent nothing to the gateway: it did not end within 0.3 s"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB", "another Coder token"),
        ("one.two.three", "a sign-in of the vendor's"),
        ("whatever", "something else"),
    ],
)
def test_kinds_of_credentials(
    key: str,
    kind: str,
    aibridge: RunAibridge,
    quill: Path,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was sent is told by its kind, and never shown."""
    aibridge("configure", "quill", "--yes")
    monkeypatch.setenv("QUILL_KEY", key)

    done = aibridge("doctor", "--with-client", "--json")

    assert f"with {kind} in `authorization`" in finding(done, "client.sends")["found"]
    assert key not in done.out + done.err


def test_a_project_in_the_folder_we_are_in(
    aibridge: RunAibridge, home: Path, quill: Path, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files there that the profile says the client obeys are copied along; nothing in the folder changes."""
    profile = home / ".config/aibridge/profiles/quill.toml"
    profile.write_text(profile.read_text() + '\n[[outranked_by]]\nwhat = "a project"\nfiles = [".quill.json"]\n')
    executable(
        home / "bin/quill",
        QUILL.format(python=sys.executable).replace(
            "key = os", 'api = json.load(open(".quill.json")) if os.path.exists(".quill.json") else api\nkey = os'
        ),
    )
    aibridge("configure", "quill", "--yes")
    project = home / "project"
    project.mkdir()
    (project / ".quill.json").write_text('{"base": "https://vendor.invalid/v1", "key": "x"}')
    monkeypatch.chdir(project)

    done = aibridge("doctor", "--with-client", "--json")

    assert "it wanted to go to `vendor.invalid:443`" in finding(done, "client.sends")["found"]
    assert [path.name for path in project.iterdir()] == [".quill.json"]


def test_a_profile_that_is_gone(aibridge: RunAibridge, home: Path, quill: Path, signed_in: Token) -> None:
    """A client whose profile was the user's own, and was removed, is named and passed over."""
    aibridge("configure", "quill", "--yes")
    (home / ".config/aibridge/profiles/quill.toml").unlink()

    done = aibridge("doctor")

    assert done.code == 0
    assert "there is no profile of `quill` any more" in done.err


def test_a_copy_that_is_empty(aibridge: RunAibridge, home: Path, quill: Path, signed_in: Token) -> None:
    """A key that was emptied by hand is missed; `--fix` writes it again."""
    aibridge("configure", "quill", "--yes")
    data = json.loads((quill / "config.json").read_text())
    data["api"]["key"] = ""
    (quill / "config.json").write_text(json.dumps(data))

    done = aibridge("doctor", "--json")

    assert "client.token" in problems(done)
    assert aibridge(*FIX).code == 0
    assert green(aibridge)
