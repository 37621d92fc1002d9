from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.credentials import coder_keyring, windows_credential
from aibridge_cli.credentials.coder_keyring import read, token_in
from aibridge_cli.errors import AibridgeError
from tests.processes import has_ended

HERE = "https://coder.example.com"
TOKEN = "ABCDEFGHIJ-0123456789012345678901"
OTHER = "JIHGFEDCBA-1098765432109876543210"


def entry(url: str, token: str = TOKEN) -> dict[str, str]:
    return {"coder_url": url, "api_token": token}


FIRST = json.dumps(entry("coder.example.com"))
SECOND = json.dumps(
    {"other.example.com": entry("other.example.com", OTHER), "coder.example.com": entry("coder.example.com")}
)
THIRD = json.dumps({"coder.example.com": entry(HERE), "other.example.com": entry("https://other.example.com", OTHER)})


@pytest.mark.parametrize("text", [FIRST, SECOND, THIRD])
def test_the_three_formats(text: str) -> None:
    """One object (2.29), a map with bare hosts, and a map with origins are all understood."""
    assert token_in(text, HERE) == TOKEN
    assert token_in(text.encode(), HERE) == TOKEN
    assert token_in(text, "https://third.example.com") == ""


@pytest.mark.parametrize("text", [SECOND, THIRD])
def test_several_deployments(text: str) -> None:
    """Each deployment gets its own token."""
    assert token_in(text, "https://other.example.com") == OTHER


@pytest.mark.parametrize("text", [FIRST, SECOND, THIRD])
def test_encodings(text: str) -> None:
    """Base64 as on macOS, and UTF-8 that was taken for UTF-16 as on Windows, are undone."""
    padded = text + " " * (len(text) % 2)
    assert token_in(base64.b64encode(text.encode()) + b"\n", HERE) == TOKEN
    assert token_in(base64.b64encode(text.encode()).decode(), HERE) == TOKEN
    assert token_in(padded.encode().decode("utf-16-le"), HERE) == TOKEN
    assert token_in("\ufeff" + text, HERE) == TOKEN


@pytest.mark.parametrize(
    ("url", "host", "origin", "answer"),
    [
        ("https://coder.example.com", "coder.example.com", "http://coder.example.com", ""),
        ("http://coder.example.com", "coder.example.com", HERE, ""),
        ("http://coder.example.com", "coder.example.com", "http://coder.example.com", TOKEN),
        ("coder.example.com", "coder.example.com", "http://coder.example.com", ""),
        ("localhost:3000", "localhost:3000", "http://localhost:3000", ""),
        ("http://localhost:3000", "localhost:3000", "http://localhost:3000", TOKEN),
        ("https://coder.example.com:8443", "coder.example.com:8443", "https://coder.example.com:8443", TOKEN),
        ("https://coder.example.com:8443", "coder.example.com:8443", HERE, ""),
        ("https://coder.example.com:443", "coder.example.com:443", HERE, TOKEN),
        ("HTTPS://Coder.Example.com/", "coder.example.com", HERE, TOKEN),
        ("https://other.example.com", "coder.example.com", HERE, ""),
        (HERE, "other.example.com", HERE, ""),
        ("", "coder.example.com", HERE, ""),
        ("::", "::", HERE, ""),
    ],
)
def test_the_origin(url: str, host: str, origin: str, answer: str) -> None:
    """A token is given to the origin it was made for and to no other: not with another scheme, port or host."""
    assert token_in(json.dumps({host: entry(url)}), origin) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '"text"',
        "[" * 100000,
        '{"a":' * 100000,
        "1" * 10000,
        '{"coder.example.com": null}',
        '{"coder.example.com": {"coder_url": 1, "api_token": "x"}}',
        '{"coder.example.com": {"coder_url": "https://coder.example.com", "api_token": ["x"]}}',
        '{"coder.example.com": {"api_token": "x"}}',
        '{"coder_url": "https://coder.example.com"}',
        "\ud800",
        b"\xff\xfe{",
        b"////",
    ],
)
def test_no_token(text: str | bytes) -> None:
    """What is none of the formats holds no token."""
    assert token_in(text, HERE) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([HERE, "coder.example.com"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["coder_url", "api_token", "coder.example.com", "Coder.example.com:443"]) | st.text(), inner
        )
    ),
    max_leaves=20,
)


