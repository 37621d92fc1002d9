from __future__ import annotations

import os
from typing import Any

import platformdirs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from aibridge_cli import folders
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError, CredentialRefused, UsageError
from aibridge_cli.facts import Facts, gather

ORIGINS = ["https://coder.example.com", "https://coder.example.com:8443", "http://127.0.0.1:8080", "http://localhost"]


@pytest.mark.parametrize("home", ["/home/me", "/", "", "relative", None])
@pytest.mark.parametrize("config", [None, "", "/x/config", "relative", "~/x", " /x"])
@pytest.mark.parametrize("state", [None, "", "/x/state", "./relative"])
def test_equals_platformdirs(
    monkeypatch: pytest.MonkeyPatch, home: str | None, config: str | None, state: str | None
) -> None:
    """Our folders are where platformdirs puts them, on Linux and on macOS, in every environment."""
    given = {"HOME": home, "XDG_CONFIG_HOME": config, "XDG_STATE_HOME": state}
    for name, value in given.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("AIBRIDGE_CONFIG_DIR", raising=False)
    monkeypatch.delenv("AIBRIDGE_STATE_DIR", raising=False)
    gathered = gather()
    for platform, oracle in (("linux", Unix("aibridge")), ("macos", MacOS("aibridge"))):
        facts = Facts(environ=gathered.environ, platform=platform, home=gathered.home)
        assert folders.config_folder(facts) == oracle.user_config_dir
        assert folders.state_folder(facts) == oracle.user_state_dir


def test_windows_asks_platformdirs(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, whose folders only the system knows, platformdirs is asked."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda name: f"C:/config/{name}")
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda name: f"C:/state/{name}")
    facts = make_facts(platform="windows")
    assert folders.config_folder(facts) == "C:/config/aibridge"
    assert folders.state_folder(facts) == "C:/state/aibridge"


def test_overrides(make_facts: Any) -> None:
    """Our own variables go before all rules, on every system."""
    environ = {"AIBRIDGE_CONFIG_DIR": "/c/", "AIBRIDGE_STATE_DIR": "/s", "XDG_STATE_HOME": "/x"}
    for platform in ("linux", "macos", "windows"):
        facts = make_facts(environ=environ, platform=platform, home="")
        assert (folders.config_folder(facts), folders.state_folder(facts)) == ("/c", "/s")


def test_relative_override(make_facts: Any) -> None:
    """A relative override is refused: it would mean another folder in every folder."""
    with pytest.raises(UsageError, match="`AIBRIDGE_STATE_DIR` is not an absolute path: `here`"):
        folders.state_folder(make_facts(environ={"AIBRIDGE_STATE_DIR": "here"}))


def test_no_home(make_facts: Any) -> None:
    """Without a home folder the error says so and what to set."""
    with pytest.raises(AibridgeError) as caught:
        folders.config_folder(make_facts(home=""))
    assert (caught.value.message, caught.value.exit_code) == ("there is no home folder", 1)
    assert "HOME" in caught.value.hint


def test_pinned(make_facts: Any) -> None:
    """The flags of `aibridge token` stand for variables, and what was not given changes nothing."""
    facts = make_facts(environ={"CODER_CONFIG_DIR": "/old", "A": "b"})
    assert folders.pinned(facts).environ == facts.environ
    pinned = folders.pinned(facts, state_dir="/s", coder_config_dir="/c")
    assert pinned.environ == {"CODER_CONFIG_DIR": "/c", "A": "b", "AIBRIDGE_STATE_DIR": "/s"}
    assert (pinned.home, pinned.platform) == (facts.home, facts.platform)


def test_layout(make_facts: Any) -> None:
    """Token copies, kept sessions and the list of configured clients have fixed places in the state folder."""
    facts = make_facts(environ={"AIBRIDGE_STATE_DIR": "/s"})
    assert folders.token_file(facts, ORIGINS[0]) == "/s/tokens/coder.example.com"
    assert folders.session_file(facts, ORIGINS[0]) == "/s/sessions/coder.example.com"
    assert folders.configured_file(facts) == "/s/configured"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://coder.example.com", "coder.example.com"),
        ("https://coder.example.com:8443", "coder.example.com_8443"),
        ("https://127.0.0.1:8080", "127.0.0.1_8080"),
        ("http://127.0.0.1:8080", "http_127.0.0.1_8080"),
        ("http://localhost", "http_localhost_80"),
        ("https://my_coder", "my__coder"),
        ("http://[::1]:3000", "http_[--1]_3000"),
        ("https://[2001:db8::1]", "[2001-db8--1]"),
    ],
)
def test_deployment_name(origin: str, name: str) -> None:
    """The file name is readable and holds no character that a file system refuses."""
    assert folders.deployment_name(origin) == name


AUTHORITIES = st.from_regex(
    r"(http://|https://)?([ab_1]{1,3}|http_?[1_]{0,3}|\[::[1a]{1,2}\])(:[18]{1,2})?", fullmatch=True
)


@given(AUTHORITIES, AUTHORITIES)
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_deployments_never_share_a_name(one: str, other: str) -> None:
    """Two deployments never have one file name, so no token is found for the wrong one."""
    try:
        origins = normalise(one, insecure_http=True), normalise(other, insecure_http=True)
    except CredentialRefused:
        return
    names = [folders.deployment_name(origin) for origin in origins]
    assert (names[0] == names[1]) == (origins[0] == origins[1])
    assert os.sep not in names[0]
