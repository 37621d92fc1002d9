"""What `aibridge token` and `aibridge env` answer, for the fast and for the whole program."""

from __future__ import annotations

import os
import sys
import time

from aibridge_cli.errors import AibridgeError, NotSignedIn, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from aibridge_cli.client_environment import ClientEnvironment
    from aibridge_cli.credentials.found import FoundToken
    from aibridge_cli.facts import Facts
    from aibridge_cli.secret import Secret
    from aibridge_cli.shells.formats import Shell

BROKEN_PIPE = 141
JOB_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "CIRCLECI", "BUILDKITE", "JENKINS_URL")
"""Any of these says that a CI job runs us."""


def token_text(
    *,
    url: str | None = None,
    state_dir: str | None = None,
    coder_config_dir: str | None = None,
    coder_command: str = "",
    insecure_http: bool = False,
) -> str:
    """Return what `aibridge token` prints; the arguments are its flags.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    found = client_token(
        url=url,
        state_dir=state_dir,
        coder_config_dir=coder_config_dir,
        coder_command=coder_command,
        insecure_http=insecure_http,
    )
    return found[1].value.reveal() + "\n"


def client_token(
    *,
    url: str | None = None,
    state_dir: str | None = None,
    coder_config_dir: str | None = None,
    coder_command: str = "",
    insecure_http: bool = False,
) -> tuple[str, FoundToken]:
    """Return deployment and token as a client's helper is to get them; the arguments are the flags of `aibridge token`.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.facts import gather
    from aibridge_cli.folders import pinned

    facts = pinned(gather(), state_dir=state_dir, coder_config_dir=coder_config_dir)
    deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
    token = resolve_token(facts, deployment.value, coder_command=coder_command, renew=True)
    if facts.terminal:  # a client would take the notes for a failure
        _say_notes(token)
    return deployment.value, token


class Environment:
    """What `aibridge env` answers.

    Args:
        text: For the shell or the file; secrets are in clear.
        token: The token in it, or None when there is none.
    """

    __slots__ = ("text", "token")

    def __init__(self, text: str, token: Secret | None) -> None:
        self.text = text
        self.token = token


def env_text(
    facts: Facts,
    shell: Shell,
    clients: Sequence[str] = (),
    *,
    url: str | None = None,
    anthropic_api_key: bool = False,
    insecure_http: bool = False,
    credential: str = "",
    typed: str | None = None,
    quiet: bool = False,
    to_file: bool = False,
) -> Environment:
    """Return what `aibridge env` prints; notes go to standard error.

    Args:
        facts: Where we run.
        shell: Who is to read it.
        clients: Ids or aliases; without any, the variables that most clients read.
        url: The value of `--url`.
        anthropic_api_key: Whether `--anthropic-api-key` was given.
        insecure_http: Whether `--insecure-http` was given.
        credential: The value of `--credential`: `helper` or `env`; "" for the helper where the
            client can ask it and will find the token.
        typed: The token that came on standard input, or None.
        quiet: Whether this is a shell's start or prompt: without a token nothing is set,
            and what was set before goes; notes and warnings are left out, and all there
            is to say is one line for a person.
        to_file: Whether the text goes into a file by our own hand.

    Raises:
        AibridgeError: There is no token, or a flag or file that cannot be right.
    """
    from aibridge_cli.credentials.deployment import resolve_deployment
    from aibridge_cli.credentials.gateway_settings import gateway_of
    from aibridge_cli.credentials.session import resolve_token
    from aibridge_cli.environment import generic_environment, restoring_text, setting_text

    try:
        needed = None
        if clients:
            needed = _needed(facts, clients, credential)
        elif credential:
            raise UsageError("`--credential` goes with clients", hint="the generic variables hold the token")
        deployment = resolve_deployment(facts, url, insecure_http=insecure_http)
        token = resolve_token(facts, deployment.value, typed=typed)
        addresses = gateway_of(facts, deployment.value)
        if needed is None:
            unset: Iterable[str] = ()
            values = generic_environment(addresses, token.value, anthropic_api_key)
        else:
            helper: dict[str, str] = {}
            if needed.uses_helper and not credential and not token.outlives_this_shell:
                needed = _needed(facts, clients, "env")  # a helper would not find it later
            if needed.uses_helper:
                from aibridge_cli.helper import helper_command, quote_for_shell

                words = helper_command(
                    facts, deployment.value, coder_command=token.program, insecure_http=insecure_http
                )
                helper = {"helper": quote_for_shell(words, facts.platform), "helper.command": words[0]}
            unset = needed.unset
            values = needed.values(addresses, deployment.value, token.value, helper)
        text = setting_text(shell, facts.environ, values, unset)
    except AibridgeError as error:
        if not quiet:
            raise
        if facts.terminal:
            say(f"aibridge: {error.message}")
        if isinstance(error, NotSignedIn) and shell.keeps:  # what a session left in this shell ends with it
            return Environment(restoring_text(shell, facts.environ)[0], None)
        return Environment(shell.script(()), None)
    ending = ends_within_day(token.expires, int(time.time()))
    if ending and (facts.terminal or not quiet):
        say(f"warning: {ending}")
    if not quiet:
        _say_notes(token)
        for warning in () if needed is None else needed.warnings():
            say(f"warning: {warning}")
        for name in unset if not shell.keeps else ():
            if name in facts.environ:
                say(f"warning: `{name}` is set here and would win; {shell.name} has no way to take it away")
    if not to_file and not facts.environ.keys().isdisjoint(JOB_VARIABLES):
        from aibridge_cli.job_log import protect

        for line in protect(facts, shell, token.value, start_up=quiet).splitlines():
            say(line)
    return Environment(text, token.value)


