"""A client as it is configured, once was, or would be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aibridge_cli.changes.state import ClientState
from aibridge_cli.changes.store import Store
from aibridge_cli.cli.preparation import Asked, Prepared, prepare, values_for
from aibridge_cli.clients.detect import parts_here
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile, model_need
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedProfile
from aibridge_cli.clients.version import installed_version
from aibridge_cli.clients.ways import choose_way
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.errors import NotSignedIn
from aibridge_cli.facts import Facts
from aibridge_cli.helper import quote_for_shell
from aibridge_cli.keychains.entries import Entries
from aibridge_cli.packs.rules import Rules
from aibridge_cli.secret import MASK, Secret


def as_configured(
    facts: Facts,
    store: Store,
    client: str,
    was: ClientState,
    token: FoundToken | None = None,
    *,
    rules: Rules = Rules(),  # noqa: B008 - a value that nothing changes
    gateway: Mapping[str, str] = MappingProxyType({}),
) -> Prepared:
    """Prepare a client again as it is, or once was, configured.

    Args:
        facts: Where we run.
        store: Our records.
        client: Its id.
        was: How it is configured, or was.
        token: The token to use; None finds it.
        rules: What organisation packs demand.
        gateway: What of the gateway is not as remembered.

    Raises:
        AibridgeError: As `prepare` does; the way may not be possible any more.
    """
    asked = Asked(
        clients=(client,),
        url=was.deployment,
        credential=was.way if was.way != "manual" else None,  # type: ignore[arg-type]
        models=was.models,
        insecure_http=was.insecure_http,
        rules=rules,
        gateway=gateway,
    )
    return prepare(facts, asked, store, token)


def prospect(facts: Facts, profile: Profile) -> tuple[RenderedProfile, FoundToken | None]:
    """Return how a client would be configured, and the token if there is one.

    What is not known here, such as the deployment, stays as its placeholder.

    Raises:
        AibridgeError: The client cannot be configured here.
    """
    token: FoundToken | None = None
    try:
        origin = resolve_deployment(facts, insecure_http=True).value
        token = resolve_token(facts, origin)
    except NotSignedIn:
        origin = origin_of(facts)
    choice = choose_way(
        profile,
        None,
        lambda: installed_version(profile, facts),
        keychain=lambda: Entries(facts).refusal([entry.attributes for entry in profile.keychain]),
    )
    models: dict[str, tuple[str, ...]] = {
        str(wire): (f"{{model.{wire}}}",) for wire in profile.speaks if model_need(profile, wire) == "required"
    }
    stand_in = token or FoundToken(Secret(MASK), "nowhere")
    rendered = render(
        profile,
        choice.way,
        values_for(facts, origin, stand_in, models=models),
        platform=facts.platform,
        paths=resolve_paths(profile, facts),
        parts=parts_here(profile, facts),
        quote=lambda words: quote_for_shell(tuple(words), facts.platform),
    )
    return rendered, token


def origin_of(facts: Facts) -> str:
    """Return the deployment that is in use, or its placeholder when there is none."""
    try:
        return resolve_deployment(facts, insecure_http=True).value
    except NotSignedIn:
        return "{deployment.url}"
