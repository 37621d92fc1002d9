"""What is being looked into, and what is known about it so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aibridge_cli.changes.state import ClientState, State
from aibridge_cli.credentials.gateway_settings import USUAL, WIRES, gateway_of
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.limits import Limits
from aibridge_cli.deployment.urls import Gateway, origin_of
from aibridge_cli.diagnosis.finding import Finding, Level
from aibridge_cli.keychains.entries import Entries

if TYPE_CHECKING:
    from aibridge_cli.changes.entry_steps import Keychain
    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.credentials.found import FoundToken, FoundURL
    from aibridge_cli.deployment.providers import Discovery
    from aibridge_cli.facts import Facts

PROBE = Limits(connect=5.0, read=10.0, whole=15.0, retries=1, longest_wait=2.0)
"""A check shall say soon that nothing answers."""


class Case:
    """One examination.

    Args:
        facts: Where we run.
        state: What we own.
        profiles: The clients to look at.
        url: The value of `--url`, or None.
        insecure_http: Whether plain http to another machine is accepted.
        keychain: Where clients look their token up; None for this machine's.
        clock: What time it is, in seconds since 1970.

    Attributes:
        findings: What was found, in the order of the checks.
        origin: The deployment, once it is known.
        reachable: Whether it answers as Coder does.
        settings: What counts for its gateway, by `aibridge_cli.credentials.gateway_settings`.
        ready: Whether its gateway answers.
        token: The token in use, once it is known.
        accepted: Whether the deployment accepts it.
        discovery: The providers, once they were asked for.
        gateway_repairs: What `--fix` would remember about the gateway.
        client_repairs: The clients that `--fix` would configure again.
    """

    def __init__(
        self,
        facts: Facts,
        state: State,
        profiles: tuple[Profile, ...],
        *,
        url: str | None = None,
        insecure_http: bool = False,
        keychain: Keychain | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.facts = facts
        self.state = state
        self.profiles = profiles
        self.url = url
        self.insecure_http = insecure_http
        self.keychain: Keychain = Entries(facts) if keychain is None else keychain
        self.clock = clock
        self.findings: list[Finding] = []
        self.origin: FoundURL | None = None
        self.reachable = False
        self.settings: Mapping[str, str] = USUAL
        self.ready = False
        self.token: FoundToken | None = None
        self.accepted = False
        self.discovery: Discovery | None = None
        self.gateway_repairs: dict[str, str] = {}
        self.client_repairs: set[str] = set()

    @property
    def deployment(self) -> str:
        """The deployment's origin, or "" while it is not known."""
        return self.origin.value if self.origin else ""

    @property
    def gateway(self) -> Gateway:
        """The addresses of its gateway."""
        return gateway_of(self.facts, self.deployment)

    @property
    def names(self) -> dict[str, str]:
        """The names of its providers, by wire."""
        return {wire: self.settings[wire] for wire in WIRES}

    @property
    def wires(self) -> tuple[str, ...]:
        """The wires that the clients at hand speak; all of them when there is no client."""
        spoken = {wire for profile in self.profiles for wire in profile.speaks}
        return tuple(wire for wire in WIRES if wire in spoken or not spoken)

    def configured(self, profile: Profile) -> ClientState | None:
        """Return how a client was configured by us for this deployment, or None."""
        known = self.state.clients.get(profile.id)
        return known if known and known.deployment == self.deployment else None

    def clients_of(self, wire: str) -> tuple[str, ...]:
        """Return the clients at hand that are configured for this deployment and speak a wire."""
        return tuple(
            profile.id for profile in self.profiles if wire in profile.speaks and self.configured(profile) is not None
        )

    def connect(self, url: str = "", *, signed_in: bool = True) -> Client:
        """Return a client of the deployment, or of the origin of another address.

        Args:
            url: The address; "" for the deployment.
            signed_in: Whether it knows the token in use.
        """
        token = self.token.value if signed_in and self.token else None
        return Client(self.facts, origin_of(url) if url else self.deployment, token=token, limits=PROBE)

    def add(
        self,
        check: str,
        level: Level,
        looked_at: str,
        found: str,
        fix: str = "",
        *,
        subject: str = "",
        fixable: bool = False,
    ) -> None:
        """Note what a check found; the deployment is the subject unless another is given.

        Nothing of a client that is configured only when it is named is mended unnamed.
        """
        if any(profile.id == subject and profile.opt_in for profile in self.profiles):
            fixable = False
        self.findings.append(Finding(check, subject or self.deployment, level, looked_at, found, fix, fixable))

    def skip(self, check: str, reason: str, *, subject: str = "") -> None:
        """Note that an earlier problem leaves nothing for a check to look at."""
        self.add(check, "skipped", "", reason, subject=subject)
