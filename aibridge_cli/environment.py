"""The variables that point any client at the gateway, and whom they would harm."""

from __future__ import annotations

import os

from aibridge_cli import folders
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.pack_index import index_file
from aibridge_cli.programs import find_program
from aibridge_cli.secret import Secret
from aibridge_cli.shells.formats import SET, UNSET, Deed, check_value
from aibridge_cli.shells.keeping import restoring, setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from aibridge_cli.deployment.urls import Gateway
    from aibridge_cli.facts import Facts
    from aibridge_cli.shells.formats import Shell

API_KEY = "ANTHROPIC_API_KEY"
TRACING = "OPENAI_AGENTS_DISABLE_TRACING"
"""Without it OpenAI's library for agents sends what it traces to OpenAI, with `OPENAI_API_KEY`, wherever it asks
models; its profile names the page that says so."""
HOST = "ANTHROPIC_HOST"
"""The address for clients that take `ANTHROPIC_API_KEY` and not `ANTHROPIC_BASE_URL`. Without our key there it stays as
it is, as a personal key that such a client keeps would be sent to the deployment."""


def generic_environment(
    gateway: Gateway, token: Secret, anthropic_api_key: bool = False
) -> tuple[tuple[str, str | Secret], ...]:
    """Return the variables for clients that need no more than addresses and a token.

    Args:
        gateway: The addresses.
        token: The Coder token.
        anthropic_api_key: Whether the token goes into `ANTHROPIC_API_KEY` as well, which
            a few clients want and others then prefer to `ANTHROPIC_AUTH_TOKEN`.
    """
    values: tuple[tuple[str, str | Secret], ...] = (
        ("OPENAI_BASE_URL", gateway.openai),
        ("OPENAI_API_KEY", token),
        (TRACING, "1"),
        ("ANTHROPIC_BASE_URL", gateway.anthropic),
        ("ANTHROPIC_AUTH_TOKEN", token),
    )
    return (*values, (API_KEY, token), (HOST, gateway.anthropic)) if anthropic_api_key else values


def setting_text(
    shell: Shell,
    environ: Mapping[str, str],
    variables: Iterable[tuple[str, str | Secret]],
    unset: Iterable[str] = (),
) -> str:
    """Return what a shell or program reads to have the variables; secrets are in clear.

    A running shell keeps what stood in them before.

    Args:
        shell: The format.
        environ: The exported variables of the shell.
        variables: Names and values.
        unset: Variables to take away.

    Raises:
        UsageError: The format cannot carry one of them.
    """
    deeds = [Deed(UNSET, name) for name in unset]
    for name, value in variables:
        secret = isinstance(value, Secret)
        deeds.append(Deed(SET, name, value.reveal() if isinstance(value, Secret) else value, secret=secret))
    for deed in deeds:
        if deed.verb == SET:
            check_value(deed.name, deed.value)
    return shell.script(setting(environ, deeds) if shell.keeps else deeds)


def restoring_text(
    shell: Shell, environ: Mapping[str, str], names: Collection[str] | None = None
) -> tuple[str, list[str]]:
    """Return what a shell evaluates to have its earlier variables back, and the names of those that stay.

    Args:
        shell: The format of a running shell.
        environ: The exported variables of the shell.
        names: The variables to restore; None for all that we set.

    Raises:
        UsageError: The shell cannot take an earlier value, or has none because it is a file.
    """
    if not shell.keeps:
        raise UsageError(f"{shell.name} keeps nothing to go back to", hint="remove the file that was written")
    deeds, changed = restoring(environ, names)
    return shell.script(deeds), changed


class Exposure:
    """A client on this machine that the generic variables would break, or make leak.

    Args:
        id: The client.
        verdict: `breaks` (a wrong address on the deployment) or `leaks` (the token would
            go to the vendor).
        note: What it does with them, a sentence that begins with "it".
    """

    __slots__ = ("id", "note", "verdict")

    def __init__(self, id: str, verdict: str, note: str) -> None:  # noqa: A002 - what the profiles call it
        self.id = id
        self.verdict = verdict
        self.note = note

    def message(self) -> str:
        """Return the warning about it, with what to do."""
        remedy = f"`aibridge clients show {self.id}` says what helps"
        return f"`{self.id}` is on this machine, and with these variables {self.note}; {remedy}"


def exposures(facts: Facts, table: str, configured: str) -> tuple[Exposure, ...]:
    """Return the clients that are here, are not configured by us, and would come to harm.

    Args:
        facts: Where we run; its `PATH` says what is here.
        table: Lines of id, verdict, commands (between commas) and note, between tabs.
        configured: Lines that begin with the id of a client that we configured and a tab.
    """
    done = {line.partition("\t")[0] for line in configured.splitlines()}
    found = []
    for line in table.splitlines():
        fields = line.split("\t")
        if line.startswith("#") or len(fields) != 4:
            continue
        id_, verdict, commands, note = fields
        if verdict not in ("breaks", "leaks") or id_ in done:
            continue
        if any(find_program(facts, command) for command in commands.split(",") if command):
            found.append(Exposure(id_, verdict, note))
    return tuple(found)


def generic_warnings(facts: Facts) -> tuple[str, ...]:
    """Return what to say to a user who sets the generic variables on this machine."""
    try:
        table = _exposure_table()
    except OSError:
        return ("the list of clients that these variables would harm is missing from this installation",)
    try:
        configured = read_line(folders.configured_file(facts))
    except AibridgeError:  # too many warnings are better than none
        configured = ""
    return tuple([exposure.message() for exposure in exposures(facts, table, configured)])


def has_own_profiles(facts: Facts) -> bool:
    """Tell whether the user or the organisation added client profiles to those we ship."""
    if facts.variable("AIBRIDGE_PROFILE_PATH"):
        return True
    try:
        return os.path.isdir(os.path.join(folders.config_folder(facts), "profiles")) or has_packs(facts)
    except AibridgeError:  # no home, so none there
        return False


def has_packs(facts: Facts) -> bool:
    """Tell whether an organisation's packs are installed, whose rules the whole program knows."""
    try:
        return os.path.exists(index_file(folders.config_folder(facts)))
    except AibridgeError:  # no home, so none there
        return False


def _exposure_table() -> str:
    package = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(package, "client_profiles", "generic-env.tsv")
    if not os.path.exists(path):  # a checkout
        path = os.path.join(os.path.dirname(package), "client_profiles", "generic-env.tsv")
    with open(path, encoding="utf-8") as file:
        return file.read()
