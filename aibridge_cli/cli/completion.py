"""`aibridge completion SHELL`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from aibridge_cli.answers import write_data
from aibridge_cli.completions.packaged import packaged
from aibridge_cli.errors import AibridgeError

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog='Example: eval "$(aibridge completion bash)"')
def completion(
    shell: Annotated[
        Literal["bash", "zsh", "fish", "powershell"],
        typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell."),
    ],
) -> None:
    """Print the script that lets a shell complete our commands.

    pipx and the system's packages install the scripts for bash, zsh and fish where the shells
    look. By hand, a line for the start of the shell:

    \b
      bash        eval "$(aibridge completion bash)"
      zsh         eval "$(aibridge completion zsh)"   (after `compinit`)
      fish        aibridge completion fish | source
      PowerShell  aibridge completion powershell | Out-String | Invoke-Expression

    A completion starts no Python: the commands are in the script.
    """  # noqa: D301  Typer leaves the lines after this character as they are
    try:
        text = packaged(shell)
    except OSError as error:
        raise AibridgeError(
            f"the completion script for {shell} is missing from this installation: {error.strerror}",
            hint="install aibridge again",
        ) from None
    raise typer.Exit(write_data(text))
