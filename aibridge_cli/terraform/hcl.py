"""Terraform's own syntax, laid out as `terraform fmt` does. Pure text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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

END = "EOT"
"""What ends a heredoc; a line of it cannot stand in one, as lines are indented."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def hcl(configuration: Configuration) -> str:
    """Return a file in HCL."""
    head = "".join(f"# {remark}\n" for remark in configuration.remarks)
    bodies = ["".join(_block(block, "")) for block in configuration.blocks]
    return "\n".join([head, *bodies])


def _block(block: Block, indent: str) -> Iterator[str]:
    kind, *labels = block.labels
    head = " ".join([kind, *(_quoted(label) for label in labels)])
    if not block.attributes and not block.blocks:
        yield f"{indent}{head} {{}}\n"
        return
    yield f"{indent}{head} {{\n"
    yield from _attributes(block.attributes, f"{indent}  ")
    for inner in block.blocks:
        yield from _block(inner, f"{indent}  ")
    yield f"{indent}}}\n"


def _attributes(attributes: Mapping[str, Value], indent: str) -> Iterator[str]:
    # values that take one line stand below each other; one that takes more stands apart
    run: list[str] = []
    for name, value in attributes.items():
        if isinstance(value, Heredoc) or (isinstance(value, Mapping) and value):
            yield from _aligned(run, attributes, indent)
            run = []
            yield f"{indent}{name} = {_written(value, indent)}\n"
        else:
            run.append(name)
    yield from _aligned(run, attributes, indent)


def _aligned(names: list[str], attributes: Mapping[str, Value], indent: str) -> Iterator[str]:
    width = max((len(name) for name in names), default=0)
    for name in names:
        yield f"{indent}{name:<{width}} = {_written(attributes[name], indent)}\n"


def _written(value: Value, indent: str) -> str:
    if isinstance(value, Reference):
        return value.to
    if isinstance(value, Heredoc):
        lines = "".join(f"{indent}  {literal(line)}".rstrip() + "\n" for line in value.lines)
        return f"<<-{END}\n{lines}{indent}{END}"
    if isinstance(value, str | Template):
        return _quoted(interpolated(value))
    if isinstance(value, Mapping):
        inner = "".join(_attributes(value, f"{indent}  "))
        return f"{{\n{inner}{indent}}}" if inner else "{}"
    return str(value).lower()


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'
