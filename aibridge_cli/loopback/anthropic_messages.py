"""The upstream provider behind an Anthropic wire: Messages, count_tokens and models.

The shapes are those of the public Messages API, version 2023-06-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aibridge_cli.loopback.generation import estimated_tokens, identifier, pieces
from aibridge_cli.loopback.messages import Reply, Request, data, event, event_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CREATED = "2026-01-01T00:00:00Z"


def error(status: int, kind: str, message: str, **headers: str) -> Reply:
    """Return an error in the provider's own shape."""
    return data(status, {"type": "error", "error": {"type": kind, "message": message}}, **headers)


def answer(body: dict[str, Any], text: str) -> Reply:
    """Answer a Messages request.

    Args:
        body: The request.
        text: What the model says.
    """
    model, asked = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not model:
        return error(400, "invalid_request_error", "model: Field required")
    if not isinstance(asked, list) or not asked:
        return error(400, "invalid_request_error", "messages: at least one message is required")
    spent = estimated_tokens([body.get("system"), asked])
    if body.get("stream") is True:
        return event_stream(_events(model, text, spent))
    message = _message(model, spent)
    message["content"] = [{"type": "text", "text": text}]
    message["stop_reason"] = "end_turn"
    message["usage"]["output_tokens"] = estimated_tokens(text)
    return data(200, message)


def _message(model: str, spent: int) -> dict[str, Any]:
    return {
        "id": identifier("msg"),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": spent,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 1,
        },
    }


def _events(model: str, text: str, spent: int) -> Iterator[bytes]:
    def typed(kind: str, **fields: Any) -> bytes:
        return event({"type": kind, **fields}, kind)

    yield typed("message_start", message=_message(model, spent))
    yield typed("content_block_start", index=0, content_block={"type": "text", "text": ""})
    yield typed("ping")
    for piece in pieces(text):
        yield typed("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    yield typed("content_block_stop", index=0)
    yield typed(
        "message_delta",
        delta={"stop_reason": "end_turn", "stop_sequence": None},
        usage={"output_tokens": estimated_tokens(text)},
    )
    yield typed("message_stop")


def pass_through(request: Request, path: str, models: Sequence[str]) -> Reply:
    """Answer what the gateway hands on without looking at it.

    Args:
        request: The request.
        path: Its path below the provider's name.
        models: The ids that the provider lists.
    """
    if path.startswith("/api/event_logging/"):
        return data(200, {})
    if path == "/v1/messages/count_tokens":
        return _count(request)
    if not request.header("anthropic-version"):
        return error(400, "invalid_request_error", "anthropic-version: header is required")
    listed = [{"type": "model", "id": name, "display_name": name, "created_at": CREATED} for name in models]
    if path == "/v1/models":
        return data(
            200,
            {
                "data": listed,
                "has_more": False,
                "first_id": models[0] if models else None,
                "last_id": models[-1] if models else None,
            },
        )
    wanted = path.removeprefix("/v1/models/")
    for item in listed:
        if item["id"] == wanted:
            return data(200, item)
    return error(404, "not_found_error", f"model: {wanted}")


def _count(request: Request) -> Reply:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        return error(400, "invalid_request_error", "messages: Field required")
    return data(200, {"input_tokens": estimated_tokens([body.get("system"), body["messages"], body.get("tools")])})
