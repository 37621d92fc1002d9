from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment
    from tests.loopback.conftest import Ask

MODELS = "/api/v2/aibridge/openai/v1/models"


def test_models(ask: Ask, deployment: Deployment, bearer: dict[str, str]) -> None:
    """The models are listed, one can be looked up, and one that is not there is the provider's 404."""
    listed = ask("GET", MODELS, bearer).json
    names = deployment.settings.models["openai"]
    assert (listed["object"], tuple(item["id"] for item in listed["data"])) == ("list", names)
    assert ask("GET", f"{MODELS}/{names[1]}", bearer).json == listed["data"][1]
    missing = ask("GET", f"{MODELS}/nope", bearer)
    assert (missing.status, missing.json["error"]["code"]) == (404, "model_not_found")
