"""What profiles can say beyond plain keys: folders that exist, models, defaults, objects as one, items."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from aibridge_cli.clients.candidates import IfExists
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile, Request
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedProfile, RenderedUpsert, RenderedWhole, Values
from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts
from tests.clients.conftest import Load, MakeValues

PATHS = """
credential = ["env"]
env.T = "{token}"
[paths]
config = ["$EXAMPLE_HOME", { exists = "~/.new" }, { exists = "$OTHER/old" }, "~/.example"]
data = { linux = [{ exists = "~/.data" }] }
"""


def test_a_folder_that_exists(load: Load, tmp_path: Path) -> None:
    """A conditional candidate counts where a folder, or a link to one, has something in it; variables go first."""
    profile = load(PATHS)
    assert profile.paths["config"].linux[1] == IfExists("~/.new")
    home = Facts(environ={}, platform="linux", home=str(tmp_path))
    assert resolve_paths(profile, home) == {"config": f"{tmp_path}/.example"}

    (tmp_path / "real").mkdir()
    (tmp_path / ".data").write_text("a file")
    (tmp_path / ".new").symlink_to("real")
    assert resolve_paths(profile, home) == {"config": f"{tmp_path}/.example"}
    (tmp_path / "real/settings.json").write_text("{}")
    assert resolve_paths(profile, home) == {"config": f"{tmp_path}/.new"}
    set_ = Facts(environ={"EXAMPLE_HOME": "/e"}, platform="linux", home=str(tmp_path))
    assert resolve_paths(profile, set_)["config"] == "/e"


def rendered(profile: Profile, values: Values) -> RenderedProfile:
    paths = {"config": "/home/ada/.example"}
    return render(profile, profile.credential[0], values, platform="linux", paths=paths, quote=shlex.join)


MODELS = """
credential = ["env"]
model = NEED
env.T = "{token}"
paths.config = ["~/.example"]
[[edit]]
file = "{config}/a.json"
format = "json"
when = { model = "openai" }
set.provider = "openai"
set.model = "{model.openai}"
[[edit.upsert]]
at = ["models"]
match = { id = "{model.openai}" }
value = { url = "{gateway.openai}" }
for_each = "models"
[[edit]]
file = "{config}/a.json"
format = "json"
when = { model = ["anthropic"] }
set.other = "{model.anthropic}"
"""


HEAD = """
name = "Example"
summary = "An example client"
docs = "https://example.com/docs"
status = "supported"
speaks = ["openai", "anthropic"]
"""


def models(need: str) -> Profile:
    return load_profile(HEAD + MODELS.replace("NEED", need), "example.toml")


def test_one_item_for_each_model(make_values: MakeValues) -> None:
    """Every model of the wire gets its item, other values the first; without one its edits are left out."""
    values = make_values(models={"openai": "m1"}, all_models={"openai": ("m1", "m2")})
    url = {"url": values.gateway_openai}

    (edit,) = rendered(models('"optional"'), values).edits

    assert edit.sets == ((("provider",), "openai"), (("model",), "m1"))
    assert edit.upserts == (
        RenderedUpsert(("models",), {"id": "m1"}, url),
        RenderedUpsert(("models",), {"id": "m2"}, url),
    )
    (other,) = rendered(models('"optional"'), make_values(models={"anthropic": "c"})).edits
    assert other.sets == ((("other",), "c"),)
    assert rendered(models('"optional"'), make_values()).edits == ()


@pytest.mark.parametrize(
    ("need", "given", "message"),
    [
        ('"required"', {}, "Example needs to be told which model to use"),
        ('{ openai = "required", anthropic = "optional" }', {}, "Example needs to be told which openai model to use"),
        (
            '{ openai = "required", anthropic = "optional" }',
            {"anthropic": "c"},
            "Example needs to be told which openai model to use",
        ),
    ],
)
def test_a_required_model(need: str, given: dict[str, str], message: str, make_values: MakeValues) -> None:
    """A need of one wire is not met by a model of another, and `required` for all wants at least one."""
    with pytest.raises(UsageError) as caught:
        rendered(models(need), make_values(models=given))
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("need", "given"),
    [
        ('"required"', {"anthropic": "c"}),
        ('{ openai = "optional", anthropic = "required" }', {"anthropic": "c"}),
        ('{ openai = "optional", anthropic = "optional" }', {"anthropic": "c"}),
    ],
)
def test_a_need_that_is_met(need: str, given: dict[str, str], make_values: MakeValues) -> None:
    """Who named what is required is asked for nothing else."""
    assert len(rendered(models(need), make_values(models=given)).edits) == 1


WHOLE = """
credential = ["file"]
model = "optional"
paths.config = ["~/.example"]
[[edit]]
file = "{config}/a.json"
format = "json"
secret = true
whole = [["providers", "p"], ["models", "m"]]
[edit.set]
version = 1
[edit.set.providers.p]
url = "{gateway.openai}"
key = "{token}"
[edit.set.models.m]
id = "{model.openai}"
[edit.default]
theme = "dark"
[edit.default.providers.p]
updated = "then"
"""


def test_objects_as_one(load: Load, make_values: MakeValues) -> None:
    """What is set and defaulted inside such an object belongs to it; without a leaf to set there is none."""
    values = make_values()

    (edit,) = rendered(load(WHOLE), values).edits

    leaves = ((("url",), values.gateway_openai), (("key",), "a-token"))
    assert edit.sets == ((("version",), 1),)
    assert edit.defaults == ((("theme",), "dark"),)
    assert edit.wholes == (RenderedWhole(("providers", "p"), leaves, ((("updated",), "then"),)),)
    assert edit.secret


def test_a_request_to_the_address_in_an_item(load: Load) -> None:
    """The base of a request may be a key of our item in a list, and its path empty."""
    profile = load("""
credential = ["env"]
env.T = "{token}"
paths.config = ["~/.example"]
[[edit]]
file = "{config}/a.json"
format = "json"
[[edit.upsert]]
at = ["models"]
match = { name = "ours" }
value = { api = { url = "{gateway.openai}/chat/completions" } }
[[request]]
wire = "openai-chat"
base = ["models", "api", "url"]
path = ""
""")
    assert profile.requests == (Request("openai-chat", ("models", "api", "url"), "", {}),)
