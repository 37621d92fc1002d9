"""Fill a profile's placeholders in, for one way of passing the token.

Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.placeholders import (
    HELPER_FILE,
    HELPER_NAMES,
    HELPER_WORDS,
    MODEL_NAMES,
    each_folder,
    fill,
    names,
)
from aibridge_cli.clients.profile import Edit, KeychainEntry, Manual, Profile, Upsert, Way, model_need
from aibridge_cli.clients.rendered import (
    RenderedEdit,
    RenderedEntry,
    RenderedProfile,
    RenderedUpsert,
    RenderedWhole,
    Values,
)
from aibridge_cli.clients.templates import templates, upsert_uses
from aibridge_cli.clients.trees import leaves, overlaps
from aibridge_cli.clients.variables import variables_of_way
from aibridge_cli.clients.ways import variables_command
from aibridge_cli.documents.editing import same
from aibridge_cli.documents.operations import ABSENT, KeyPath, dotted
from aibridge_cli.errors import AibridgeError, UsageError
from aibridge_cli.secret import Secret

PLATFORM_NAMES = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
Leaves = tuple[tuple[KeyPath, Any], ...]
Quote = Callable[[Sequence[str]], str]
"""Turns an argument list into a command line for the shell that runs helpers."""


def render(
    profile: Profile,
    way: Way,
    values: Values,
    *,
    platform: str,
    paths: Mapping[str, str],
    quote: Quote,
    parts: Collection[str] | None = None,
) -> RenderedProfile:
    """Return a profile with every placeholder filled in.

    Args:
        profile: The client.
        way: How it gets the token.
        values: What the placeholders stand for.
        platform: `linux`, `macos` or `windows`.
        paths: The profile's own paths, from `aibridge_cli.clients.paths.resolve_paths`.
        quote: Joins the helper's arguments for the shell that the client runs it with.
        parts: The parts of the client that are here, from `aibridge_cli.clients.detect.parts_here`;
            None counts as all.

    Raises:
        UsageError: A model is required and was not given, or two edits would write
            different values to one key.
        AibridgeError: One of the profile's own paths has no place on this platform, or a
            path or model is not UTF-8.
    """
    filling = Filling(profile, values, paths, quote, platform)
    filling.refuse_without_models(values.models)

    def holds(when: Mapping[str, tuple[str, ...]]) -> bool:
        return applies(when, way, platform, values.models, parts)

    live = [edit for edit in profile.edits if holds(edit.when)]
    edits = _without_set_defaults(tuple(edit for each in live for edit in filling.edits(each)))
    edits = tuple(edit for edit in edits if _changes_something(edit))
    _refuse_conflicts(profile, edits)
    variables, unset = variables_of_way(profile.env, profile.helper_env, profile.unset, helper=way == "helper")
    env = {name: filling.variable(text) for name, text in variables.items()}
    manual = (manual for manual in profile.manual if holds(manual.when))
    in_edits = filling.in_edits
    return RenderedProfile(
        id=profile.id,
        way=way,
        edits=edits,
        env={name: value for name, value in env.items() if value is not ABSENT},
        unset=dict(unset),
        manual=tuple(filling.manual(steps) for steps in manual),
        uses_token_file="token.file" in in_edits,
        uses_helper=not in_edits.isdisjoint(HELPER_NAMES),
        uses_helper_file=HELPER_FILE in in_edits,
        entries=tuple(filling.entry(entry) for entry in profile.keychain if way == "keychain"),
        evaluate=variables_command(profile, way),
    )


class Filling:
    """What the placeholders stand for, and which of them the edits really used.

    Args:
        profile: The client.
        values: What the placeholders stand for.
        paths: The profile's own paths.
        quote: Joins the helper's arguments for the shell that the client runs it with.
        platform: `linux`, `macos` or `windows`.

    Raises:
        AibridgeError: A path or model is not UTF-8.
    """

    def __init__(self, profile: Profile, values: Values, paths: Mapping[str, str], quote: Quote, platform: str) -> None:
        self.profile = profile
        self.platform = platform
        self.helper = list(values.helper)
        self.in_edits: set[str] = set()
        self.all_models = {wire: (model,) for wire, model in values.models.items()} | dict(values.all_models)
        self.known = {
            **paths,
            "gateway.root": values.gateway_root,
            "gateway.openai": values.gateway_openai,
            "gateway.anthropic": values.gateway_anthropic,
            "deployment.url": values.deployment_url,
            "token": values.token.reveal(),
            "token.file": values.token_file,
            "helper": quote(values.helper),
            "helper.command": values.helper[0],
            HELPER_FILE: values.helper_file,
            **{f"model.{wire}": model for wire, model in values.models.items()},
        }
        named = [model for models in self.all_models.values() for model in models]
        for text in (*self.known.values(), *self.helper, *named):
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise AibridgeError(
                    f"{text!a} is not UTF-8, so no settings file can name it", hint="use a folder with another name"
                )

    def edits(self, edit: Edit) -> Iterator[RenderedEdit]:
        """Yield one edit for each folder that the paths of its files stand for."""
        usual = self.known
        for known in each_folder(usual, [name for template in edit.file for name in names(template)]):
            self.known = dict(known)
            yield self.edit(edit)
        self.known = usual

    def edit(self, edit: Edit) -> RenderedEdit:
        """Return one edit; leaves whose optional model was not given are left out."""
        before = self.in_edits
        self.in_edits = set()
        sets, defaults = self.leaves(edit.set), self.leaves(edit.default)
        wholes = tuple(
            RenderedWhole(path, _below(sets, path), _below(defaults, path)) for path in edit.whole if _below(sets, path)
        )
        upserts = tuple(item for upsert in edit.upserts for item in self.upsert(upsert))
        includes = [(each.at, tuple(self.items(each.values)), each.only_if_present) for each in edit.includes]
        used, self.in_edits = self.in_edits, before | self.in_edits
        return RenderedEdit(
            candidates=tuple(self.file(template) for template in edit.file),
            format=edit.format,
            sets=_outside(sets, edit.whole),
            includes=tuple((at, items) for at, items, extends in includes if items and not extends),
            extends=tuple((at, items) for at, items, extends in includes if items and extends),
            upserts=upserts,
            remove=edit.remove,
            secret="token" in used,
            defaults=_outside(defaults, edit.whole),
            wholes=wholes,
        )

    def leaves(self, tree: Mapping[str, Any]) -> Leaves:
        """Return a tree's leaves filled in, without those for models that were not given."""
        return tuple((path, value) for path, leaf in leaves(tree) if (value := self.value(leaf)) is not ABSENT)

    def upsert(self, upsert: Upsert) -> Iterator[RenderedUpsert]:
        """Yield the item, or one for each model; none for models that were not given."""
        wires = [name for name in MODEL_NAMES if upsert.for_each and upsert_uses(upsert, name)]
        if not wires:
            yield from self.item(upsert)
        for name in wires:
            usual = dict(self.known)
            for model in self.all_models.get(name.partition(".")[2], ()):
                self.known[name] = model
                yield from self.item(upsert)
            self.known = usual

    def item(self, upsert: Upsert) -> Iterator[RenderedUpsert]:
        """Yield one item, unless it is one for a model that was not given."""
        match = self.value(dict(upsert.match))
        if len(match) == len(upsert.match):
            yield RenderedUpsert(at=upsert.at, match=match, value=self.value(dict(upsert.value)), remove=upsert.remove)

    def value(self, value: Any) -> Any:
        """Return a value with its strings filled in; `ABSENT` for a model that was not given."""
        if isinstance(value, str):
            return self.helper_words() if value == f"{{{HELPER_WORDS}}}" else self.text(value)
        if isinstance(value, list):
            return list(self.items(value))
        if isinstance(value, dict):
            filled = {key: self.value(item) for key, item in value.items()}
            return {key: item for key, item in filled.items() if item is not ABSENT}
        return value

    def items(self, values: Sequence[Any]) -> Iterator[Any]:
        """Yield a list's items; the helper's arguments stand for as many as they are."""
        for item in values:
            if item == f"{{{HELPER_WORDS}}}":
                yield from self.helper_words()
            elif (filled := self.value(item)) is not ABSENT:
                yield filled

    def helper_words(self) -> list[str]:
        """Return the helper's arguments."""
        self.in_edits.add(HELPER_WORDS)
        return self.helper[1:]

    def text(self, template: str) -> Any:
        """Return a string filled in, or `ABSENT` when it names an optional model not given."""
        used = names(template)
        for name in used:
            if name in MODEL_NAMES and name not in self.known:
                return self.absent_model(name.partition(".")[2])
            if name not in self.known:
                raise AibridgeError(
                    f"no place is known for the files of {self.profile.name} on {PLATFORM_NAMES[self.platform]}",
                    hint=f"`{name}` has no place there in its profile; see {self.profile.docs}",
                )
        self.in_edits.update(used)
        return fill(template, self.known)

    def absent_model(self, wire: str) -> Any:
        """Return `ABSENT` for an optional model that was not given; a required one is an error."""
        if model_need(self.profile, wire) == "required":
            raise UsageError(
                f"{self.profile.name} needs to be told which {wire} model to use", hint="name one with `--model`"
            )
        return ABSENT

    def refuse_without_models(self, models: Mapping[str, str]) -> None:
        """Refuse a client that needs a model where all that it needs one for waits for its name.

        Raises:
            UsageError: No model was named, or not for a wire that needs one.
        """
        if self.profile.model == "required" and not models:
            wires = [wire for wire in self.profile.speaks if self.uses_model(wire)]
            if len(wires) > 1:
                raise UsageError(
                    f"{self.profile.name} needs to be told which model to use",
                    hint=f"name one with {' or '.join(f'`--model {wire}=ID`' for wire in wires)}",
                )
        for wire in self.profile.speaks:
            if wire not in models and self.uses_model(wire) and not isinstance(self.profile.model, str):
                self.absent_model(wire)

    def uses_model(self, wire: str) -> bool:
        """Tell whether the profile names a model of this wire anywhere."""
        return any(f"model.{wire}" in template.names() for template in templates(self.profile))

    def file(self, template: str) -> str:
        """Return a candidate for an edit's file, with the platform's separators."""
        place = str(self.text(template))
        return place.replace("/", "\\") if self.platform == "windows" else place

    def variable(self, template: str) -> Any:
        """Return a variable's value, as a `Secret` when it holds the token."""
        used, self.in_edits = self.in_edits, set()
        text = self.text(template)
        self.in_edits = used
        return Secret(text) if text is not ABSENT and "token" in names(template) else text

    def entry(self, entry: KeychainEntry) -> RenderedEntry:
        """Return an entry of the keychain filled in."""
        attributes = {name: str(self.text(template)) for name, template in entry.attributes.items()}
        return RenderedEntry(attributes, str(self.text(entry.label)), Secret(str(self.text(entry.value))))

    def manual(self, manual: Manual) -> Manual:
        """Return steps filled in; one for a model that was not given is left out."""
        used, self.in_edits = self.in_edits, set()
        steps = tuple(step for template in manual.steps if (step := self.text(template)) is not ABSENT)
        self.in_edits = used
        return Manual(title=manual.title, steps=steps, when=manual.when)


