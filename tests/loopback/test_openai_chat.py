from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.loopback.conftest import Ask

PATH = "/api/v2/aibridge/openai/v1/chat/completions"
ANSWER = "Hello from the loopback deployment"


def question(**fields: Any) -> dict[str, Any]:
    return {"model": "any-model", "messages": [{"role": "user", "content": "hi"}], **fields}


def test_answer_in_one_piece(ask: Ask, bearer: dict[str, str]) -> None:
    """Without streaming the completion comes whole, with usage that adds up."""
    answer = ask("POST", PATH, bearer, body=question()).json
    assert (answer["object"], answer["model"]) == ("chat.completion", "any-model")
    assert answer["choices"][0]["message"]["content"] == ANSWER
    assert answer["choices"][0]["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 2


@pytest.mark.parametrize(
    ("options", "with_usage"), [(None, False), ({"include_usage": False}, False), ({"include_usage": True}, True)]
)
def test_answer_as_a_stream(ask: Ask, bearer: dict[str, str], options: Any, with_usage: bool) -> None:
    """A stream starts with the role, ends with `[DONE]`, and tells the usage only when asked to."""
    events = [data for _, data in ask("POST", PATH, bearer, body=question(stream=True, stream_options=options)).events]
    assert events.pop() == "[DONE]"
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    assert len({event["id"] for event in events}) == 1
    assert ("usage" in events[-1]) is with_usage
    chunks = events[:-1] if with_usage else events
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == ANSWER
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]


@pytest.mark.parametrize("change", [{"model": None}, {"messages": []}])
def test_question_with_something_missing(ask: Ask, bearer: dict[str, str], change: dict[str, Any]) -> None:
    """A question without model or messages is the provider's 400."""
    answer = ask("POST", PATH, bearer, body=question(**change))
    assert (answer.status, answer.json["error"]["type"]) == (400, "invalid_request_error")
