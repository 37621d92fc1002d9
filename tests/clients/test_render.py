from __future__ import annotations

import shlex
from typing import Any, Protocol

import pytest

from aibridge_cli.clients.profile import Manual, Profile, Way
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedEdit, RenderedProfile, RenderedUpsert, Values
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.secret import Secret

OWN = {"config": "/home/ada/.example"}
EDIT = """
paths.config = ["~/.example"]
[[edit]]
file = "{config}/a.json"
format = "json"
"""


class Load(Protocol):
    def __call__(self, text: str, file: str = "example.toml") -> Profile: ...


class MakeValues(Protocol):
    def __call__(self, **given: Any) -> Values: ...


def rendered(profile: Profile, values: Values, way: Way | None = None, platform: str = "linux") -> RenderedProfile:
    return render(profile, way or profile.credential[0], values, platform=platform, paths=OWN, quote=shlex.join)


def test_every_placeholder_is_filled_in(load: Load, make_values: MakeValues) -> None:
    """Addresses, helper, files and models stand where the profile wants them."""
    profile = load(
        'credential = ["helper", "reference"]\nmodel = "optional"\n'
        + EDIT
        + """
        [edit.set]
        openai = "{gateway.openai}/x"
        anthropic = "{gateway.anthropic}"
        root = "{gateway.root}"
        url = "{deployment.url}"
        helper = "{helper}"
        command = "{helper.command}"
        args = "{helper.args}"
        both = ["{helper.command}", "{helper.args}", "--end"]
        file = "{{file:{token.file}}}"
        model = "openai/{model.openai}"
        folder = "{config}/cache"
        nested = [{ a = "{deployment.url}", b = 1 }, [true]]
        """
    )
    values = make_values(models={"openai": "gpt-x"})
    root = "https://coder.example.com/api/v2/aibridge"
    words = ["token", "--url", "https://coder.example.com"]
    result = rendered(profile, values)
    assert dict(result.edits[0].sets) == {
        ("openai",): f"{root}/openai/v1/x",
        ("anthropic",): f"{root}/anthropic",
        ("root",): root,
        ("url",): "https://coder.example.com",
        ("helper",): "'/opt/my tools/aibridge' token --url https://coder.example.com",
        ("command",): "/opt/my tools/aibridge",
        ("args",): words,
        ("both",): ["/opt/my tools/aibridge", *words, "--end"],
        ("file",): "{file:/home/ada/.local/state/aibridge/tokens/coder.example.com}",
        ("model",): "openai/gpt-x",
        ("folder",): "/home/ada/.example/cache",
        ("nested",): [{"a": "https://coder.example.com", "b": 1}, [True]],
    }
    assert result.edits[0].candidates == ("/home/ada/.example/a.json",)
    assert result.uses_helper
    assert result.uses_token_file


def test_only_edits_of_this_way_and_platform_remain(load: Load, make_values: MakeValues) -> None:
    """`when` chooses; what a left-out edit uses does not count as used."""
    profile = load(
        'credential = ["helper", "reference"]\n'
        + EDIT
        + """
        when = { credential = "helper", os = ["linux", "macos"] }
        set.helper = "{helper}"
        [[edit]]
        file = "{config}/b.json"
        format = "json"
        when = { credential = "reference" }
        set.file = "{token.file}"
        [[manual]]
        title = "Restart"
        steps = ["Restart it"]
        when = { credential = "reference" }
        """
    )
    by_helper = rendered(profile, make_values())
    assert [edit.candidates for edit in by_helper.edits] == [("/home/ada/.example/a.json",)]
    assert (by_helper.uses_helper, by_helper.uses_token_file, by_helper.manual) == (True, False, ())
    by_reference = rendered(profile, make_values(), "reference")
    assert [edit.candidates for edit in by_reference.edits] == [("/home/ada/.example/b.json",)]
    assert (by_reference.uses_helper, by_reference.uses_token_file) == (False, True)
    assert by_reference.manual == (Manual("Restart", ("Restart it",), {"credential": ("reference",)}),)
    assert rendered(profile, make_values(), platform="windows").edits == ()


def test_an_edit_is_secret_when_it_writes_the_token(load: Load, make_values: MakeValues) -> None:
    """The token stands in clear in the value, and the edit says so."""
    profile = load(
        'credential = ["file"]\n'
        + EDIT
        + """
        secret = true
        [edit.set.options]
        key = "Bearer {token}"
        [[edit]]
        file = "{config}/a.json"
        format = "json"
        set.url = "{gateway.openai}"
        """
    )
    first, second = rendered(profile, make_values()).edits
    assert (first.sets, first.secret) == (((("options", "key"), "Bearer a-token"),), True)
    assert second.secret is False


def test_variables_with_the_token_are_secrets(load: Load, make_values: MakeValues) -> None:
    """A variable that holds the token cannot be printed by accident; using one is no edit's business."""
    profile = load(
        'credential = ["env"]\nmodel = "optional"\n'
        '[env]\nKEY = "Bearer {token}"\nURL = "{gateway.openai}"\nM = "{model.openai}"\n'
        'COMMAND = "{helper}"\nNONE = ""\n'
        '[unset]\nOTHER = "it wins"\n'
    )
    result = rendered(profile, make_values())
    assert result.env == {
        "KEY": Secret("Bearer a-token"),
        "URL": "https://coder.example.com/api/v2/aibridge/openai/v1",
        "COMMAND": "'/opt/my tools/aibridge' token --url https://coder.example.com",
        "NONE": "",
    }
    assert result.unset == {"OTHER": "it wins"}
    assert not result.uses_helper