@given(
    st.text()
    | st.binary()
    | JSON.map(json.dumps)
    | JSON.map(lambda value: base64.b64encode(json.dumps(value).encode()))
)
def test_any_value(value: str | bytes) -> None:
    """Nothing that an entry can hold ends in a traceback."""
    assert isinstance(token_in(value, HERE), str)


@pytest.fixture(name="security")
def stand_in_security(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stand-in for `/usr/bin/security` of macOS, from the body of a shell script."""

    def install(script: str) -> None:
        program = tmp_path / "security"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(coder_keyring, "SECURITY", str(program))

    return install


def test_macos(make_facts: Any, security: Any, tmp_path: Path) -> None:
    """On macOS the entry is asked for by the program that the Coder CLI wrote it with."""
    value = base64.b64encode(THIRD.encode()).decode()
    security(f'echo "$*" > {tmp_path}/call; echo "$HOME" >> {tmp_path}/call; echo {value}')
    assert read(make_facts(platform="macos"), HERE) == TOKEN
    assert (tmp_path / "call").read_text().splitlines() == [
        "find-generic-password -s coder-v2-credentials -a coder-login-credentials -w",
        f"{tmp_path}/home",
    ]
    assert read(make_facts(platform="macos", environ={"HOME": "/given"}, home="/given"), HERE) == TOKEN
    assert (tmp_path / "call").read_text().splitlines()[1] == "/given"


def test_macos_without_an_entry(make_facts: Any, security: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is not there, and a program that is not there, are no token and no error."""
    security("echo 'The specified item could not be found in the keychain.' >&2; exit 44")
    assert read(make_facts(platform="macos"), HERE) == ""
    monkeypatch.setattr(coder_keyring, "SECURITY", "/gone/security")
    assert read(make_facts(platform="macos"), HERE) == ""


def test_macos_refuses(make_facts: Any, security: Any) -> None:
    """A keychain that is locked where nobody can be asked is an error with its words."""
    security("echo 'security: User interaction is not allowed.' >&2; exit 36")
    with pytest.raises(AibridgeError, match="does not give the Coder CLI's entry: security: User interaction"):
        read(make_facts(platform="macos"), HERE)


def test_macos_waits_for_a_person(
    make_facts: Any, security: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keychain that asks a person is not waited for."""
    monkeypatch.setattr(coder_keyring, "TIME_LIMIT", 1.0)
    security(f"echo $$ > {tmp_path}/self; exec sleep 60")
    with pytest.raises(AibridgeError, match="did not answer within 1 s"):
        read(make_facts(platform="macos", environ={"PATH": os.environ["PATH"]}), HERE)
    assert has_ended(int((tmp_path / "self").read_text()))


@pytest.mark.parametrize(
    "environ", [{"CODER_CONFIG_DIR": "/chosen"}, {"CODER_USE_KEYRING": "false"}, {"CODER_USE_KEYRING": "0"}]
)
def test_where_files_are_the_store(make_facts: Any, security: Any, environ: dict[str, str]) -> None:
    """Where the Coder CLI itself would not look into the keychain, neither do we."""
    security(f"echo {base64.b64encode(THIRD.encode()).decode()}")
    assert read(make_facts(platform="macos"), HERE) == TOKEN
    assert read(make_facts(platform="macos", environ=environ), HERE) == ""


def test_linux(make_facts: Any, security: Any) -> None:
    """On Linux the Coder CLI has no entry."""
    security("echo asked; exit 1")
    assert read(make_facts(), HERE) == ""


def test_windows(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the credential's bytes are UTF-8, read as they are."""
    asked: list[str] = []

    def stand_in(target: str) -> bytes:
        asked.append(target)
        return THIRD.encode()

    monkeypatch.setattr(windows_credential, "generic_credential", stand_in)
    assert read(make_facts(platform="windows"), HERE) == TOKEN
    assert asked == ["coder-v2-credentials"]


def test_windows_refuses(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Windows says is passed on."""

    def refuse(_target: str) -> bytes:
        raise AibridgeError("error 5 of Windows")

    monkeypatch.setattr(windows_credential, "generic_credential", refuse)
    with pytest.raises(AibridgeError, match="error 5 of Windows"):
        read(make_facts(platform="windows"), HERE)
