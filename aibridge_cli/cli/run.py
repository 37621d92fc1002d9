"""`aibridge run`: one session through the deployment, with nothing written."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from aibridge_cli.answers import say
from aibridge_cli.cli.options import InsecureHttp, Url
from aibridge_cli.cli.preparation import allowed, open_catalogue, open_store, values_for
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.placeholders import names
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.session import Session, session
from aibridge_cli.clients.ways import refuse_unsupported
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.gateway_settings import gateway_of
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.environment import API_KEY, generic_environment
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.helper import quote_for_shell
from aibridge_cli.launch import become
from aibridge_cli.programs import find_program, is_program
from aibridge_cli.secret import Secret

PASSED_ON = "aibridge.passed_on"


class PassesWordsOn(TyperCommand):
    """A command that leaves everything behind `--` to another program, unread."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep what is behind `--` for the command, and parse what stands before it."""
        if "--" in args:
            at = args.index("--")
            ctx.meta[PASSED_ON] = args[at + 1 :]
            args = args[:at]
        self._refuse_options_of_others(args)
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed

    def _refuse_options_of_others(self, args: list[str]) -> None:
        """Raise UsageError where an option that is none of ours stands behind the client's name."""
        ours = {"-h", "--help", *(name for param in self.params for name in param.opts)}
        options = [word for word in args if word.startswith("-") and word.partition("=")[0] not in ours]
        if options and not args[0].startswith("-"):
            raise UsageError(
                f"`{options[0]}` is no option of `aibridge run`",
                hint=f"the client's own stand behind `--`: `aibridge run {args[0]} -- {options[0]}`",
            )


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    cls=PassesWordsOn,
    options_metavar="[OPTIONS]",
    epilog="Example: aibridge run -- printenv OPENAI_BASE_URL",
)
def run(
    context: typer.Context,
    client: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT [-- ARGUMENTS] | -- COMMAND", help="What to start.")
    ] = None,
    *,
    url: Url = None,
    anthropic_api_key: Annotated[
        bool, typer.Option("--anthropic-api-key", help="For a command: put the token into `ANTHROPIC_API_KEY` as well.")
    ] = False,
    insecure_http: InsecureHttp = False,
) -> None:
    """Start a client, or any command, for one session through the deployment.

    Nothing is written: the session gets variables, and the client's own options where its
    files would win over those. Sign-ins and history stay. The client takes our place, so
    its terminal, signals and exit code are its own.
    """
    passed_on: list[str] | None = context.meta.get(PASSED_ON)
    named = client or []
    if len(named) > 1:
        raise UsageError(
            f"`{named[1]}` is one client too many",
            hint=f"its arguments stand behind `--`: `aibridge run {named[0]} -- …`",
        )
    facts = gather()
    if named:
        if anthropic_api_key:
            raise UsageError("`--anthropic-api-key` does not go with a client", hint="its profile says what it needs")
        profile = open_catalogue(facts).load(named[0])
        refuse_unsupported(profile)
        allowed(facts, [profile.id])
        planned = _of_client(facts, profile, url, insecure_http=insecure_http)
        _refuse_rivals(planned, passed_on or [])
        hint = f"install {profile.name}: {profile.docs}"
    else:
        if not passed_on:
            raise UsageError("there is nothing to start", hint="name a client, or a command behind `--`")
        planned = _of_command(facts, url, anthropic_api_key=anthropic_api_key, insecure_http=insecure_http)
        hint = "`PATH` names the folders that were looked at"
    words = [*planned.command, *(passed_on or [])]
    program = _program(facts, words[0])
    if not program:
        raise AibridgeError(f"`{words[0]}` is not on this machine", hint=hint)
    environ = {name: value for name, value in facts.environ.items() if name not in planned.unset}
    for name, value in planned.env.items():
        environ[name] = value.reveal() if isinstance(value, Secret) else value
    raise typer.Exit(become(program, words, environ))


def _of_client(facts: Facts, profile: Profile, url: str | None, *, insecure_http: bool) -> Session:
    if not profile.detect.commands and not (profile.run and profile.run.command):
        raise UsageError(
            f"{profile.name} has no command to start", hint=f"`aibridge clients show {profile.id}` says what there is"
        )
    addresses = any(
        name.startswith(("gateway.", "deployment.")) for text in profile.env.values() for name in names(text)
    )
    configured = open_store(facts).state().clients.get(profile.id)
    if profile.run is None and not addresses and configured is None:
        raise UsageError(
            f"{profile.name} takes the address from its file alone", hint=f"`aibridge configure {profile.id}` writes it"
        )
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value)
    for note in token.notes:
        say(f"note: {note}")
    if profile.run is None and not addresses and configured and configured.deployment != deployment.value:
        raise UsageError(
            f"the file of {profile.name} names `{configured.deployment}`, not `{deployment.value}`",
            hint=f"`aibridge configure {profile.id}` writes the address",
        )
    return session(
        profile,
        values_for(facts, deployment.value, token, insecure_http=insecure_http),
        platform=facts.platform,
        paths=resolve_paths(profile, facts),
        quote=lambda words: quote_for_shell(tuple(words), facts.platform),
        helper=token.outlives_this_shell,
    )


def _of_command(facts: Facts, url: str | None, *, anthropic_api_key: bool, insecure_http: bool) -> Session:
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value)
    for note in token.notes:
        say(f"note: {note}")
    variables = dict(generic_environment(gateway_of(facts, deployment.value), token.value, anthropic_api_key))
    # a personal key would be sent to the deployment beside the token
    return Session((), variables, unset=() if anthropic_api_key else (API_KEY,))


def _refuse_rivals(planned: Session, words: list[str]) -> None:
    for word in words:
        if word.partition("=")[0] in planned.flags:
            raise UsageError(
                f"`{word.partition('=')[0]}` is how this session gets its address",
                hint="put what it says into the client's own files",
            )


def _program(facts: Facts, word: str) -> str:
    if os.path.dirname(word):
        path = os.path.join(facts.cwd, word)
        return path if is_program(path) else ""
    return find_program(facts, word)
