"""Running the installed client itself, in a copy of its settings, to see what it sends.

The copy is in a scratch home, and the gateway's address in it is that of a recorder on
this machine. Everything else that the client wants to reach is refused and named. So what
counts is what the client does, whatever its documentation says.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from aibridge_cli import folders
from aibridge_cli.child import TookTooLong, run
from aibridge_cli.clients.candidates import IfExists
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.credentials.coder_files import coder_folder, files_are_the_store
from aibridge_cli.credentials.token import unusual
from aibridge_cli.deployment.answer import shortened
from aibridge_cli.deployment.urls import origin_of
from aibridge_cli.diagnosis.sources import is_of_the_project
from aibridge_cli.errors import AibridgeError
from aibridge_cli.loopback import Deployment, Settings
from aibridge_cli.loopback.refusing_proxy import RefusingProxy
from aibridge_cli.programs import find_program
from aibridge_cli.secret import Secret, mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.loopback import RecordedRequest

CHECK = "client.sends"
QUESTION = "Say hello"
TIME_LIMIT = 90.0
"""Seconds that a client may take for its answer."""
LARGEST = 1024 * 1024
"""Bytes of a file that is copied: settings are small, and what is larger is a history."""

_CREDENTIAL_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key", "x-coder-ai-governance-token")
_HOMES = (
    *("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
)


def check_what_it_sends(case: Case, profile: Profile, token: Secret) -> None:
    """Run a client with one question, and note what arrived.

    Args:
        case: The examination.
        profile: The client.
        token: The token that it is expected to send.
    """
    if not profile.ask.command:
        case.skip(CHECK, "nobody has said how it is asked without a screen", subject=profile.id)
        return
    program = find_program(case.facts, profile.ask.command[0])
    if not program:
        case.skip(CHECK, f"`{profile.ask.command[0]}` is not on `PATH`", subject=profile.id)
        return
    words = [program, *profile.ask.command[1:], QUESTION]
    looked_at = f"`{' '.join([profile.ask.command[0], *words[1:-1]])}` with a copy of its settings, and what arrived"
    names = {name: wire for wire, name in case.names.items()}
    with (
        Deployment(Settings(providers=names)) as recorder,
        RefusingProxy() as proxy,
        tempfile.TemporaryDirectory(prefix="aibridge-doctor-") as scratch,
    ):
        recorder.tokens.adopt(token.reveal())
        home = os.path.realpath(scratch)
        root = f"{recorder.url}/api/v2/aibridge"
        _copy(case, profile, home, root)
        project = _project(case, profile, home, root)
        environment = {**_environment(case, profile, home, root), **profile.ask.env, **proxy.environment}
        try:
            ended = run(words, environment, TIME_LIMIT, project).reason
        except TookTooLong:
            ended = f"it did not end within {TIME_LIMIT:g} s"
        except AibridgeError as error:
            case.add(CHECK, "problem", looked_at, error.message, subject=profile.id)
            return
        _judge(case, profile, looked_at, token, recorder.requests, proxy.targets, ended)


def _judge(
    case: Case,
    profile: Profile,
    looked_at: str,
    token: Secret,
    requests: Sequence[RecordedRequest],
    elsewhere: Sequence[str],
    ended: str,
) -> None:
    asked = [request for request in requests if request.method == "POST"] or list(requests)
    # of plain http the whole address arrives, and there may be a key in it
    hosts = ", ".join(f"`{host}`" for host in dict.fromkeys(shortened(origin_of(target), 80) for target in elsewhere))
    if not asked:
        where = f"; it wanted to go to {hosts}" if hosts else ""
        found = f"it sent nothing to the gateway{where}: {mask(ended, (token,))}"
        fix = "look at what outranks its settings: variables, project files, managed settings, another sign-in"
        case.add(CHECK, "problem", looked_at, found, fix, subject=profile.id)
        return
    last = asked[-1]
    credentials = _credentials(last.headers, token)
    shown = ", ".join(f"{kind} in `{name}`" for name, kind in credentials) or "no token"
    found = f"{last.method} {last.path.partition('?')[0]} with {shown}, answered {last.status}"
    if hosts:
        found += f"; it also wanted to go to {hosts}"
    good = last.status < 300 and any(kind == _EXPECTED for _, kind in credentials)
    alone = all(kind == _EXPECTED for _, kind in credentials)
    if good and alone:
        case.add(CHECK, "ok", looked_at, found, subject=profile.id)
    else:
        fix = "take away the other credential" if good else f"`aibridge configure {profile.id}`, and what outranks it"
        case.add(CHECK, "problem", looked_at, found, fix, subject=profile.id)


_EXPECTED = "the Coder token"


def _credentials(headers: Mapping[str, str], token: Secret) -> list[tuple[str, str]]:
    """Return which headers carry what kind of credential; never the credential."""
    return [(name, _kind(headers[name], token)) for name in _CREDENTIAL_HEADERS if headers.get(name)]


def _kind(value: str, token: Secret) -> str:
    text = value.rsplit(maxsplit=1)[-1]
    if text == token.reveal():
        return _EXPECTED
    if text.startswith("sk-"):
        return "a key of an AI provider"
    if not unusual(Secret(text)):
        return "another Coder token"
    return "a sign-in of the vendor's" if text.count(".") == 2 else "something else"


def _copy(case: Case, profile: Profile, home: str, root: str) -> None:
    """Copy the small files of the client's own folders."""
    for folder in resolve_paths(profile, case.facts).values():
        try:
            paths = [entry.path for entry in os.scandir(folder) if entry.is_file() and entry.stat().st_size <= LARGEST]
        except OSError:  # a folder that is not there holds nothing
            continue
        for path in paths:
            _copy_file(case, profile, path, os.path.join(_moved(case, folder, home), os.path.basename(path)), root)


