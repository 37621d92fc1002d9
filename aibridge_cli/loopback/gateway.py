"""The gateway: which checks a request passes, in which order, and what each refusal looks like.

Seen in the sources of `coder/coder` and `coder/aibridge`: licence, rate limit, BYOK guard,
mount, token present, control plane reachable, token accepted, budget, provider route. The
first that fails answers, so a request without any token still tells whether the feature is
licensed and switched on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.loopback import anthropic_messages, openai_chat, openai_provider, openai_responses
from aibridge_cli.loopback.messages import Reply, Request, coder_error, data, plain
from aibridge_cli.loopback.settings import Fault, Settings
from aibridge_cli.loopback.tokens import TokenRefused, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GOVERNANCE_HEADER = "x-coder-ai-governance-token"
RETRY_AFTER = "30"

_INTERCEPTED: dict[str, dict[str, Callable[[dict[str, Any], str], Reply]]] = {
    "anthropic": {"/v1/messages": anthropic_messages.answer},
    "openai": {"/v1/responses": openai_responses.answer, "/v1/chat/completions": openai_chat.answer},
}
# A rule that ends in `/` stands for everything below it.
_PASSED_THROUGH = {
    "anthropic": ("/v1/models", "/v1/models/", "/v1/messages/count_tokens", "/api/event_logging/"),
    "openai": ("/v1/models", "/v1/models/", "/v1/conversations", "/v1/conversations/", "/v1/responses/"),
}


def answer(request: Request, path: str, settings: Settings, tokens: Tokens) -> Reply:
    """Answer a request to the gateway.

    Args:
        request: The request.
        path: Its path below the gateway's prefix, starting with the provider's name: `/openai/v1/models`.
        settings: How the deployment behaves.
        tokens: The tokens it accepts.
    """
    refusal = _refusal(request, settings, tokens)
    if refusal is not None:
        return refusal
    _, name, below = (path + "/").split("/", 2)
    below = "/" + below.removesuffix("/")
    wire = settings.providers.get(name, "")
    if wire and name in settings.switched_off:
        # whatever the path below the name; https://github.com/coder/coder/pull/25794
        return plain(503, f'provider_disabled: AI provider "{name}" is disabled')
    intercepted = _INTERCEPTED.get(wire, {}).get(below)
    unserved = below.startswith("/api/event_logging/") and Fault.NO_EVENT_LOGGING in settings.faults
    if intercepted is None and (unserved or not _is_passed_through(wire, below)):
        return plain(404, f"route not supported: {request.method} {path}")
    if intercepted is not None and request.header("upgrade").lower() == "websocket":
        return plain(426, "websocket connections are not available, use HTTPS")
    body = _object(request) if intercepted is not None else {}
    if body is None:
        return plain(500, f'failed to create "{path}" interceptor')
    failure = _upstream_failure(wire, settings)
    if failure is not None:
        return failure
    if intercepted is not None:
        return intercepted(body, settings.answer)
    models = settings.models.get(wire, ())
    if below == "/v1/models" and Fault.NO_MODEL_LIST in settings.faults:
        return openai_provider.error(404, "Invalid URL (GET /v1/v1/models)")
    if wire == "anthropic":
        return anthropic_messages.pass_through(request, below, models)
    return openai_provider.pass_through(below, models)


def sent_token(request: Request) -> str:
    """Return the token the gateway takes from a request, or "".

    The governance header first, then a bearer authorization of exactly two words, then the API key header.
    """
    governance = request.header(GOVERNANCE_HEADER)
    if governance:
        return governance
    words = request.header("authorization").split()
    if len(words) == 2 and words[0].lower() == "bearer":
        return words[1]
    return request.header("x-api-key")


def _refusal(request: Request, settings: Settings, tokens: Tokens) -> Reply | None:
    faults = settings.faults
    if not settings.licensed:
        return coder_error(403, "AI Gateway is a Premium feature. Contact sales!")
    if Fault.RATE_LIMITED in faults:
        return coder_error(429, "You've been rate limited. Please try again later.")
    if request.header(GOVERNANCE_HEADER) and not settings.byok:
        return coder_error(
            403,
            "Bring Your Own Key (BYOK) mode is not enabled.",
            "An administrator can enable it with --ai-gateway-allow-byok.",
        )
    if not settings.enabled:
        return coder_error(404, "aibridged handler not mounted")
    token = sent_token(request)
    if not token:
        return plain(400, "no authentication key provided")
    if Fault.CODERD_UNREACHABLE in faults:
        return plain(503, "could not connect to coderd")
    try:
        tokens.accept(token)
    except TokenRefused:
        return plain(403, "unauthorized")
    if Fault.BUDGET_EXCEEDED in faults:
        return plain(
            403,
            f"AI budget of US${settings.budget:.2f} exceeded. Please contact an administrator for more details.",
        )
    return None


def _is_passed_through(wire: str, path: str) -> bool:
    return any(path.startswith(rule) if rule.endswith("/") else path == rule for rule in _PASSED_THROUGH.get(wire, ()))


def _object(request: Request) -> dict[str, Any] | None:
    try:
        body = request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _upstream_failure(wire: str, settings: Settings) -> Reply | None:
    faults, anthropic = settings.faults, wire == "anthropic"
    if Fault.UPSTREAM_UNREACHABLE in faults:
        return plain(502, "upstream proxy error")
    if Fault.CIRCUIT_OPEN in faults:
        message = "circuit breaker is open"
        if anthropic:
            return anthropic_messages.error(503, "overloaded_error", message, Retry_After=RETRY_AFTER)
        body = {"error": {"message": message, "type": "server_error", "code": "service_unavailable"}}
        return data(503, body, Retry_After=RETRY_AFTER)
    if Fault.UPSTREAM_RATE_LIMITED in faults:
        if anthropic:
            return anthropic_messages.error(429, "rate_limit_error", "Too many requests", Retry_After=RETRY_AFTER)
        body = {"error": {"message": "Too many requests", "type": "requests", "code": "rate_limit_exceeded"}}
        return data(429, body, Retry_After=RETRY_AFTER)
    if Fault.UPSTREAM_REJECTS_KEY in faults:
        if anthropic:
            return anthropic_messages.error(401, "authentication_error", "invalid x-api-key")
        return openai_provider.error(401, "Incorrect API key provided", code="invalid_api_key")
    return None
