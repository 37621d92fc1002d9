"""`aibridge doctor`: what stands in clients' files, what their helpers do, and what they would send."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.profile import Profile
from aibridge_cli.loopback import Deployment, Token
from tests.cli.test_doctor import finding, green, problems
from tests.conftest import RunAibridge

FIX = ("doctor", "--fix", "--yes")


def settings(home: Path) -> dict[str, object]:
    return dict(json.loads((home / ".claude/settings.json").read_text()))


def write_settings(home: Path, **changes: object) -> None:
    (home / ".claude/settings.json").write_text(json.dumps({**settings(home), **changes}, indent=2) + "\n")


def executable(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_client_that_is_not_configured(aibridge: RunAibridge, signed_in: Token) -> None:
    """Naming it says so, with the command that does it; then it is green."""
    done = aibridge("doctor", "claude-code", "--json")

    assert problems(done) == ["client.configured"]
    assert finding(done, "client.configured")["fix"] == "`aibridge configure claude-code`"
    aibridge("configure", "claude-code", "--yes")
    assert green(aibridge, "claude-code")


def test_a_client_that_cannot_be_configured(aibridge: RunAibridge, signed_in: Token) -> None:
    """The reason is told, and not a command that would be refused."""
    done = aibridge("doctor", "cursor", "--json")

    assert problems(done) == ["client.configured"]
    assert finding(done, "client.configured")["found"].startswith("it cannot be configured: ")
    assert "https://" in finding(done, "client.configured")["fix"]
    assert "aibridge configure cursor" not in done.out


def test_a_key_that_came_back(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A key that the client does not start beside is told with its reason, and `--fix` takes it out again."""
    aibridge("configure", "codex", "--yes")
    file = home / ".codex/config.toml"
    as_configured = file.read_text()
    file.write_text(f'profile = "work"\n{as_configured}')

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.came-back"]
    assert finding(done, "client.came-back")["looked_at"] == f"`{file}`"
    assert "newer ones do not start with it" in finding(done, "client.came-back")["found"]
    assert aibridge(*FIX).code == 0
    assert file.read_text() == as_configured
    assert green(aibridge)


