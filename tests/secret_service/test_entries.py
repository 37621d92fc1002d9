"""Entries that other programs look up: written, found by their program's attributes, and taken back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from aibridge_cli.facts import Facts
from aibridge_cli.keychains.entries import Entries
from aibridge_cli.secret import Secret

TOKEN = "aaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbb"
GATEWAY = "https://coder.example.com/api/v2/aibridge"
ADDRESSES = (f"{GATEWAY}/anthropic", f"{GATEWAY}/openai/v1")


def aibridge(session: Any, *words: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    """Run the program on this bus, signed in by variables."""
    environ = {**session.environ, "CODER_URL": "https://coder.example.com", "CODER_SESSION_TOKEN": token}
    return subprocess.run(
        [sys.executable, "-m", "aibridge_cli", *words],
        env=environ,
        cwd=session.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def looked_up(session: Any, address: str) -> str:
    """What another program finds by the attributes that the editor uses; "" for nothing."""
    done = subprocess.run(
        ["secret-tool", "lookup", "url", address, "username", "Bearer"],
        env=session.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def labels(session: Any) -> str:
    """What `secret-tool` says of the entries for the editor."""
    return str(session.run("secret-tool", "search", "--all", "username", "Bearer"))


def kept(session: Any) -> str:
    """What entries of ours there are beside them."""
    return str(session.run("sh", "-c", "secret-tool search --all service aibridge-kept 2>&1 || true"))


def settings(session: Any) -> Path:
    return Path(session.environ["HOME"]) / ".config/zed/settings.json"


def test_entries_by_any_attributes(unlocked: Any) -> None:
    """An entry is there by exactly its attributes, is changed and deleted, and others with more stay."""
    entries = Entries(unlocked.facts)
    assert entries.refusal([{"url": "x"}]) == ""
    entries.write({"url": "x", "other": "y"}, "More", Secret("more"))
    assert entries.read({"url": "x"}) is None
    entries.write({"url": "x"}, "Less", Secret("one"))
    entries.write({"url": "x"}, "Less", Secret("two"))
    assert entries.read({"url": "x"}) == Secret("two")
    entries.delete({"url": "x"})
    entries.delete({"url": "x"})
    assert entries.read({"url": "x"}) is None
    assert entries.read({"url": "x", "other": "y"}) == Secret("more")


def test_where_nothing_can_be_written(locked: Any) -> None:
    """A locked keyring is told from one that can be written, and so is none at all."""
    assert Entries(locked.facts).refusal([{"url": "x"}]) == "the keyring is locked"
    environ = {**locked.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    nowhere = Facts(environ=environ, platform="linux", home=environ["HOME"])
    assert Entries(nowhere).refusal([{"url": "x"}]).startswith("the session bus at `/nowhere` cannot be reached")


def test_configure_and_back(unlocked: Any) -> None:
    """The editor's own attributes find the token; a second run writes nothing; undo leaves nothing."""
    looked = aibridge(unlocked, "configure", "zed", "--dry-run")
    assert "keychain entry zed-github-account (url=" + ADDRESSES[0] in looked.stdout
    assert [looked_up(unlocked, address) for address in ADDRESSES] == ["", ""]
    done = aibridge(unlocked, "configure", "zed", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert [entry["action"] for entry in json.loads(done.stdout)["data"]["keychain"]] == ["create", "create"]
    assert [looked_up(unlocked, address) for address in ADDRESSES] == [TOKEN, TOKEN]
    assert labels(unlocked).count("label = zed-github-account") == 2
    assert kept(unlocked) == ""
    assert TOKEN not in settings(unlocked).read_text() + looked.stdout + looked.stderr + done.stdout + done.stderr
    again = aibridge(unlocked, "configure", "zed", "--yes")
    assert "nothing to do" in again.stderr
    back = aibridge(unlocked, "unconfigure", "zed", "--yes")
    assert back.returncode == 0, back.stderr
    assert [looked_up(unlocked, address) for address in ADDRESSES] == ["", ""]
    assert not settings(unlocked).exists()


def test_a_key_that_was_there(unlocked: Any) -> None:
    """It is kept in the keyring and comes back; what was changed since is named and stays."""
    for address in ADDRESSES:
        unlocked.run(
            *("secret-tool", "store", "--label=zed-github-account", "url", address, "username", "Bearer"), typed="mine"
        )
    done = aibridge(unlocked, "configure", "zed", "--yes")
    assert done.returncode == 0, done.stderr
    assert [looked_up(unlocked, address) for address in ADDRESSES] == [TOKEN, TOKEN]
    records = Path(unlocked.environ["HOME"]) / ".local/state/aibridge"
    written = "".join(path.read_text() for path in records.rglob("*") if path.is_file())
    assert "mine" not in written
    assert TOKEN not in written
    unlocked.run(
        *("secret-tool", "store", "--label=zed-github-account", "url", ADDRESSES[1], "username", "Bearer"),
        typed="later",
    )
    back = aibridge(unlocked, "unconfigure", "zed", "--yes")
    assert f"`zed-github-account (url={ADDRESSES[1]}, username=Bearer)` in `keychain` was changed since" in back.stderr
    assert [looked_up(unlocked, address) for address in ADDRESSES] == ["mine", "later"]
    assert kept(unlocked) == ""


def test_a_locked_keyring(locked: Any) -> None:
    """The next best way is taken, and asking for the keychain is an error."""
    done = aibridge(locked, "configure", "zed", "--yes")
    assert done.returncode == 0, done.stderr
    assert "note: Zed is not given the token by the keychain: the keyring is locked" in done.stderr
    assert "Zed: is given the token by hand" in done.stderr
    asked = aibridge(locked, "configure", "zed", "--yes", "--credential", "keychain")
    assert asked.returncode == 2
    assert "error: Zed is not given the token by the keychain: the keyring is locked" in asked.stderr


def test_undo_while_it_is_locked(unlocked: Any) -> None:
    """Nothing is taken back by half: the settings stay as they are until the keyring is unlocked."""
    aibridge(unlocked, "configure", "zed", "--yes")
    before = settings(unlocked).read_text()
    unlocked.lock()
    back = aibridge(unlocked, "unconfigure", "zed", "--yes")
    assert back.returncode == 1
    assert "error: the keyring is locked" in back.stderr
    assert settings(unlocked).read_text() == before


def test_another_token(unlocked: Any) -> None:
    """Configuring with a new token replaces it, and the old one is nowhere in the keyring."""
    aibridge(unlocked, "configure", "zed", "--yes")
    another = "cccccccccc-dddddddddddddddddddddd"
    done = aibridge(unlocked, "configure", "zed", "--yes", token=another)
    assert done.returncode == 0, done.stderr
    assert [looked_up(unlocked, address) for address in ADDRESSES] == [another, another]
    assert TOKEN not in labels(unlocked) + kept(unlocked)
