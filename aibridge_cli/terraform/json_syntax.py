"""Terraform's JSON syntax, for files that end in `.tf.json`. Pure text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aibridge_cli.terraform.blocks import (
    Block,
    Configuration,
    Heredoc,
    Reference,
    Template,
    Value,
    interpolated,
    literal,
)


def json_syntax(configuration: Configuration) -> str:
    """Return a file in Terraform's JSON syntax.

    Raises:
        ValueError: Two blocks have the same labels.
    """
    root: dict[str, Any] = {"//": "\n".join(configuration.remarks)}
    for block in configuration.blocks:
        _put(root, block)
    return json.dumps(root, indent=2, ensure_ascii=False) + "\n"


def _put(root: dict[str, Any], block: Block) -> None:
    at = root
    for label in block.labels[:-1]:
        at = at.setdefault(label, {})
    if block.labels[-1] in at:
        raise ValueError(f"two blocks are `{' '.join(block.labels)}`")
    body: dict[str, Any] = {name: _written(value) for name, value in block.attributes.items()}
    for inner in block.blocks:
        _put(body, inner)
    at[block.labels[-1]] = body


def _written(value: Value) -> Any:
    if isinstance(value, str | Reference | Template):
        return interpolated(value)
    if isinstance(value, Heredoc):
        return "".join(f"{literal(line)}\n" for line in value.lines)
    if isinstance(value, Mapping):
        return {name: _written(inner) for name, inner in value.items()}
    return value
