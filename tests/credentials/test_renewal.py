"""A token near its end, against a deployment whose clock is moved."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli import folders
from aibridge_cli.credentials import minting, renewal, storing
from aibridge_cli.credentials.minting import DAY, renewal_time, token_name
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import SignIn, forget_sign_in, lock_file, sign_in_of, write_sign_in
from aibridge_cli.deployment.api import Key, key
from aibridge_cli.deployment.http import Client
from aibridge_cli.errors import FileProblem, GatewayError, NotSignedIn
from aibridge_cli.facts import Facts
from aibridge_cli.loopback import Deployment, Fault, Settings, Token
from aibridge_cli.own_files import Lock
from aibridge_cli.secret import Secret

START = 1_800_000_000
LIFETIME = 30 * DAY


class Clock:
    """What time it is, here and on the deployment."""

    def __init__(self) -> None:
        self.now = float(START)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture(name="deployment")
def fixed_deployment(clock: Clock) -> Iterator[Deployment]:
    """A deployment on which the end of a token does not move with its use."""
    with Deployment(Settings(session_expiry_refresh=False), clock=clock) as deployment:
        yield deployment


@pytest.fixture
def facts(make_facts: Any) -> Facts:
    made: Facts = make_facts()
    return made


def signed_in(facts: Facts, deployment: Deployment, *, minted: bool = True, **more: Any) -> Token:
    """Put a sign-in down as `aibridge login` does."""
    token = deployment.tokens.issue("aibridge-here" if minted else "", lifetime=LIFETIME)
    given: dict[str, Any] = {
        "url": deployment.url,
        "token": Secret(token.text),
        "key": token.id,
        "name": token.name,
        "minted": minted,
        "created": START,
        "expires": START + LIFETIME,
        "lifetime": LIFETIME,
        "renew": renewal_time(START, START + LIFETIME),
    }
    write_sign_in(facts, SignIn(**(given | more)))
    return token


def asked(deployment: Deployment, method: str) -> int:
    return sum(request.method == method for request in deployment.requests)


def recorded(facts: Facts, deployment: Deployment) -> SignIn:
    found = sign_in_of(facts, deployment.url)
    assert found is not None
    return found


def test_long_before_the_end(facts: Facts, deployment: Deployment) -> None:
    """A token that is good for long is printed, and nobody is asked."""
    token = signed_in(facts, deployment)
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert (found.expires, found.source, found.notes) == (START + LIFETIME, "`aibridge login`", ())
    assert deployment.requests == []


def test_near_the_end_a_new_one_is_made(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """In the last week a new token takes the old one's place; the old one works until it ends."""
    old = signed_in(facts, deployment)
    clock.now += LIFETIME - 6 * DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() != old.text
    new = deployment.tokens.accept(found.value.reveal())
    assert new.expires == clock.now + LIFETIME
    assert deployment.tokens.accept(old.text).id == old.id
    record = recorded(facts, deployment)
    assert (record.key, record.expires, record.earlier) == (new.id, clock.now + LIFETIME, (old.id,))
    assert record.renew == new.expires - 7 * DAY
    assert resolve_token(facts, deployment.url, renew=True).value == found.value


