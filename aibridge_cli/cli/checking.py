"""What `aibridge check` does for one client: compare, and never write."""

from __future__ import annotations

from typing import NamedTuple

from aibridge_cli.changes.entries import EntryChange, entry_key, secret_digest
from aibridge_cli.changes.plan import Plan, Wanted
from aibridge_cli.changes.run import look, plan_configure
from aibridge_cli.changes.state import ClientState
from aibridge_cli.changes.store import Store
from aibridge_cli.cli.as_configured import as_configured
from aibridge_cli.cli.preparation import open_catalogue
from aibridge_cli.clients.version import installed_version
from aibridge_cli.clients.ways import later_than
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.diagnosis.drift import Drift, drifts
from aibridge_cli.errors import AibridgeError, ProfileError
from aibridge_cli.facts import Facts
from aibridge_cli.helper import quote_for_shell
from aibridge_cli.packs.rules import rules
from aibridge_cli.secret import Secret

STAND_INS = (
    FoundToken(Secret("aaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaa"), "nowhere"),
    FoundToken(Secret("bbbbbbbbbb-bbbbbbbbbbbbbbbbbbbbbb"), "nowhere", program="/coder"),
)
"""Two sign-ins that nobody has: what differs between them depends on the sign-in."""


class Checked(NamedTuple):
    """What was found about one client.

    Args:
        client: Its id.
        drifts: The differences.
        problem: What is in the way of looking, or of configuring it again; "" for nothing.
        hint: What to do about that.
        notes: What is worth knowing and no difference.
        secrets: Tokens to mask.
    """

    client: str
    drifts: tuple[Drift, ...] = ()
    problem: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()

    @property
    def as_configured(self) -> bool:
        """Whether `configure` would change nothing."""
        return not self.drifts and not self.problem

    @property
    def unreadable(self) -> bool:
        """Whether a file must be mended by hand first."""
        return any(drift.kind == "not readable" for drift in self.drifts)


def command_again(facts: Facts, client: str, was: ClientState) -> str:
    """Return the command that configures a client as it was configured."""
    words = ["aibridge", "configure", client, "--credential", was.way]
    try:
        usual = resolve_deployment(facts, insecure_http=True).value
    except AibridgeError:  # nothing names a deployment, so the command has to
        usual = ""
    words += ["--url", was.deployment] if was.deployment != usual else []
    words += [word for model in was.models for word in ("--model", model)]
    words += ["--insecure-http"] if was.insecure_http else []
    return quote_for_shell(tuple(words), facts.platform)


def check_client(facts: Facts, store: Store, client: str) -> Checked:
    """Compare the files of a client with how it was configured."""
    try:
        was = store.state().clients.get(client)
        if was is None:
            return Checked(
                client,
                problem=f"`{client}` is not configured by us",
                hint=f"`aibridge configure {client}` configures it",
            )
        notes = _version_notes(facts, client)
        token, why_not = _token(facts, was)
        if token is None:
            notes = (*notes, f"values that depend on the sign-in were held against our records: {why_not}")
        return _compared(facts, store, client, was, token)._replace(notes=notes)
    except ProfileError as problem:
        return Checked(client, problem=problem.message, hint=problem.hint or "mend or remove that profile")
    except AibridgeError as problem:
        return Checked(client, problem=problem.message, hint=problem.hint)


def _compared(facts: Facts, store: Store, client: str, was: ClientState, token: FoundToken | None) -> Checked:
    demands = rules(facts)
    first, second = STAND_INS if token is None else (token, None)
    (want,) = as_configured(facts, store, client, was, first, rules=demands).wanted
    twin: Wanted | None = None
    if second is not None:
        (twin,) = as_configured(facts, store, client, was, second, rules=demands).wanted
    state, snapshots = look(store, (want,) if twin is None else (want, twin))
    found = drifts(state, want, snapshots, twin)
    checked = Checked(client, found, secrets=() if token is None else (token.value,))
    if twin is None and not checked.unreadable:
        return checked._replace(drifts=(*found, *_unexplained(plan_configure(store, (want,)), found)))
    return checked


def _unexplained(plan: Plan, found: tuple[Drift, ...]) -> tuple[Drift, ...]:
    """Return, as differences of whole files, what `configure` would change and nothing was said of."""
    known = {drift.path for drift in found}
    paths = [change.snapshot.path for change in plan.changes if not change.own]
    files = tuple(Drift(path, "", "changed", "unknown") for path in paths if path not in known)
    return (*files, *(_of_entry(plan, entry) for entry in plan.entries if entry.action))


def _of_entry(plan: Plan, entry: EntryChange) -> Drift:
    if entry.before is None:
        return Drift("keychain", entry.name, "missing", "unknown")
    known = plan.before.entries.get(entry_key(entry.attributes))
    ours = known is not None and known.written == secret_digest(entry.attributes, entry.before)
    return Drift("keychain", entry.name, "changed", "us" if ours else "user")


def _token(facts: Facts, was: ClientState) -> tuple[FoundToken | None, str]:
    try:
        return resolve_token(facts, was.deployment), ""
    except AibridgeError as problem:
        return None, problem.message


def _version_notes(facts: Facts, client: str) -> tuple[str, ...]:
    profile = open_catalogue(facts).load(client)
    if not profile.tested:
        return ()
    version = installed_version(profile, facts)
    if version is None or not all(later_than(version, tested) for tested in profile.tested):
        return ()
    return (f"{profile.name} {version} is newer than what its profile was run against ({', '.join(profile.tested)})",)