def _below(found: Leaves, path: KeyPath) -> Leaves:
    return tuple((each[len(path) :], value) for each, value in found if each[: len(path)] == path)


def _outside(found: Leaves, paths: Sequence[KeyPath]) -> Leaves:
    return tuple((each, value) for each, value in found if not any(each[: len(path)] == path for path in paths))


def _without_set_defaults(edits: tuple[RenderedEdit, ...]) -> tuple[RenderedEdit, ...]:
    """Leave out defaults of keys that are set, as for a model that was named."""
    return tuple(
        edit._replace(
            defaults=tuple(
                (path, value)
                for path, value in edit.defaults
                if not any(
                    overlaps(path, written)
                    for other in edits
                    if not set(other.candidates).isdisjoint(edit.candidates)
                    for written, _ in other.sets
                )
            )
        )
        for edit in edits
    )


def _changes_something(edit: RenderedEdit) -> bool:
    return bool(
        edit.sets or edit.defaults or edit.wholes or edit.includes or edit.extends or edit.upserts or edit.remove
    )


def _refuse_conflicts(profile: Profile, edits: Sequence[RenderedEdit]) -> None:
    written: list[tuple[str, KeyPath, Any]] = []
    for edit in edits:
        for path, value in edit.sets:
            for candidate in edit.candidates:
                for file, other, standing in written:
                    if file == candidate and overlaps(path, other) and not _agree(path, value, other, standing):
                        raise UsageError(
                            f"{profile.name}: two different values for `{dotted(path)}` in `{file}`",
                            hint="if you gave several models, give one",
                        )
                written.append((candidate, path, value))


def _agree(path: KeyPath, value: Any, other: KeyPath, standing: Any) -> bool:
    if len(path) != len(other):
        shorter = value if len(path) < len(other) else standing
        return same(shorter, {})
    return same(value, standing)
