"""From what the user asked for to what the planner needs: deployment, token, profiles, ways."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from aibridge_cli import folders
from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.state import State
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.catalogue import Catalogue, catalogue
from aibridge_cli.clients.detect import found, parts_here
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile, Way, model_need
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import Values
from aibridge_cli.clients.templates import upsert_uses
from aibridge_cli.clients.version import installed_version
from aibridge_cli.clients.ways import choose_way, refuse_unsupported
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken, FoundURL
from aibridge_cli.credentials.gateway_settings import gateway_of
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.token import typed_token, unusual
from aibridge_cli.credentials.workspace import in_workspace
from aibridge_cli.deployment.extra_headers import needs_headers
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.helper import helper_command, helper_program, quote_for_shell
from aibridge_cli.keychains.entries import Entries
from aibridge_cli.packs.rules import Rules, rules


class Asked(NamedTuple):
    """What the user asked for.

    Args:
        clients: Ids or aliases; empty with `everything`.
        everything: Every supported client that is on this machine.
        url: The deployment, or None to find it.
        token_on_stdin: Whether the token comes on standard input.
        credential: The way the token gets to the clients, or None for each one's best.
        require_secretless: Whether the token may be written to no file.
        models: `ID` or `WIRE=ID`.
        insecure_http: Whether plain http to another machine is accepted.
        gateway: What of the gateway is not as remembered, from
            `aibridge_cli.cli.gateway_options.gateway_changes`.
        rules: What organisation packs demand.
    """

    clients: tuple[str, ...] = ()
    everything: bool = False
    url: str | None = None
    token_on_stdin: bool = False
    credential: Way | None = None
    require_secretless: bool = False
    models: tuple[str, ...] = ()
    insecure_http: bool = False
    gateway: Mapping[str, str] = {}
    rules: Rules = Rules()


class Prepared(NamedTuple):
    """What the planner and the report need.

    Args:
        deployment: The deployment, and where it was found.
        token: The token, and where it was found.
        wanted: The clients.
        profiles: Their profiles, in the same order.
        notes: What the user should know.
    """

    deployment: FoundURL
    token: FoundToken
    wanted: tuple[Wanted, ...]
    profiles: tuple[Profile, ...]
    notes: tuple[str, ...] = field(default=())


def open_store(facts: Facts) -> Store:
    """Return the store of this user."""
    return Store(folders.state_folder(facts), Entries(facts))


def open_catalogue(facts: Facts) -> Catalogue:
    """Return the client profiles of this user."""
    return catalogue(facts, folders.config_folder(facts))


def allowed(facts: Facts, clients: Sequence[str]) -> None:
    """Make sure that the packs of an organisation allow clients.

    Args:
        facts: Where we run.
        clients: Ids or aliases.

    Raises:
        UsageError: One is not allowed; the error names the pack.
    """
    demands = rules(facts)
    if demands.demanding:
        known = open_catalogue(facts)
        demands.check([known.load(client).id for client in clients])


def prepare(facts: Facts, asked: Asked, store: Store, token: FoundToken | None = None) -> Prepared:
    """Find deployment and token, choose the ways and fill the profiles in.

    Args:
        facts: Where we run.
        asked: What the user asked for.
        store: Our records.
        token: The token to use; None finds it.

    Raises:
        UsageError: What was asked for cannot be.
        NotSignedIn: There is no token.
        ProfileError: A profile is broken.
    """
    state = store.state()
    profiles, left_out = _allowed(asked, _profiles(facts, asked, state))
    if asked.everything:
        profiles, unasked = _without_opt_in(profiles)
        left_out += unasked
    deployment = resolve_deployment(facts, asked.url, insecure_http=asked.insecure_http)
    if token is None:
        typed = typed_token(sys.stdin) if asked.token_on_stdin else None
        token = resolve_token(facts, deployment.value, typed=typed)
    notes = [f"the deployment is `{deployment.value}`, from {deployment.source}", f"the token is from {token.source}"]
    notes += [*left_out, *token.notes]
    if needs_headers(facts):
        notes.append(
            "this deployment is reached with headers of `CODER_HEADER` or `CODER_HEADER_COMMAND`, "
            "which clients do not send by themselves"
        )
    if unusual(token.value):
        notes.append("the token has another shape than Coder's have today")
    signed_in = (deployment.value, token)
    wanted = [_wanted(facts, asked, state, profile, signed_in, notes) for profile in profiles]
    if asked.everything:
        by_hand = [want.profile.id for want in wanted if want.profile.way == "manual"]
        left = [profile for profile in profiles if profile.id in by_hand and profile.id not in state.clients]
        if len(left) == len(profiles):
            raise UsageError(
                f"{left[0].name} needs your hand, and no other supported client was found here",
                hint=f"`aibridge configure {left[0].id}` says what to do",
            )
        notes += [f"{profile.name} needs your hand: `aibridge configure {profile.id}`" for profile in left]
        profiles = [profile for profile in profiles if profile not in left]
        wanted = [want for want in wanted if want.profile.id in {profile.id for profile in profiles}]
    return Prepared(deployment, token, tuple(wanted), tuple(profiles), tuple(notes))


def _profiles(facts: Facts, asked: Asked, state: State) -> list[Profile]:
    known = open_catalogue(facts)
    if asked.everything:
        profiles, problems = known.load_all()
        if problems:
            raise problems[0]
        here = [
            profile
            for profile in profiles
            if profile.status == "supported" and (profile.id in state.clients or found(profile, facts, state.made()))
        ]
        if not here:
            raise UsageError("none of the supported clients was found here", hint="`aibridge clients` lists them")
        return here
    profiles = [known.load(client) for client in asked.clients]
    for profile in profiles:  # no sign-in would change this
        refuse_unsupported(profile)
    return list({profile.id: profile for profile in profiles}.values())


def _allowed(asked: Asked, profiles: list[Profile]) -> tuple[list[Profile], list[str]]:
    """Return the clients that packs allow, and what to say of those that `--all` leaves out."""
    if not asked.everything:
        asked.rules.check([profile.id for profile in profiles])
        return profiles, []
    allowed = [profile for profile in profiles if not asked.rules.refusing(profile.id)]
    if not allowed:
        asked.rules.check([profile.id for profile in profiles])
    refused = [profile for profile in profiles if profile not in allowed]
    return allowed, [f"the pack `{asked.rules.refusing(each.id)}` does not allow `{each.id}`" for each in refused]


def _without_opt_in(profiles: list[Profile]) -> tuple[list[Profile], list[str]]:
    """Return the clients for which `--all` is leave enough, and what to say of the others."""
    by_name = [profile for profile in profiles if profile.opt_in]
    if len(by_name) == len(profiles):
        raise UsageError(
            f"{by_name[0].name} is configured only when it is named, and no other supported client was found here",
            hint=f"`aibridge configure {by_name[0].id}` takes the place of {by_name[0].opt_in}",
        )
    rest = [profile for profile in profiles if profile not in by_name]
    return rest, [
        f"{profile.name} is left as it is: `aibridge configure {profile.id}` takes the place of {profile.opt_in}"
        for profile in by_name
    ]


def _wanted(
    facts: Facts,
    asked: Asked,
    state: State,
    profile: Profile,
    signed_in: tuple[str, FoundToken],
    notes: list[str],
) -> Wanted:
    origin, token = signed_in
    secretless = asked.require_secretless or bool(asked.rules.secretless)
    choice = choose_way(
        profile,
        asked.credential,
        lambda: installed_version(profile, facts),
        keychain=lambda: Entries(facts).refusal([entry.attributes for entry in profile.keychain]),
        require_secretless=secretless,
        required_by="" if asked.require_secretless else asked.rules.secretless,
    )
    notes += choice.notes
    values = values_for(
        facts,
        origin,
        token,
        models=_models(asked, profile),
        insecure_http=asked.insecure_http,
        gateway=asked.gateway,
    )
    rendered = render(
        profile,
        choice.way,
        values,
        platform=facts.platform,
        paths=resolve_paths(profile, facts),
        parts=parts_here(profile, facts),
        quote=lambda words: quote_for_shell(tuple(words), facts.platform),
    )
    content = token.value.reveal().encode()
    kept = {}
    if rendered.uses_token_file:
        kept[folders.token_file(facts, origin)] = content
    if rendered.uses_helper_file:
        kept[values.helper_file] = helper_program(values.helper, facts.platform).encode()
    session = folders.session_file(facts, origin)
    kept_before = session in state.kept and not token.signed_in
    if rendered.uses_helper and (not token.outlives_this_shell or kept_before):
        if secretless and not token.outlives_this_shell:
            raise UsageError(
                f"the token is from {token.source}, where the helper of {profile.name} will not find it later",
                hint=f"sign in with `aibridge login {origin}`, or use `--credential env`",
            )
        kept[session] = content
        note = f"this token is kept in `{session}`, and goes before others, until `aibridge login` or `unconfigure`"
        if note not in notes:
            notes.append(note)
    copied = bool(kept.keys() - {values.helper_file}) or rendered.way in ("file", "keychain")
    if copied and not token.outlives_this_shell and in_workspace(facts):
        note = (
            "this workspace has another token after each start; `aibridge token` in its start-up script brings our "
            "copies up to date, and `aibridge configure` those in clients' own files"
        )
        if note not in notes:
            notes.append(note)
    models = asked.models if _uses_models(profile) else ()
    return Wanted(rendered, origin, kept, models, asked.insecure_http)


def values_for(
    facts: Facts,
    origin: str,
    token: FoundToken,
    *,
    models: dict[str, tuple[str, ...]] | None = None,
    insecure_http: bool = False,
    gateway: Mapping[str, str] | None = None,
) -> Values:
    """Return what the placeholders of a profile stand for."""
    addresses = gateway_of(facts, origin, gateway)
    return Values(
        deployment_url=origin,
        gateway_root=addresses.root,
        gateway_openai=addresses.openai,
        gateway_anthropic=addresses.anthropic,
        token=token.value,
        token_file=folders.token_file(facts, origin),
        helper=helper_command(facts, origin, coder_command=token.program, insecure_http=insecure_http),
        helper_file=folders.helper_file(facts, origin),
        models={wire: names[0] for wire, names in (models or {}).items()},
        all_models=models or {},
    )


def _models(asked: Asked, profile: Profile) -> dict[str, tuple[str, ...]]:
    if not _uses_models(profile):
        if asked.models and not asked.everything:
            raise UsageError(f"no model is written for {profile.name}", hint="leave `--model` out")
        return {}
    models: dict[str, tuple[str, ...]] = {}
    for text in asked.models:
        wire, equals, name = text.partition("=")
        if not equals:
            wire, name = _only(profile.speaks, text), text
        if wire not in profile.speaks or not name:
            ways = " or ".join(f"`{speaks}=ID`" for speaks in profile.speaks)
            raise UsageError(f"`--model {text}` does not fit {profile.name}", hint=f"write {ways}")
        models[wire] = tuple(dict.fromkeys((*models.get(wire, ()), name)))
        if len(models[wire]) > 1 and not _takes_several(profile, wire):
            raise UsageError(f"{profile.name} takes one {wire} model", hint="give `--model` once for it")
    return models


def _uses_models(profile: Profile) -> bool:
    return any(model_need(profile, wire) != "none" for wire in profile.speaks)


def _takes_several(profile: Profile, wire: str) -> bool:
    upserts = [upsert for edit in profile.edits for upsert in edit.upserts]
    return any(upsert.for_each and upsert_uses(upsert, f"model.{wire}") for upsert in upserts)


def _only(speaks: Sequence[str], text: str) -> str:
    if len(speaks) != 1:
        raise UsageError(
            f"`--model {text}` could be meant for several providers",
            hint=" or ".join(f"`--model {wire}={text}`" for wire in speaks),
        )
    return speaks[0]