def test_the_one_before_the_last_is_revoked(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Renewals leave two tokens on the deployment, not one for each time."""
    oldest = signed_in(facts, deployment)
    for _ in range(4):
        clock.now = recorded(facts, deployment).renew
        resolve_token(facts, deployment.url, renew=True)
    alive = [token.id for token in deployment.tokens.all()]
    assert oldest.id not in alive
    assert len(alive) == 2


def test_the_longest_lifetime_is_not_asked_for(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """A slow deployment is asked as little as can be: as long as was granted last time is granted again."""
    deployment.behave(maximum_token_lifetime=LIFETIME)
    signed_in(facts, deployment, lifetime=3 * LIFETIME)
    clock.now += LIFETIME - DAY
    resolve_token(facts, deployment.url, renew=True)
    record = recorded(facts, deployment)
    assert (record.expires, record.lifetime) == (clock.now + LIFETIME, 3 * LIFETIME)
    assert [request.method for request in deployment.requests] == ["GET", "POST", "GET"]
    assert not [request.path for request in deployment.requests if "tokenconfig" in request.path]


def test_a_lifetime_that_is_granted_no_more(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the deployment's longest lifetime became shorter the new token has that one."""
    signed_in(facts, deployment)
    deployment.behave(maximum_token_lifetime=7 * DAY)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert (found.expires, found.notes) == (clock.now + 7 * DAY, ())
    assert deployment.tokens.accept(found.value.reveal()).expires == clock.now + 7 * DAY


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


def test_a_name_that_is_in_use_is_not_tried(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """A client waits for the renewal, so the deployment is not asked for a name that the old token has."""
    signed_in(facts, deployment)
    for _ in range(2):
        clock.now = recorded(facts, deployment).renew
        resolve_token(facts, deployment.url, renew=True)
    assert asked(deployment, "POST") == 2
    assert recorded(facts, deployment).name.endswith("-2")


def test_where_use_moves_the_end(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """Where the deployment moves the end of a token that is used, the token stays and none is made."""
    deployment.behave(session_expiry_refresh=True)
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - 6 * DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    assert found.expires == clock.now + LIFETIME
    assert asked(deployment, "POST") == 0


@pytest.mark.parametrize("moves", [True, False])
def test_a_session_is_kept_alive(moves: bool, facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """The session of a browser, which is not ours to replace, is renewed by its use, where that is allowed."""
    deployment.behave(session_expiry_refresh=moves)
    token = signed_in(facts, deployment, minted=False)
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert found.value.reveal() == token.text
    record = recorded(facts, deployment)
    assert record.expires == (clock.now + LIFETIME if moves else START + LIFETIME)
    assert record.renew == (record.expires - 7 * DAY if moves else 0)


def test_only_the_helper_renews(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """`env` and `configure --dry-run` never ask the deployment, even when the end is near."""
    token = signed_in(facts, deployment)
    clock.now += LIFETIME - 60
    assert resolve_token(facts, deployment.url).value.reveal() == token.text
    assert deployment.requests == []


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


def test_the_copy_of_clients_follows(facts: Facts, deployment: Deployment, clock: Clock) -> None:
    """The file that clients read the token from has the new one as soon as it is made."""
    signed_in(facts, deployment)
    copy = Path(folders.token_file(facts, deployment.url))
    copy.parent.mkdir(parents=True)
    copy.write_text("the old one")
    clock.now += LIFETIME - DAY
    found = resolve_token(facts, deployment.url, renew=True)
    assert copy.read_text() == found.value.reveal()


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


@pytest.mark.parametrize(
    ("host", "workspace", "name"),
    [
        ("laptop", "", "aibridge-laptop"),
        ("Ada's-MacBook-Pro.local", "", "aibridge-ada-s-macbook-pro"),
        ("laptop", "my-workspace", "aibridge-my-workspace"),
        ("x" * 60, "", "aibridge-" + "x" * 19),
        ("рабочий", "", "aibridge"),
    ],
)
def test_names(host: str, workspace: str, name: str, make_facts: Any) -> None:
    """The token is called after this machine, in characters that the deployment takes."""
    assert token_name(make_facts(environ={"CODER_WORKSPACE_NAME": workspace}), host) == name


@pytest.mark.parametrize(
    ("start", "expires", "renew"),
    [(0, 100, 75), (0, 0, 0), (0, 30 * DAY, 23 * DAY), (DAY, 2 * DAY, 2 * DAY - DAY // 4)],
)
def test_when_to_renew(start: int, expires: int, renew: int) -> None:
    """A token is renewed in its last quarter, at most a week before it ends, and never when it does not end."""
    assert renewal_time(start, expires) == renew
