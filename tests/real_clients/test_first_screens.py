"""What the clients show first in a home where nobody ever used them, and beside another sign-in."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.real_clients.conftest import SECONDS
from tests.real_clients.screen import Screen

if TYPE_CHECKING:
    from tests.real_clients.conftest import Aibridge, Clients

pytestmark = pytest.mark.real_client

ANSWER = "Hello from the loopback deployment"
UP, ENTER = "\x1b[A", "\r"
SIGN_INS = ("login method", "log in", "sign in", "Unable to connect to Anthropic")
CHATGPT = {
    "auth_mode": "chatgpt",
    "tokens": {"id_token": "e30.e30.e30", "access_token": "e30.e30.e30", "refresh_token": "made-up"},
    "last_refresh": "2026-01-01T00:00:00Z",
}


def notes(aibridge: Aibridge, client: str) -> list[dict[str, str]]:
    """What `doctor` says of sign-ins beside ours."""
    found = json.loads(aibridge("doctor", client, "--json"))["data"]["findings"]
    return [each for each in found if each["check"] == "client.sign-in"]


@pytest.mark.parametrize("way", ["helper", "env", "file"])
def test_no_sign_in_where_nobody_used_it_before(way: str, clients: Clients, aibridge: Aibridge) -> None:
    """A fresh Claude Code asks for a theme and for trust, and never for a sign-in; a question is answered.

    So its own record (`~/.claude.json`, `hasCompletedOnboarding`) is left alone:
    https://github.com/anthropics/claude-code/issues/13827
    """
    aibridge.sign_in()
    aibridge("configure", "claude-code", "--credential", way, "--yes")
    shell = aibridge.evaluated("claude-code", {}) if way == "env" else {}
    assert not (clients.home / ".claude.json").exists()
    with Screen(clients, "claude-code", shell) as screen:
        screen.until("Choose the text style")
        screen.press(ENTER)
        screen.until("Press Enter to continue")
        screen.press(ENTER)
        screen.until("I trust this folder")
        screen.settle()
        screen.press(UP)
        screen.until("❯ Yes")
        screen.press(ENTER)
        screen.until("for agents")
        screen.press("Say hello")
        screen.until("Say hello")
        screen.press(ENTER)
        screen.until(ANSWER)
        assert [words for words in SIGN_INS if screen.showed(words)] == []


def test_not_configured_it_wants_its_maker(clients: Clients) -> None:
    """Without us the same home is not of any use: the first thing it wants is Anthropic."""
    with Screen(clients, "claude-code") as screen:
        screen.until("Unable to connect to Anthropic")


def test_a_console_key_beside_ours_is_warned_of(clients: Clients, aibridge: Aibridge) -> None:
    """Claude Code warns of a console's key that loses to our helper; `doctor` says so, and its advice ends it."""
    aibridge.sign_in()
    aibridge("configure", "claude-code", "--yes")
    trusted = {str(clients.home / "project"): {"hasTrustDialogAccepted": True}}
    record = {"hasCompletedOnboarding": True, "primaryApiKey": "sk-ant-api03-" + "0" * 80, "projects": trusted}
    (clients.home / ".claude.json").write_text(json.dumps(record))
    with Screen(clients, "claude-code") as screen:
        screen.until("overriding saved Console key")
    (note,) = notes(aibridge, "claude-code")
    assert "warns at its start that the helper overrides it" in note["found"]

    sign_out(clients, note["fix"])

    assert notes(aibridge, "claude-code") == []
    with Screen(clients, "claude-code") as screen:
        screen.until("for agents")
        assert not screen.showed("overriding saved Console key")


@pytest.mark.parametrize(
    ("client", "file", "kept"),
    [
        ("claude-code", ".claude/.credentials.json", {"claudeAiOauth": {"accessToken": "sk-ant-oat01-made-up"}}),
        ("codex", ".codex/auth.json", CHATGPT),
    ],
)
def test_the_advice_signs_out(
    client: str, file: str, kept: dict[str, object], clients: Clients, aibridge: Aibridge
) -> None:
    """The command that `doctor` tells takes the other sign-in away, and leaves our configuration as it is."""
    aibridge.sign_in()
    aibridge("configure", client, "--yes")
    (clients.home / file).write_text(json.dumps(kept))
    (note,) = notes(aibridge, client)

    sign_out(clients, note["fix"])

    assert not (clients.home / file).exists()
    assert notes(aibridge, client) == []
    aibridge("check", client)


def sign_out(clients: Clients, fix: str) -> None:
    """Run the command that stands first in a fix."""
    command = fix.split("`")[1].split()
    done = subprocess.run(
        [f"{clients.folder}/node_modules/.bin/{command[0]}", *command[1:]],
        env=clients.environment,
        cwd=clients.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
