"""`aibridge configure`, then the real client, then `aibridge unconfigure`, for each client and credential way."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from tests.real_clients.cases import (
    BESIDE,
    CASES,
    FILES,
    HELPER_VARIABLES,
    HOSTILE,
    LIVED_IN,
    MODELS,
    OPENCODE_STARTED,
    REWRITTEN_FOR,
    STARTED,
    VENDORS,
    WITH_THEIR_KEY,
)
from tests.real_clients.conftest import HERE
from tests.real_clients.outside import assert_kept_from_vendors

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import RecordedRequest
    from tests.real_clients.conftest import Aibridge, Clients, Run

pytestmark = pytest.mark.real_client

PROMPT = "Say hello"
ANSWER = "Hello from the loopback deployment"
PREFIX = "/api/v2/aibridge"

each_case = pytest.mark.parametrize(("client", "way", "arguments", "path"), CASES)


def test_every_way_is_run_at_the_version_that_is_named() -> None:
    """Each client that is installed here is run in every way its profile has, and at the version the profile names."""
    with open(os.path.join(HERE, "package.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    packages = manifest["dependencies"] | manifest["optionalDependencies"]
    pinned = {version.rpartition("@")[2] for version in packages.values()}
    for client in FILES:
        profile = Catalogue([shipped_folder()]).load(client)
        assert {way for name, way, *_ in CASES if name == client} == set(profile.credential)
        assert set(profile.tested) <= pinned


@each_case
def test_empty_home(
    clients: Clients, aibridge: Aibridge, client: str, way: str, arguments: tuple[str, ...], path: str
) -> None:
    """In an empty home the configured client answers, and afterwards nothing of ours is left."""
    token = aibridge.sign_in()
    aibridge("configure", client, "--credential", way, "--yes")
    run = clients.run(client, PROMPT, *arguments, env=variables(aibridge, client, way, {}), watch=True)
    assert_answered(run, token, path)
    aibridge("unconfigure", client, "--yes")
    assert mentions(clients.home, token) == []
    assert [
        path
        for path in mentions(clients.home, "api/v2/aibridge")
        if not {"logs", "sessions", "openclaw-agent.sqlite"}.intersection(path.split("/"))
    ] == []
    paths = {name: clients.home / name for name in (*FILES.values(), OPENCODE_STARTED)}
    left = {name: json.loads(path.read_bytes()) for name, path in paths.items() if path.exists()}
    its_own = dict([STARTED[client]]) if client in STARTED else {}
    assert left.keys() == its_own.keys()
    assert all(content.items() <= its_own[name].items() for name, content in left.items())


@each_case
def test_home_that_is_lived_in(
    clients: Clients, aibridge: Aibridge, client: str, way: str, arguments: tuple[str, ...], path: str
) -> None:
    """Among the user's own settings and a shell full of other keys only our token goes out, and undo is exact."""
    token, settings = aibridge.sign_in(), clients.home / FILES[client]
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_bytes(LIVED_IN[FILES[client]])
    for name, text in [BESIDE[FILES[client]]] if FILES[client] in BESIDE else []:
        (clients.home / name).write_text(text, encoding="utf-8")
    aibridge("configure", client, "--credential", way, "--yes")
    shell = {name: value for name, value in HOSTILE.items() if name not in REWRITTEN_FOR.get(client, ())}
    run = clients.run(client, PROMPT, *arguments, env=variables(aibridge, client, way, shell))
    assert_answered(run, token, path)
    sent = [value for request in run.requests for value in request.headers.values()]
    assert not [value for value in sent for secret in HOSTILE.values() if secret in value]
    assert not (VENDORS - WITH_THEIR_KEY.get(client, set())).intersection(run.outside)
    aibridge("unconfigure", client, "--yes")
    assert settings.read_bytes() == LIVED_IN[FILES[client]]


@pytest.mark.parametrize(
    ("client", "arguments", "path"), [(name, words, path) for name, way, words, path in CASES if way == "helper"]
)
def test_helper_brings_the_new_token(
    clients: Clients, aibridge: Aibridge, client: str, arguments: tuple[str, ...], path: str
) -> None:
    """By the helper a new token reaches the client with no other change; the old one is not sent again."""
    first = aibridge.sign_in()
    aibridge("configure", client, "--credential", "helper", "--yes")
    shell = variables(aibridge, client, "helper", {})
    assert not [value for value in shell.values() if first in value]
    assert_answered(clients.run(client, PROMPT, *arguments, env=shell), first, path)
    clients.deployment.tokens.revoke(first.partition("-")[0])
    second = aibridge.sign_in()
    assert_answered(clients.run(client, PROMPT, *arguments, env=shell), second, path)


