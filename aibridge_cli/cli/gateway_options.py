"""The options that say how a deployment's gateway differs from the usual one."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from aibridge_cli.credentials.gateway_settings import WIRES
from aibridge_cli.deployment.urls import standalone_root
from aibridge_cli.errors import UsageError

ProviderNames = Annotated[
    list[str] | None,
    typer.Option(
        "--provider-name",
        metavar="WIRE=NAME",
        help="What the deployment calls its `openai` or `anthropic` provider; remembered for the deployment.",
    ),
]
GatewayPath = Annotated[
    Literal["aibridge", "ai-gateway"] | None,
    typer.Option("--gateway-path", help="The gateway's path on the deployment; remembered for it."),
]
GatewayUrl = Annotated[
    str | None,
    typer.Option("--gateway-url", metavar="URL", help="A standalone gateway; remembered for the deployment."),
]


def gateway_changes(
    names: list[str] | None, path: str | None, url: str | None, *, insecure_http: bool = False
) -> dict[str, str]:
    """Return what the options change, under the keys of `aibridge_cli.credentials.gateway_settings.USUAL`.

    Args:
        names: Each `WIRE=NAME`; the usual name is forgotten again by naming it.
        path: The gateway's path, which means that it is the deployment's own again.
        url: A standalone gateway.
        insecure_http: Whether plain http to another machine is accepted.

    Raises:
        UsageError: They cannot be meant together, or one is none of these.
        CredentialRefused: The URL cannot be a gateway's.
    """
    if path is not None and url is not None:
        raise UsageError(
            "`--gateway-path` is for the deployment's own gateway, `--gateway-url` for another", hint="give one of them"
        )
    changes: dict[str, str] = {}
    for text in names or ():
        wire, equals, name = text.partition("=")
        if wire not in WIRES or not equals or not name:
            raise UsageError(
                f"`--provider-name {text}` names no wire and provider",
                hint="write `--provider-name openai=NAME` or `--provider-name anthropic=NAME`; "
                "`aibridge models` finds the names",
            )
        changes[wire] = name
    if path is not None:
        changes |= {"path": path, "url": ""}
    if url is not None:
        changes["url"] = standalone_root(url, insecure_http)
    return changes
