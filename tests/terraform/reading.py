"""Terraform read back by a real parser of HCL, and judged as far as that goes without the provider."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import hcl2

REFERENCE = re.compile(r"([$%])\1\{|\$\{([^}]*)\}")

SCHEMAS: dict[str, tuple[set[str], set[str]]] = {
    "coder_env": ({"agent_id", "name"}, {"value", "merge_strategy"}),
    "coder_script": (
        {"agent_id", "display_name", "script"},
        {"cron", "icon", "log_path", "run_on_start", "run_on_stop", "start_blocks_login", "timeout"},
    ),
    "coder_agent": ({"arch", "os"}, {"auth", "dir", "env", "startup_script"}),
}
"""Required and optional attributes, from the documentation of the provider."""

DATA = {"coder_workspace": {"access_url"}, "coder_workspace_owner": {"session_token"}}
"""The attributes of data that we use, from the same documentation."""


def read_hcl(text: str) -> dict[str, Any]:
    """Return a file in the shape of Terraform's JSON syntax; two blocks with the same labels are an error."""
    parsed = hcl2.loads(text)
    found: dict[str, Any] = {}
    for kind, blocks in parsed.items():
        if kind != "__comments__":
            for block in blocks:
                merge(found, {kind: plain(block)})
    return found


def plain(value: Any) -> Any:
    """Return what the parser made of a value, without its marks and quotes."""
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items() if not key.startswith("__")}
    if isinstance(value, list):  # blocks within a block
        (only,) = value
        return plain(only)
    if isinstance(value, str) and value.startswith('"<<-'):
        lines = value.strip('"').splitlines()
        return textwrap.dedent("\n".join(lines[1:-1])) + "\n"
    if isinstance(value, str) and value.startswith('"'):
        return json.loads(value)
    return value


def merge(into: dict[str, Any], more: Mapping[str, Any], depth: int = 0) -> None:
    """Add blocks by their labels: up to three words lead to a body."""
    for key, value in more.items():
        if key not in into:
            into[key] = value
        else:
            assert depth < 2, f"two blocks `{key}`"
            merge(into[key], value, depth + 1)


def evaluated(text: str, known: Mapping[str, str]) -> str:
    """Return what Terraform makes of a string."""
    return REFERENCE.sub(lambda found: known[found[2]] if found[2] else found[1] + "{", text)


def strings(value: Any) -> Iterator[str]:
    """Yield every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)


def references(value: Any) -> set[str]:
    """Return everything that a value refers to."""
    return {found[2] for text in strings(value) for found in REFERENCE.finditer(text) if found[2]}


def problems(found: Mapping[str, Any]) -> list[str]:
    """Return what `terraform validate` would say: references, required and unknown attributes, names set twice."""
    said = []
    for reference in sorted(references(found)):
        kind, *words = reference.split(".")
        if kind == "data":
            there = words[1] in found.get("data", {}).get(words[0], {}) and words[2] in DATA[words[0]]
        elif kind == "local":
            there = words[0] in found.get("locals", {})
        else:
            there = words[0] in found.get("resource", {}).get(kind, {}) and words[1] == "id"
        said += [] if there else [f"undeclared: {reference}"]
    for kind, bodies in found.get("resource", {}).items():
        required, optional = SCHEMAS[kind]
        for name, body in bodies.items():
            said += [f"{kind}.{name} lacks {each}" for each in sorted(required - body.keys())]
            said += [f"{kind}.{name} has no {each}" for each in sorted(body.keys() - required - optional)]
            if not re.fullmatch(r"[A-Za-z_][\w-]*", name):
                said.append(f"{kind}.{name} is not a name")
    for name, body in found.get("module", {}).items():
        said += [f"module.{name} lacks {each}" for each in sorted({"source", "version", "agent_id"} - body.keys())]
    variables = [body["name"] for body in found.get("resource", {}).get("coder_env", {}).values()]
    return said + [f"set twice: {name}" for name in sorted(set(variables)) if variables.count(name) > 1]


def environment(found: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a workspace would have, with the values of its owner."""
    variables = {
        body["name"]: evaluated(body["value"], known) for body in found["resource"].get("coder_env", {}).values()
    }
    for agent in found["resource"].get("coder_agent", {}).values():
        if "env" in agent:
            (name,) = references(agent["env"])
            inner = found["locals"][name.removeprefix("local.")]
            variables |= {each: evaluated(value, known) for each, value in inner.items()}
    return variables