@pytest.mark.parametrize(("client", "way", "model", "arguments", "path"), MODELS)
def test_model_that_is_named_is_the_one_to_start_with(
    clients: Clients, aibridge: Aibridge, client: str, way: str, model: str, arguments: tuple[str, ...], path: str
) -> None:
    """A client that is asked without naming a model asks the one that was named when configuring."""
    token = aibridge.sign_in()
    aibridge("configure", client, "--credential", way, "--model", model, "--yes")
    run = clients.run(client, PROMPT, *arguments, env=variables(aibridge, client, way, {}))
    assert_answered(run, token, path)
    assert {request.body["model"] for request in run.asked()} == {model.partition("=")[2]}


def test_version_of_codex_decides_the_way(clients: Clients, aibridge: Aibridge, tmp_path: Path) -> None:
    """A Codex that would ignore the auth command gets the token in its file, unasked, and answers."""
    token, commands = aibridge.sign_in(), tmp_path / "older"
    commands.mkdir()
    (commands / "codex").symlink_to(os.path.join(clients.folder, "node_modules/codex-before-auth/bin/codex.js"))
    older = {"PATH": f"{commands}{os.pathsep}{clients.environment['PATH']}"}
    aibridge("configure", "codex", "--yes", env=older)
    configuration = clients.home / FILES["codex"]
    assert token in configuration.read_text(encoding="utf-8")
    assert configuration.stat().st_mode & 0o777 == 0o600
    assert_answered(clients.run("codex-before-auth", PROMPT), token, "/openai/v1/responses")


def test_all_three_at_once(clients: Clients, aibridge: Aibridge) -> None:
    """One run configures all three by their best way, all three answer, one run takes it back."""
    token = aibridge.sign_in()
    clients.run("opencode", PROMPT, "-m", "openai/gpt-5.4")
    before = (clients.home / OPENCODE_STARTED).read_bytes()
    names = ("claude-code", "codex", "opencode")
    aibridge("configure", *names, "--yes")
    for name, path in zip(names, ("/anthropic/v1/messages?beta=true", "/openai/v1/responses", None), strict=True):
        model = () if path else ("-m", "anthropic/claude-sonnet-4-5")
        assert_answered(clients.run(name, PROMPT, *model), token, path or "/anthropic/v1/messages")
    assert mentions(clients.home, token) == []
    aibridge("unconfigure", *names, "--yes")
    assert (clients.home / OPENCODE_STARTED).read_bytes() == before
    assert not [name for name in names if (clients.home / FILES[name]).exists()]


def variables(aibridge: Aibridge, client: str, way: str, shell: dict[str, str]) -> dict[str, str]:
    """Return what the client's shell holds: its own, and where the way needs variables what `aibridge env` changes."""
    needed = way == "env" or (way == "helper" and client in HELPER_VARIABLES)
    return aibridge.evaluated(client, shell, "--credential", way) if needed else shell


def assert_answered(run: Run, token: str, path: str) -> None:
    """Fail unless the client printed the answer and asked only the right path with only this token."""
    assert run.code == 0, run.stderr
    assert ANSWER in run.stdout
    assert {request.path for request in run.asked()} == {PREFIX + path}
    assert {credential for request in run.requests for credential in credentials(request)} == {token}
    assert {request.status for request in run.requests} == {200}
    assert_kept_from_vendors(run, token)


def credentials(request: RecordedRequest) -> list[str]:
    """Return the credentials a request carries, without the word `Bearer`; "" when it carries none."""
    sent = [request.headers[name] for name in ("authorization", "x-api-key") if name in request.headers]
    return [value.removeprefix("Bearer ") for value in sent] or [""]


def mentions(home: Path, *texts: str) -> list[str]:
    """Return the files below a home in which one of these texts stands, but for the sign-in and the undo journal."""
    found = []
    for folder, _, names in os.walk(home):
        if folder.endswith("/coderv2") or "/.local/state/aibridge" in folder:
            continue
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                content = file.read()
            found += [path for text in texts if text.encode() in content]
    return found
