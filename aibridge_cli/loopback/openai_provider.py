"""What both OpenAI interfaces share: errors, models, and what is handed on unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.loopback.messages import Reply, data

if TYPE_CHECKING:
    from collections.abc import Sequence

CREATED = 1767225600  # the first second of 2026


def error(status: int, message: str, *, kind: str = "invalid_request_error", code: str | None = None) -> Reply:
    """Return an error in the provider's own shape."""
    return data(status, {"error": {"message": message, "type": kind, "param": None, "code": code}})


def pass_through(path: str, models: Sequence[str]) -> Reply:
    """Answer what the gateway hands on without looking at it.

    Nothing is stored here, so every stored response and conversation is unknown.

    Args:
        path: The path below the provider's name.
        models: The ids that the provider lists.
    """
    listed = [{"id": name, "object": "model", "created": CREATED, "owned_by": "loopback"} for name in models]
    if path == "/v1/models":
        return data(200, {"object": "list", "data": listed})
    if path.startswith("/v1/models/"):
        wanted = path.removeprefix("/v1/models/")
        for item in listed:
            if item["id"] == wanted:
                return data(200, item)
        return error(404, f"The model '{wanted}' does not exist", code="model_not_found")
    return error(404, f"Nothing found at {path}")
