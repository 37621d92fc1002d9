"""What `aibridge secrets` does: what tokens are known by, the search, and the plan that mends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from aibridge_cli.changes.plan import FileChange, Plan, Wanted
from aibridge_cli.changes.run import plan_configure
from aibridge_cli.changes.snapshot import take
from aibridge_cli.changes.state import ClientState, State, from_json
from aibridge_cli.changes.store import Store
from aibridge_cli.cli.as_configured import as_configured
from aibridge_cli.cli.preparation import open_catalogue
from aibridge_cli.clients.profile import Profile, Way
from aibridge_cli.clients.ways import SECRETLESS
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import sign_ins
from aibridge_cli.credentials.storing import from_keychain
from aibridge_cli.diagnosis.places import places, read
from aibridge_cli.diagnosis.strays import Stray, strays
from aibridge_cli.diagnosis.taking_out import without_tokens
from aibridge_cli.diagnosis.tokens import Known, hosts_of, written_hashes
from aibridge_cli.documents.encoding import decode
from aibridge_cli.errors import AibridgeError, DocumentError
from aibridge_cli.facts import Facts
from aibridge_cli.packs.rules import rules
from aibridge_cli.secret import Secret


class Searched(NamedTuple):
    """What a search found.

    Args:
        files: How many files were searched.
        strays: Every token that was met, those that stand where they belong as well.
        notes: What was not searched, and why.
        known: What tokens are known by.
    """

    files: int
    strays: tuple[Stray, ...]
    notes: tuple[str, ...]
    known: Known

    def secrets(self) -> tuple[Secret, ...]:
        """Return every token that was met, for masking."""
        return tuple({Secret(text) for text in (*self.known.present, *(stray.text for stray in self.strays))})


def search(facts: Facts, store: Store) -> Searched:
    """Search all places for tokens of ours; nothing is written."""
    notes: list[str] = []
    state = store.state()
    known = _known(facts, store, state, notes)
    profiles, problems = open_catalogue(facts).load_all()
    notes += [f"not searched for a client: {problem.message}" for problem in problems]
    better = {profile.id: _better_way(profile) is not None for profile in profiles}
    found: list[Stray] = []
    files = 0
    for place in places(facts, store.folder, state, profiles):
        looked_at = read(place, facts.home, store.folder)
        if looked_at.skipped:
            notes.append(f"`{place.path}` {looked_at.skipped}")
        if looked_at.content is not None:
            files += 1
            can = better.get(place.client, False)
            found += strays(place, looked_at, known, state, store.folder, better=can)
    return Searched(files, tuple(found), tuple(notes), known)


def mend(facts: Facts, store: Store, found: Iterable[Stray]) -> Plan:
    """Plan what is ours to do about the tokens that were found.

    Raises:
        AibridgeError: A client cannot be configured again, or a file cannot be edited.
    """
    found = tuple(found)
    state = store.state()
    wanted: dict[str, Wanted] = {}
    for stray in found:
        for client in stray.clients:
            was = state.clients[client]
            if stray.remedy == "configure in a better way":
                profile = open_catalogue(facts).load(client)
                was = was._replace(way=_better_way(profile) or was.way)
            elif client in wanted:
                continue
            wanted[client] = _want(facts, store, client, was)
    plan = plan_configure(store, tuple(wanted.values()))
    changed = {change.snapshot.target for change in plan.changes}
    known = _known(facts, store, state, [])
    extra: dict[str, FileChange] = {}
    for stray in found:
        change = _extra(stray, found, known)
        if change is not None and change.snapshot.target not in changed:
            extra[change.snapshot.target] = change
    return plan._replace(changes=(*plan.changes, *extra.values()))


def _extra(stray: Stray, found: tuple[Stray, ...], known: Known) -> FileChange | None:
    if stray.remedy == "remove the file":
        return FileChange(take(stray.place.path), None, own=True)
    if stray.remedy != "take the key out":
        return None
    snapshot = take(stray.place.path)
    clothes = decode(snapshot.content or b"")
    tokens = frozenset(each.text for each in found if each.place == stray.place and each.remedy == stray.remedy)
    try:
        text = without_tokens(stray.place.format, clothes.text, tokens, known)
    except DocumentError as problem:
        raise problem.at(stray.place.path) from None
    after = clothes.encode(text)
    return None if after == snapshot.content else FileChange(snapshot, after, snapshot.mode)


def _want(facts: Facts, store: Store, client: str, was: ClientState) -> Wanted:
    (want,) = as_configured(facts, store, client, was, rules=rules(facts)).wanted
    return want


def _better_way(profile: Profile) -> Way | None:
    return next((way for way in profile.credential if way in SECRETLESS and way != "manual"), None)


def _known(facts: Facts, store: Store, state: State, notes: list[str]) -> Known:
    records, problems = sign_ins(facts)
    notes += [f"a sign-in was passed over: {problem.message}" for problem in problems]
    origins = {record.url for record in records} | {client.deployment for client in state.clients.values()}
    try:
        origins.add(resolve_deployment(facts, insecure_http=True).value)
    except AibridgeError as problem:
        notes += [f"no deployment is in use: {problem.message}"] if not origins else []
    present: set[str] = set()
    for record in records:
        try:
            present.add((record.token or from_keychain(facts, record)).reveal())
        except AibridgeError as problem:
            notes.append(f"the token for `{record.url}` is not searched for: {problem.message}")
    for origin in sorted(origins):
        try:
            present.add(resolve_token(facts, origin).value.reveal())
        except AibridgeError as problem:
            notes.append(f"there is no token for `{origin}` to search for: {problem.message}")
    ids = {key for record in records for key in (record.key, *record.earlier) if key}
    lines = store.journal()
    states = [state]
    for line in lines:
        try:
            states.append(from_json(line.get("state")))
        except ValueError:
            notes.append("a line of the journal cannot be read, so tokens written then may not be known")
    hashes = written_hashes(states, [step for line in lines for step in line.get("steps", ())])
    return Known(frozenset(present), frozenset(ids), hashes, hosts_of(origins))