MODELS = """
credential = ["env"]
model = "MODEL"
env.T = "{token}"
paths.config = ["~/.example"]
[[edit]]
file = "{config}/a.json"
format = "json"
[edit.set]
url = "x"
model = "{model.openai}"
list = ["a", "{model.openai}"]
table.inner = "{model.openai}"
empty = {}
[[edit.upsert]]
at = ["models"]
match = { id = "{model.openai}" }
value = { a = 1 }
[[edit.upsert]]
at = ["models"]
match = { id = "fixed" }
value = { name = "{model.openai}", a = 1 }
[[edit.include]]
at = ["allowed"]
values = ["{model.openai}"]
[[edit]]
file = "{config}/b.json"
format = "json"
set.model = "{model.openai}"
[[manual]]
title = "By hand"
steps = ["Open it", "Choose {model.openai}"]
"""


def test_what_needs_an_optional_model_is_left_out_without_one(load: Load, make_values: MakeValues) -> None:
    """Leaves, items, list values, steps and whole edits for a model wait until one is named."""
    profile = load(MODELS.replace("MODEL", "optional", 1))
    without = rendered(profile, make_values())
    assert without.edits == (
        RenderedEdit(
            ("/home/ada/.example/a.json",),
            "json",
            sets=((("url",), "x"), (("list",), ["a"]), (("empty",), {})),
            upserts=(RenderedUpsert(("models",), {"id": "fixed"}, {"a": 1}),),
        ),
    )
    assert without.manual == (Manual("By hand", ("Open it",)),)
    given = rendered(profile, make_values(models={"openai": "m"}))
    assert given.edits[0].includes == ((("allowed",), ("m",)),)
    assert given.edits[0].upserts[0] == RenderedUpsert(("models",), {"id": "m"}, {"a": 1})
    assert given.edits[1].sets == ((("model",), "m"),)
    assert given.manual == (Manual("By hand", ("Open it", "Choose m")),)


def test_a_required_model_must_be_named(load: Load, make_values: MakeValues) -> None:
    """A client that cannot work without a model is not configured without one."""
    profile = load(MODELS.replace("MODEL", "required", 1))
    with pytest.raises(UsageError) as caught:
        rendered(profile, make_values())
    assert caught.value.message == "Example needs to be told which openai model to use"
    assert caught.value.hint == "name one with `--model`"


CONFLICT = """
credential = ["env"]
env.T = "{token}"
paths.config = ["~/.example"]
[[edit]]
file = ["{config}/b.json", "{config}/a.json"]
format = "json"
set.FIRST
[[edit]]
file = "{config}/FILE.json"
format = "json"
set.SECOND
"""


def conflict(first: str, second: str, file: str = "a") -> str:
    return CONFLICT.replace("FIRST", first).replace("SECOND", second).replace("FILE", file)


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ("a = 1", "a = 2", "a"),
        ("a = 1", "a = true", "a"),
        ("a = 1", "a.b = 1", "a.b"),
        ("a.b = 1", "a = 1", "a"),
    ],
)
def test_two_values_for_one_key_are_refused(
    load: Load, make_values: MakeValues, first: str, second: str, key: str
) -> None:
    """Edits that want different things of one file are never settled by their order."""
    with pytest.raises(UsageError) as caught:
        rendered(load(conflict(first, second)), make_values())
    assert caught.value.message == f"Example: two different values for `{key}` in `/home/ada/.example/a.json`"
    assert caught.value.hint == "if you gave several models, give one"


@pytest.mark.parametrize(
    ("first", "second", "file"),
    [
        ("a = 1", "a = 1", "a"),
        ("a = {}", "a.b = 1", "a"),
        ("a.b = 1", "a = {}", "a"),
        ("a = 1", "b = 2", "a"),
        ("a = 1", "a = 2", "c"),
    ],
)
def test_edits_that_agree_stand_together(
    load: Load, make_values: MakeValues, first: str, second: str, file: str
) -> None:
    """The same value twice, an empty table beside its keys, other keys and other files are no conflict."""
    assert len(rendered(load(conflict(first, second, file)), make_values()).edits) == 2


def test_a_folder_without_a_place_here_is_an_error(load: Load, make_values: MakeValues) -> None:
    """A profile whose folder exists on other platforms only says so."""
    profile = load(
        'credential = ["env"]\nenv.T = "{token}"\npaths.app = { macos = ["~/Library/x"] }\n'
        '[[edit]]\nfile = "{app}/a.json"\nformat = "json"\nset.a = 1\n'
    )
    with pytest.raises(AibridgeError, match="no place is known for the files of Example on Linux"):
        rendered(profile, make_values())


def test_windows_files_have_backslashes(load: Load, make_values: MakeValues) -> None:
    """The profile writes `/` everywhere; the platform's separator is what is used."""
    profile = load('credential = ["env"]\nenv.T = "{token}"\n' + EDIT + 'set.a = "b/c"\n')
    result = render(
        profile, "env", make_values(), platform="windows", paths={"config": "C:\\Users\\ada"}, quote=shlex.join
    )
    assert result.edits[0].candidates == ("C:\\Users\\ada\\a.json",)
    assert result.edits[0].sets == ((("a",), "b/c"),)


def test_a_path_that_is_not_utf_8_is_refused(load: Load, make_values: MakeValues) -> None:
    """A folder whose name no settings file can hold is an error, not a name that leads nowhere."""
    profile = load('credential = ["reference"]\n' + EDIT + 'set.file = "{token.file}"\n')

    with pytest.raises(AibridgeError, match=r"'/home/ada\\udcff/token' is not UTF-8"):
        rendered(profile, make_values(token_file="/home/ada\udcff/token"))
