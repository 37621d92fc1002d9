"""Whatever somebody does to a profile, they are told what is wrong and where, or it can be used."""

from __future__ import annotations

import contextlib
import copy
import shlex
import tomllib
from collections.abc import Iterator
from typing import Any, get_args

import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.changes.state import State
from aibridge_cli.cli.client_page import page
from aibridge_cli.cli.clients import _details
from aibridge_cli.clients.catalogue import Catalogue, read, shipped_folder
from aibridge_cli.clients.linting import lint
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Platform, Profile
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import Values
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret

SHIPPED = Catalogue([shipped_folder()])
TREES = {client: tomllib.loads(read(SHIPPED.file(client))) for client in SHIPPED.ids()}
Steps = tuple[str | int, ...]
ODD: list[Any] = [
    *("", "{", "{token}", "{helper.args}", "{helper.file}", "{nope}", "{config}", "é\u202e\x1b[31m", "~/x", "$X/y"),
    *(0, -1, 1.5, float("inf"), True, [], {}, ["x"], [[]], [{}], [1, "a"], {"a": []}, {"exists": "~/x"}),
]
NAMES = ["x", "é", "a.b", "", "{x}", "\x07", "when", "model", "edit", "opt_in", "remove"]
VALUES = Values(
    deployment_url="https://coder.example.com",
    gateway_root="https://coder.example.com/api/v2/aibridge",
    gateway_openai="https://coder.example.com/api/v2/aibridge/openai/v1",
    gateway_anthropic="https://coder.example.com/api/v2/aibridge/anthropic",
    token=Secret("a-token"),
    token_file="/state/token",
    helper=("/opt/aibridge", "token"),
    helper_file="/state/helper",
)


def places(value: Any, above: Steps = ()) -> Iterator[Steps]:
    """Yield the way to everything that is inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*above, key)
        yield from places(item, (*above, key))


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, str]:
    """A shipped profile with one to three things done to it: its client, and the text."""
    client = draw(st.sampled_from(sorted(TREES)))
    tree: Any = copy.deepcopy(TREES[client])
    for _ in range(draw(st.integers(1, 3))):
        steps: Any = draw(st.sampled_from(list(places(tree))))
        *way, last = steps
        holder: Any = tree
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(["take out", "replace", "rename", "repeat"])):
            case "take out":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(NAMES))] = holder.pop(last)
            case "repeat" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case _:
                holder[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return client, tomlkit.dumps(tree)


def used(profile: Profile) -> None:
    """Do what commands do with a profile; what cannot be done is refused by an error of ours."""
    for platform in get_args(Platform):
        home = "C:\\Users\\ada" if platform == "windows" else "/home/ada"
        facts = Facts(environ={}, platform=platform, home=home)
        page(_details(profile, facts, State()), home)
        for way in profile.credential:
            paths = resolve_paths(profile, facts, lambda _folder: False)
            with contextlib.suppress(AibridgeError):  # it may have no place there, or need a model
                render(profile, way, VALUES, platform=platform, paths=paths, quote=shlex.join)


@settings(max_examples=150, deadline=None)
@given(mistakes())
def test_any_mistake(mistaken: tuple[str, str]) -> None:
    """Each mistake is told in one printable line with the file; without any the profile is shown and filled in."""
    client, text = mistaken
    file = f"/profiles/{client}.toml"

    found = lint(text, file)

    for problem in found:
        assert problem.message.startswith(f"`{file}`: ")
        assert problem.message.isprintable()
        assert problem.hint.isprintable()
        assert not problem.message.endswith(".")
    assert len({(problem.where, problem.message) for problem in found}) == len(found)
    if not found:
        used(load_profile(text, file))
