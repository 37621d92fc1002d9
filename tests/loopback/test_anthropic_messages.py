from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment
    from tests.loopback.conftest import Ask

WIRE = "/api/v2/aibridge/anthropic/v1"
ANSWER = "Hello from the loopback deployment"
VERSION = {"anthropic-version": "2023-06-01"}


def question(**fields: Any) -> dict[str, Any]:
    return {"model": "any-model", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}], **fields}


def test_answer_in_one_piece(ask: Ask, bearer: dict[str, str]) -> None:
    """Without streaming the message comes whole, with the model that was asked."""
    answer = ask("POST", f"{WIRE}/messages?beta=true", bearer, body=question())
    assert answer.status == 200
    assert (answer.json["type"], answer.json["role"], answer.json["model"]) == ("message", "assistant", "any-model")
    assert answer.json["content"] == [{"type": "text", "text": ANSWER}]
    assert answer.json["stop_reason"] == "end_turn"
    assert answer.json["usage"]["input_tokens"] > 0
    assert answer.json["usage"]["output_tokens"] > 1


def test_answer_as_a_stream(ask: Ask, bearer: dict[str, str]) -> None:
    """A stream has the events in the order of the Messages interface, and its deltas make the answer."""
    answer = ask("POST", f"{WIRE}/messages", bearer, body=question(stream=True))
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    names = [name for name, _ in answer.events]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert set(names[3:-3]) == {"content_block_delta"}
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert all(data["type"] == name for name, data in answer.events)
    deltas = [data["delta"]["text"] for name, data in answer.events if name == "content_block_delta"]
    assert "".join(deltas) == ANSWER
    assert len(deltas) > 1
    assert answer.events[0][1]["message"]["model"] == "any-model"
    assert answer.events[-2][1]["delta"]["stop_reason"] == "end_turn"


def test_settings_say_what_is_answered(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """The answer is the one of the settings at the moment of the request."""
    deployment.behave(answer="Good\nmorning, \ud83d\ude00 ")
    assert ask("POST", f"{WIRE}/messages", bearer, body=question()).json["content"][0]["text"] == "Good\nmorning, 😀 "


@pytest.mark.parametrize("change", [{"model": None}, {"model": ""}, {"messages": []}, {"messages": "hi"}])
def test_question_with_something_missing(ask: Ask, bearer: dict[str, str], change: dict[str, Any]) -> None:
    """A question without model or messages is the provider's 400."""
    answer = ask("POST", f"{WIRE}/messages", bearer, body=question(**change))
    assert (answer.status, answer.json["error"]["type"]) == (400, "invalid_request_error")


def test_tokens_are_counted(ask: Ask, bearer: dict[str, str]) -> None:
    """A longer question counts more tokens."""
    short = ask("POST", f"{WIRE}/messages/count_tokens", bearer, body=question()).json["input_tokens"]
    longer = question(messages=[{"role": "user", "content": "hi " * 100}])
    assert 0 < short < ask("POST", f"{WIRE}/messages/count_tokens", bearer, body=longer).json["input_tokens"]


def test_models(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """The models are listed, one can be looked up, and one that is not there is the provider's 404."""
    listed = ask("GET", f"{WIRE}/models?limit=1000", bearer | VERSION).json
    names = deployment.settings.models["anthropic"]
    assert tuple(item["id"] for item in listed["data"]) == names
    assert (listed["first_id"], listed["last_id"], listed["has_more"]) == (names[0], names[-1], False)
    assert ask("GET", f"{WIRE}/models/{names[0]}", bearer | VERSION).json == listed["data"][0]
    missing = ask("GET", f"{WIRE}/models/nope", bearer | VERSION)
    assert (missing.status, missing.json["error"]["type"]) == (404, "not_found_error")


def test_no_models(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """A provider without models lists none."""
    deployment.behave(models={})
    listed = ask("GET", f"{WIRE}/models", bearer | VERSION).json
    assert listed == {"data": [], "has_more": False, "first_id": None, "last_id": None}
