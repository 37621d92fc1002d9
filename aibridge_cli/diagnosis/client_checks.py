"""One client: is it configured, does it get the token, is its model there, and is it served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.diagnosis.client_files import ClientFiles
from aibridge_cli.diagnosis.effective import effective
from aibridge_cli.diagnosis.effective_findings import Ours, findings
from aibridge_cli.diagnosis.explanation import reason
from aibridge_cli.diagnosis.helper_checks import client_token
from aibridge_cli.diagnosis.model_checks import any_model, check_model, models_in_use
from aibridge_cli.diagnosis.other_tools import other_tool_findings, traces
from aibridge_cli.diagnosis.reading import Disk
from aibridge_cli.diagnosis.request_checks import check_address, check_request
from aibridge_cli.diagnosis.sign_ins import sign_in_findings
from aibridge_cli.diagnosis.start_up import mark_findings, start_up_findings
from aibridge_cli.documents.operations import ABSENT, dotted
from aibridge_cli.errors import AibridgeError

if TYPE_CHECKING:
    from aibridge_cli.changes.state import ClientState
    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.diagnosis.finding import Finding
    from aibridge_cli.secret import Secret


_FOLLOWS = {
    "client.url": {"client.address", "client.token", "client.other-tool"},
    "client.credential": {"client.address", "client.token", "client.helper", "client.other-tool"},
}
"""Findings about the values in use, and those about a client's own file from which they follow."""


def check_client(case: Case, profile: Profile, *, send: bool, with_client: bool) -> None:
    """Look at one client.

    Args:
        case: The examination.
        profile: The client.
        send: Whether its model is asked, at the price of a token of output.
        with_client: Whether the client itself is run.
    """
    configured = case.configured(profile)
    if configured is None:
        _not_configured(case, profile)
        return
    case.add(
        "client.configured", "ok", "our records", f"by us, for this deployment ({configured.way})", subject=profile.id
    )
    try:
        _note(case, profile, other_tool_findings(profile, case.facts, Disk()))
        files = ClientFiles(profile, case.facts, configured.way, configured.models)
        token = _look(case, profile, files, configured, send=send)
        _note(case, profile, _what_wins(case, profile, configured))
        _note(case, profile, sign_in_findings(profile, case.facts, Disk()))
        if with_client and token is None:
            case.skip("client.sends", "an earlier problem is in the way", subject=profile.id)
        elif with_client and token is not None:
            from aibridge_cli.diagnosis.client_run import check_what_it_sends

            check_what_it_sends(case, profile, token)
    except AibridgeError as error:
        case.add("client.file", "problem", "its files", error.message, error.hint, subject=profile.id)
        if profile.routes:
            case.findings += mark_findings(profile, case.facts, Disk())


def _what_wins(case: Case, profile: Profile, configured: ClientState) -> tuple[Finding, ...]:
    """Return what is to be said about the values that the client will use, among all the places that it reads."""
    if not profile.routes:
        return ()
    ours = Ours(case.gateway, configured.way, case.token.value if case.token else None)
    disk = Disk()
    told = {finding.check for finding in case.findings if finding.subject == profile.id and finding.level == "problem"}
    values = [
        finding
        for finding in findings(profile, effective(profile, case.facts, disk), case.facts, ours)
        # what its own file says wrongly was told with a fix of ours, and this would follow from it
        if not (finding.level == "problem" and finding.check in _FOLLOWS and told & _FOLLOWS[finding.check])
    ]
    return (*values, *start_up_findings(profile, case.facts, disk, ours), *mark_findings(profile, case.facts, disk))


def _not_configured(case: Case, profile: Profile) -> None:
    if profile.status == "unsupported":
        found = f"it cannot be configured: {profile.reason}"
        fix = f"use another client; {profile.link} says more"
        case.add("client.configured", "problem", "its profile", found, fix, subject=profile.id)
        return
    known = case.state.clients.get(profile.id)
    found = f"it is configured for `{known.deployment}`" if known else "it is not configured by us"
    fix = f"`aibridge configure {profile.id}`" + (f" --url {case.deployment}" if known else "")
    try:
        other = next((each for each in traces(profile, case.facts, Disk()) if each.chosen), None)
    except AibridgeError:  # `configure` says where the client's folders cannot be
        other = None
    if other is not None and known is None:
        found += f"; {other.words}"
        fix = other.fix(profile.id)
    case.add("client.configured", "problem", "our records", found, fix, subject=profile.id)


def _look(case: Case, profile: Profile, files: ClientFiles, configured: ClientState, *, send: bool) -> Secret | None:
    """Return the token that the client gets."""
    _came_back(case, profile, files)
    _altered(case, profile, files)
    bases = [(request, check_address(case, profile, files, request)) for request in files.requests]
    token = client_token(case, profile, files, configured.way)
    in_use = models_in_use(effective(profile, case.facts, Disk()), case.gateway.root)
    models: dict[str, str] = {
        wire: check_model(case, profile, files, configured, wire, in_use.get(wire, ())) for wire in profile.speaks
    }
    for request, base in bases:
        if token is None or not base or not case.ready:
            case.skip("client.request", "there is no address, no token or no gateway to ask with", subject=profile.id)
            continue
        wire = request.wire.partition("-")[0]
        model = models.get(wire) or any_model(case, wire)
        check_request(case, profile, request, base, token, model, send=False)
        if send:
            check_request(case, profile, request, base, token, model, send=True)
    return token


def _note(case: Case, profile: Profile, found: tuple[Finding, ...]) -> None:
    """Add findings about a client; what `--fix` does about any of them is to configure it again."""
    if any(finding.fixable for finding in found):
        case.client_repairs.add(profile.id)
    case.findings += found


def _came_back(case: Case, profile: Profile, files: ClientFiles) -> None:
    """Look for keys that may not stand beside ours."""
    for path, key in files.unwanted():
        name = dotted(key)
        found = f"`{name}` stands there again, and may not stand beside our keys"
        why = reason(profile.documented, key)
        case.client_repairs.add(profile.id)
        case.add(
            "client.came-back",
            "problem",
            f"`{path}`",
            f"{found}: {why}" if why else found,
            f"`aibridge configure {profile.id}` takes it out",
            subject=profile.id,
            fixable=True,
        )


def _altered(case: Case, profile: Profile, files: ClientFiles) -> None:
    """Look for settings of ours that are not as we wrote them, and that the client may do badly without."""
    for standing in files.altered():
        how = "is missing" if standing.value is ABSENT else "is not as we write it"
        why = reason(profile.documented, standing.key)
        case.client_repairs.add(profile.id)
        case.add(
            "client.altered",
            "note",
            f"`{standing.path}`",
            f"`{dotted(standing.key)}` {how}" + (f": {why}" if why else ""),
            f"`aibridge configure {profile.id}` writes it",
            subject=profile.id,
            fixable=True,
        )
