"""The OpenAI Chat Completions interface of the made-up upstream provider."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aibridge_cli.loopback.generation import estimated_tokens, identifier, pieces
from aibridge_cli.loopback.messages import Reply, data, event, event_stream
from aibridge_cli.loopback.openai_provider import error

if TYPE_CHECKING:
    from collections.abc import Iterator


def answer(body: dict[str, Any], text: str) -> Reply:
    """Answer a Chat Completions request.

    Args:
        body: The request.
        text: What the model says.
    """
    model, asked = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not model:
        return error(400, "you must provide a model parameter")
    if not isinstance(asked, list) or not asked:
        return error(400, "Missing required parameter: 'messages'.", code="missing_required_parameter")
    spent, made = estimated_tokens(asked), estimated_tokens(text)
    usage = {"prompt_tokens": spent, "completion_tokens": made, "total_tokens": spent + made}
    if body.get("stream") is True:
        options = body.get("stream_options")
        wanted = isinstance(options, dict) and options.get("include_usage") is True
        return event_stream(_events(model, text, usage if wanted else None))
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return data(200, {**_completion(model, "chat.completion"), "choices": [choice], "usage": usage})


def _completion(model: str, kind: str) -> dict[str, Any]:
    return {"id": identifier("chatcmpl"), "object": kind, "created": int(time.time()), "model": model}


def _events(model: str, text: str, usage: dict[str, int] | None) -> Iterator[bytes]:
    completion = _completion(model, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event({**completion, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(text):
        yield chunk({"content": piece})
    yield chunk({}, "stop")
    if usage is not None:
        yield event({**completion, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"
