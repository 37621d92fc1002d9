"""Whether a client gets the token: by the command in its file, or from where else it takes it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from aibridge_cli import folders
from aibridge_cli.child import TookTooLong, run
from aibridge_cli.clients.placeholders import HELPER_NAMES, names
from aibridge_cli.clients.ways import variables_command
from aibridge_cli.credentials.gateway_settings import WIRES
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.token import check_token
from aibridge_cli.deployment.providers import ask_models
from aibridge_cli.diagnosis.client_files import unfilled
from aibridge_cli.errors import AibridgeError, CredentialRefused, NotSignedIn
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.programs import is_program

if TYPE_CHECKING:
    from aibridge_cli.child import Outcome
    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.diagnosis.client_files import ClientFiles
    from aibridge_cli.secret import Secret

TIME_LIMIT = 20.0
"""Seconds after which no client waits for its helper any more."""
SLOW = 5.0
"""Seconds after which some clients stop waiting."""

_NOT_FOUND = 127


def client_token(case: Case, profile: Profile, files: ClientFiles, way: str) -> Secret | None:
    """Return the token as the client gets it, and note what stands in the way.

    Args:
        case: The examination.
        profile: The client.
        files: Its files.
        way: How it was configured to get the token.
    """
    if way == "helper":
        return _from_helper(case, profile, files)
    check, text = "client.token", ""
    looked_at, missing, fix = _place(case, profile, files, way)
    if way == "env":
        variables = [name for name, template in profile.env.items() if "token" in names(template)]
        text = next((value for name in variables if (value := case.facts.variable(name))), "")
    elif way == "reference":
        text = read_line(folders.token_file(case.facts, case.deployment))
    elif way == "file":
        text = files.literal_token()
    elif way == "keychain":
        try:
            text = _in_keychain(case, profile)
        except Unavailable as error:
            case.skip(check, f"the keychain does not tell: {error.message}", subject=profile.id)
            return None
    else:
        case.skip(check, "only the client itself knows its token", subject=profile.id)
        return None
    if not text:
        _broken(case, profile, check, looked_at, missing, fix, ours=way != "env")
        return None
    return _judged(case, profile, check, looked_at, text, fix, ours=way != "env")


def _in_keychain(case: Case, profile: Profile) -> str:
    """Return the token in the client's entries of the keychain, "" when one has none, one of another kind first.

    Raises:
        Unavailable: The keychain does not answer.
    """
    templates = {entry.label: entry.value for entry in profile.keychain}
    tokens = []
    for entry in case.state.entries.values():
        if profile.id in entry.clients:
            standing = case.keychain.read(entry.attributes)
            held = "" if standing is None else standing.reveal()
            tokens.append(unfilled(templates.get(entry.label, "{token}"), "token", held))
    in_use = case.token.value.reveal() if case.token else ""
    return min(tokens, key=lambda token: (bool(token), token == in_use), default="")


def _place(case: Case, profile: Profile, files: ClientFiles, way: str) -> tuple[str, str, str]:
    """Return where the token comes from, what it means that it is not there, and what helps."""
    if way == "env":
        variables = [name for name, template in profile.env.items() if "token" in names(template)]
        listed = " or ".join(f"`{name}`" for name in variables)
        return listed, f"{listed} is not set in this shell", f"`{variables_command(profile, way)}`"
    again = f"`aibridge configure {profile.id}`"
    if way == "reference":
        path = folders.token_file(case.facts, case.deployment)
        return f"`{path}`", f"`{path}`, which its file refers to, is empty or gone", again
    if way == "keychain":
        return "its entries in the keychain", "an entry that it looks up in the keychain is gone", again
    return f"`{files.paths[0] if files.paths else profile.id}`", "there is no token in its file", again


def _from_helper(case: Case, profile: Profile, files: ClientFiles) -> Secret | None:
    check, again = "client.helper", f"`aibridge configure {profile.id}`"
    if profile.helper_env:
        again = f"`{variables_command(profile, 'helper')}`"
    found = _in_variable(case, profile) if profile.helper_env else files.helper()
    if found is None:
        variables = " or ".join(f"`{name}`" for name in _helper_variables(profile))
        missing = f"{variables} is not set in this shell" if variables else "its file names no command for the token"
        _broken(case, profile, check, variables or "its files", missing, again, ours=not variables)
        return None
    command, path = found
    words = _words(case, command)
    looked_at = f"the command in `{path}`, in an empty environment"
    if isinstance(command, list) and not (os.path.isabs(words[0]) and is_program(words[0])):
        _broken(case, profile, check, looked_at, f"`{words[0]}` is not there or cannot be run", again)
        return None
    system = {name: value for name, value in case.facts.environ.items() if name == "SYSTEMROOT"}
    began = time.monotonic()
    try:
        outcome = run(words, system, TIME_LIMIT)
    except TookTooLong:
        _broken(case, profile, check, looked_at, f"the command did not end within {TIME_LIMIT:g} s", again, ours=False)
        return None
    except AibridgeError as error:
        _broken(case, profile, check, looked_at, error.message, again)
        return None
    took = time.monotonic() - began
    if outcome.code != 0:
        _failed(case, profile, looked_at, outcome, again)
        return None
    text = outcome.output.decode(errors="replace")
    token = _judged(case, profile, check, looked_at, text, again, took=took)
    if token is not None and took > SLOW:
        case.add(
            "client.helper-slow",
            "note",
            looked_at,
            f"the command took {took:.0f} s; some clients wait for {SLOW:g} s only",
            "look at what is slow: a network home, or the keyring",
            subject=profile.id,
        )
    return token


def _helper_variables(profile: Profile) -> list[str]:
    return [name for name, text in profile.helper_env.items() if not set(names(text)).isdisjoint(HELPER_NAMES)]


def _in_variable(case: Case, profile: Profile) -> tuple[str, str] | None:
    return next(((value, name) for name in _helper_variables(profile) if (value := case.facts.variable(name))), None)


def _words(case: Case, command: str | list[str]) -> list[str]:
    if isinstance(command, list):
        return command
    return ["cmd.exe", "/c", command] if case.facts.platform == "windows" else ["/bin/sh", "-c", command]


def _failed(case: Case, profile: Profile, looked_at: str, outcome: Outcome, again: str) -> None:
    if outcome.code == _NOT_FOUND:
        _broken(case, profile, "client.helper", looked_at, f"the command is not there: {outcome.reason}", again)
        return
    if outcome.code == NotSignedIn.exit_code:  # ours says more than fits here
        found, fix = "the command finds no token", f"run `aibridge login {case.deployment}`"
        _broken(case, profile, "client.helper", looked_at, found, fix, ours=False)
        return
    _broken(case, profile, "client.helper", looked_at, f"the command failed: {outcome.reason}", again)


def _judged(
    case: Case,
    profile: Profile,
    check: str,
    looked_at: str,
    text: str,
    fix: str,
    *,
    took: float = 0.0,
    ours: bool = True,
) -> Secret | None:
    """Return a token that a client gets, after asking the gateway about one that is not the one in use."""
    try:
        token = check_token(text, "what the client gets")
    except CredentialRefused as error:
        _broken(case, profile, check, looked_at, error.message, fix, ours=ours)
        return None
    in_use = case.token is not None and case.token.value.reveal() == token.reveal()
    if not in_use and case.ready:
        wire = next(iter(profile.speaks), WIRES[0])
        try:
            with case.connect(case.gateway.root) as gateway:
                answered = ask_models(gateway, case.gateway.root, token, case.settings[wire], wire).answered
        except AibridgeError as error:
            _broken(case, profile, check, looked_at, error.message, error.hint, ours=False)
            return None
        if answered.code == "token-refused":
            found = f"it gets another token than the one in use, and the gateway refuses it: “{answered.said}”"
            _broken(case, profile, check, looked_at, found, fix, ours=ours and case.accepted)
            return None
    which = "the token in use" if in_use else "another token, which the gateway takes"
    when = f" in {took:.1f} s" if took else ""
    case.add(check, "ok", looked_at, f"it gets {which}{when}", subject=profile.id)
    return token


def _broken(
    case: Case, profile: Profile, check: str, looked_at: str, found: str, fix: str, *, ours: bool = True
) -> None:
    if ours:
        case.client_repairs.add(profile.id)
    case.add(check, "problem", looked_at, found, fix, subject=profile.id, fixable=ours)
