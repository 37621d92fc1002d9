"""`aibridge env`, for what its fast form in `aibridge_cli.fast` does not answer."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from aibridge_cli import folders
from aibridge_cli.answers import env_text, say, unset_text, write_data
from aibridge_cli.cli.env_clients import clients_with_variables
from aibridge_cli.cli.env_file import write_variables
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.options import InsecureHttp, TokenOnStdin, Url
from aibridge_cli.cli.preparation import allowed, open_catalogue
from aibridge_cli.clients.generic_env import table
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.token import typed_token
from aibridge_cli.environment import exposures
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.shells.choose import FORMATS, SHELLS, detect, shell_named, start_lines
from aibridge_cli.shells.job_formats import mask_command

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    epilog=f"In a start-up file, or by hand:\n\n\b\n{start_lines()}\n\n"
    f'Examples: eval "$(aibridge env)"; aibridge env {example_client()} --shell fish'
)
def env(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT...", help="What these clients need; else what most read.")
    ] = None,
    *,
    shell: Annotated[
        str | None,
        typer.Option(
            "--shell",
            metavar="SHELL|FORMAT",
            help=f"One of {', '.join(SHELLS)}; else the one that runs us. "
            f"Or what a program reads: {', '.join(FORMATS)}.",
        ),
    ] = None,
    more_clients: Annotated[
        str,
        typer.Option("--clients", metavar="all|CLIENT,...", help="The same, in one word; `all` is those found here."),
    ] = "",
    unset: Annotated[bool, typer.Option("--unset", help="Print the lines that put back what stood before.")] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Write it to this file, 0600; formats that others write to as well (github, circleci) are added to.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With `--to`: the file may exist, and is replaced.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="For start-up files: without a token nothing is set, and one line said.")
    ] = False,
    credential: Annotated[
        Literal["helper", "env"] | None,
        typer.Option(
            "--credential",
            help="How clients get the token: by our helper, which those that can call it do, or in a variable.",
        ),
    ] = None,
    url: Url = None,
    token_on_stdin: TokenOnStdin = False,
    anthropic_api_key: Annotated[
        bool,
        typer.Option(
            "--anthropic-api-key",
            help="Put the token into `ANTHROPIC_API_KEY` as well, and the address into `ANTHROPIC_HOST`.",
        ),
    ] = False,
    insecure_http: InsecureHttp = False,
) -> None:
    """Print the variables for a shell to evaluate, or in the form that a CI system or program reads.

    Without a client these are `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `ANTHROPIC_BASE_URL` and
    `ANTHROPIC_AUTH_TOKEN`, and `OPENAI_AGENTS_DISABLE_TRACING`, as traces would take the token
    to OpenAI. Values are quoted so that none can run code; what a format
    cannot carry is refused. A shell keeps what stood in the variables, for `--unset`.
    """
    facts = gather()
    clients = [*(clients or []), *_more(facts, more_clients)]
    if clients and anthropic_api_key:
        raise UsageError("`--anthropic-api-key` does not go with clients", hint="their profiles say what they need")
    if quiet and to is not None:
        raise UsageError(
            "`--quiet` does not go with `--to`", hint="it is for start-up files, which evaluate the output"
        )
    if replace and to is None:
        raise UsageError("`--replace` goes with `--to`", hint="name the file with `--to FILE`")
    if not unset:
        allowed(facts, clients)
    reader = detect(facts) if shell is None else shell_named(shell)
    if unset:
        if to is not None:
            raise UsageError("`--unset` does not go with `--to`", hint="remove the file that was written")
        raise typer.Exit(write_data(unset_text(facts, reader, clients)))
    answer = env_text(
        facts,
        reader,
        clients,
        url=url,
        anthropic_api_key=anthropic_api_key,
        insecure_http=insecure_http,
        credential=credential or "",
        typed=typed_token(sys.stdin) if token_on_stdin else None,
        quiet=quiet,
        to_file=to is not None,
    )
    for warning in [] if clients or quiet else _warnings(facts):
        say(f"warning: {warning}")
    if to is None:
        raise typer.Exit(write_data(answer.text))
    # before the value can be anywhere, and on the stream that the runner is documented to read
    code = write_data(mask_command(answer.token.reveal())) if reader.name == "github" and answer.token else 0
    warning = write_variables(reader, answer.text, to, replace=replace)
    if warning:
        say(f"warning: {warning}")
    raise typer.Exit(code)


def _more(facts: Facts, text: str) -> list[str]:
    if text != "all":
        return [name for name in text.split(",") if name]
    clients, left_out = clients_with_variables(facts)
    for reason in left_out:
        say(f"warning: {reason}")
    return clients


def _warnings(facts: Facts) -> list[str]:
    """Return what the generic variables would do to clients here, by the user's own profiles as well."""
    profiles, problems = open_catalogue(facts).load_all()
    try:
        configured = read_line(folders.configured_file(facts))
    except AibridgeError:  # too many warnings are better than none
        configured = ""
    warnings = [problem.message for problem in problems]
    return warnings + [exposure.message() for exposure in exposures(facts, table(profiles), configured)]
