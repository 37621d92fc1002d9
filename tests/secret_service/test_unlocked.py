from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from aibridge_cli.facts import Facts
from aibridge_cli.keychains import keychain, secret_service
from aibridge_cli.secret import Secret

ENTRY = ("aibridge", "coder.example.com")


def attributes_of(session: Any, *words: str) -> list[dict[str, str]]:
    """What `secret-tool` says that the entries with these attributes have."""
    done = subprocess.run(
        ["secret-tool", "search", "--all", *words], env=session.environ, capture_output=True, text=True, check=False
    )
    found: list[dict[str, str]] = []
    for line in done.stderr.splitlines():
        name, _, value = line.removeprefix("attribute.").partition(" = ")
        if not found or name in found[-1]:
            found.append({})
        found[-1][name] = value
    return found


def test_the_life_of_an_entry(unlocked: Any) -> None:
    """An entry is written, read, changed and deleted, and is not there before and after."""
    facts = unlocked.facts
    assert keychain.read(facts, *ENTRY) is None
    assert keychain.delete(facts, *ENTRY) is False
    keychain.write(facts, *ENTRY, Secret("wörd\n"), label="The token")
    assert keychain.read(facts, *ENTRY) == "wörd\n"
    keychain.write(facts, *ENTRY, Secret(""))
    assert keychain.read(facts, *ENTRY) == ""
    assert keychain.delete(facts, *ENTRY) is True
    assert keychain.read(facts, *ENTRY) is None


def test_the_keyring_library_and_ours(unlocked: Any) -> None:
    """What one writes the other reads, changes and deletes, and there is only ever one entry."""
    facts = unlocked.facts
    keychain.write(facts, *ENTRY, Secret("one"))
    assert unlocked.keyring("get", *ENTRY) == "one"
    unlocked.keyring("set", *ENTRY, typed="two")
    assert keychain.read(facts, *ENTRY) == "two"
    keychain.write(facts, *ENTRY, Secret("three"))
    assert unlocked.keyring("get", *ENTRY) == "three"
    assert attributes_of(unlocked, "service", "aibridge") == [
        {"application": "Python keyring library", "service": "aibridge", "username": "coder.example.com"}
    ]
    unlocked.keyring("del", *ENTRY)
    assert keychain.read(facts, *ENTRY) is None


def test_libsecret_and_ours(unlocked: Any) -> None:
    """An entry of `secret-tool`, which has fewer attributes, is read and changed, not doubled."""
    facts = unlocked.facts
    words = ("service", ENTRY[0], "username", ENTRY[1])
    unlocked.run("secret-tool", "store", "--label=Mine", *words, typed="one")
    assert keychain.read(facts, *ENTRY) == "one"
    keychain.write(facts, *ENTRY, Secret("two"))
    assert unlocked.run("secret-tool", "lookup", *words) == "two"
    assert len(attributes_of(unlocked, *words)) == 1
    assert keychain.delete(facts, *ENTRY) is True
    assert attributes_of(unlocked, *words) == []


def test_other_entries_stay(unlocked: Any) -> None:
    """Other accounts of the service are neither read, changed nor deleted."""
    facts = unlocked.facts
    keychain.write(facts, "aibridge", "here", Secret("ours"))
    keychain.write(facts, "aibridge", "there", Secret("theirs"))
    keychain.write(facts, "aibridge", "here", Secret("ours again"))
    assert keychain.read(facts, "aibridge", "there") == "theirs"
    assert keychain.delete(facts, "aibridge", "here") is True
    assert keychain.read(facts, "aibridge", "there") == "theirs"


def test_any_attributes(unlocked: Any) -> None:
    """An entry by whatever attributes another program looks for is written, read and deleted."""
    facts = unlocked.facts
    attributes = {"url": "https://coder.example.com/api/v2/aibridge", "xdg:schema": "org.example.Editor"}
    assert secret_service.read_attributes(facts, attributes) is None
    secret_service.write_attributes(facts, attributes, "An editor's key", Secret("one"), "application/json")
    secret_service.write_attributes(facts, attributes, "unused", Secret("two"))
    assert unlocked.run("secret-tool", "lookup", "url", attributes["url"]) == "two"
    assert secret_service.read_attributes(facts, {"url": attributes["url"]}) == "two"
    assert secret_service.read_attributes(facts, attributes) == "two"
    assert len(attributes_of(unlocked, "url", attributes["url"])) == 1
    assert secret_service.delete_attributes(facts, attributes) is True
    assert secret_service.delete_attributes(facts, attributes) is False
    assert attributes_of(unlocked, "url", attributes["url"]) == []


def test_entries_with_more_attributes_are_anothers(unlocked: Any) -> None:
    """An entry that has these attributes and others is neither read, changed nor deleted."""
    facts = unlocked.facts
    unlocked.run("secret-tool", "store", "--label=Theirs", "url", "x", "user", "me", typed="theirs")
    wanted = {"url": "x"}
    assert secret_service.read_attributes(facts, wanted) is None
    assert secret_service.delete_attributes(facts, wanted) is False
    secret_service.write_attributes(facts, wanted, "Ours", Secret("ours"))
    assert secret_service.read_attributes(facts, wanted) == "ours"
    assert secret_service.delete_attributes(facts, wanted) is True
    assert unlocked.run("secret-tool", "lookup", "url", "x", "user", "me") == "theirs"


def test_usable(unlocked: Any) -> None:
    """The preflight finds the keyring usable and leaves nothing in it."""
    assert keychain.usable(unlocked.facts) == ""
    assert attributes_of(unlocked, "service", "aibridge-check") == []


def test_an_empty_environment(unlocked: Any) -> None:
    """A helper that is told only the runtime folder finds the bus."""
    keychain.write(unlocked.facts, *ENTRY, Secret("one"))
    environ = {"XDG_RUNTIME_DIR": unlocked.environ["XDG_RUNTIME_DIR"]}
    assert keychain.read(Facts(environ=environ, platform="linux", home=""), *ENTRY) == "one"


def test_what_a_reading_imports(unlocked: Any) -> None:
    """Reading imports neither the keyring library nor anything that is heavy."""
    keychain.write(unlocked.facts, *ENTRY, Secret("one"))
    script = """
import json, sys
before = set(sys.modules)
from aibridge_cli.facts import gather
from aibridge_cli.keychains.keychain import read
secret = read(gather(), "aibridge", "coder.example.com")
modules = sorted({name.partition(".")[0] for name in set(sys.modules) - before})
print(json.dumps([secret, modules]))
"""
    secret, modules = json.loads(unlocked.run(sys.executable, "-I", "-c", script))
    assert secret == "one"
    assert "jeepney" in modules
    assert not {"keyring", "secretstorage", "cryptography", "asyncio", "subprocess", "importlib"} & set(modules)


def test_the_secret_is_in_no_argument_list(unlocked: Any) -> None:
    """Writing starts no program that could show the secret to others."""
    script = """
import os, sys
sys.addaudithook(lambda event, _: event in ("os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen") and os._exit(9))
from aibridge_cli.facts import gather
from aibridge_cli.keychains import keychain
from aibridge_cli.secret import Secret
keychain.write(gather(), "aibridge", "a", Secret(sys.stdin.read()))
print(keychain.usable(gather()) or "usable")
"""
    assert unlocked.run(sys.executable, "-I", "-c", script, typed="hidden") == "usable"
    assert keychain.read(unlocked.facts, "aibridge", "a") == "hidden"
