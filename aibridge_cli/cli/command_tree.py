"""The commands as values, read from the signatures of their functions.

Typer's own objects change with each minor version, so what is read is our annotations, by
names that `typer` exports; a test holds the result to what `--help` prints.
"""

from __future__ import annotations

import importlib
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any, Literal

import typer

from aibridge_cli.cli import app as whole_program
from aibridge_cli.completions.tree import Command, Flag, Kind, Values
from aibridge_cli.shells.choose import FORMATS, SHELLS

HELP = Flag(("-h", "--help"), "Show this message and exit")
_BY_METAVAR: dict[str, Values] = {
    "CLIENT": Values("clients", label="client"),
    "CLIENT,": Values("clients", label="client"),
    "all|CLIENT,": Values("clients", label="client"),
    "PACK": Values("packs", label="pack"),
    "[PACK]": Values("packs", label="pack"),
    "SHELL": Values("words", words=tuple(SHELLS), label="shell"),
    "SHELL|FORMAT": Values("words", words=(*SHELLS, *FORMATS), label="shell or format"),
    "DIR": Values("folders", label="folder"),
    "FOLDER": Values("folders", label="folder"),
    "FOLDER|URL": Values("folders", label="folder"),
    "FILE": Values("files", label="file"),
    "ARGS": Values("files", label="argument"),
    "COMMAND": Values("files", label="word"),
    "PATH": Values("files", label="file"),
}
"""What help's word for a value says about it; other words stand for what only the user knows."""


def program() -> Command:
    """Return the whole program; every command's module is imported."""
    commands = [
        _read(importlib.import_module(module).app, name, summary)
        for name, (module, summary) in whole_program.COMMANDS.items()
    ]
    flags = _flags(whole_program.root)
    return Command("", "", (HELP, *flags), commands=tuple(commands))


def _read(app: typer.Typer, path: str, summary: str) -> Command:
    below = [
        _read_one(each.callback, f"{path} {each.name or _hyphens(each.callback.__name__)}")
        for each in app.registered_commands
        if each.callback and not each.hidden
    ]
    for group in app.registered_groups:
        if group.typer_instance and group.name:
            inner = group.typer_instance.registered_callback
            callback = inner.callback if inner else None
            below.append(_read(group.typer_instance, f"{path} {group.name}", _summary(callback)))
    if app.registered_callback is None and len(app.registered_commands) == 1 and not app.registered_groups:
        return below[0]._replace(path=path, summary=summary)
    root = app.registered_callback.callback if app.registered_callback else None
    flags = _flags(root) if root else ()
    return Command(path, summary, (*flags, HELP), commands=tuple(below))


def _read_one(function: Callable[..., Any], path: str) -> Command:
    arguments = [
        values
        for name, annotation, info in _parameters(function)
        if isinstance(info, _ARGUMENT)
        for values in _arguments(_values(info, annotation, name.upper()))
    ]
    return Command(path, _summary(function), (*_flags(function), HELP), tuple(arguments))


def _arguments(values: Values) -> tuple[Values, ...]:
    """Return what the places of an argument hold: a client that goes before what it is given has its own."""
    if values.repeated and values.label.startswith("CLIENT "):
        return _BY_METAVAR["CLIENT"], _BY_METAVAR["ARGS"]._replace(repeated=True)
    return (values,)


_OPTION: Any = type(typer.Option())
_ARGUMENT: Any = type(typer.Argument())


def _parameters(function: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, annotation in typing.get_type_hints(function, include_extras=True).items():
        for info in getattr(annotation, "__metadata__", ()):
            if isinstance(info, (_OPTION, _ARGUMENT)) and not getattr(info, "hidden", False):
                yield name, typing.get_args(annotation)[0], info


def _flags(function: Callable[..., Any]) -> tuple[Flag, ...]:
    flags = []
    for name, annotation, info in _parameters(function):
        if isinstance(info, _OPTION):
            # inside `Annotated` the first name stands where the default would
            declared = [word for word in (info.default, *(info.param_decls or ())) if str(word).startswith("-")]
            declared = declared or [f"--{_hyphens(name)}"]
            is_switch = _plain(annotation)[0] is bool
            names = tuple(word for each in declared for word in each.split("/"))
            value = None if is_switch else _values(info, annotation, _hyphens(name))
            flags.append(Flag(names, _first_sentence(info.help or ""), value))
    return tuple(flags)


def _values(info: Any, annotation: Any, label: str) -> Values:
    plain, repeated = _plain(annotation)
    if typing.get_origin(plain) is Literal:
        return Values("words", tuple(map(str, typing.get_args(plain))), label.lower(), repeated)
    metavar = (info.metavar or label).removesuffix("...")
    known = _BY_METAVAR.get(metavar, Values(_FREE, label=metavar))
    return known._replace(repeated=repeated)


_FREE: Kind = "free"


def _plain(annotation: Any) -> tuple[Any, bool]:
    """Return a type without `None` and without the list round it, and whether there was a list."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
    if typing.get_origin(annotation) is list:
        return typing.get_args(annotation)[0], True
    return annotation, False


def _summary(function: Callable[..., Any] | None) -> str:
    return (getattr(function, "__doc__", "") or "").strip().partition("\n")[0]


def _first_sentence(text: str) -> str:
    return text.partition("; ")[0].rstrip(".")


def _hyphens(name: str) -> str:
    return name.strip("_").replace("_", "-")
