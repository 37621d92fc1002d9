"""`aibridge token`, for what its fast form in `aibridge_cli.fast` does not answer: help and errors."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.answers import token_text, write_data
from aibridge_cli.cli.options import InsecureHttp, Url

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
) -> None:
    """Print the Coder token and nothing else.

    This is the command that client files name, so it never asks anything. Without a token
    it says why on standard error and ends with 4.
    """
    text = token_text(
        url=url,
        state_dir=state_dir,
        coder_config_dir=coder_config_dir,
        coder_command=coder_command or "",
        insecure_http=insecure_http,
    )
    raise typer.Exit(write_data(text))
