"""A token near its end, where the deployment, the files or another run are in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aibridge_cli import folders
from aibridge_cli.credentials import minting, renewal, storing
from aibridge_cli.credentials.minting import DAY
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import SignIn, forget_sign_in, lock_file, sign_in_of, write_sign_in
from aibridge_cli.deployment.api import Key, key
from aibridge_cli.deployment.http import Client
from aibridge_cli.errors import FileProblem, GatewayError, NotSignedIn
from aibridge_cli.facts import Facts
from aibridge_cli.loopback import Deployment, Fault, Settings
from aibridge_cli.own_files import Lock
from aibridge_cli.secret import Secret
from tests.credentials.renewal.conftest import LIFETIME, Clock, asked, recorded, signed_in


def test_where_no_token_is_made_any_more(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the deployment refuses and names no lifetime that it would grant, its own words say why."""
    old = signed_in(facts, deployment)
    deployment.behave(maximum_token_lifetime=0)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == old.text
    assert "makes no token `aibridge-" in found.notes[0]


def test_ended_right_after_the_token_was_made(
    facts: Facts, deployment: Deployment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends while it asks about the new token has kept it already, with its end by our clock."""
    old = signed_in(facts, deployment)
    clock.now += LIFETIME - DAY

    def killed(*_: object) -> Key:
        raise KeyboardInterrupt

    monkeypatch.setattr(minting, "key", killed)
    with pytest.raises(KeyboardInterrupt):
        resolve_token(facts, deployment.url, renew=True)
    record = recorded(facts, deployment)
    assert record.token is not None
    new = deployment.tokens.accept(record.token.reveal())
    assert (record.key, record.name, record.expires, record.earlier) == (new.id, new.name, new.expires, (old.id,))


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.API_RATE_LIMITED, Fault.SIGN_IN_PAGE, None])
def test_a_deployment_in_trouble(fault: Fault | None, facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """When no new token is to be had the old one is printed, and the next attempt waits."""
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - DAY
    if fault is None:
        url = deployment.url
        deployment.stop()
    else:
        url = deployment.url
        deployment.behave(faults=frozenset({fault}))
    found = resolve_token(facts, url, renew=True)
    assert found.value.reveal() == token.text
    assert found.notes[0].startswith("the token was not renewed: ")
    assert token.secret not in found.notes[0]
    tried = len(deployment.requests)
    clock.now += 30
    assert resolve_token(facts, url, renew=True).notes == ()
    assert len(deployment.requests) == tried
    clock.now += 3600
    assert resolve_token(facts, url, renew=True).notes != ()


def test_a_revoked_token(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """A token that the deployment refuses is not renewed, and Coder's own words say why."""
    token = signed_in(facts, deployment)
    deployment.tokens.revoke(token.id)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert "API key is invalid" in found.notes[0]


def test_expired(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """An expired token is not printed: the error says so and what to do."""
    signed_in(facts, deployment)
    clock.now += LIFETIME
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(facts, deployment.url, renew=True)
    assert caught.value.message == f"not signed in to `{deployment.url}`; the token of `aibridge login` has expired"
    assert deployment.requests == []
    assert f"`aibridge login {deployment.url}`" in caught.value.hint


def test_expired_but_the_coder_cli_is_signed_in(
    facts: Facts, deployment: Deployment, clock: Clock, tmp_path: Path
) -> None:
    """When ours has expired, the Coder CLI's session serves."""
    signed_in(facts, deployment)
    folder = tmp_path / "home" / ".config" / "coderv2"
    folder.mkdir(parents=True)
    (folder / "url").write_text(deployment.url)
    (folder / "session").write_text("AAAAAAAAAA-CCCCCCCCCCCCCCCCCCCCCC")
    clock.now += LIFETIME
    assert resolve_token(facts, deployment.url).value.reveal() == "AAAAAAAAAA-CCCCCCCCCCCCCCCCCCCCCC"


def test_a_token_that_cannot_be_kept_is_not_made(
    facts: Facts, deployment: Deployment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new token cannot be written down it is revoked at once, and the old one stays."""
    old = signed_in(facts, deployment)

    def full(*_: object) -> None:
        raise FileProblem("record", "cannot be written: No space left on device")

    monkeypatch.setattr(storing, "write_sign_in", full)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == old.text
    assert found.notes == ("the token was not renewed: `record`: cannot be written: No space left on device",)
    assert [token.id for token in deployment.tokens.all()] == [old.id]


def test_a_folder_that_cannot_be_written(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the lock cannot even be made, the deployment is not asked, and the token serves on."""
    token = signed_in(facts, deployment)
    os.mkdir(lock_file(facts))
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert len(found.notes) == 1
    assert deployment.requests == []


def test_while_another_renews(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """While somebody else holds the lock the token that is still good is printed, without waiting."""
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - DAY
    with Lock(lock_file(facts)) as lock:
        assert lock.attempt()
        found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert deployment.requests == []


def test_signing_out_while_a_renewal_waits(
    facts: Facts, deployment: Deployment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A helper that waited while somebody signed out does not sign in again, and prints no dead token."""
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - 30

    def waited(_lock: Lock, _seconds: float) -> bool:
        forget_sign_in(facts, deployment.url)
        return True

    monkeypatch.setattr(Lock, "wait", waited)
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(facts, deployment.url, renew=True)
    assert sign_in_of(facts, deployment.url) is None
    assert token.secret not in caught.value.message
    assert deployment.requests == []


def test_a_deployment_that_makes_a_token_and_then_fails(
    facts: Facts, deployment: Deployment, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that was made is kept, even if the deployment says nothing more about it."""
    old = signed_in(facts, deployment)
    clock.now += LIFETIME - DAY
    asked_about: list[Secret] = []

    def silent(client: Client, token: Secret) -> Key:
        asked_about.append(token)
        if len(asked_about) > 1:
            raise GatewayError("took longer than 4 s")
        return key(client, token)

    for module in (minting, renewal):
        monkeypatch.setattr(module, "key", silent)
    found = resolve_token(facts, deployment.url, renew=True)
    new = deployment.tokens.accept(found.value.reveal())
    record = recorded(facts, deployment)
    assert (record.key, record.name, record.earlier) == (new.id, new.name, (old.id,))
    assert record.expires == new.expires
    assert found.notes == ()


def test_a_copy_that_cannot_be_written(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """When the copy for clients cannot follow, both tokens work, and the error names the file."""
    old = signed_in(facts, deployment)
    copy = Path(folders.token_file(facts, deployment.url))
    copy.parent.mkdir(parents=True)
    copy.write_text(old.text)
    Path(f"{copy}~").mkdir()
    clock.now += LIFETIME - DAY
    first = resolve_token(facts, deployment.url, renew=True)
    assert str(copy) in first.notes[0]
    assert deployment.tokens.accept(first.value.reveal()).id
    second = resolve_token(facts, deployment.url, renew=True)
    assert deployment.tokens.accept(second.value.reveal()).id == recorded(facts, deployment).key
    assert deployment.tokens.accept(copy.read_text()).id == old.id


def test_twenty_at_once(tmp_path: Path) -> None:
    """Twenty helpers that find the token about to end have one new token made, and all print one that works."""
    ago = [LIFETIME - 50]
    with Deployment(Settings(session_expiry_refresh=False), clock=lambda: time.time() - ago[0]) as deployment:
        facts = Facts(environ={}, platform="linux", home=str(tmp_path))
        old = deployment.tokens.issue("aibridge-here", lifetime=LIFETIME)
        ago[0] = 0
        now = int(old.expires) - 50
        write_sign_in(
            facts,
            SignIn(
                url=deployment.url,
                token=Secret(old.text),
                key=old.id,
                name=old.name,
                minted=True,
                created=now - 1000,
                expires=now + 50,
                lifetime=LIFETIME,
                renew=now - 1,
            ),
        )
        program = os.path.join(os.path.dirname(sys.executable), "aibridge")
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        processes = [
            subprocess.Popen(
                [program, "token", "--url", deployment.url], env=environment, stdout=subprocess.PIPE, text=True
            )
            for _ in range(20)
        ]
        printed = {process.communicate(timeout=60)[0].strip() for process in processes}
        assert [process.returncode for process in processes] == [0] * 20
        used = {deployment.tokens.accept(text).id for text in printed}
        assert asked(deployment, "POST") == 1
        # on a machine that is too busy some give up waiting, and print the old one while it is good
        assert used - {old.id} == {recorded(facts, deployment).key}
