"""Cline's files: what the terminal's client makes of ours, of the editors', and of faulty ones.

The editors keep their settings in files of their own, which no editor is run with here. The
terminal's client reads them too, when they are newer than its own, so it shows what they mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import RecordedRequest
    from tests.real_clients.conftest import Aibridge, Clients, Run

pytestmark = pytest.mark.real_client

ANSWER = "Hello from the loopback deployment"
PROMPT = "Say hello"
CHAT = "/api/v2/aibridge/openai/v1/chat/completions"
DATA = ".cline/data"
PROVIDERS = f"{DATA}/settings/providers.json"
LIVED_IN = Path(__file__).parent.parent / "clients/cline/editor-lived-in/before"


def lay_out(home: Path) -> dict[str, bytes]:
    """Give a home the files of somebody who has used the extension for a while, and return them."""
    files = {str(path.relative_to(LIVED_IN)): path.read_bytes() for path in LIVED_IN.rglob("*") if path.is_file()}
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    return files


def entry(name: str, url: str, token: str, **more: Any) -> dict[str, Any]:
    """Return a provider's entry as the client writes it."""
    settings = {"provider": name, "apiKey": token, "baseUrl": url, **more}
    return {"settings": settings, "updatedAt": "2026-10-01T08:00:00.000Z", "tokenSource": "manual"}


def write(home: Path, providers: dict[str, Any], **more: Any) -> Path:
    """Write the client's own file and return its path."""
    path = home / PROVIDERS
    path.parent.mkdir(parents=True)
    document = {"version": 1, "lastUsedProvider": "anthropic", "modes": {}, "providers": providers, **more}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def sent(run: Run) -> list[tuple[str, str]]:
    """Return where the questions of a run went and the credential of each."""
    return [(request.path, credential(request)) for request in run.asked()]


def credential(request: RecordedRequest) -> str:
    return request.headers.get("authorization", request.headers.get("x-api-key", "")).removeprefix("Bearer ")


def test_the_provider_of_the_editors(clients: Clients, aibridge: Aibridge) -> None:
    """Where an editor has its files, OpenAI Compatible goes to the deployment too, and undo brings all of it back.

    The client adds sign-ins that it finds in the editors' files to its own; those are not ours, and stay.
    """
    before, token = lay_out(clients.home), aibridge.sign_in()
    aibridge("configure", "cline", "--yes")
    run = clients.run("cline", PROMPT, "-P", "openai-compatible")
    assert ANSWER in run.stdout, run.stderr
    assert sent(run) == [(CHAT, token)]
    assert not [value for each in run.requests for value in each.headers.values() if "personal" in value]
    aibridge("unconfigure", "cline", "--yes")
    after = {name: (clients.home / name).read_bytes() for name in before}
    left, there_before = json.loads(after.pop(PROVIDERS)), json.loads(before.pop(PROVIDERS))
    assert after == before
    assert left["providers"].items() >= there_before["providers"].items()
    assert left["lastUsedProvider"] == there_before["lastUsedProvider"]
    assert token not in json.dumps(left)


def test_the_files_of_the_editors_alone(clients: Clients, aibridge: Aibridge) -> None:
    """Without a file of its own the client takes provider, address, model and key from the editors' files."""
    lay_out(clients.home)
    token = aibridge.sign_in()
    aibridge("configure", "cline", "--model", "openai=gpt-5.2-codex", "--yes")
    (clients.home / PROVIDERS).unlink()
    run = clients.run("cline", PROMPT)
    assert ANSWER in run.stdout, run.stderr
    assert sent(run) == [(CHAT, token)]
    assert {each.body["model"] for each in run.asked()} == {"gpt-5.2-codex"}
    made = json.loads((clients.home / PROVIDERS).read_bytes())["providers"]
    assert made["openai-compatible"]["tokenSource"] == "migration"


