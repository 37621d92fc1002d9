"""How a loopback deployment behaves, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEGACY_PREFIX = "aibridge"
CANONICAL_PREFIX = "ai-gateway"


class Fault(Enum):
    """One thing that goes wrong, on every request to the gateway, to Coder's own interface, or to either."""

    RATE_LIMITED = auto()
    CODERD_UNREACHABLE = auto()
    BUDGET_EXCEEDED = auto()
    UPSTREAM_REJECTS_KEY = auto()
    UPSTREAM_RATE_LIMITED = auto()
    UPSTREAM_UNREACHABLE = auto()
    CIRCUIT_OPEN = auto()
    NO_MODEL_LIST = auto()
    NO_EVENT_LOGGING = auto()
    # Coder's own interface
    API_RATE_LIMITED = auto()
    # what stands in front of all of it
    SIGN_IN_REDIRECT = auto()
    SIGN_IN_PAGE = auto()
    UNAVAILABLE = auto()
    SILENT = auto()
    SERVER_DISCONNECTS = auto()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment serves and what goes wrong on it.

    Args:
        providers: Provider name to wire, `openai` or `anthropic`. The name is what stands
            in the path; it need not be the name of the wire.
        models: Wire to the model ids that `/v1/models` lists. Requests may name any model.
        prefixes: Path segments under `/api/v2/` that serve the gateway. A deployment that
            is too old for the canonical one has `("aibridge",)`, one without the feature `()`.
        switched_off: Names of providers that an administrator switched off and did not remove.
        licensed: Whether the licence includes the gateway.
        enabled: Whether an administrator switched the gateway on.
        byok: Whether users may bring their own provider key.
        administrator: Whether the one user of the deployment is an administrator.
        username: That user's name.
        version: What `buildinfo` says.
        answer: What every model answers.
        budget: The user's budget in US dollars, named when it is exceeded.
        maximum_token_lifetime: The longest lifetime a new token may ask for, in seconds.
        session_expiry_refresh: Whether a token's end moves when Coder's interface is used,
            which an administrator can switch off.
        delay: Seconds that every answer takes.
        retry_after: Seconds that whoever is asked too often wants to have peace.
        required_header: A header, name and value, that what stands in front of the
            deployment wants to see, or None.
        sign_in_url: Where a redirect to a sign-in leads.
        faults: What goes wrong.
    """

    providers: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"openai": "openai", "anthropic": "anthropic"}),
    )
    models: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "openai": ("loopback-openai-large", "loopback-openai-small"),
                "anthropic": ("loopback-anthropic-large", "loopback-anthropic-small"),
            },
        ),
    )
    prefixes: tuple[str, ...] = (LEGACY_PREFIX, CANONICAL_PREFIX)
    switched_off: frozenset[str] = frozenset()
    licensed: bool = True
    enabled: bool = True
    byok: bool = True
    administrator: bool = False
    username: str = "developer"
    version: str = "v2.37.0+loopback"
    answer: str = "Hello from the loopback deployment"
    budget: float = 25.0
    maximum_token_lifetime: int = 365 * 24 * 3600
    session_expiry_refresh: bool = True
    delay: float = 0.0
    retry_after: int = 30
    required_header: tuple[str, str] | None = None
    sign_in_url: str = "https://sso.example.com/authorize?client_id=coder&state=made-up"
    faults: frozenset[Fault] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a wire that does not exist.

        Raises:
            ValueError: A provider's wire is neither `openai` nor `anthropic`.
        """
        unknown = {wire for wire in self.providers.values() if wire not in ("openai", "anthropic")}
        if unknown:
            raise ValueError(f"a provider's wire is `openai` or `anthropic`, not {', '.join(sorted(unknown))}")
