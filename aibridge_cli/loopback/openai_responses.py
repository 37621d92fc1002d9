"""The OpenAI Responses interface of the made-up upstream provider."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING, Any

from aibridge_cli.loopback.generation import estimated_tokens, identifier, pieces
from aibridge_cli.loopback.messages import Reply, data, event, event_stream
from aibridge_cli.loopback.openai_provider import error

if TYPE_CHECKING:
    from collections.abc import Iterator


def answer(body: dict[str, Any], text: str) -> Reply:
    """Answer a Responses request.

    Args:
        body: The request.
        text: What the model says.
    """
    if not isinstance(body.get("model"), str) or not body["model"]:
        return error(400, "Missing required parameter: 'model'.", code="missing_required_parameter")
    if not body.get("input"):
        return error(400, "Missing required parameter: 'input'.", code="missing_required_parameter")
    if body.get("stream") is True:
        return event_stream(_events(body, text))
    return data(200, _finished(_response(body), _message(identifier("msg"), text), body, text))


def _response(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": identifier("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "model": body["model"],
        "output": [],
        "instructions": body.get("instructions"),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "store": False,
        "error": None,
        "incomplete_details": None,
        "metadata": {},
        "usage": None,
    }


def _message(name: str, text: str) -> dict[str, Any]:
    return {"id": name, "type": "message", "status": "completed", "role": "assistant", "content": [_part(text)]}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _finished(response: dict[str, Any], item: dict[str, Any], body: dict[str, Any], text: str) -> dict[str, Any]:
    spent, made = estimated_tokens([body.get("instructions"), body["input"]]), estimated_tokens(text)
    usage = {
        "input_tokens": spent,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": spent + made,
    }
    return {**response, "status": "completed", "output": [item], "usage": usage}


def _events(body: dict[str, Any], text: str) -> Iterator[bytes]:
    numbers = count()
    response, name = _response(body), identifier("msg")
    place = {"item_id": name, "output_index": 0, "content_index": 0}

    def typed(kind: str, **fields: Any) -> bytes:
        kind = f"response.{kind}"
        return event({"type": kind, "sequence_number": next(numbers), **fields}, kind)

    yield typed("created", response=response)
    yield typed("in_progress", response=response)
    started = {**_message(name, ""), "status": "in_progress", "content": []}
    yield typed("output_item.added", output_index=0, item=started)
    yield typed("content_part.added", **place, part=_part(""))
    for piece in pieces(text):
        yield typed("output_text.delta", **place, delta=piece, logprobs=[])
    yield typed("output_text.done", **place, text=text, logprobs=[])
    yield typed("content_part.done", **place, part=_part(text))
    item = _message(name, text)
    yield typed("output_item.done", output_index=0, item=item)
    yield typed("completed", response=_finished(response, item, body, text))
