"""Where clients want to go besides the deployment: what is known of it, what is held against it, and the table."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from tests.real_clients.conftest import Run

# What each opens by itself in an ordinary run, by domain, and what for. None of it has the token, which is looked for
# in all that was to be sent there. A destination that is not here fails the run: it has to be read about first.
OWN = {
    "aider": {"githubusercontent.com": "what models cost"},
    "cline": {"cline.bot": "feature flags and telemetry", "npmjs.org": "its latest version"},
    "codex": {
        "api.github.com": "its list of plugins",
        "chatgpt.com": "its list of plugins, and telemetry",
        "github.com": "its list of plugins",
    },
    "continue-cli": {"continue.dev": "its latest version"},
    "copilot": {"api.github.com": "its latest version"},
    "deepagents-code": {"pypi.org": "its server's latest version", "supabase.co": "its server's telemetry"},
    "droid": {
        "factory.ai": "managed settings, feature flags, sessions and telemetry",
        "run.app": "telemetry",
    },
    "gptme": {"openaipublic.blob.core.windows.net": "how text is counted in tokens"},
    "hermes-agent": {"openrouter.ai": "the list of models", "pypi.org": "packages that it installs for itself"},
    "kimi-code": {"code.kimi.com": "its latest version"},
    "nanocoder": {"models.dev": "the list of models"},
    "openclaw": {"api.openai.com": "an index of its memory, where the shell has a key of OpenAI's"},
    "opencode": {"npmjs.org": "its plugins"},
    "opencommit": {"npmjs.org": "its latest version"},
    "openhands": {"github.com": "its skills", "pypi.org": "its latest version"},
    "qwen-code": {"aliyuncs.com": "telemetry"},
}
OWN["codex-before-auth"] = OWN["codex"]


class Opened(NamedTuple):
    """A destination that a client wanted to reach.

    Args:
        client: The client.
        way: How it was to get the token.
        host: Where it wanted to go.
        sent: How many requests it meant to send there.
        token: Whether one of them had the token.
    """

    client: str
    way: str
    host: str
    sent: int
    token: bool


def holds(content: bytes, token: str) -> bool:
    """Tell whether a token is in what was sent, as it is or as the password of `Authorization: Basic`."""
    inside = token.encode()
    # in base64 a text looks in three ways, by where it starts
    coded = [base64.b64encode(b" " * start + inside)[4 if start else 0 : -4] for start in range(3)]
    return any(each in content for each in (inside, *coded))


def opened(run: Run, token: str, way: str) -> list[Opened]:
    """Return where a run wanted to go, each place once."""
    hosts = dict.fromkeys([*map(_host, run.outside), *run.past])
    found = []
    for host in hosts:
        sent = [each.content for each in run.sent if _host(each.target) == host and each.content]
        found.append(Opened(run.client, way, host, len(sent), any(holds(content, token) for content in sent)))
    return found


def assert_kept_from_vendors(run: Run, token: str, also: Iterable[str] = ()) -> None:
    """Fail if the token was to go anywhere but to the deployment, or a destination is not known.

    Args:
        run: What the client did.
        token: What may go to the deployment alone.
        also: Further domains that it may want to reach, without the token.
    """
    assert run.past == (), f"{run.client} went past the proxy: {run.past}"
    known = (*OWN.get(run.client, ()), *also)
    for each in opened(run, token, ""):
        assert not each.token, f"{run.client} wanted to send the token to {each.host}"
        assert any(f".{each.host}".endswith(f".{domain}") for domain in known), f"{each.client} wants {each.host}"


def _host(target: str) -> str:
    """Return the host of `host:port`, or of a URL."""
    return target.rpartition("://")[2].partition("/")[0].rpartition(":")[0] or target


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Note where the runs of a test with a client and a way wanted to go."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    if call.when != "call" or "way" not in params:
        return
    clients = getattr(item, "funcargs", {}).get("clients")
    if clients is None:
        return
    tokens = [token.text for token in clients.deployment.tokens.all()]
    for run in clients.runs:
        rows = [tuple(row) for token in tokens for row in opened(run, token, params["way"])]
        item.user_properties.append(("opened", rows or [(run.client, params["way"], "", 0, False)]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table: each client and way, and which destinations were refused."""
    seen: dict[tuple[str, str], dict[str, Opened]] = {}
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, rows in report.user_properties:
            for row in rows if name == "opened" else ():
                each = Opened(*row)
                hosts = seen.setdefault((each.client, each.way), {})
                if each.host:
                    before = hosts.get(each.host, each)
                    hosts[each.host] = each._replace(sent=max(each.sent, before.sent), token=each.token or before.token)
    if seen:
        terminalreporter.section("destinations that were refused")
    for (client, way), hosts in sorted(seen.items()):
        terminalreporter.write_line(f"{client} ({way}): {'; '.join(map(_told, hosts.values())) or 'none'}")


def _told(row: Opened) -> str:
    if row.token:
        return f"{row.host} WITH THE TOKEN"
    return f"{row.host}, {f'{row.sent} requests read, no token' if row.sent else 'nothing sent'}"
