"""The commands: their names and one line each; a command's module is imported when it is typed.

Help, suggestions and completion come from the table, so that nobody can make a fast
command slow by an import in another one.
"""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from aibridge_cli import __version__
from aibridge_cli.errors import AibridgeError, UsageError

COMMANDS = {
    "configure": ("aibridge_cli.cli.configure", "Point clients at the AI Bridge."),
    "unconfigure": ("aibridge_cli.cli.unconfigure", "Take back what `configure` did, to the byte."),
    "check": ("aibridge_cli.cli.check", "Tell whether `configure` would change anything, and why."),
    "explain": ("aibridge_cli.cli.explain", "Explain each key of ours in a client's files."),
    "history": ("aibridge_cli.cli.history", "List what was changed when: runs, files and keys."),
    "undo": ("aibridge_cli.cli.undo", "Go back to before a run: the last, or one you name."),
    "secrets": ("aibridge_cli.cli.secrets", "Find tokens of ours where they should not be."),
    "login": ("aibridge_cli.cli.login", "Sign in to a Coder deployment."),
    "logout": ("aibridge_cli.cli.logout", "Forget the session with a deployment."),
    "status": ("aibridge_cli.cli.status", "Show deployment, token and configured clients."),
    "rotate": ("aibridge_cli.cli.rotate", "Replace the token of `aibridge login` everywhere."),
    "tokens": ("aibridge_cli.cli.tokens", "List, make and revoke your tokens on the deployment."),
    "deployments": ("aibridge_cli.cli.deployments", "List the deployments that were signed in to."),
    "env": ("aibridge_cli.cli.env", "Print the variables for a shell to evaluate."),
    "shell": ("aibridge_cli.cli.shell", "Set the variables whenever a shell starts."),
    "run": ("aibridge_cli.cli.run", "Start a client for one session, with nothing written."),
    "token": ("aibridge_cli.cli.token", "Print the Coder token and nothing else."),
    "doctor": ("aibridge_cli.cli.doctor", "Find out why it does not work, and what helps."),
    "models": ("aibridge_cli.cli.models", "List the models of each provider of the deployment."),
    "clients": ("aibridge_cli.cli.clients", "List the clients: supported, found here, configured."),
    "pack": ("aibridge_cli.cli.pack", "Use profiles and rules that your organisation hands out."),
    "template": (
        "aibridge_cli.cli.template",
        "Print Terraform for clients in Coder workspaces.",
    ),
    "completion": ("aibridge_cli.cli.completion", "Print the script that lets a shell complete our commands."),
    "demo": ("aibridge_cli.cli.demo", "Try the main job on a small deployment of our own."),
}


# the base of all that Typer says about a call that it cannot read; of these only this one is exported
_Misuse: type[typer.BadParameter] = typer.BadParameter.__mro__[1]


class Commands(TyperGroup):
    """The group that imports a command when it is typed, and shows our errors."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.commands = {
            name: TyperCommand(name, help=summary, rich_markup_mode=None) for name, (_, summary) in COMMANDS.items()
        }
        self._imported: set[str] = set()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that was typed."""
        name = args[0]
        if name in COMMANDS and name not in self._imported:
            module = importlib.import_module(COMMANDS[name][0])
            command = typer.main.get_command(module.app)
            command.name = name
            self.commands[name] = command
            self._imported.add(name)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        try:
            return super().parse_args(ctx, args)
        except _Misuse as error:
            raise _told(error) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command; the one place where our errors end."""
        try:
            return super().invoke(ctx)
        except (AibridgeError, _Misuse) as error:
            raise _told(error) from None


def _told(error: AibridgeError | typer.BadParameter) -> Exception:
    """Tell of an error and return what ends the program; with `--json`, what Typer found is told as our own are."""
    from aibridge_cli.output import report

    words = sys.argv[1:]
    arguments = words[: words.index("--")] if "--" in words else words
    command, as_json = next((word for word in arguments if word in COMMANDS), ""), "--json" in arguments
    if isinstance(error, AibridgeError):
        return typer.Exit(report(error, command=command, as_json=as_json))
    if not as_json:
        return error
    where = f"aibridge {command}".rstrip()
    message = " ".join(error.format_message().split()).removesuffix(".")
    return typer.Exit(report(UsageError(message, hint=f"see `{where} --help`"), command=command, as_json=True))


def _version(value: bool) -> None:
    if value:
        typer.echo(f"aibridge {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Try `aibridge demo`: it needs no deployment and touches nothing of yours.",
)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Point AI coding tools at a Coder deployment's AI Bridge, and take it back."""


def main() -> int:
    """Run the command line and return its exit code."""
    from aibridge_cli.output import silence

    try:
        app(standalone_mode=True)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 1
    except BrokenPipeError:
        silence(sys.stdout)
        return 1
    return 0