def _project(case: Case, profile: Profile, home: str, root: str) -> str:
    """Return a folder in the scratch home like the one we are in: with the files there that the client obeys."""
    here = case.facts.cwd or case.facts.home
    project = _moved(case, here, home)
    os.makedirs(project, exist_ok=True)
    for name in (name for rival in profile.outranked_by for name in rival.files):
        path = os.path.join(here, name)
        if is_of_the_project(name) and os.path.isfile(path):
            _copy_file(case, profile, path, os.path.join(project, name), root)
    return project


def _copy_file(case: Case, profile: Profile, path: str, target: str, root: str) -> None:
    """Copy a file, with the recorder for the gateway."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        case.add(CHECK, "note", f"`{path}`", f"it was not copied: {error.strerror}", subject=profile.id)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
        copy.write(content.replace(case.gateway.root.encode(), root.encode()))


def _moved(case: Case, path: str, home: str) -> str:
    """Return where a folder is in the scratch home."""
    if path == case.facts.home or path.startswith(case.facts.home + os.sep):
        return home + path[len(case.facts.home) :]
    return os.path.join(home, "elsewhere", path.strip(os.sep).replace(os.sep, "-").replace(":", ""))


def _environment(case: Case, profile: Profile, home: str, root: str) -> dict[str, str]:
    """Return our environment with folders in the scratch home, and the recorder for the gateway."""
    candidates = [
        each.exists if isinstance(each, IfExists) else each
        for paths in profile.paths.values()
        for each in (*paths.linux, *paths.macos, *paths.windows)
    ]
    places = {place[1:].replace("\\", "/").partition("/")[0] for place in candidates if place.startswith("$")}
    environment = {name: value.replace(case.gateway.root, root) for name, value in case.facts.environ.items()}
    for name in {*places, *_HOMES}:
        if environment.get(name):
            environment[name] = _moved(case, environment[name], home)
    environment["HOME"] = home
    # the helper in the copy is to find the token that it finds in the real home
    environment["AIBRIDGE_STATE_DIR"] = folders.state_folder(case.facts)
    if files_are_the_store(case.facts):
        environment["CODER_CONFIG_DIR"] = coder_folder(case.facts)
    return environment
