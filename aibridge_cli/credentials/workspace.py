"""Tokens that a Coder workspace's template set for AI tools, as a last resort.

The owner's session token is made anew at every start of the workspace, so these are read
each time and never kept. The names are those of Coder's documentation and of the modules
in coder/registry, old and new.
"""

from __future__ import annotations

from aibridge_cli.credentials.token import unusual
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import CredentialRefused
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts

_AGENT = "CODER_AGENT_URL"
PAIRS = (
    ("CODER_API_TOKEN", _AGENT),
    ("OPENAI_CODER_AIGATEWAY_SESSION_TOKEN", _AGENT),
    ("CODER_AIBRIDGE_SESSION_TOKEN", _AGENT),
    ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
)
"""Variables that may hold a token, each with the one that says whose it is."""


def in_workspace(facts: Facts) -> bool:
    """Tell whether this is a Coder workspace, by the variables that its agent sets."""
    return bool(facts.variable(_AGENT)) and (
        facts.variable("CODER").lower() == "true"
        or any(facts.variable(name) for name in ("CODER_WORKSPACE_ID", "CODER_WORKSPACE_NAME"))
    )


def from_workspace(facts: Facts, origin: str) -> tuple[str, str] | None:
    """Return a token that the workspace's template set, and the name of its variable.

    Only a token of Coder's own shape counts, and only when the address beside it (for the
    names that nobody but Coder uses: that of the agent) is on the deployment.

    Args:
        facts: Where we run.
        origin: The deployment.
    """
    if not in_workspace(facts):
        return None
    for name, address in PAIRS:
        token = facts.variable(name)
        if token and not unusual(Secret(token)) and _is_on(facts.variable(address), origin):
            return token, name
    return None


def _is_on(url: str, origin: str) -> bool:
    try:
        return normalise(url, insecure_http=True) == origin
    except CredentialRefused:
        return False
