"""Which deployment is meant, in one order."""

from __future__ import annotations

from aibridge_cli.credentials.coder_files import coder_origin, url_file
from aibridge_cli.credentials.found import FoundURL
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError, NotSignedIn, UsageError
from aibridge_cli.folders import config_folder, current_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts


def resolve_deployment(facts: Facts, url: str | None = None, *, insecure_http: bool = False) -> FoundURL:
    """Return the deployment to use, from the first place that names one.

    Args:
        facts: Where we run.
        url: The value of `--url`, or None when it was not given.
        insecure_http: Whether plain http to another machine is accepted.

    Raises:
        CredentialRefused: The place that counts holds no address of a deployment.
        FileProblem: The Coder CLI's file cannot be read.
        NotSignedIn: No place names one.
    """
    for place in PLACES:
        found = place(facts, url, insecure_http)
        if found:
            return found
    raise NotSignedIn(
        "no Coder deployment is known",
        hint="run `aibridge login URL`, or set `CODER_URL` and `CODER_SESSION_TOKEN`, "
        "or pass `--url` and `--token-stdin` to `aibridge configure`",
    )


def _from_flag(_facts: Facts, url: str | None, insecure_http: bool) -> FoundURL | None:
    return None if url is None else FoundURL(normalise(url, insecure_http, what="`--url`"), "`--url`")


def _from_variable(facts: Facts, _url: str | None, insecure_http: bool) -> FoundURL | None:
    return _variable(facts, "CODER_URL", insecure_http)


def _from_own_sign_in(facts: Facts, _url: str | None, _insecure_http: bool) -> FoundURL | None:
    try:
        path = current_file(facts)
    except UsageError:
        raise
    except AibridgeError:  # no home, so nobody signed in
        return None
    text = read_line(path)
    # whether plain http will do was asked when it was signed in to
    return FoundURL(normalise(text, True, what=f"the URL in `{path}`"), "`aibridge login`") if text else None


def _from_coder_files(facts: Facts, _url: str | None, insecure_http: bool) -> FoundURL | None:
    if not facts.home and not facts.variable("CODER_CONFIG_DIR"):
        return None  # an agent's URL may still be there
    origin = coder_origin(facts, insecure_http)
    return FoundURL(origin, f"the Coder CLI's `{url_file(facts)}`") if origin else None


def _from_workspace_agent(facts: Facts, _url: str | None, insecure_http: bool) -> FoundURL | None:
    return _variable(facts, "CODER_AGENT_URL", insecure_http)


def _from_pack(facts: Facts, _url: str | None, _insecure_http: bool) -> FoundURL | None:
    from aibridge_cli.pack_index import installed_packs

    try:
        ours = config_folder(facts)
    except UsageError:
        raise
    except AibridgeError:  # no home, so no pack
        return None
    for pack in installed_packs(ours):
        if pack.deployment:
            return FoundURL(
                normalise(pack.deployment, what=f"the URL of the pack `{pack.name}`"), f"the pack `{pack.name}`"
            )
    return None


def _variable(facts: Facts, name: str, insecure_http: bool) -> FoundURL | None:
    value = facts.variable(name)
    return FoundURL(normalise(value, insecure_http, what=f"`{name}`"), f"`{name}`") if value else None


# The precedence.
PLACES = (_from_flag, _from_variable, _from_own_sign_in, _from_coder_files, _from_workspace_agent, _from_pack)
