"""`aibridge token`, for what its fast form in `aibridge_cli.fast` does not answer: help and errors."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.answers import client_token, write_data
from aibridge_cli.cli.options import InsecureHttp, Json, Url
from aibridge_cli.durations import iso
from aibridge_cli.output import Result, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Example: aibridge token --url https://coder.example.com")
def token(
    *,
    url: Url = None,
    state_dir: Annotated[
        str | None, typer.Option("--state-dir", metavar="DIR", help="Our state folder, where it is not the usual one.")
    ] = None,
    coder_config_dir: Annotated[
        str | None,
        typer.Option(
            "--coder-config-dir", metavar="DIR", help="The Coder CLI's folder, where it is not the usual one."
        ),
    ] = None,
    coder_command: Annotated[
        str | None,
        typer.Option("--coder-command", metavar="PATH", help="The Coder CLI to ask; else the one on `PATH`."),
    ] = None,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Print the Coder token and nothing else.

    This is the command that client files name, so it never asks anything. A token of
    `aibridge login` that is near its end is renewed. Without a token it says why on
    standard error and ends with 4.
    """
    deployment, token = client_token(
        url=url,
        state_dir=state_dir,
        coder_config_dir=coder_config_dir,
        coder_command=coder_command or "",
        insecure_http=insecure_http,
    )
    if not as_json:
        raise typer.Exit(write_data(token.value.reveal() + "\n"))
    data = {
        "deployment": deployment,
        "token": token.value.reveal(),
        "source": token.source,
        "expires_at": iso(token.expires),
    }
    show(Result("token", data=data, messages=token.notes), as_json=True)
