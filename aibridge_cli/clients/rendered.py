"""A profile with its placeholders filled in: what the planner works on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aibridge_cli.clients.profile import Manual, Way
from aibridge_cli.documents.operations import KeyPath, Place
from aibridge_cli.secret import Secret


class Values(NamedTuple):
    """Everything a placeholder can stand for.

    Args:
        deployment_url: `https://coder.example.com`, no trailing slash.
        gateway_root: `…/api/v2/aibridge`.
        gateway_openai: `…/openai/v1`.
        gateway_anthropic: `…/anthropic`, without `/v1`.
        token: The Coder token.
        token_file: The 0600 file of ours that a `reference` way names.
        helper: The argument list that prints the token: absolute program, then words.
        helper_file: The program of ours that does the same without arguments.
        models: Model ids by wire, as far as the user gave them; of several the first.
        all_models: All of them by wire, where there are more.
    """

    deployment_url: str
    gateway_root: str
    gateway_openai: str
    gateway_anthropic: str
    token: Secret
    token_file: str
    helper: tuple[str, ...]
    helper_file: str = ""
    models: Mapping[str, str] = {}
    all_models: Mapping[str, tuple[str, ...]] = {}


class RenderedUpsert(NamedTuple):
    """An item of a list of objects, ready to be written."""

    at: Place
    match: Mapping[str, Any]
    value: Mapping[str, Any]
    remove: tuple[str, ...] = ()


class RenderedWhole(NamedTuple):
    """An object that is ours with all that is in it, also what the client adds to it.

    Args:
        path: Where it is.
        sets: Leaves that it must have, by their path within it.
        defaults: Leaves that it gets where it has none of that name.
    """

    path: KeyPath
    sets: tuple[tuple[KeyPath, Any], ...]
    defaults: tuple[tuple[KeyPath, Any], ...] = ()


class RenderedEdit(NamedTuple):
    """Changes to one file, ready to be planned.

    Args:
        candidates: Absolute paths; the first that exists, else the first.
        format: The document format.
        sets: Leaves to set, in the profile's order. An empty table is a leaf.
        includes: Lists and the values that they must contain.
        extends: The same, for lists that are not made when they are absent.
        upserts: Items of lists of objects.
        remove: Keys to take out.
        defaults: Leaves to set where there is nothing.
        wholes: Objects that are ours as one.
        secret: Whether the file holds the token afterwards.
    """

    candidates: tuple[str, ...]
    format: str
    sets: tuple[tuple[KeyPath, Any], ...] = ()
    includes: tuple[tuple[KeyPath, tuple[Any, ...]], ...] = ()
    extends: tuple[tuple[KeyPath, tuple[Any, ...]], ...] = ()
    upserts: tuple[RenderedUpsert, ...] = ()
    remove: tuple[KeyPath, ...] = ()
    secret: bool = False
    defaults: tuple[tuple[KeyPath, Any], ...] = ()
    wholes: tuple[RenderedWhole, ...] = ()


class RenderedEntry(NamedTuple):
    """An entry of the operating system's keychain, ready to be written.

    Args:
        attributes: What it is looked up by.
        label: What the keychain's own window calls it.
        secret: What it holds.
    """

    attributes: Mapping[str, str]
    label: str
    secret: Secret


class RenderedProfile(NamedTuple):
    """One client, one way of passing the token, all placeholders filled in.

    Args:
        id: The client's id.
        way: How the token gets to the client.
        edits: What to change in which files.
        env: Variables to set, for `aibridge env` and the `env` way.
        unset: Variables to unset, with the reason.
        manual: Steps left to a person.
        uses_token_file: Whether an edit names `{token.file}`.
        uses_helper: Whether an edit names the helper command.
        uses_helper_file: Whether an edit names `{helper.file}`.
        entries: What to write into the keychain.
        evaluate: What a shell evaluates to have the variables, where the way needs them.
    """

    id: str
    way: Way
    edits: tuple[RenderedEdit, ...] = ()
    env: Mapping[str, Secret | str] = {}
    unset: Mapping[str, str] = {}
    manual: tuple[Manual, ...] = ()
    uses_token_file: bool = False
    uses_helper: bool = False
    uses_helper_file: bool = False
    entries: tuple[RenderedEntry, ...] = ()
    evaluate: str = ""
