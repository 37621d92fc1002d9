"""Coder's own interface under `/api/v2`: build, user, tokens, providers, entitlements."""

from __future__ import annotations

from typing import Any

from aibridge_cli.loopback.messages import Reply, Request, coder_error, data, route_not_found
from aibridge_cli.loopback.settings import Fault, Settings
from aibridge_cli.loopback.tokens import DAY, USER_ID, Token, TokenRefused, Tokens

NANOSECONDS = 1_000_000_000
ORGANIZATION_ID = "0a7d3c1e-5b92-4f08-8e6d-1c4b7a9f2e35"
SIGNED_OUT = "You are signed out or your session has expired. Please sign in again to continue."
NOT_SENT = 'Cookie "coder_session_token" or query parameter must be provided.'
UNKNOWN = "Resource not found or you do not have access to this resource"


def answer(request: Request, path: str, settings: Settings, tokens: Tokens, url: str) -> Reply:
    """Answer a request to Coder's interface.

    Args:
        request: The request.
        path: Its path below `/api/v2`.
        settings: How the deployment behaves.
        tokens: The tokens it accepts.
        url: The deployment's own URL.
    """
    if Fault.API_RATE_LIMITED in settings.faults:
        message = "You've been rate limited for sending more than 512 requests in 1m0s."
        return data(429, {"message": message}, Retry_After=str(settings.retry_after))
    if path == "/buildinfo":
        build = {"version": settings.version, "dashboard_url": url, "external_url": url, "telemetry": False}
        return data(200, build, X_Coder_Build_Version=settings.version)
    routes = {
        "/users/me": ("GET",),
        "/entitlements": ("GET",),
        "/ai/providers": ("GET",),
        "/users/me/keys": ("POST",),
        "/users/me/keys/tokens": ("GET", "POST"),
        "/users/me/keys/tokens/tokenconfig": ("GET",),
    }
    of_one_key = path.startswith("/users/me/keys/")
    if path not in routes and not of_one_key:
        return route_not_found()
    try:
        tokens.use(_signed_in(request, tokens).id, refresh=settings.session_expiry_refresh)
    except TokenRefused as refused:
        return coder_error(401, SIGNED_OUT, str(refused))
    method = "GET" if request.method == "HEAD" else request.method
    if path in routes and method not in routes[path]:
        return Reply(405)
    match path:
        case "/users/me":
            return data(200, _user(settings))
        case "/entitlements":
            return data(200, _entitlements(settings))
        case "/ai/providers":
            return _providers(settings)
        case "/users/me/keys":
            return data(201, {"key": tokens.issue(lifetime=DAY).text})
        case "/users/me/keys/tokens/tokenconfig":
            return data(200, {"max_token_lifetime": settings.maximum_token_lifetime * NANOSECONDS})
        case "/users/me/keys/tokens":
            return _create(request, settings, tokens) if method == "POST" else _list(request, settings, tokens)
        case _:
            return _one_key(method, path.removeprefix("/users/me/keys/"), tokens)


def sent_token(request: Request) -> str:
    """Return the token that Coder's own interface takes from a request, or "".

    Cookie, query, own header, then a bearer authorization; unlike the gateway it knows no API key header.
    """
    cookies = dict(pair.strip().partition("=")[::2] for pair in request.header("cookie").split(";"))
    scheme, _, bearer = request.header("authorization").partition(" ")
    candidates = (
        cookies.get("coder_session_token", ""),
        request.query.get("coder_session_token", ""),
        request.header("coder-session-token"),
        bearer.strip() if scheme.lower() == "bearer" else "",
    )
    return next((candidate for candidate in candidates if candidate), "")


def _signed_in(request: Request, tokens: Tokens) -> Token:
    token = sent_token(request)
    if not token:
        raise TokenRefused(NOT_SENT)
    return tokens.accept(token)


def _user(settings: Settings) -> dict[str, Any]:
    return {
        "id": USER_ID,
        "username": settings.username,
        "name": settings.username,
        "email": f"{settings.username}@example.com",
        "status": "active",
        "login_type": "password",
        "organization_ids": [ORGANIZATION_ID],
        "roles": [{"name": "owner", "display_name": "Owner"}] if settings.administrator else [],
    }


def _entitlements(settings: Settings) -> dict[str, Any]:
    feature = {"entitlement": "entitled" if settings.licensed else "not_entitled", "enabled": settings.enabled}
    return {"features": {"aibridge": feature}, "has_license": settings.licensed, "warnings": [], "errors": []}


def _providers(settings: Settings) -> Reply:
    if not settings.administrator:
        return coder_error(403, "Forbidden.", "You don't have permission to view this content.")
    return data(
        200,
        [
            {"name": name, "type": wire, "enabled": name not in settings.switched_off}
            for name, wire in settings.providers.items()
        ],
    )


def _list(request: Request, settings: Settings, tokens: Tokens) -> Reply:
    expired_too = request.query.get("include_expired") == "true"
    listed = [
        {**token.described(), "username": settings.username}
        for token in tokens.all()
        if token.name and (expired_too or not tokens.is_expired(token))
    ]
    return data(200, listed or None)  # Go writes a list without members as null


def _create(request: Request, settings: Settings, tokens: Tokens) -> Reply:
    try:
        asked = request.json() if request.body else {}
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        return coder_error(400, "Request body must be valid JSON.")
    name, lifetime = asked.get("token_name") or f"token-{len(tokens.all()) + 1}", asked.get("lifetime") or 0
    if not isinstance(name, str) or not isinstance(lifetime, int) or lifetime < 0:
        return coder_error(400, "Failed to validate create API key request.", "lifetime must be positive")
    longest = settings.maximum_token_lifetime
    if lifetime > longest * NANOSECONDS:
        hours, rest = divmod(longest, 3600)
        detail = f"lifetime must be less than {hours}h{rest // 60}m{rest % 60}s"
        return coder_error(400, "Failed to validate create API key request.", detail)
    if tokens.named(name) is not None:
        message = f'A token with name "{name}" already exists.'
        problem = {"field": "name", "detail": "This value is already in use and should be unique."}
        return data(409, {"message": message, "validations": [problem]})
    seconds = lifetime / NANOSECONDS if lifetime else min(30 * DAY, longest)
    return data(201, {"key": tokens.issue(name, lifetime=seconds).text})


def _one_key(method: str, rest: str, tokens: Tokens) -> Reply:
    if rest.startswith("tokens/"):
        token, action = tokens.named(rest.removeprefix("tokens/")), ""
    else:
        identifier, _, action = rest.partition("/")
        token = tokens.get(identifier)
    if token is None:
        return coder_error(404, UNKNOWN)
    if method == "GET" and not action:
        return data(200, token.described())
    if method == "DELETE" and not action and not rest.startswith("tokens/"):
        tokens.revoke(token.id)
        return Reply(204)
    if method == "PUT" and action == "expire":
        tokens.expire(token.id)
        return Reply(204)
    return route_not_found()
