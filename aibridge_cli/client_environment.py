"""The variables that clients' profiles ask for, for `aibridge env CLIENT`.

Reads the profiles that are shipped with `tomllib` alone, as shells wait for this.
"""

from __future__ import annotations

import os

from aibridge_cli import folders
from aibridge_cli.clients.catalogue import catalogue, read, shipped_folder
from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.clients.variables import client_variables
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.deployment.urls import Gateway
    from aibridge_cli.facts import Facts

_ADDRESSES = ("gateway.", "deployment.")


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

    __slots__ = ("_facts", "_without_address", "templates", "unset")

    def __init__(self, facts: Facts, clients: Iterable[str]) -> None:
        self._facts = facts
        self._without_address: list[str] = []
        self.templates: dict[str, str] = {}
        self.unset: dict[str, str] = {}
        known = catalogue(facts, folders.config_folder(facts))
        owners: dict[str, str] = {}
        for client in clients:
            file = known.file(client)
            if os.path.dirname(file) == shipped_folder():
                env, unset = client_variables(read(file), file)
            else:  # nobody has tested these, so they go through the strict loader
                profile = known.load(client)
                env, unset = profile.env, profile.unset
            if not env:
                raise UsageError(
                    f"`{client}` reads no variables of ours",
                    hint=f"`aibridge clients show {client}` says what it needs",
                )
            if not any(word.startswith(_ADDRESSES) for template in env.values() for word in names(template)):
                self._without_address.append(os.path.basename(file).removesuffix(".toml"))
            for name, template in env.items():
                if self.templates.setdefault(name, template) != template:
                    raise _differ(name, owners[name], client)
                owners.setdefault(name, client)
            for name in unset:
                self.unset.setdefault(name, client)
        for name, client in self.unset.items():
            if name in owners:
                raise _differ(name, owners[name], client)

    def warnings(self) -> tuple[str, ...]:
        """Return what to say about clients that these variables alone do not point at the deployment."""
        if not self._without_address:
            return ()
        try:
            configured = read_line(folders.configured_file(self._facts))
        except AibridgeError:  # too many warnings are better than none
            configured = ""
        done = {line.partition("\t")[0] for line in configured.splitlines()}
        return tuple(
            [
                f"`{client}` has the address in its file, and these variables hold none; "
                f"`aibridge configure {client} --credential env` writes it"
                for client in self._without_address
                if client not in done
            ]
        )

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