def unset_text(facts: Facts, shell: Shell, clients: Sequence[str] = ()) -> str:
    """Return what `aibridge env --unset` prints: the lines that put back what stood before `env`.

    Args:
        facts: Where we run.
        shell: Who is to read it.
        clients: Ids or aliases; without any, everything that we set in this shell.

    Raises:
        AibridgeError: A client is unknown, or its profile broken.
    """
    from aibridge_cli.environment import restoring_text
    from aibridge_cli.shells.keeping import RECORD

    names = None
    if clients:
        names = _needed(facts, clients, "").names
    text, changed = restoring_text(shell, facts.environ, names)
    for name in changed:
        say(f"note: `{name}` was changed since `aibridge env` set it, so it stays")
    if RECORD not in facts.environ:
        say("note: nothing of ours is set in this shell")
    return text


def _needed(facts: Facts, clients: Sequence[str], credential: str) -> ClientEnvironment:
    from aibridge_cli.client_environment import ClientEnvironment

    if credential not in ("", "helper", "env"):
        raise UsageError(
            f"variables do not carry the token by `{credential}`",
            hint="possible: `--credential helper`, `--credential env`",
        )
    needed = ClientEnvironment(facts, clients, helper=credential != "env")
    if credential == "helper" and needed.without_helper:
        raise UsageError(f"no variable of `{needed.without_helper[0]}` names a helper", hint="leave the option out")
    return needed


def ends_within_day(expires: int, now: int) -> str:
    """Return what to say about a token that ends within 24 hours; "" when there is nothing to say.

    Args:
        expires: When it ends, in seconds since the epoch; 0 when that is not known.
        now: The time, likewise.
    """
    left = expires - now
    if not expires or left >= 86400:
        return ""
    if left <= 0:
        return "the token has ended; sign in again"
    hours, minutes = left // 3600, left // 60
    amount, unit = (hours, "hour") if hours else (minutes, "minute")
    if not amount:
        return "the token ends in a minute"
    return f"the token ends in {amount} {unit}{'' if amount == 1 else 's'}"


def write_data(text: str) -> int:
    """Write to standard output and return the exit code: quiet when nobody reads it."""
    if sys.stdout is None:
        return 1
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _drop(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE
        say(f"error: cannot write to standard output: {error.strerror}")
        return 1
    return 0


def _say_notes(token: FoundToken) -> None:
    for note in token.notes:
        say(f"note: {note}")


def say(text: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:  # nobody listens, and there is nowhere else to say it
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    # what is left in the buffer would fail again when the interpreter ends
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
