"""Which model a client asks for: the resolver alone, on a client that is made up."""

from __future__ import annotations

from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.model_checks import models_in_use
from tests.diagnosis.layered import OURS, facts_of, found, quill

USER = "/home/ada/.quill/config.json"
ROOT = OURS.gateway.root
MORE = """
[[layer]]
what = "the user's settings"
files = "{config}/config.json"
format = "json"

[[layer]]
what = "the environment"
environment = true

[setting.base]
key = ["api", "base"]

[setting.model]
key = ["model"]
variable = "QUILL_MODEL"

[setting.fallback]
key = ["fallback"]

[[route]]
wire = "openai-chat"
url = ["base"]
default = "https://api.quill.example/v1"
model = ["model", "fallback"]

[[route]]
wire = "openai-responses"
url = ["base"]
model = ["fallback"]
"""


def profile() -> Profile:
    return quill(MORE)


def test_the_strongest_comes_first() -> None:
    """Of all that name a model the strongest counts; an address of its own is not needed for it."""
    files = {USER: '{"model": "one", "fallback": "two"}'}
    outcome, other = found(files, profile=profile(), facts=facts_of(QUILL_MODEL="three")).outcomes
    assert [value.text.reveal() for value in outcome.models] == ["one", "two", "three"]
    assert [value.where for value in other.models] == [f"`fallback` in `{USER}` (the user's settings)"]


def test_an_empty_one() -> None:
    """An empty value names none, and the next setting counts."""
    files = {USER: '{"model": "", "fallback": "two"}'}
    outcome = found(files, profile=profile(), facts=facts_of(QUILL_MODEL="three")).outcomes[0]
    assert outcome.models[0].text.reveal() == "two"


def test_models_of_the_gateway_alone() -> None:
    """What is asked for elsewhere is not looked for at the gateway; of two wires of a provider the first counts."""
    here = {USER: f'{{"api": {{"base": "{ROOT.replace("aibridge", "ai-gateway")}/openai/v1"}}, "fallback": "two"}}'}
    in_use = models_in_use(found(here, profile=profile()), ROOT)
    assert [value.text.reveal() for value in in_use["openai"]] == ["two"]
    assert models_in_use(found({USER: '{"fallback": "two"}'}, profile=profile()), ROOT) == {}
