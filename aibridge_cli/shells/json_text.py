"""Text as a JSON string, without `json`, which the hot commands cannot afford. Pure."""

from __future__ import annotations

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote_json(value: str) -> str:
    """Return a text as a JSON string; what is not a control character stays as it is."""
    characters = []
    for character in value:
        if character in _ESCAPES:
            characters.append(_ESCAPES[character])
        elif character < " " or character == "\x7f":
            characters.append(f"\\u{ord(character):04x}")
        else:
            characters.append(character)
    return '"' + "".join(characters) + '"'


def object_text(members: list[str]) -> str:
    """Return a JSON object of finished members, one on each line."""
    return "{\n" + ",\n".join(members) + "\n}\n" if members else "{}\n"
