"""Knowing a token of ours when it is met: one in use, one that we once wrote, one like ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from aibridge_cli.changes.snapshot import digest
from aibridge_cli.changes.state import State, value_hash

Standing = Literal["in use", "replaced", "like ours"]
"""`in use`: what the program would use now; `replaced`: known by its id, or by the hash of
what we wrote, as one that we used before; `like ours`: a text of that shape near an address
of ours, of which nothing more is known."""

# Coder's tokens: ten characters by which the deployment knows it, a hyphen, twenty-two that are the secret
_SHAPE = re.compile(rb"(?<![A-Za-z0-9-])([A-Za-z0-9]{10})-[A-Za-z0-9]{22}(?![A-Za-z0-9-])")
NEAR = 400
"""Bytes to either side in which an address of ours makes a text of that shape one of ours."""


class Met(NamedTuple):
    """One token that was met.

    Args:
        line: 1-based.
        token: Its id, the half that is no secret; "" for one of another shape.
        standing: What is known about it.
        text: The token; never shown.
    """

    line: int
    token: str
    standing: Standing
    text: str


class Known(NamedTuple):
    """What tokens are known by.

    Args:
        present: Tokens in use.
        ids: Ids of tokens that were in use before.
        hashes: Hashes of values and files that we ever wrote.
        hosts: The deployments' hosts, each with its port where it has one.
    """

    present: frozenset[str]
    ids: frozenset[str]
    hashes: frozenset[str]
    hosts: frozenset[str]

    def meet(self, content: bytes) -> Iterator[Met]:
        """Yield the tokens in a file's content, in the order in which they stand there."""
        found: dict[int, tuple[str, str, Standing]] = {}
        for token in self.present:
            for match in re.finditer(re.escape(token.encode()), content):
                found[match.start()] = (_id(token), token, "in use")
        for match in _SHAPE.finditer(content):
            text = match[0].decode()
            if match.start() in found:
                continue
            standing = self._standing(text, content[max(0, match.start() - NEAR) : match.end() + NEAR])
            if standing is not None:
                found[match.start()] = (_id(text), text, standing)
        line, position = 1, 0
        for start, (name, text, standing) in sorted(found.items()):
            line += content.count(b"\n", position, start)
            position = start
            yield Met(line, name, standing, text)

    def _standing(self, text: str, around: bytes) -> Standing | None:
        if _id(text) in self.ids or self.wrote(text):
            return "replaced"
        return "like ours" if any(host.encode() in around for host in self.hosts) else None

    def wrote(self, value: Any) -> bool:
        """Tell whether we once wrote this value, or a file that is nothing else."""
        return value_hash(value) in self.hashes or (isinstance(value, str) and digest(value.encode()) in self.hashes)


def _id(token: str) -> str:
    return token.partition("-")[0] if _SHAPE.fullmatch(token.encode()) else ""


def written_hashes(states: Iterable[State], steps: Iterable[Any]) -> frozenset[str]:
    """Return the hashes of values and files that we ever wrote.

    Args:
        states: What we own, and owned after each run.
        steps: The steps of all runs, as the journal has them.
    """
    claims = [claim for state in states for entry in state.files.values() for claim in entry.claims]
    found = {hash_ for claim in claims for hash_ in (claim.written, *claim.keys.values())}
    found |= {str(step.get(side, "")) for step in steps if isinstance(step, dict) for side in ("before", "after")}
    return frozenset(found - {""})


def hosts_of(origins: Collection[str]) -> frozenset[str]:
    """Return the hosts of deployments' origins."""
    return frozenset(origin.partition("://")[2] for origin in origins)
