"""Which token is used, whether it is accepted and for how long, and where others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aibridge_cli import folders
from aibridge_cli.changes.traces import places_holding
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.session import every_token, resolve_token
from aibridge_cli.credentials.sign_in import sign_in_of
from aibridge_cli.credentials.token import check_token, unusual
from aibridge_cli.deployment.api import key, user
from aibridge_cli.deployment.http import Client
from aibridge_cli.diagnosis.case import PROBE
from aibridge_cli.durations import in_words
from aibridge_cli.errors import AibridgeError, CredentialRefused, GatewayError, TokenRejected

if TYPE_CHECKING:
    from aibridge_cli.credentials.found import FoundToken
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.secret import Secret

SOON = 24 * 3600
"""Seconds before its end at which a token that nobody renews is worth a word."""

_EVERYTHING = frozenset(("all", "coder:all", "*"))


def check_token_in_use(case: Case) -> None:
    """Look at the token, and at other copies of it."""
    if not case.origin:
        case.skip("token.found", "no deployment is known")
        return
    if not _found(case) or case.token is None:
        case.skip("token.accepted", "there is no token")
        return
    if not case.reachable:
        case.skip("token.accepted", "the deployment does not answer")
        return
    _accepted(case, case.token)
    if case.accepted:
        _details(case, case.token)
    _copies(case, case.token)


def _found(case: Case) -> bool:
    looked_at = "`CODER_SESSION_TOKEN`, our own records, the Coder CLI, the workspace"
    try:
        case.token = resolve_token(case.facts, case.deployment)
    except AibridgeError as error:
        case.add("token.found", "problem", looked_at, error.message, error.hint)
        return False
    case.add("token.found", "ok", looked_at, f"from {case.token.source}")
    for note in case.token.notes:
        case.add("token.passed-over", "note", looked_at, note)
    if unusual(case.token.value):
        found = "the token has another shape than Coder's have today"
        case.add("token.shape", "note", "its length and characters", found)
    return True


def _accepted(case: Case, token: FoundToken) -> None:
    looked_at = f"GET {case.deployment}/api/v2/users/me"
    try:
        with case.connect() as client:
            owner = user(client)
    except TokenRejected as error:
        case.add("token.accepted", "problem", looked_at, error.message, _way_back(case, token, error.hint))
    except GatewayError as error:
        case.add("token.accepted", "problem", looked_at, error.message, error.hint)
    else:
        case.accepted = True
        case.add("token.accepted", "ok", looked_at, f"it is that of `{owner.username}`")


def _way_back(case: Case, token: FoundToken, usual: str) -> str:
    """Return what to do about a token that is refused, knowing the others."""
    good = next(
        (
            other
            for other in every_token(case.facts, case.deployment)
            if other.value.reveal() != token.value.reveal() and _verdict(case, other.value) == "accepted"
        ),
        None,
    )
    if token.source == "`CODER_SESSION_TOKEN`":
        return "`unset CODER_SESSION_TOKEN`" + (f"; the token of {good.source} is accepted" if good else f"; {usual}")
    if good is not None:
        return f"`aibridge login {case.deployment}` goes over to the token of {good.source}, which is accepted"
    return usual


def _verdict(case: Case, token: Secret) -> Literal["accepted", "refused", "unknown"]:
    """Return what the deployment says about a token; it may also say nothing."""
    try:
        with Client(case.facts, case.deployment, token=token, limits=PROBE) as client:
            user(client)
    except TokenRejected:
        return "refused"
    except GatewayError:
        return "unknown"
    return "accepted"


def _details(case: Case, token: FoundToken) -> None:
    looked_at = f"GET {case.deployment}/api/v2/users/me/keys/…"
    try:
        with case.connect() as client:
            known = key(client, token.value)
    except AibridgeError as error:
        case.add("token.ends", "note", looked_at, f"the deployment does not tell when it ends: {error.message}")
        return
    what = f"the API token `{known.name}`" if known.kind == "token" else "the session of a sign-in"
    left = known.expires - round(case.clock())
    record = sign_in_of(case.facts, case.deployment) if token.signed_in else None
    if known.expires and left < SOON and not (record and record.renew):
        fix = f"`aibridge login {case.deployment}` makes one that is renewed by itself"
        case.add("token.ends", "note", looked_at, f"{what} ends in {in_words(max(left, 0))}, if it is not used", fix)
    else:
        case.add("token.ends", "ok", looked_at, f"{what} ends in {in_words(max(left, 0))}" if known.expires else what)
    if known.scopes and _EVERYTHING.isdisjoint(known.scopes):
        found = f"it may do only this: {', '.join(known.scopes)}"
        case.add("token.scopes", "note", looked_at, found, "make one without limits where the gateway refuses it")
    else:
        case.add("token.scopes", "ok", looked_at, "it may do all that its owner may")


def _copies(case: Case, token: FoundToken) -> None:
    """Compare the token in use with every other place that may hold one for this deployment."""
    before = len(case.findings)
    _reference(case, token)
    _client_files(case, token)
    _other_sources(case, token)
    if len(case.findings) == before:
        case.add("token.copies", "ok", "our own copies, the Coder CLI, and clients' files", "none differs")


def _reference(case: Case, token: FoundToken) -> None:
    path = folders.token_file(case.facts, case.deployment)
    users = tuple(name for name in case.state.kept.get(path, ()) if name in case.state.clients)
    try:
        standing = read_line(path)
    except AibridgeError as error:
        case.add("token.copies", "problem", f"`{path}`", error.message, error.hint, subject=path)
        return
    if not users or standing == token.value.reveal():
        return
    if not standing:
        found = f"the copy that {_named(users)} reads is missing"
    else:
        try:
            verdict = _verdict(case, check_token(standing))
        except CredentialRefused:
            verdict = "refused"
        found = f"the copy that {_named(users)} reads is another token"
        if verdict != "refused":
            case.add("token.copies", "note", f"`{path}`", f"{found}; it is {verdict}", subject=path)
            return
        found += ", which is refused"
    _again(case, f"`{path}`", found, users, path)


def _client_files(case: Case, token: FoundToken) -> None:
    for name, client in sorted(case.state.clients.items()):
        if client.way != "file" or client.deployment != case.deployment:
            continue
        paths = [
            entry.path
            for entry in case.state.files.values()
            if entry.secret and any(claim.client == name for claim in entry.claims)
        ]
        _, holding = places_holding(paths, (token.value,))
        if paths and not holding:
            _again(case, f"`{paths[0]}`", f"`{name}` has another token in its file", (name,), paths[0])


def _again(case: Case, looked_at: str, found: str, clients: tuple[str, ...], subject: str) -> None:
    if case.accepted:  # else the same would be written again
        case.client_repairs |= set(clients)
    fix = f"`aibridge configure {' '.join(clients)}`"
    case.add("token.copies", "problem", looked_at, found, fix, subject=subject, fixable=case.accepted)


def _other_sources(case: Case, token: FoundToken) -> None:
    for other in every_token(case.facts, case.deployment):
        if other.value.reveal() != token.value.reveal() and _verdict(case, other.value) == "refused":
            found = f"the token of {other.source} is refused; it would count if the one in use were gone"
            case.add("token.copies", "note", other.source, found)


def _named(clients: tuple[str, ...]) -> str:
    return " and ".join(f"`{client}`" for client in clients)
