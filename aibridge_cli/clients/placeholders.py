"""Placeholders of client profiles, as in `{gateway.openai}`: a closed set.

`{{` and `}}` are literal braces. `aibridge env CLIENT` passes here, so the module needs
nothing but the builtins.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

HELPER_WORDS = "helper.args"
"""The one placeholder that stands for a list; it must be a whole value or list item."""

HELPER_FILE = "helper.file"
"""A program of ours that prints the token and takes no arguments, where a client can name nothing else."""

HELPER_NAMES = ("helper", "helper.command", HELPER_WORDS, HELPER_FILE)
MODEL_NAMES = ("model.openai", "model.anthropic")
BUILT_IN = (
    "gateway.openai",
    "gateway.anthropic",
    "gateway.root",
    "deployment.url",
    "token",
    "token.file",
    *HELPER_NAMES,
    *MODEL_NAMES,
)
"""Every placeholder that any profile may use; a profile's own `[paths]` come on top."""

RUN_NAMES = ("run.json", "run.key", "run.toml")
"""What `[run]` may use on top: all of its settings as JSON; one of them, as a dotted key and as a TOML value."""

RESERVED = tuple(sorted({name.partition(".")[0] for name in (*BUILT_IN, *RUN_NAMES)}))
"""First words that a profile's own paths may not take."""


class BadPlaceholder(ValueError):
    """A brace without its partner."""


def parts(text: str) -> list[tuple[str, bool]]:
    """Cut a template into pieces: literal text, and names of placeholders.

    Args:
        text: A template, as in `{config}/settings.json`.

    Returns:
        Pairs of a piece and whether it is the name of a placeholder.

    Raises:
        BadPlaceholder: A single `{` or `}`.
    """
    found: list[tuple[str, bool]] = []
    literal = ""
    at = 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            literal += text[at]
            at += 2
        elif text[at] == "{":
            end = text.find("}", at)
            name = text[at + 1 : end]
            if end < 0 or "{" in name:
                raise BadPlaceholder("`{` is never closed")
            if literal:
                found.append((literal, False))
                literal = ""
            found.append((name, True))
            at = end + 1
        elif text[at] == "}":
            raise BadPlaceholder("`}` was never opened")
        else:
            literal += text[at]
            at += 1
    if literal:
        found.append((literal, False))
    return found


def names(text: str) -> list[str]:
    """Return the placeholders of a template, in order.

    Raises:
        BadPlaceholder: A single `{` or `}`.
    """
    return [piece for piece, is_name in parts(text) if is_name]


def fill(text: str, known: Mapping[str, str]) -> str:
    """Return a template with every placeholder replaced.

    Args:
        text: The template.
        known: What each placeholder stands for.

    Raises:
        BadPlaceholder: A single `{` or `}`.
        KeyError: A placeholder that is not in `known`.
    """
    return "".join(known[piece] if is_name else piece for piece, is_name in parts(text))


def repeated(name: str, index: int) -> str:
    """Return what a path's folder of this index is called, of several; the first has the path's own name."""
    return f"{name}[{index}]" if index else name


def each_folder(known: Mapping[str, str], used: Collection[str]) -> list[Mapping[str, str]]:
    """Return what placeholders stand for, once for each folder that one of them stands for.

    Args:
        known: What each placeholder stands for, the profile's own paths among them.
        used: The placeholders in question.
    """
    found = [known]
    for name in dict.fromkeys(used):
        index = 1
        while (other := repeated(name, index)) in known:
            found.append({**known, name: known[other]})
            index += 1
    return found
