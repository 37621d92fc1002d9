"""The variables that clients' profiles ask for, for `aibridge env CLIENT`.

Reads the profiles that are shipped with `tomllib` alone, as shells wait for this.
"""

from __future__ import annotations

import os

from aibridge_cli import folders
from aibridge_cli.clients.catalogue import catalogue, read, shipped_folder
from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.clients.variables import client_variables, names_helper, variables_of_way
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aibridge_cli.deployment.urls import Gateway
    from aibridge_cli.facts import Facts

_ADDRESSES = ("gateway.", "deployment.")


class ClientEnvironment:
    """What some clients need in their environment.

    `templates` are the variables to set, `unset` those to take away and `names` all that either
    way touches; `without_helper` are the clients whose variables name no helper.

    Args:
        facts: Where the profiles are.
        clients: Ids or aliases.
        helper: Whether those that can are to ask our helper for the token; else it stands in
            the variables itself.

    Raises:
        UsageError: An unknown client, one without variables, or two that need the same
            variable to differ.
        ProfileError: A profile is broken.
    """

    __slots__ = ("_facts", "_without_address", "names", "templates", "unset", "without_helper")

    def __init__(self, facts: Facts, clients: Iterable[str], *, helper: bool = False) -> None:
        self._facts = facts
        self._without_address: list[str] = []
        self.templates: dict[str, str] = {}
        self.unset: dict[str, str] = {}
        self.names: set[str] = set()
        self.without_helper: list[str] = []
        known = catalogue(facts, folders.config_folder(facts))
        owners: dict[str, str] = {}
        for client in clients:
            file = known.file(client)
            if os.path.dirname(file) == shipped_folder():
                env, helper_env, unset = client_variables(read(file), file)
            else:  # nobody has tested these, so they go through the strict loader
                profile = known.load(client)
                env, helper_env, unset = profile.env, profile.helper_env, profile.unset
            self.names.update(env, helper_env, unset)
            env, unset = variables_of_way(env, helper_env, unset, helper=helper)
            if not names_helper(env):
                self.without_helper.append(client)
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

    @property
    def uses_helper(self) -> bool:
        """Whether a variable names our helper."""
        return names_helper(self.templates)

    def values(
        self, gateway: Gateway, origin: str, token: Secret, helper: Mapping[str, str] | None = None
    ) -> tuple[tuple[str, str | Secret], ...]:
        """Return variables and values, with every placeholder filled in.

        A variable for a model is left out, as no model was named.

        Args:
            gateway: The addresses.
            origin: The deployment's origin.
            token: The Coder token.
            helper: What the helper's placeholders stand for, where a variable names it.
        """
        known = {
            "gateway.root": gateway.root,
            "gateway.openai": gateway.openai,
            "gateway.anthropic": gateway.anthropic,
            "deployment.url": origin,
            "token": token.reveal(),
            **(helper or {}),
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
