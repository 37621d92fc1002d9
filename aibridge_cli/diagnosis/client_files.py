"""What stands in a client's own files, at the places that its profile names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.placeholders import fill, parts
from aibridge_cli.clients.profile import Edit, Profile
from aibridge_cli.clients.trees import leaves
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.operations import ABSENT, KeyPath, lookup
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
    key: KeyPath
    template: Any
    value: Any


class ClientFiles:
    """A client's files, each read once.

    Args:
        profile: The client.
        facts: Where we run.
        way: How it was configured to get the token.

    Raises:
        FileProblem: A file cannot be read or understood.
    """

    def __init__(self, profile: Profile, facts: Facts, way: str) -> None:
        self.profile = profile
        self._own = resolve_paths(profile, facts)
        self._windows = facts.platform == "windows"
        self._edits = [edit for edit in profile.edits if applies(edit.when, way, facts.platform)]
        self._data: dict[str, Any] = {}
        self.paths = tuple(dict.fromkeys(self._path(edit) for edit in self._edits))

    def standing(self) -> Iterator[Standing]:
        """Yield each value that the profile sets for this way, with what stands in its place."""
        for edit in self._edits:
            path = self._path(edit)
            data = self._load(path, edit.format)
            for key, template in leaves(edit.set):
                yield Standing(path, key, template, lookup(data, key) if data is not ABSENT else ABSENT)

    def at(self, key: KeyPath) -> Standing | None:
        """Return what stands at a key that the profile sets, or None when it does not set it."""
        return next((found for found in self.standing() if found.key == key), None)

    def helper(self) -> tuple[str | list[str], str] | None:
        """Return the command that stands for the token, a line for a shell or a list, and its file.

        None when the profile names none for this way, or none stands there.
        """
        found: dict[str, Standing] = {}
        for standing in self.standing():
            for name in ("helper", "helper.command", "helper.args"):
                if standing.template == f"{{{name}}}" and standing.value is not ABSENT:
                    found[name] = standing
            if standing.template == ["{helper.command}", "{helper.args}"] and isinstance(standing.value, list):
                return [str(word) for word in standing.value], standing.path
        if "helper" in found:
            return str(found["helper"].value), found["helper"].path
        if "helper.command" in found:
            words = found["helper.args"].value if "helper.args" in found else []
            rest = [str(word) for word in words] if isinstance(words, list) else []
            return [str(found["helper.command"].value), *rest], found["helper.command"].path
        return None

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

    def _path(self, edit: Edit) -> str:
        candidates = [fill(template, self._own) for template in edit.file]
        if self._windows:
            candidates = [path.replace("/", "\\") for path in candidates]
        return next((path for path in candidates if os.path.exists(path)), candidates[0])

    def _load(self, path: str, format_: str) -> Any:
        if path not in self._data:
            try:
                with open(path, encoding="utf-8", newline="") as file:
                    self._data[path] = document_format(format_).load(file.read())
            except FileNotFoundError:
                self._data[path] = ABSENT
            except DocumentError as error:
                raise error.at(path) from None
            except UnicodeDecodeError:
                raise FileProblem(path, "is not UTF-8 text") from None
            except OSError as error:
                raise FileProblem(path, f"cannot be read: {error.strerror}") from None
        return self._data[path]


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
