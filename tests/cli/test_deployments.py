"""Several deployments side by side, and one change at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.credentials import signing_in
from aibridge_cli.loopback import Deployment
from aibridge_cli.own_files import Lock
from tests.cli.homes import STATE, contents

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_two_deployments(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Several deployments stand side by side; the last one counts, `--url` and `--use` choose."""
    from aibridge_cli.loopback import Deployment as Another

    with Another() as other:
        assert aibridge("login").code == 0
        there = other.tokens.issue("there")
        assert aibridge("login", other.url, "--token-stdin", stdin=there.text).code == 0

        assert other.tokens.accept(aibridge("token").out.strip()).id
        assert deployment.tokens.accept(aibridge("token", "--url", deployment.url).out.strip()).id
        listed = aibridge("deployments", "--json").data["data"]["deployments"]
        assert {each["url"]: each["current"] for each in listed} == {deployment.url: False, other.url: True}

        assert aibridge("deployments", "--use", deployment.url).out.count("* " + deployment.url) == 1
        assert deployment.tokens.accept(aibridge("token").out.strip()).id

        assert aibridge("logout").code == 0
        assert other.tokens.accept(aibridge("token").out.strip()).id


def test_use_of_one_never_signed_in_to(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """Only a deployment that was signed in to can be chosen."""
    ran = aibridge("deployments", "--use", "https://coder.example.com")

    assert ran.code == 4
    assert "`aibridge login https://coder.example.com`" in ran.err


@pytest.mark.parametrize("words", [("deployments", "--use"), ("logout",), ("login",)])
def test_while_another_is_signing_in(
    words: tuple[str, ...],
    home: Path,
    aibridge: RunAibridge,
    deployment: Deployment,
    signed_in: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever holds the lock is waited for, and then nothing is changed behind its back."""
    aibridge("login")
    before = contents(home)
    monkeypatch.setattr(signing_in, "PATIENCE", 0.05)

    with Lock(str(home / STATE / "sign-ins.lock")) as lock:
        assert lock.attempt()
        ran = aibridge(*words, deployment.url)

    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: another `aibridge` is signing in")
    assert contents(home) == before
