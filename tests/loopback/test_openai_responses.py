from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.loopback.conftest import Ask

PATH = "/api/v2/ai-gateway/openai/v1/responses"
ANSWER = "Hello from the loopback deployment"


def question(**fields: Any) -> dict[str, Any]:
    return {"model": "any-model", "input": [{"role": "user", "content": "hi"}], **fields}


def test_answer_in_one_piece(ask: Ask, bearer: dict[str, str]) -> None:
    """Without streaming the response comes whole, with usage that adds up."""
    answer = ask("POST", PATH, bearer, body=question(instructions="Be kind")).json
    assert (answer["object"], answer["status"], answer["model"]) == ("response", "completed", "any-model")
    assert [part["text"] for part in answer["output"][0]["content"]] == [ANSWER]
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 2
    assert answer["instructions"] == "Be kind"


def test_answer_as_a_stream(ask: Ask, bearer: dict[str, str]) -> None:
    """A stream has the events in the order of the Responses interface, numbered, and its deltas make the answer."""
    events = ask("POST", PATH, bearer, body=question(stream=True)).events
    names = [name.removeprefix("response.") for name, _ in events]
    assert names[:4] == ["created", "in_progress", "output_item.added", "content_part.added"]
    assert set(names[4:-4]) == {"output_text.delta"}
    assert names[-4:] == ["output_text.done", "content_part.done", "output_item.done", "completed"]
    assert all(data["type"] == name for name, data in events)
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    assert "".join(data["delta"] for name, data in events if name == "response.output_text.delta") == ANSWER
    created, completed = events[0][1]["response"], events[-1][1]["response"]
    assert created["id"] == completed["id"]
    assert (created["status"], completed["status"]) == ("in_progress", "completed")
    assert completed["output"] == [events[-2][1]["item"]]
    assert {data["item_id"] for _, data in events if "item_id" in data} == {completed["output"][0]["id"]}


@pytest.mark.parametrize("change", [{"model": None}, {"model": ""}, {"input": ""}, {"input": []}])
def test_question_with_something_missing(ask: Ask, bearer: dict[str, str], change: dict[str, Any]) -> None:
    """A question without model or input is the provider's 400."""
    answer = ask("POST", PATH, bearer, body=question(**change))
    assert (answer.status, answer.json["error"]["code"]) == (400, "missing_required_parameter")
