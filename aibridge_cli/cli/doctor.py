"""`aibridge doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from aibridge_cli.changes.store import Store
from aibridge_cli.cli.examples import example_client
from aibridge_cli.cli.options import DryRun, InsecureHttp, Json, Url, Yes
from aibridge_cli.cli.preparation import open_catalogue, open_store
from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.case import Case
from aibridge_cli.diagnosis.examination import examine
from aibridge_cli.diagnosis.finding import Finding, first_cause
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts, gather
from aibridge_cli.output import Result, say, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)

FOUND = 3


@app.command(epilog="Example: aibridge doctor --fix --dry-run")
def doctor(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT...", help="These clients; else those that are configured.")
    ] = None,
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Do what is ours to do, after showing it and asking.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Also ask each client's model for one token, which costs.")
    ] = False,
    with_client: Annotated[
        bool,
        typer.Option("--with-client", help="Also run each client, in a copy of its settings, and see what it sends."),
    ] = False,
    url: Url = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    insecure_http: InsecureHttp = False,
    as_json: Json = False,
) -> None:
    """Find out why it does not work, and what helps.

    Looks at deployment, token, providers and clients in turn; the first problem is on top,
    as the later ones often follow from it. Ends with 3 when there is one. Without `--send`
    no model is asked anything.
    """
    if not fix and (dry_run or yes):
        raise UsageError("`--dry-run` and `--yes` go with `--fix`", hint="without `--fix` nothing is written anyway")
    facts = gather()
    store = open_store(facts)
    profiles = _profiles(facts, store, clients or [])

    def examined() -> Case:
        case = Case(facts, store.state(), profiles, url=url, insecure_http=insecure_http, keychain=store.keychain)
        examine(case, send=send, with_client=with_client)
        return case

    case = examined()
    written: list[str] = []
    if fix:
        from aibridge_cli.cli.repairing import repair

        written = repair(case, store, dry_run=dry_run, yes=yes, as_json=as_json)
        if written and not dry_run:
            case = examined()
    result = _result(case, written, fix=fix)
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _profiles(facts: Facts, store: Store, clients: list[str]) -> tuple[Profile, ...]:
    known = open_catalogue(facts)
    if clients:
        return tuple({profile.id: profile for profile in [known.load(client) for client in clients]}.values())
    loaded = []
    for client in sorted(store.state().clients):
        try:
            loaded.append(known.load(client))
        except UsageError:  # its profile was the user's own, and is gone
            say(f"warning: there is no profile of `{client}` any more")
    return tuple(loaded)


def _result(case: Case, written: list[str], *, fix: bool) -> Result:
    findings = tuple(case.findings)
    cause = first_cause(findings)
    data = {
        "deployment": case.deployment or None,
        "clients": [profile.id for profile in case.profiles],
        "first_cause": cause.check if cause else None,
        "findings": [finding.as_data() for finding in findings],
        "fixed": written,
    }
    messages = list(written)
    if not case.profiles:
        messages.append(f"note: no client is configured; `aibridge configure {example_client()}` would")
    if not fix and any(finding.fixable for finding in findings):
        messages.append("hint: `aibridge doctor --fix` does what is marked, after showing it and asking")
    return Result(
        "doctor", "\n".join(_lines(findings, cause, case.deployment)), data, tuple(messages), FOUND if cause else 0
    )


def _lines(findings: tuple[Finding, ...], cause: Finding | None, deployment: str) -> list[str]:
    lines = []
    if cause is None:
        lines += ["nothing is in the way", ""]
    else:
        lines += [f"first cause: {cause.found} ({cause.subject})"]
        lines += [f"fix: {cause.fix}", ""] if cause.fix else [""]
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        subject = f"{finding.subject}: " if finding.subject != deployment and deployment else ""
        lines.append(f"{finding.level:<8} {finding.check:<{width}}  {subject}{finding.found}")
        if finding.fix and finding.level in ("problem", "note"):
            marked = " (--fix does it)" if finding.fixable else ""
            lines.append(f"{'':<8} {'':<{width}}  fix{marked}: {finding.fix}")
    return lines
