"""Terraform's configuration as values, before it is written in one of its two syntaxes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Reference(NamedTuple):
    """An expression that names something, as in `data.coder_workspace.me.access_url`."""

    to: str


class Template(NamedTuple):
    """A string with references in it.

    Args:
        parts: Literal text and references, in order.
    """

    parts: tuple[str | Reference, ...]


class Heredoc(NamedTuple):
    """Lines of a script, literally."""

    lines: tuple[str, ...]


Value = str | bool | int | Reference | Template | Heredoc | Mapping[str, "Value"]
"""What an attribute can be; a mapping is an object."""


class Block(NamedTuple):
    """A block.

    Args:
        labels: Its type and labels, as in `("resource", "coder_env", "url")`.
        attributes: In order.
        blocks: The blocks in it.
    """

    labels: tuple[str, ...]
    attributes: Mapping[str, Value] = {}
    blocks: Sequence[Block] = ()


class Configuration(NamedTuple):
    """A file.

    Args:
        remarks: Lines of a comment on top.
        blocks: In order.
    """

    remarks: tuple[str, ...]
    blocks: tuple[Block, ...]


def literal(text: str) -> str:
    """Return text in which Terraform sees no template."""
    return text.replace("${", "$${").replace("%{", "%%{")


def interpolated(value: str | Reference | Template) -> str:
    """Return a string as Terraform evaluates it, before the quoting of a syntax."""
    parts = value.parts if isinstance(value, Template) else (value,)
    return "".join(f"${{{part.to}}}" if isinstance(part, Reference) else literal(part) for part in parts)
