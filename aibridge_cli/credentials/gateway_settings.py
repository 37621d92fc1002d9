"""What is remembered about a deployment's gateway where it is not as usual.

::

    aibridge gateway 1
    path<TAB>ai-gateway                     instead of `aibridge`
    url<TAB>https://gateway.example.com     a standalone gateway, instead of the deployment's own
    openai<TAB>prod-openai                  what the provider is called there
    anthropic<TAB>bedrock

Lines, as `aibridge env` reads them. A deployment without such a file is as usual.
"""

from __future__ import annotations

import os

from aibridge_cli import folders
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.deployment.urls import gateway
from aibridge_cli.errors import AibridgeError, FileProblem, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from aibridge_cli.deployment.urls import Gateway
    from aibridge_cli.facts import Facts

USUAL = {"path": "aibridge", "url": "", "openai": "openai", "anthropic": "anthropic"}
"""What counts where nothing is remembered."""

WIRES = ("openai", "anthropic")
PATHS = ("aibridge", "ai-gateway")
_FIRST_LINE = "aibridge gateway 1"
_HINT = "remove the file, and name what differs to `aibridge configure` again"


def gateway_settings(facts: Facts, origin: str) -> dict[str, str]:
    """Return what counts for a deployment's gateway, under the keys of `USUAL`.

    Raises:
        FileProblem: The file cannot be read, or is not what we wrote.
        UsageError: A variable names a relative folder.
    """
    try:
        path = folders.gateway_file(facts, origin)
    except UsageError:
        raise
    except AibridgeError:  # no home, so nothing is remembered
        return dict(USUAL)
    text = read_line(path)
    if not text:
        return dict(USUAL)
    first, *lines = text.splitlines()
    found = dict(USUAL)
    for line in lines:
        name, _, value = line.partition("\t")
        if name in found and value:
            found[name] = value
    if first != _FIRST_LINE:
        raise FileProblem(path, "is not what `aibridge configure` wrote, or a later version's", hint=_HINT)
    try:
        _gateway(origin, found)
    except UsageError as error:
        raise FileProblem(path, error.message, hint=_HINT) from None
    return found


def gateway_of(facts: Facts, origin: str, changes: Mapping[str, str] | None = None) -> Gateway:
    """Return the addresses of a deployment's gateway.

    Args:
        facts: Where we run.
        origin: The deployment.
        changes: What is to count instead of what is remembered, under the keys of `USUAL`.

    Raises:
        FileProblem: What is remembered cannot be read.
        UsageError: A name that cannot stand in a path.
    """
    return _gateway(origin, {**gateway_settings(facts, origin), **(changes or {})})


def remember(facts: Facts, origin: str, changes: Mapping[str, str]) -> None:
    """Keep what differs from the usual, for the next runs.

    Args:
        facts: Where we run.
        origin: The deployment.
        changes: What counts from now on, under the keys of `USUAL`; the rest stays.

    Raises:
        FileProblem: It cannot be written.
    """
    from aibridge_cli.own_files import Lock, forget, keep

    path = folders.gateway_file(facts, origin)
    with Lock(os.path.dirname(path) + ".lock") as lock:
        lock.wait(10)
        settings = {**gateway_settings(facts, origin), **changes}
        lines = [f"{name}\t{value}\n" for name, value in settings.items() if value != USUAL[name]]
        if lines:
            keep(path, "".join([_FIRST_LINE + "\n", *lines]))
        else:
            forget(path)


def _gateway(origin: str, settings: Mapping[str, str]) -> Gateway:
    return gateway(
        origin,
        prefix=settings["path"],
        openai=settings["openai"],
        anthropic=settings["anthropic"],
        root=settings["url"],
    )
