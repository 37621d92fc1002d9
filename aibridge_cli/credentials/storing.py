"""Where a sign-in's token is kept: the system's keyring when it works, else the record itself."""

from __future__ import annotations

import os
import time

from aibridge_cli import folders
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.sign_in import FILE, KEYCHAIN, NOWHERE, SignIn, write_sign_in
from aibridge_cli.credentials.token import check_token
from aibridge_cli.errors import AibridgeError, NotSignedIn, UsageError
from aibridge_cli.own_files import keep
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

MEMORY = 3600
"""Seconds for which a keyring that did not work is not tried again."""
SERVICE = "aibridge"
"""What the keyring's entries are filed under; the account is the deployment's origin."""


def choose_store(facts: Facts, asked: str | None) -> tuple[str, str]:
    """Return where a token is to be kept, and why it is not the keyring ("" when it is).

    Args:
        facts: Where we run.
        asked: `keyring`, `file`, `none`, or None for the best that works here.

    Raises:
        AibridgeError: The keyring was asked for and cannot be used.
        UsageError: `AIBRIDGE_STORE` names no store.
    """
    wanted = asked or facts.variable("AIBRIDGE_STORE")
    if wanted not in ("", KEYCHAIN, FILE, NOWHERE):
        raise UsageError(f"`AIBRIDGE_STORE` is `{wanted}`", hint=f"set it to `{KEYCHAIN}`, `{FILE}` or `{NOWHERE}`")
    if wanted in (FILE, NOWHERE):
        return wanted, ""
    if wanted == KEYCHAIN:
        reason = _try_keychain(facts)
        if reason:
            raise AibridgeError(f"the keyring cannot be used: {reason}", hint=f"`--store {FILE}` keeps a 0600 file")
        return KEYCHAIN, ""
    if facts.unattended:
        return FILE, "nobody is at a terminal"
    reason = _remembered(facts) or _try_keychain(facts)
    return (FILE, reason) if reason else (KEYCHAIN, "")


def store(facts: Facts, record: SignIn, token: Secret) -> None:
    """Keep a sign-in and its token; the caller holds the lock of the sign-ins.

    The token goes first: a record never speaks of a token that is not there. When the
    record cannot be written, the keyring gets back what it had.

    Raises:
        AibridgeError: It cannot be kept; what was kept before still is.
    """
    if record.store == KEYCHAIN:
        from aibridge_cli.keychains.keychain import delete, read, write

        label = f"Coder token of {record.url} (aibridge)"
        before = read(facts, SERVICE, record.url)
        write(facts, SERVICE, record.url, token, label=label)
        record.token = None
        try:
            write_sign_in(facts, record)
        except AibridgeError:
            if before:
                write(facts, SERVICE, record.url, Secret(before), label=label)
            else:
                delete(facts, SERVICE, record.url)
            raise
    else:
        record.token = token
        write_sign_in(facts, record)


def follow(facts: Facts, origin: str, token: Secret) -> None:
    """Bring the copy that client files refer to up to date, if there is one.

    Not a part of `store`: a token that was kept is in use, also where its copy cannot be written.

    Raises:
        FileProblem: It cannot be written.
    """
    path = folders.token_file(facts, origin)
    if os.path.exists(path) and read_line(path) != token.reveal():  # one that signing out emptied is filled again
        keep(path, token.reveal())


def from_keychain(facts: Facts, record: SignIn) -> Secret:
    """Return the token that the keyring has for a sign-in, and correct its `key` where that is another token's.

    Raises:
        AibridgeError: The keyring does not answer, is locked, or has it no more.
    """
    from aibridge_cli.keychains.keychain import read

    text = read(facts, SERVICE, record.url)
    if not text:
        raise NotSignedIn(f"the keyring has no token for `{record.url}` any more")
    token = check_token(text, "the token in the keyring")
    public = token.reveal().partition("-")[0]
    if record.minted and record.key and public != record.key:  # a crash came between the two writings of `store`
        record.earlier = (*record.earlier, record.key)
        record.key = public
    return token


def _try_keychain(facts: Facts) -> str:
    from aibridge_cli.keychains.keychain import usable

    reason = _one_line(usable(facts))
    keep(_memory(facts), f"{_situation(facts)}\n{reason or 'works'}\n")
    return reason


def _remembered(facts: Facts) -> str:
    """Return why the keyring did not work when it was last tried in a situation like this, or ""."""
    path = _memory(facts)
    lines = read_line(path).splitlines()
    try:
        if time.time() - os.stat(path).st_mtime > MEMORY:  # it may have been unlocked since
            return ""
    except OSError:  # there is none
        return ""
    if len(lines) != 2 or lines[0] != _situation(facts) or lines[1] == "works":
        return ""
    return lines[1]


def _memory(facts: Facts) -> str:
    return folders.sign_ins_folder(facts) + ".keyring"


def _situation(facts: Facts) -> str:
    names = ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND", "SSH_CONNECTION")
    return _one_line(" ".join([facts.platform, *(f"{name}={facts.variable(name)}" for name in names)]))


def _one_line(text: str) -> str:
    return "".join([character for character in text if character.isprintable()])
