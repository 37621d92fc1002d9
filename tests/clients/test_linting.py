from __future__ import annotations

import pytest

from aibridge_cli.clients.catalogue import Catalogue, read, shipped_folder
from aibridge_cli.clients.linting import lint
from aibridge_cli.clients.skeleton import skeleton
from aibridge_cli.documents.editing import FORMATS
from aibridge_cli.errors import error_text

BROKEN = """
nam = "Example"
summary = ""
docs = "https://example.com/docs"
status = "suported"
speaks = ["openai"]
credential = ["env", "helpr"]
paths.config = ["example"]
manual = "by hand"
[[edit]]
file = "{config}/a.json"
format = "ini"
[[edit]]
file = "{config}/a.json"
format = "json"
[[edit]]
file = "{config}/a.json"
format = "json"
set.a = 1
[[request]]
wire = "smoke"
"""


def problems(text: str, file: str = "example.toml") -> list[str]:
    return [error_text(problem).split("\n")[0].removeprefix(f"error: `{file}`: ") for problem in lint(text, file)]


def test_every_mistake_is_told() -> None:
    """Not only the first: each key and each table is judged by itself."""
    assert problems(BROKEN) == [
        "unknown key `nam`",
        "the key `name` is missing",
        "summary: must not be empty",
        "status: unknown value `suported`",
        "credential: unknown value `helpr`",
        "paths.config: `example` cannot be a place",
        "request[0].wire: unknown value `smoke`",
        "edit[0].format: unknown value `ini`",
        "edit[1]: changes nothing",
        "manual: expected tables, each written as [[manual]], found a string",
    ]


FITTING = """
name = "Example"
summary = "An example client"
docs = "http://example.com/docs"
status = "supported"
speaks = ["openai"]
credential = ["env"]
paths.config = ["~/.example"]
"""


def test_what_does_not_fit_together_is_told_too() -> None:
    """Where each table is right, every rule between them is looked at, and every template."""
    edits = '[[edit]]\nfile = "{config}/a.json"\nformat = "json"\nset.a = "VALUE"\n'
    assert problems(FITTING + edits) == [
        "docs: expected an https address, found `http://example.com/docs`",
        "credential: nothing serves the way `env`",
    ]
    assert problems(FITTING + edits.replace("VALUE", "{tokn}") + edits.replace("VALUE", "{gatway.openai}")) == [
        "docs: expected an https address, found `http://example.com/docs`",
        "edit[0].set.a: unknown placeholder `{tokn}`",
        "edit[1].set.a: unknown placeholder `{gatway.openai}`",
    ]


def test_the_file_itself() -> None:
    """A name that is no id, and a text that is no TOML, are mistakes like others."""
    assert problems(skeleton("a", FORMATS), "A B.toml") == ["the file's name is not a client's id"]
    assert problems(f"zzz = 1\n{FITTING}", "A B.toml") == ["the file's name is not a client's id", "unknown key `zzz`"]
    assert problems("name = ") == ["line 1, column 8: not valid TOML: Invalid value"]


@pytest.mark.parametrize("client", ["quill", "my-client2"])
def test_what_a_new_profile_starts_with_has_no_mistakes(client: str) -> None:
    """The skeleton can be used as it is, and names its client and every format."""
    text = skeleton(client, FORMATS)

    assert problems(text, f"{client}.toml") == []
    assert f'commands = ["{client}"]' in text
    assert all(name in text for name in FORMATS)


@pytest.mark.parametrize("client", Catalogue([shipped_folder()]).ids())
def test_shipped_profiles_have_no_mistakes(client: str) -> None:
    """What the loader takes has no mistakes here either."""
    file = Catalogue([shipped_folder()]).file(client)
    assert lint(read(file), file) == []