def test_no_copy_of_the_token_stays_behind(clients: Clients, aibridge: Aibridge) -> None:
    """With the files of an editor that has never been used the client makes no entry of its own out of them."""
    extension = clients.home / ".vscode/extensions/saoudrizwan.claude-dev-4.1.13"
    extension.mkdir(parents=True)
    (extension / "package.json").write_text("{}", encoding="utf-8")
    token = aibridge.sign_in()
    aibridge("configure", "cline", "--yes")
    run = clients.run("cline", PROMPT)
    assert ANSWER in run.stdout, run.stderr
    aibridge("unconfigure", "cline", "--yes")
    left = [path for path in (clients.home / DATA).rglob("*") if path.is_file()]
    assert [path for path in left if token.encode() in path.read_bytes()] == []
    assert {path.name for path in left}.isdisjoint({"globalState.json", "secrets.json", "models.json"})


@pytest.mark.parametrize("provider", ["anthropic", "openai-native"])
def test_headers_of_the_user(clients: Clients, aibridge: Aibridge, provider: str) -> None:
    """An Authorization among an entry's headers would go out in the token's place; configuring takes them out."""
    url = f"{clients.deployment.url}/api/v2/aibridge/{'anthropic' if provider == 'anthropic' else 'openai'}/v1"
    headers = {"Authorization": "Bearer personal-0000000000"}
    token = aibridge.sign_in()
    path = write(clients.home, {provider: entry(provider, url, token, model="any", headers=headers)})
    refused = clients.run("cline", PROMPT, "-P", provider)
    assert {each for _, each in sent(refused)} == {"personal-0000000000"}
    before = path.read_bytes()
    aibridge("configure", "cline", "--yes")
    answered = clients.run("cline", PROMPT, "-P", provider)
    assert ANSWER in answered.stdout, answered.stderr
    assert {each for _, each in sent(answered)} == {token}
    aibridge("unconfigure", "cline", "--yes")
    restored = json.loads(path.read_bytes())["providers"][provider]
    assert restored["settings"] == json.loads(before)["providers"][provider]["settings"]


def test_a_date_of_another_form_loses_the_whole_file(clients: Clients) -> None:
    """The client takes a file with `+00:00` for none at all, and writes over it: our dates end in `Z`."""
    own = entry("anthropic", f"{clients.deployment.url}/api/v2/aibridge/anthropic/v1", "a-token", model="any")
    path = write(clients.home, {"anthropic": {**own, "updatedAt": "2026-10-01T08:00:00+00:00"}})
    run = clients.run("cline", PROMPT, until=lambda: b"a-token" not in path.read_bytes())
    assert run.asked() == []
    assert "anthropic" not in json.loads(path.read_bytes())["providers"]


def test_an_unknown_provider_is_refused(clients: Clients) -> None:
    """The client knows no providers of one's own: the entries of ours have the names that it has."""
    url = f"{clients.deployment.url}/api/v2/aibridge/openai/v1"
    write(clients.home, {"coder-openai": entry("coder-openai", url, "a-token", model="any")})
    run = clients.run("cline", PROMPT, "-P", "coder-openai")
    assert run.asked() == []
    assert "Unknown or disabled provider" in run.stdout + run.stderr


def test_what_is_not_a_setting_of_it_is_dropped(clients: Clients, aibridge: Aibridge) -> None:
    """The client writes its file anew at each run, dated, without keys that it does not know; undo still takes ours."""
    token, path = aibridge.sign_in(), write(clients.home, {}, mine="a key of the user's")
    aibridge("configure", "cline", "--yes")
    clients.run("cline", PROMPT)
    rewritten = json.loads(path.read_bytes())
    assert "mine" not in rewritten
    assert rewritten["providers"]["anthropic"]["updatedAt"] > "2026-01-02"
    aibridge("unconfigure", "cline", "--yes")
    assert token.encode() not in path.read_bytes()
    assert json.loads(path.read_bytes())["providers"] == {}