def test_a_client_of_another_deployment(
    aibridge: RunAibridge, deployment: Deployment, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said whose it is, and nothing of it is sent to this one."""
    aibridge("configure", "claude-code", "--yes")
    with Deployment() as other:
        monkeypatch.setenv("CODER_URL", other.url)
        monkeypatch.setenv("CODER_SESSION_TOKEN", other.tokens.issue().text)

        done = aibridge("doctor", "--json")

        assert finding(done, "client.configured")["found"] == f"it is configured for `{deployment.url}`"


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_the_helpers_program_is_gone(
    client: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """After an installation moved, `--fix` writes where the program is now."""
    aibridge("configure", client, "--yes")
    file = home / {"claude-code": ".claude/settings.json", "codex": ".codex/config.toml"}[client]
    program = str(Path(sys.executable).with_name("aibridge"))
    file.write_text(file.read_text().replace(program, "/opt/gone/aibridge"))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert "is not there" in finding(done, "client.helper")["found"]
    assert aibridge(*FIX).code == 0
    assert program in file.read_text()
    assert green(aibridge)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo", "is empty"),
        ("echo sk-ant-made-up", "a key of an AI provider"),
        ("echo one; echo two", "white space in it"),
        ("echo trouble >&2; exit 7", "the command failed: trouble"),
        ("echo AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB", "the gateway refuses it: “unauthorized”"),
        ('test -n "$HOME" && echo never', "the command failed: exit code 1"),
    ],
)
def test_a_helper_that_somebody_changed(
    script: str, said: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token, tmp_path: Path
) -> None:
    """What another command prints is judged as the gateway would, and not shown; `--fix` writes ours again."""
    aibridge("configure", "claude-code", "--yes")
    helper = executable(tmp_path / "helper", f"#!/bin/sh\n{script}\n")
    write_settings(home, apiKeyHelper=str(helper))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert said in finding(done, "client.helper")["found"]
    assert "made-up" not in done.out + done.err
    assert "BBBBBBBB" not in done.out + done.err
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_helper_that_never_ends(
    aibridge: RunAibridge, home: Path, signed_in: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended after a while, and said."""
    monkeypatch.setattr("aibridge_cli.diagnosis.helper_checks.TIME_LIMIT", 0.2)
    aibridge("configure", "claude-code", "--yes")
    write_settings(home, apiKeyHelper=str(executable(tmp_path / "helper", "#!/bin/sh\nsleep 60\n")))

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.helper"]
    assert "did not end within 0.2 s" in finding(done, "client.helper")["found"]


def test_a_slow_helper_is_worth_a_note(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good token that comes late is no failure yet."""
    monkeypatch.setattr("aibridge_cli.diagnosis.helper_checks.SLOW", 0.0)
    aibridge("configure", "claude-code", "--yes")

    done = aibridge("doctor", "--json")

    assert done.code == 0
    assert finding(done, "client.helper-slow")["level"] == "note"


def test_an_address_elsewhere_gets_no_token(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A file that leads to another host is a problem, only the host is shown, and nothing is sent there."""
    aibridge("configure", "claude-code", "--yes")
    with Deployment() as other:
        leading = other.url.replace("://", "://user:hidden@") + "/anthropic?key=hidden"
        write_settings(home, env={"ANTHROPIC_BASE_URL": leading})

        done = aibridge("doctor", "--json")

        assert other.requests == []
        assert problems(done) == ["client.address"]
        assert f"leads to `{other.url}`" in finding(done, "client.address")["found"]
        assert "hidden" not in done.out
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


@pytest.mark.parametrize("path", ["/api/v2/api/experimental/aibridge/anthropic", "/api/v2/aibridge/anthropic/v1", ""])
def test_a_wrong_path_of_the_right_deployment(
    path: str, aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """Old paths, and a `/v1` too many, are told with the right one."""
    aibridge("configure", "claude-code", "--yes")
    write_settings(home, env={"ANTHROPIC_BASE_URL": deployment.url + path})

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.address"]
    assert "a wrong path of this deployment" in finding(done, "client.address")["found"]
    assert f"{deployment.url}/api/v2/aibridge/anthropic`" in finding(done, "client.address")["fix"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


@pytest.mark.parametrize("value", [None, 5])
def test_an_address_that_is_gone_or_no_address(
    value: object, aibridge: RunAibridge, home: Path, signed_in: Token
) -> None:
    """What the user or the client took out is written again by `--fix`."""
    aibridge("configure", "claude-code", "--yes")
    write_settings(home, env={} if value is None else {"ANTHROPIC_BASE_URL": value})

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.address"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_file_that_cannot_be_understood(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """It is named with line and column, and left alone."""
    aibridge("configure", "claude-code", "--yes")
    (home / ".claude/settings.json").write_text("{ broken")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.file"]
    assert "settings.json`:1:" in finding(done, "client.file")["found"]
    assert (home / ".claude/settings.json").read_text() == "{ broken"


def test_a_stale_copy_that_a_client_refers_to(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """After a sign-in that our copy missed, `--fix` brings it up to date."""
    aibridge("configure", "opencode", "--yes")
    deployment.tokens.revoke(signed_in.id)
    (home / ".config/coderv2/session").write_text(deployment.tokens.issue().text)

    done = aibridge("doctor", "--json")

    assert problems(done)[0] == "token.copies"
    assert "another token, which is refused" in finding(done, "token.copies")["found"]
    assert finding(done, "token.copies")["fixable"]
    assert aibridge(*FIX).code == 0
    assert green(aibridge)


def test_a_stale_token_in_a_clients_own_file(
    aibridge: RunAibridge, home: Path, deployment: Deployment, signed_in: Token
) -> None:
    """A token that stands in a client's file does not follow a new sign-in; `--fix` has it follow."""
    aibridge("configure", "claude-code", "--credential", "file", "--yes")
    deployment.tokens.revoke(signed_in.id)
    new = deployment.tokens.issue().text
    (home / ".config/coderv2/session").write_text(new)

    done = aibridge("doctor", "--json")

    assert problems(done) == ["token.copies", "client.token"]
    assert finding(done, "token.copies")["subject"] == str(home / ".claude/settings.json")
    fixed = aibridge(*FIX)
    assert fixed.code == 0
    assert new not in fixed.out + fixed.err
    assert green(aibridge)


def test_the_variable_is_not_set_in_this_shell(
    aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that reads a variable gets nothing where it is not set; evaluating `aibridge env` is the fix."""
    aibridge("configure", "codex", "--credential", "env", "--yes")

    done = aibridge("doctor", "--json")

    assert problems(done) == ["client.token"]
    assert finding(done, "client.token")["found"] == "`CODER_AI_BRIDGE_TOKEN` is not set in this shell"
    assert finding(done, "client.token")["fix"] == '`eval "$(aibridge env codex)"`'
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", signed_in.text)
    assert green(aibridge)
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")
    assert problems(aibridge("doctor", "--json")) == ["client.token"]


def test_a_model_that_is_not_there(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A model that we wrote must be there; one of the user's own may be a short name of the client's."""
    aibridge("configure", "claude-code", "--model", "made-up", "--yes")
    done = aibridge("doctor", "--json")
    assert problems(done) == ["client.model"]
    assert finding(done, "client.model")["found"] == "`anthropic` lists no model `made-up`"

    aibridge("configure", "claude-code", "--model", "loopback-anthropic-small", "--yes")
    assert green(aibridge)

    write_settings(home, model="opus")
    assert finding(aibridge("doctor", "--json"), "client.model")["level"] == "note"


def test_send_asks_for_one_token(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """`--send` is the only way in which a model is asked, for as little as it gives."""
    aibridge("configure", "claude-code", "codex", "--yes")
    deployment.clear()

    assert green(aibridge, "--send")

    bodies = {
        request.path.rpartition("/")[2]: request.body
        for request in deployment.requests
        if request.path.endswith(("/messages", "/responses"))
    }
    assert bodies["messages"]["max_tokens"] == 1
    assert bodies["responses"]["max_output_tokens"] == 16
    assert bodies["messages"]["model"] == "loopback-anthropic-large"


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


SHIPPED = [profile for profile in Catalogue([shipped_folder()]).load_all()[0] if profile.requests and profile.edits]


@pytest.mark.parametrize("profile", SHIPPED, ids=lambda profile: profile.id)
def test_every_shipped_client_is_green_when_it_was_configured(
    profile: Profile,
    aibridge: RunAibridge,
    deployment: Deployment,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What `configure` writes for a client, with a model where it takes one, is what `doctor` wants to see."""
    models = [
        f"--model={wire}=loopback-{wire}-large"
        for wire in profile.speaks
        if profile.model != "none" and (profile.model == "required" or len(profile.speaks) == 1)
    ]
    done = aibridge("configure", profile.id, *models, "--yes")
    assert done.code == 0, done.err
    for name, template in profile.env.items():
        if template == "{token}":
            monkeypatch.setenv(name, signed_in.text)

    done = aibridge("doctor", "--json")

    assert problems(done) == [], done.out
    assert [each["check"] for each in done.data["data"]["findings"] if each["check"] == "client.request"]
