"""Where a profile holds templates, and which placeholders may stand in each place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from aibridge_cli.clients.paths import ROOTED_HINT, rooted
from aibridge_cli.clients.placeholders import (
    BUILT_IN,
    HELPER_FILE,
    HELPER_WORDS,
    RUN_NAMES,
    BadPlaceholder,
    names,
    parts,
)
from aibridge_cli.clients.profile import Edit, Profile, Upsert
from aibridge_cli.clients.tables import nearest
from aibridge_cli.clients.trees import strings
from aibridge_cli.documents.operations import dotted
from aibridge_cli.errors import ProfileError

_NO_TOKEN = tuple(name for name in BUILT_IN if name not in ("token", HELPER_FILE))
_NO_TOKEN_AT_ALL = tuple(name for name in _NO_TOKEN if name != "token.file")
_SHOWN = tuple(name for name in _NO_TOKEN_AT_ALL if not name.startswith(("helper", "model")))
_TEXT = tuple(name for name in BUILT_IN if name not in (HELPER_WORDS, HELPER_FILE))

_BUILT_IN = {
    "set": BUILT_IN,
    "upsert.value": BUILT_IN,
    # what identifies an item, or stands among a list's plain values, is shown and remembered in clear
    "upsert.match": _NO_TOKEN,
    "include": _NO_TOKEN,
    "env": _TEXT,
    "helper_env": tuple(name for name in _TEXT if name not in ("token", "token.file")),
    "manual": tuple(name for name in _TEXT if name != "token"),
    # arguments can be read by every user of the machine, and `aibridge run` writes no file
    "run.arguments": (*_NO_TOKEN_AT_ALL, "run.json"),
    "run.each": ("run.key", "run.toml"),
    "run.env": (*(name for name in _TEXT if name != "token.file"), "run.json"),
    "run.set": _NO_TOKEN_AT_ALL,
    # a keychain shows what it looks for
    "keychain.attributes": _SHOWN,
    "keychain.label": _SHOWN,
    "keychain.value": ("token",),
    "file": (),
    "detect": (),
    "rival": (),
    "header": ("token",),
}


class Template(NamedTuple):
    """One string of a profile that may hold placeholders.

    Args:
        where: Its place in the profile, in dotted words.
        table: The kind of place, which decides what may stand there.
        text: The string.
    """

    where: str
    table: str
    text: str

    def names(self) -> list[str]:
        """Return its placeholders."""
        return names(self.text)

    def check(self, profile: Profile) -> list[str]:
        """Return its placeholders, after making sure that they may stand there.

        Raises:
            ProfileError: A placeholder is unknown, or has no meaning in this place.
        """
        own = () if self.table in ("header", "run.each") else tuple(profile.paths)
        allowed = (*_BUILT_IN[self.table], *own)
        try:
            found = self.names()
        except BadPlaceholder as error:
            raise self._error(profile, f"{error} in `{self.text}`", "write `{{` and `}}` for braces") from None
        for name in found:
            if name not in allowed:
                known = name in (*BUILT_IN, *RUN_NAMES) or name in profile.paths
                message = f"`{{{name}}}` cannot stand here" if known else f"unknown placeholder `{{{name}}}`"
                hint = nearest(name, allowed) if allowed else "this place takes no placeholders"
                raise self._error(profile, message, hint)
            if name == HELPER_WORDS and self.text != f"{{{HELPER_WORDS}}}":
                raise self._error(profile, f"`{{{name}}}` is a list, so it must be the whole value", "")
        pieces = parts(self.text)
        starts_with_own = bool(pieces) and pieces[0][1]
        if self.table == "file" and not starts_with_own:
            raise self._error(
                profile,
                f"`{self.text}` does not start with one of the profile's own paths",
                'give the folder a name in `[paths]`, as in config = ["~/.client"]',
            )
        if self.table == "detect" and not (starts_with_own or rooted(self.text)):
            raise self._error(profile, f"`{self.text}` depends on the working directory", ROOTED_HINT)
        return found

    def _error(self, profile: Profile, message: str, hint: str) -> ProfileError:
        return ProfileError(profile.source, self.where, message, hint=hint)


def edit_templates(index: int, edit: Edit) -> Iterator[Template]:
    """Yield the templates among the values of one edit.

    Args:
        index: The edit's place in the profile.
        edit: The edit.
    """
    here = f"edit[{index}]"
    yield from _inside(f"{here}.set", "set", edit.set)
    yield from _inside(f"{here}.default", "set", edit.default)
    for number, upsert in enumerate(edit.upserts):
        yield from _inside(f"{here}.upsert[{number}].match", "upsert.match", upsert.match)
        yield from _inside(f"{here}.upsert[{number}].value", "upsert.value", upsert.value)
    for number, include in enumerate(edit.includes):
        yield from _inside(f"{here}.include[{number}].values", "include", include.values)


def upsert_uses(upsert: Upsert, name: str) -> bool:
    """Tell whether an item has a placeholder of this name."""
    inside = [*strings(upsert.match), *strings(upsert.value)]
    return any(name in names(text) for _, text in inside)


def templates(profile: Profile) -> Iterator[Template]:
    """Yield every template of a profile."""
    for index, edit in enumerate(profile.edits):
        yield from _inside(f"edit[{index}].file", "file", edit.file)
        yield from edit_templates(index, edit)
    yield from _inside("env", "env", profile.env)
    yield from _inside("helper_env", "helper_env", profile.helper_env)
    if profile.run is not None:
        for name in ("arguments", "each", "env", "set"):
            yield from _inside(f"run.{name}", f"run.{name}", getattr(profile.run, name))
    for index, entry in enumerate(profile.keychain):
        for name in ("attributes", "label", "value"):
            yield from _inside(f"keychain[{index}].{name}", f"keychain.{name}", getattr(entry, name))
    for index, manual in enumerate(profile.manual):
        yield from _inside(f"manual[{index}].steps", "manual", manual.steps)
    yield from _inside("detect.files", "detect", profile.detect.files)
    for name, part in profile.parts.items():
        yield from _inside(f"part.{name}.files", "detect", part.files)
    for index, rival in enumerate(profile.outranked_by):
        yield from _inside(f"outranked_by[{index}].files", "rival", rival.files)
    for index, tool in enumerate(profile.other_tools):
        yield from _inside(f"other_tool[{index}].file", "rival", tool.file)
    for index, sign_in in enumerate(profile.sign_ins):
        yield from _inside(f"sign_in[{index}].file", "rival", sign_in.file)
    for index, request in enumerate(profile.requests):
        yield from _inside(f"request[{index}].headers", "header", request.headers)


def _inside(where: str, table: str, value: Any) -> Iterator[Template]:
    for path, text in strings(value):
        words = dotted(path)
        separator = "" if words.startswith("[") else "."
        yield Template(f"{where}{separator}{words}", table, text)
