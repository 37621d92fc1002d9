"""What undoing runs means for each client: how it was configured before. Pure.

The journal has no values, which could be secrets. A client that was not configured
before is taken back, from the records and kept copies alone; one that was is configured
again in the way it was, from its profile, with the present token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aibridge_cli.changes.history import Run
from aibridge_cli.changes.state import ClientState, State


class Aims(NamedTuple):
    """What to do with which client.

    Args:
        release: Clients to take back.
        again: Clients to configure as they were.
        problems: By client, why it stays as it is.
    """

    release: tuple[str, ...]
    again: Mapping[str, ClientState]
    problems: Mapping[str, str]


def aims(runs: Sequence[Run], first: int, state: State, *, all_since: bool) -> Aims:
    """Return what undoing one run, or all since one, asks for.

    Args:
        runs: All runs, oldest first.
        first: The index of the run.
        state: What we own now.
        all_since: Whether the runs after it are undone as well.
    """
    release: list[str] = []
    again: dict[str, ClientState] = {}
    problems: dict[str, str] = {}
    for client, run in _touching(runs, first, all_since=all_since).items():
        now = state.clients.get(client)
        if client not in run.before:
            problems[client] = "the journal is damaged before that run, so how it was configured is not known"
        elif not all_since and now != run.after[client]:
            later = [each.id for each in runs[first + 1 :] if client in each.clients]
            problems[client] = (
                f"it was changed by a later run ({', '.join(later)}); undo that first, or use `--all-since`"
                if later
                else "it was changed by a later run that the journal does not show; `--all-since` undoes that as well, "
                f"and `aibridge unconfigure {client}` takes back all of it"
            )
        elif all_since and run.before[client] == now:
            continue
        elif run.before[client] == now:
            problems[client] = (
                f"run {run.id} (`{run.command}`) wrote again what was configured alike before, and what it replaced, "
                f"a token maybe, is not kept; `aibridge unconfigure {client}` takes back all of ours"
            )
        else:
            was = run.before[client]
            if was is None:
                release.append(client)
            else:
                again[client] = was
    return Aims(tuple(release), again, problems)


def _touching(runs: Sequence[Run], first: int, *, all_since: bool) -> dict[str, Run]:
    """Return, by client, the earliest of the runs to be undone that is about it."""
    found: dict[str, Run] = {}
    for run in runs[first:] if all_since else runs[first : first + 1]:
        for client in run.clients:
            found.setdefault(client, run)
    return found
