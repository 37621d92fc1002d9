"""What `aibridge run` starts: a profile's `[run]` and variables with every placeholder filled in. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from aibridge_cli.clients.placeholders import fill
from aibridge_cli.clients.profile import Profile, Run
from aibridge_cli.clients.render import Filling, Quote
from aibridge_cli.clients.rendered import Values
from aibridge_cli.clients.trees import leaves
from aibridge_cli.clients.variables import variables_of_way
from aibridge_cli.documents.operations import ABSENT
from aibridge_cli.documents.toml_values import written, written_key
from aibridge_cli.secret import Secret


class Session(NamedTuple):
    """One session of a client.

    Args:
        command: Words that start it, before those of the user.
        env: Variables to set.
        unset: Variables to take away.
        flags: Options of ours that the user may not give as well.
    """

    command: tuple[str, ...]
    env: Mapping[str, str | Secret]
    unset: tuple[str, ...]
    flags: tuple[str, ...] = ()


def session(
    profile: Profile,
    values: Values,
    *,
    platform: str,
    paths: Mapping[str, str],
    quote: Quote,
    helper: bool = False,
) -> Session:
    """Return how a client is started for one session.

    Args:
        profile: The client; it has a command.
        values: What the placeholders stand for.
        platform: `linux`, `macos` or `windows`.
        paths: The profile's own paths.
        quote: Joins the helper's arguments for the shell that the client runs it with.
        helper: Whether the helper will find the token; then it goes before the token itself,
            where a variable can name it.

    Raises:
        UsageError: A model is required.
        AibridgeError: A path has no place on this platform, or is not UTF-8.
    """
    filling = Filling(profile, values, paths, quote, platform)
    run = profile.run or Run()
    settings = filling.value(dict(run.set))
    filling.known["run.json"] = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    arguments = list(filling.items(run.arguments))
    for path, value in leaves(settings) if run.each else ():
        one = {"run.key": written_key(path), "run.toml": written(value)}
        arguments += [fill(template, one) for template in run.each]
    variables, unset = variables_of_way(profile.env, profile.helper_env, profile.unset, helper=helper)
    env = {name: filling.variable(text) for name, text in {**variables, **run.env}.items()}
    return Session(
        command=(*(run.command or profile.detect.commands[:1]), *arguments),
        env={name: value for name, value in env.items() if value is not ABSENT},
        unset=tuple(name for name in unset if name not in env),
        flags=tuple(word for word in run.arguments if word.startswith("-")),
    )
