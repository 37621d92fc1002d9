"""`aibridge models`."""

from __future__ import annotations

from typing import Any

import typer

from aibridge_cli.cli.options import InsecureHttp, Json, Url
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.gateway_settings import WIRES, gateway_of, gateway_settings
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.deployment.answer import shortened
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.providers import Discovery, Provider, discover
from aibridge_cli.deployment.urls import origin_of
from aibridge_cli.errors import GatewayError, TokenRejected
from aibridge_cli.facts import gather
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge models --json")
def models(
    *,
    url: Url = None,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """List the models of each provider of the deployment.

    A provider's name is what `aibridge configure --provider-name` takes. No model is asked
    anything.
    """
    facts = gather()
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value)
    settings = gateway_settings(facts, deployment.value)
    root = gateway_of(facts, deployment.value).root
    names = {wire: settings[wire] for wire in WIRES}
    with (
        Client(facts, deployment.value, token=token.value) as api,
        Client(facts, origin_of(root), token=token.value) as gateway,
    ):
        discovery = discover(api, gateway, root, token.value, names)
    if discovery.obstacle is not None:
        obstacle = discovery.obstacle
        kind = TokenRejected if obstacle.code == "token-refused" else GatewayError
        raise kind(f"`{root}` lists no models: {obstacle.words}", hint=obstacle.fix)
    result = Result(
        "models",
        "\n".join(_rows(discovery)),
        {
            "deployment": deployment.value,
            "gateway": root,
            "listed": discovery.listed,
            "providers": [_as_data(provider, names) for provider in discovery.providers],
            "unknown": [{"name": name, "code": answered.code} for name, answered in discovery.unknown],
        },
        tuple(_messages(discovery, names)),
    )
    show(result, as_json=as_json)


def _as_data(provider: Provider, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": provider.name,
        "wire": provider.wire,
        "type": provider.kind or None,
        "in_use": names[provider.wire] == provider.name,
        "code": provider.answered.code,
        "models": list(provider.models),
    }


def _rows(discovery: Discovery) -> list[str]:
    rows = [
        (provider.name, provider.wire, shortened(model))
        for provider in discovery.providers
        for model in provider.models
    ]
    if not rows:
        return []
    table = [("provider", "wire", "model"), *rows]
    first, second = (max(len(row[column]) for row in table) for column in (0, 1))
    return [f"{name:<{first}}  {wire:<{second}}  {model}" for name, wire, model in table]


def _messages(discovery: Discovery, names: dict[str, str]) -> list[str]:
    messages = [
        f"note: provider `{provider.name}` lists no models: {provider.answered.words}"
        for provider in discovery.providers
        if not provider.answered.good
    ]
    messages += [f"note: nothing is known about `{name}`: {answered.words}" for name, answered in discovery.unknown]
    for wire, name in names.items():
        others = [other for other in discovery.of_wire(wire) if other != name]
        if discovery.named(name) is None and name not in dict(discovery.unknown) and others:
            messages.append(
                f"note: there is no provider `{name}` here; "
                f"`aibridge configure CLIENT --provider-name {wire}={others[0]}` uses `{others[0]}`"
            )
    if not discovery.providers:
        messages.append("warning: no provider was found")
    if not discovery.listed:
        messages.append("note: you may not list the providers, so only usual names were tried")
    return messages
