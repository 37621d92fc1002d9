"""Which clients `aibridge env --clients all` means."""

from __future__ import annotations

from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.client_environment import ClientEnvironment
from aibridge_cli.clients.detect import found
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts


def clients_with_variables(facts: Facts) -> tuple[list[str], list[str]]:
    """Return the clients that are found here or configured, and that read variables of ours.

    Args:
        facts: Where we run.

    Returns:
        Their ids, and why others were left out, for the user: two that need one variable
        to differ cannot share a shell, and the first one in the alphabet gets it.

    Raises:
        UsageError: There is none.
    """
    profiles, problems = open_catalogue(facts).load_all()
    state = open_store(facts).state()
    chosen: list[str] = []
    left_out = [problem.message for problem in problems]
    for profile in profiles:
        if not profile.env or not (profile.id in state.clients or found(profile, facts, state.made())):
            continue
        try:
            ClientEnvironment(facts, [*chosen, profile.id])
        except UsageError as conflict:
            left_out.append(f"`{profile.id}` is left out: {conflict.message}")
        else:
            chosen.append(profile.id)
    if not chosen:
        raise UsageError("none of the clients that read variables was found here", hint="`aibridge clients` lists them")
    return chosen, left_out
