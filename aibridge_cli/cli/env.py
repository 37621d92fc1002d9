"""`aibridge env`, for what its fast form in `aibridge_cli.fast` does not answer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from aibridge_cli import folders
from aibridge_cli.answers import env_text, say, unset_text, write_data
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.options import InsecureHttp, TokenOnStdin, Url
from aibridge_cli.cli.preparation import open_catalogue
from aibridge_cli.clients.generic_env import table
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.token import typed_token
from aibridge_cli.environment import exposures
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.shells.choose import SHELLS, detect, shell_named

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog=f'Examples: eval "$(aibridge env)"; aibridge env {example_client()} --shell fish')
def env(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT...", help="What these clients need; else what most read.")
    ] = None,
    *,
    shell: Annotated[
        str | None,
        typer.Option("--shell", metavar="SHELL", help=f"One of {', '.join(SHELLS)}; else the one that runs us."),
    ] = None,
    unset: Annotated[bool, typer.Option("--unset", help="Print the lines that take the variables away.")] = False,
    url: Url = None,
    token_on_stdin: TokenOnStdin = False,
    anthropic_api_key: Annotated[
        bool, typer.Option("--anthropic-api-key", help="Put the token into `ANTHROPIC_API_KEY` as well.")
    ] = False,
    insecure_http: InsecureHttp = False,
) -> None:
    """Print the variables for a shell to evaluate.

    Without a client these are `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `ANTHROPIC_BASE_URL` and
    `ANTHROPIC_AUTH_TOKEN`. Values are quoted so that none can run code.
    """
    facts = gather()
    clients = clients or []
    if clients and anthropic_api_key:
        raise UsageError("`--anthropic-api-key` does not go with clients", hint="their profiles say what they need")
    reader = detect(facts) if shell is None else shell_named(shell)
    if unset:
        raise typer.Exit(write_data(unset_text(facts, reader, clients, anthropic_api_key=anthropic_api_key)))
    text = env_text(
        facts,
        reader,
        clients,
        url=url,
        anthropic_api_key=anthropic_api_key,
        insecure_http=insecure_http,
        typed=typed_token(sys.stdin) if token_on_stdin else None,
    )
    for warning in [] if clients else _warnings(facts):
        say(f"warning: {warning}")
    raise typer.Exit(write_data(text))


def _warnings(facts: Facts) -> list[str]:
    """Return what the generic variables would do to clients here, by the user's own profiles as well."""
    profiles, problems = open_catalogue(facts).load_all()
    try:
        configured = read_line(folders.configured_file(facts))
    except AibridgeError:  # too many warnings are better than none
        configured = ""
    warnings = [problem.message for problem in problems]
    return warnings + [exposure.message() for exposure in exposures(facts, table(profiles), configured)]
