from __future__ import annotations

import pytest

from aibridge_cli.loopback import Deployment, Token
from tests.conftest import RunAibridge


def test_the_models_of_each_provider(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """A table of provider, wire and model on standard output; what may be incomplete is told beside it."""
    done = aibridge("models")

    assert done.code == 0
    assert done.out.splitlines() == [
        "provider   wire       model",
        "openai     openai     loopback-openai-large",
        "openai     openai     loopback-openai-small",
        "anthropic  anthropic  loopback-anthropic-large",
        "anthropic  anthropic  loopback-anthropic-small",
    ]
    assert done.err == "note: you may not list the providers, so only usual names were tried\n"


def test_for_programs(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """The shape of the JSON."""
    deployment.behave(administrator=True, providers={"bedrock": "anthropic"})

    done = aibridge("models", "--json")

    remedy = "`aibridge configure CLIENT --provider-name anthropic=bedrock` uses `bedrock`"
    assert done.data == {
        "version": 1,
        "command": "models",
        "status": "done",
        "data": {
            "deployment": deployment.url,
            "gateway": f"{deployment.url}/api/v2/aibridge",
            "listed": True,
            "providers": [
                {
                    "name": "bedrock",
                    "wire": "anthropic",
                    "type": "anthropic",
                    "in_use": False,
                    "code": "served",
                    "models": ["loopback-anthropic-large", "loopback-anthropic-small"],
                }
            ],
            "unknown": [],
        },
        "messages": [
            f"note: there is no provider `anthropic` here; {remedy}",
        ],
    }
    assert signed_in.text not in done.out


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ({"licensed": False}, 1, "licence does not include the gateway"),
        ({"enabled": False}, 1, "not switched on"),
        ({"prefixes": ()}, 1, "serves no gateway under this path"),
    ],
)
def test_without_a_gateway(
    state: dict[str, object], code: int, said: str, aibridge: RunAibridge, deployment: Deployment, signed_in: Token
) -> None:
    """What is in the way is the error, in the deployment's own words."""
    deployment.behave(**state)

    done = aibridge("models")

    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_token_that_is_refused(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """An expired token ends with 4."""
    deployment.tokens.expire(signed_in.id)

    done = aibridge("models")

    assert done.code == 4
    assert "does not accept the token" in done.err
