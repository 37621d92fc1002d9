"""What `aibridge doctor --fix` does: what `aibridge configure` does, with its plan, preview, question and journal."""

from __future__ import annotations

from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import plan_configure
from aibridge_cli.changes.store import Store
from aibridge_cli.cli import carrying_out
from aibridge_cli.cli.as_configured import as_configured
from aibridge_cli.credentials.gateway_settings import WIRES, remember
from aibridge_cli.diagnosis.case import Case
from aibridge_cli.output import say
from aibridge_cli.packs.rules import rules


def repair(case: Case, store: Store, *, dry_run: bool, yes: bool, as_json: bool) -> list[str]:
    """Configure again what a case says, and return what was done, or with `dry_run` would be.

    Args:
        case: An examination that is over.
        store: Our records.
        dry_run: Whether nothing is to be written.
        yes: Whether nobody is to be asked.
        as_json: Whether the differences are kept off standard output.

    Raises:
        AibridgeError: It cannot be done.
        UsageError: Somebody must be asked, and nobody is there.
    """
    concerned = _clients(case)
    by_name = [profile for profile in case.profiles if profile.opt_in and profile.id in concerned]
    for profile in by_name:
        say(f"note: {profile.name} is left as it is: {profile.opt_in} may be what its user went back to")
        say(f"hint: `aibridge configure {profile.id}` points it at the deployment again")
    clients = sorted(concerned - {profile.id for profile in by_name})
    if not clients or case.token is None:
        return []
    token = case.token
    wanted: list[Wanted] = []
    for client in clients:
        was = case.state.clients[client]
        was = was._replace(insecure_http=was.insecure_http or case.insecure_http)
        prepared = as_configured(
            case.facts, store, client, was, token, rules=rules(case.facts), gateway=case.gateway_repairs
        )
        wanted += prepared.wanted
    outcome = carrying_out.run(
        case.facts,
        store,
        lambda: plan_configure(store, tuple(wanted)),
        command="doctor --fix",
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
        secrets=(token.value,),
    )
    if carrying_out.declined(outcome, dry_run=dry_run):
        return []
    if case.gateway_repairs and not dry_run:
        remember(case.facts, case.deployment, case.gateway_repairs)
    return carrying_out.file_words(outcome.plan, case.facts.home, done=not dry_run)


def _clients(case: Case) -> set[str]:
    """Return the clients that are configured for this deployment and that a repair concerns."""
    concerned = set(case.client_repairs)
    for wire in WIRES:
        if wire in case.gateway_repairs or "path" in case.gateway_repairs:
            concerned |= set(case.clients_of(wire))
    return {client for client in concerned if case.state.clients.get(client) is not None}
