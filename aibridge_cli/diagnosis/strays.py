"""Tokens of ours that stand where they should not, and what to do about each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from aibridge_cli.changes.state import State
from aibridge_cli.changes.tracked import tracked_by_git
from aibridge_cli.clients.consistency import TOKEN_ON_DISK
from aibridge_cli.diagnosis.places import Place, Read
from aibridge_cli.diagnosis.tokens import Known, Met, Standing

Remedy = Literal["", "configure again", "configure in a better way", "take the key out", "remove the file"]


class Stray(NamedTuple):
    """One token in one place.

    Args:
        place: The file.
        line: 1-based, or 0 when it is not known.
        token: The token's id; never the secret.
        standing: What is known about it.
        belongs: Whether it stands where it is meant to.
        tracked: Whether git tracks the file, so that it may be pushed.
        remedy: What `--fix` does about it; "" for nothing.
        clients: The clients that are configured anew for that.
        words: What to do about it.
        text: The token, for taking it out; never shown.
    """

    place: Place
    line: int
    token: str
    standing: Standing
    belongs: bool
    tracked: bool
    remedy: Remedy
    clients: tuple[str, ...]
    words: str
    text: str

    def as_data(self) -> dict[str, Any]:
        """Return the same for JSON; it has no secret."""
        return {
            "path": self.place.path,
            "line": self.line,
            "kind": self.place.kind,
            "client": self.place.client,
            "token": self.token,
            "standing": self.standing,
            "belongs": self.belongs,
            "tracked_by_git": self.tracked,
            "fix": self.words,
            "fixable": bool(self.remedy),
        }


def strays(place: Place, read: Read, known: Known, state: State, state_folder: str, *, better: bool) -> Iterator[Stray]:
    """Yield the tokens in one file.

    Args:
        place: The file.
        read: What was read of it.
        known: What tokens are known by.
        state: What we own.
        state_folder: Where our own files are.
        better: Whether the client that the file belongs to has a way without the token in a file.
    """
    met = list(known.meet(read.content or b""))
    tracked = bool(met) and tracked_by_git(os.path.realpath(place.path))
    for each in met:
        case = _Case(place, each, state, state_folder, tracked, better, known.wrote(each.text))
        belongs, remedy, clients, words = _JUDGES.get(place.kind, _elsewhere)(case)
        line = each.line + read.first_line - 1 if read.first_line else 0
        yield Stray(place, line, each.token, each.standing, belongs, tracked, remedy, clients, words, each.text)


class _Case(NamedTuple):
    place: Place
    met: Met
    state: State
    state_folder: str
    tracked: bool
    better: bool
    wrote: bool


_Judgement = tuple[bool, Remedy, tuple[str, ...], str]


def _in_our_folder(case: _Case) -> _Judgement:
    path = case.place.path
    part = os.path.relpath(path, case.state_folder).partition(os.sep)[0]
    users = case.state.kept.get(path, ())
    if path.endswith(("~", ".tmp")):
        return False, "remove the file", (), "left behind by a run of ours that was cut off; not needed"
    if part == "images":
        words = "a version of yours that undo may need, so it stays"
        return False, "", (), words + _then(case.met)
    if part not in ("sign-ins", "sessions", "tokens"):
        return False, "", (), "it should not be there; please report this"
    if case.tracked:
        return False, "", (), "take our folder out of the repository, then `aibridge rotate`"
    if case.met.standing == "in use" and (users or part != "tokens"):
        return True, "", (), ""
    if users:
        return False, "configure again", users, _again(users)
    if part == "sign-ins":
        return False, "", (), "`aibridge login` makes a new one"
    return False, "remove the file", (), "no client needs it any more"


def _in_client_file(case: _Case) -> _Judgement:
    entry = case.state.files.get(os.path.realpath(case.place.path))
    clients = () if entry is None or not entry.secret else tuple(sorted({claim.client for claim in entry.claims}))
    holders = tuple(client for client in clients if case.state.clients[client].way in TOKEN_ON_DISK)
    if not holders and case.wrote and case.place.writable:
        return False, "take the key out", (), "we once wrote it, and it is not part of what is configured now"
    if not holders:
        words = "we did not write it: `aibridge configure` sets the client up, or take it out by hand"
        return False, "", (), words + _then(case.met)
    if case.tracked and case.better and len(holders) == 1:
        words = "git tracks it; configured in another way, the client asks for the token instead"
        return False, "configure in a better way", holders, words
    if case.tracked:
        return False, "", (), "git tracks it, and may push it: take it out of the repository, then `aibridge rotate`"
    if case.met.standing == "in use":
        return True, "", (), ""
    return False, "configure again", holders, _again(holders)


def _in_copy(case: _Case) -> _Judgement:
    name = os.path.basename(case.place.path)
    if ".aibridge-" in name and name.endswith(".tmp"):
        return False, "remove the file", (), "left behind by a run of ours that was cut off; not needed"
    return False, "", (), f"a copy that somebody made: remove it, `rm {case.place.path}`{_then(case.met)}"


def _elsewhere(case: _Case) -> _Judgement:
    advice: Mapping[str, str] = {
        "start-up file": 'take the line out, and use `eval "$(aibridge env)"` instead',
        "history": "take the line out, in an editor and with no shell running that would write it again",
        "client record": "the client wrote it there itself: remove that record if you do not need it",
    }
    return False, "", (), advice[case.place.kind] + _then(case.met)


def _again(clients: tuple[str, ...]) -> str:
    return f"`aibridge configure {' '.join(clients)}` writes the present one"


def _then(met: Met) -> str:
    return "; then `aibridge rotate` makes the token useless" if met.standing == "in use" else ""


_JUDGES = {"our folder": _in_our_folder, "client file": _in_client_file, "copy": _in_copy}
