"""What stands in a client's own files, at the places that its profile names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.detect import parts_here
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.placeholders import each_folder, fill, names, parts
from aibridge_cli.clients.profile import Edit, Profile
from aibridge_cli.clients.trees import leaves, strings
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.encoding import decode
from aibridge_cli.documents.operations import ABSENT, KeyPath, Place, find_match, lookup, same
from aibridge_cli.errors import DocumentError, FileProblem
from aibridge_cli.facts import Facts


class Standing(NamedTuple):
    """One value of a client's file.

    Args:
        path: The file.
        key: Where in it.
        template: What the profile sets there.
        value: What stands there, or `ABSENT`.
    """

    path: str
    key: Place
    template: Any
    value: Any


class ClientFiles:
    """A client's files, each read once.

    Args:
        profile: The client.
        facts: Where we run.
        way: How it was configured to get the token.
        models: What `--model` was given for it, each `ID` or `WIRE=ID`.

    Attributes:
        paths: The files.
        requests: What the client sends, as it was configured.

    Raises:
        FileProblem: A file cannot be read or understood.
    """

    def __init__(self, profile: Profile, facts: Facts, way: str, models: tuple[str, ...] = ()) -> None:
        self.profile = profile
        self._own = resolve_paths(profile, facts)
        self._windows = facts.platform == "windows"
        wires = {wire for wire in profile.speaks if any(_is_of(model, wire, profile) for model in models)}
        here = parts_here(profile, facts)
        self._edits = [edit for edit in profile.edits if applies(edit.when, way, facts.platform, wires, here)]
        self.requests = [each for each in profile.requests if applies(each.when, way, facts.platform, wires, here)]
        self._data: dict[str, Any] = {}
        self.paths = tuple(dict.fromkeys(path for path, _ in self._files()))

    def standing(self) -> Iterator[Standing]:
        """Yield each value that the profile sets for this way, with what stands in its place.

        In the items of lists too, where an item is known by what the profile itself says; their keys are
        without the item's place in the list.
        """
        for path, edit in self._files():
            data = self._load(path, edit.format)
            for key, template in (*leaves(edit.set), *leaves(edit.default)):
                yield Standing(path, key, template, lookup(data, key) if data is not ABSENT else ABSENT)
            for upsert in edit.upserts:
                if any(names(str(value)) for value in upsert.match.values()):
                    continue
                items = lookup(data, upsert.at) if data is not ABSENT else ABSENT
                index = find_match(items, upsert.match)
                for key, template in leaves({**upsert.match, **upsert.value}):
                    value = ABSENT if index is None else lookup(items[index], key)
                    yield Standing(path, (*upsert.at, *key), template, value)

    def altered(self) -> Iterator[Standing]:
        """Yield each value that is the same for everybody and does not stand there as the profile sets it.

        Values that are filled in are left out, and what a user may change; so is a whole file that is gone.
        """
        for path, edit in self._files():
            data = self._load(path, edit.format)
            for key, template in leaves(edit.set) if data is not ABSENT else ():
                if any(names(text) for _, text in strings(template)):
                    continue
                value = lookup(data, key)
                if value is ABSENT or not same(value, template):
                    yield Standing(path, key, template, value)

    def unwanted(self) -> Iterator[tuple[str, KeyPath]]:
        """Yield each key that the profile takes out for this way and that is there, after its file."""
        for path, edit in self._files():
            data = self._load(path, edit.format)
            for key in edit.remove:
                if data is not ABSENT and lookup(data, key) is not ABSENT:
                    yield path, key

    def at(self, key: Place) -> Standing | None:
        """Return what stands at a key that the profile sets, or None when it does not set it."""
        return next((found for found in self.standing() if found.key == key), None)

    def helper(self) -> tuple[str | list[str], str] | None:
        """Return the command that stands for the token, a line for a shell or a list, and its file.

        None when the profile names none for this way, or none stands there.
        """
        program: Standing | None = None
        arguments: list[str] = []
        for standing in self.standing():
            template, value = standing.template, standing.value
            if template == ["{helper.command}", "{helper.args}"] and isinstance(value, list):
                return [str(word) for word in value], standing.path
            if template == "{helper.file}" and isinstance(value, str):
                return [value], standing.path
            if template == "{helper.command}" and isinstance(value, str):
                program = standing
            elif template == "{helper.args}" and isinstance(value, list):
                arguments = [str(word) for word in value]
            elif isinstance(template, str) and isinstance(value, str) and (line := unfilled(template, "helper", value)):
                return line, standing.path
        return None if program is None else ([program.value, *arguments], program.path)

    def literal_token(self) -> str:
        """Return the token that stands in a file, or ""."""
        return self._within("token")

    def model(self, wire: str) -> str:
        """Return the model of a wire that the client is set to, or "" when its file names none."""
        return self._within(f"model.{wire}")

    def _within(self, name: str) -> str:
        for standing in self.standing():
            if isinstance(standing.template, str) and isinstance(standing.value, str):
                value = unfilled(standing.template, name, standing.value)
                if value:
                    return value
        return ""

    def _files(self) -> Iterator[tuple[str, Edit]]:
        for edit in self._edits:
            for own in each_folder(self._own, [name for template in edit.file for name in names(template)]):
                candidates = [fill(template, own) for template in edit.file]
                if self._windows:
                    candidates = [path.replace("/", "\\") for path in candidates]
                yield next((path for path in candidates if os.path.exists(path)), candidates[0]), edit

    def _load(self, path: str, format_: str) -> Any:
        if path not in self._data:
            try:
                with open(path, "rb") as file:
                    self._data[path] = document_format(format_).load(decode(file.read()).text)
            except FileNotFoundError:
                self._data[path] = ABSENT
            except DocumentError as error:
                raise error.at(path) from None
            except OSError as error:
                raise FileProblem(path, f"cannot be read: {error.strerror}") from None
        return self._data[path]


def _is_of(model: str, wire: str, profile: Profile) -> bool:
    return model.startswith(f"{wire}=") or ("=" not in model and profile.speaks == (wire,))


def unfilled(template: str, name: str, value: str) -> str:
    """Return what stands for a placeholder in a value that was made from a template, or "".

    Args:
        template: As in `openai/{model.openai}`.
        name: The placeholder; every other piece must be literal.
        value: As in `openai/gpt`.
    """
    pieces = parts(template)
    if [piece for piece, is_name in pieces if is_name] != [name]:
        return ""
    at = next(index for index, (_, is_name) in enumerate(pieces) if is_name)
    before = "".join(piece for piece, _ in pieces[:at])
    after = "".join(piece for piece, _ in pieces[at + 1 :])
    if len(value) < len(before) + len(after) or not (value.startswith(before) and value.endswith(after)):
        return ""
    return value[len(before) : len(value) - len(after)]
