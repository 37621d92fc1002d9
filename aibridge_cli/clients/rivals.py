"""What wins over the files that we write, as far as a profile's layers tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from aibridge_cli.clients.profile import Layer, OutrankedBy, Profile


def rivals(profile: Profile) -> tuple[OutrankedBy, ...]:
    """Return the layers that are stronger than every one with a file of ours, strongest first.

    Args:
        profile: The client. Where no layer has a file of ours, there is none.
    """
    written = {file for edit in profile.edits for file in edit.file}
    ours = next((index for index, layer in enumerate(profile.layers) if written & set(layer.files)), 0)
    return tuple(
        OutrankedBy(
            layer.what,
            tuple(file for file in layer.files if "{flag}" not in file and not _is_variable(file)),
            tuple(dict.fromkeys(_variables(profile, layer))),
            layer.note,
        )
        for layer in profile.layers[:ours]
    )


def _variables(profile: Profile, layer: Layer) -> Iterator[str]:
    yield from (file[1:] for file in layer.files if _is_variable(file))
    if layer.variable:
        yield layer.variable
    for setting in profile.settings.values() if layer.environment else ():
        if setting.variable and "{" not in setting.variable:
            yield setting.variable


def _is_variable(file: str) -> bool:
    return file.startswith("$") and "/" not in file
