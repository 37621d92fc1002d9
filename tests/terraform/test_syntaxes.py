"""The two syntaxes of Terraform say the same, whatever a value holds."""

from __future__ import annotations

import json

import pytest

from aibridge_cli.terraform.blocks import Block, Configuration, Heredoc, Reference, Template, Value
from aibridge_cli.terraform.hcl import hcl
from aibridge_cli.terraform.json_syntax import json_syntax
from tests.terraform.reading import evaluated, problems, read_hcl

VALUES: dict[str, Value] = {
    "plain": "https://coder.example.com",
    "empty": "",
    "quotes": 'a "quoted" \\ word',
    "templates": "${file(1)} %{ if true } $${x} $ % {",
    "lines": "one\r\n\ttwo\n",
    "unicode": "Zürich 東京 🔑",
    "yes": True,
    "number": 7,
    "reference": Reference("data.coder_workspace.me.access_url"),
    "mixed": Template(("${a", Reference("data.coder_workspace.me.access_url"), '/"b"')),
    "nothing": {},
    "object": {"short": "1", "a_longer_one": Reference("local.x"), "inner": {"deep": False}},
    "script": Heredoc(("#!/bin/sh", "", 'echo "${HOME}" %{x}', "  indented \\n")),
    "last": "one",
}


def test_both_syntaxes_hold_the_same() -> None:
    """Read back by a parser of HCL, one file is the other."""
    block = Block(("resource", "kind", "name"), VALUES, (Block(("inner",), {"a": "b"}),))
    configuration = Configuration(("a remark", "another"), (block, Block(("data", "kind", "me"))))

    as_json = json.loads(json_syntax(configuration))

    assert as_json.pop("//") == "a remark\nanother"
    assert read_hcl(hcl(configuration)) == as_json


@pytest.mark.parametrize("name", [name for name, value in VALUES.items() if isinstance(value, str)])
def test_text_stays_text(name: str) -> None:
    """No text is taken for a template: Terraform evaluates it to itself."""
    written = hcl(Configuration((), (Block(("locals",), {"value": VALUES[name]}),)))

    assert evaluated(read_hcl(written)["locals"]["value"], {}) == VALUES[name]


def test_the_layout() -> None:
    """Names are aligned as `terraform fmt` does; what takes several lines stands apart."""
    attributes: dict[str, Value] = {"a": 1, "long_one": True, "map": {"x": "y"}, "b": "c"}
    block = Block(("resource", "kind", "name"), attributes)

    assert hcl(Configuration(("remark",), (block,))) == (
        "# remark\n"
        "\n"
        'resource "kind" "name" {\n'
        "  a        = 1\n"
        "  long_one = true\n"
        "  map = {\n"
        '    x = "y"\n'
        "  }\n"
        '  b = "c"\n'
        "}\n"
    )


def test_two_blocks_with_the_same_labels() -> None:
    """JSON has no place for a second one, so it is refused, never dropped."""
    block = Block(("resource", "kind", "name"), {"a": 1})

    with pytest.raises(ValueError, match="two blocks are `resource kind name`"):
        json_syntax(Configuration((), (block, block)))


def test_the_judge_sees_what_is_wrong() -> None:
    """The checks that the other tests rely on can fail."""
    found = read_hcl(
        'resource "coder_env" "a" {\n  agent_id = coder_agent.main.id\n  nam = "X"\n}\n'
        'resource "coder_env" "b" {\n  agent_id = data.coder_workspace.me.id\n  name = local.x\n}\n'
        'module "m" {\n  source = "s"\n}\n'
    )
    found["resource"]["coder_env"]["a"]["name"] = "X"
    found["resource"]["coder_env"]["b"]["name"] = "X"

    assert problems(found) == [
        "undeclared: coder_agent.main.id",
        "undeclared: data.coder_workspace.me.id",
        "coder_env.a has no nam",
        *("module.m lacks agent_id", "module.m lacks version", "set twice: X"),
    ]
