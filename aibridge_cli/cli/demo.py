"""`aibridge demo`."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from aibridge_cli.cli.demonstration import demonstrate
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import gather
from aibridge_cli.loopback import Deployment
from aibridge_cli.output import say

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge demo")
def demo(
    *,
    serve: Annotated[
        bool, typer.Option("--serve", help="Only start the deployment, and keep it up for trying things by hand.")
    ] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="PORT",
            min=0,
            max=65535,
            show_default=False,
            help="Where it listens; a free port when absent or 0.",
        ),
    ] = 0,
) -> None:
    """Try the main job on a small deployment of our own.

    Needs no network and touches nothing outside a scratch folder: signs in, configures the
    clients, sends a request the way each would, takes everything back, and compares.
    """
    deployment = Deployment(port=port)
    try:
        deployment.start()
    except OSError as error:
        raise AibridgeError(
            f"cannot listen on port {port}: {error.strerror}", hint="leave `--port` out for a free one"
        ) from None
    try:
        code = _serve(deployment) if serve else demonstrate(gather(), deployment)
    finally:
        deployment.stop()
    raise typer.Exit(code)


def _serve(deployment: Deployment) -> int:
    token = deployment.tokens.issue("demo").text
    try:  # Ctrl-C may come as soon as something is seen
        typer.echo(f"export CODER_URL={deployment.url} CODER_SESSION_TOKEN={token}")
        say("the deployment is up; use the line above in another shell, and Ctrl-C here to end it")
        threading.Event().wait()
    except KeyboardInterrupt:
        say("\nthe deployment is down")
    return 0
