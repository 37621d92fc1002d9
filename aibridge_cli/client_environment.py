"""The variables that clients' profiles ask for, for `aibridge env CLIENT`.

Reads each profile with `tomllib` alone, as shells wait for this.
"""

from __future__ import annotations

from aibridge_cli import folders
from aibridge_cli.clients.catalogue import catalogue, read
from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.clients.variables import client_variables
from aibridge_cli.errors import UsageError
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.deployment.urls import Gateway
    from aibridge_cli.facts import Facts


class ClientEnvironment:
    """What some clients need in their environment.

    Args:
        facts: Where the profiles are.
        clients: Ids or aliases.

    Raises:
        UsageError: An unknown client, one without variables, or two that need the same
            variable to differ.
        ProfileError: A profile is broken.
    """

    __slots__ = ("templates", "unset")

    def __init__(self, facts: Facts, clients: Iterable[str]) -> None:
        self.templates: dict[str, str] = {}
        self.unset: dict[str, str] = {}
        known = catalogue(facts, folders.config_folder(facts))
        owners: dict[str, str] = {}
        for client in clients:
            file = known.file(client)
            env, unset = client_variables(read(file), file)
            if not env:
                raise UsageError(
                    f"`{client}` reads no variables of ours", hint=f"`aibridge configure {client}` writes its file"
                )
            for name, template in env.items():
                if self.templates.setdefault(name, template) != template:
                    raise _differ(name, owners[name], client)
                owners.setdefault(name, client)
            for name in unset:
                self.unset.setdefault(name, client)
        for name, client in self.unset.items():
            if name in owners:
                raise _differ(name, owners[name], client)

    def values(self, gateway: Gateway, origin: str, token: Secret) -> tuple[tuple[str, str | Secret], ...]:
        """Return variables and values, with every placeholder filled in.

        A variable for a model is left out, as no model was named.

        Args:
            gateway: The addresses.
            origin: The deployment's origin.
            token: The Coder token.
        """
        known = {
            "gateway.root": gateway.root,
            "gateway.openai": gateway.openai,
            "gateway.anthropic": gateway.anthropic,
            "deployment.url": origin,
            "token": token.reveal(),
        }
        values: list[tuple[str, str | Secret]] = []
        for name, template in self.templates.items():
            used = names(template)
            if all(placeholder in known for placeholder in used):
                text = fill(template, known)
                values.append((name, Secret(text) if "token" in used else text))
        return tuple(values)


def _differ(name: str, one: str, other: str) -> UsageError:
    return UsageError(
        f"`{one}` and `{other}` need `{name}` to differ",
        hint=f"use one shell for each: `aibridge env {one}` here, `aibridge env {other}` there",
    )
