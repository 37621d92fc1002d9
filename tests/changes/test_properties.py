"""Whatever the user's file looks like: configure twice is once, undo returns the bytes, later edits stay."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.changes.store import Store
from aibridge_cli.documents.editing import document_format, edit
from aibridge_cli.documents.operations import Set
from aibridge_cli.errors import FileProblem
from tests.changes.conftest import Machine

NAMES = st.sampled_from(["a", "b", "env", "theme", "é", "x y"])
SCALARS = st.one_of(st.booleans(), st.integers(-5, 5), st.text("ab\"\\'#é/*\n", max_size=4))
SPACE = st.sampled_from(["", " ", "\n", "\r\n  ", "\t", " // note\n", "/* note */"])


@st.composite
def jsonc(draw: st.DrawFn, depth: int = 2) -> str:
    """A text of a user's JSON with comments: any layout, any remarks, duplicate keys, trailing commas."""
    members = []
    names: list[str] = draw(st.lists(NAMES, max_size=4))
    for name in names:
        kinds = st.one_of(jsonc(depth - 1), SCALARS.map(json.dumps)) if depth else SCALARS.map(json.dumps)
        value: str = draw(st.one_of(kinds, st.just("null")) if depth == 2 else kinds)
        members.append(f"{draw(SPACE)}{json.dumps(name)}{draw(SPACE)}:{draw(SPACE)}{value}{draw(SPACE)}")
    trailing = draw(st.sampled_from(["", ","])) if members else ""
    return "{" + ",".join(members) + trailing + draw(SPACE) + "}"


@st.composite
def toml(draw: st.DrawFn) -> str:
    """A text of a user's TOML: remarks, blank lines, odd spacing, tables in any order."""
    lines: list[str] = []
    eol = draw(st.sampled_from(["\n", "\r\n"]))

    def noise() -> None:
        lines.extend(draw(st.lists(st.sampled_from(["", "# note", "   # note"]), max_size=2)))

    def keys(prefix: str) -> None:
        for number in range(draw(st.integers(0, 3))):
            noise()
            value = draw(st.sampled_from(["1", '"x"', "[ 1,2 ]", "{ a = 1 }", "1.10", "'''\nlong\n'''", "2026-01-01"]))
            lines.append(
                f"{prefix}{number}{draw(st.sampled_from(['=', '   = ', ' ='])).strip() or '='} {value}"
                + draw(st.sampled_from(["", "  # why"]))
            )

    keys("k")
    for table in draw(st.permutations(["env", "servers.one", "servers.two", "providers.other", "'q u'"]))[
        : draw(st.integers(0, 5))
    ]:
        noise()
        lines.append(f"[{table}]")
        keys("t")
    noise()
    return eol.join("\n".join(lines).split("\n")) + draw(st.sampled_from(["", eol]))


@st.composite
def yaml(draw: st.DrawFn, indentation: str = "", depth: int = 2) -> str:
    """A text of a user's YAML: remarks, blank lines, any indentation, lists in both styles."""
    eol = draw(st.sampled_from(["\n", "\r\n"])) if not indentation else "\n"
    lines: list[str] = []
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        lines.extend(draw(st.lists(st.sampled_from(["", "# note", f"{indentation}  # note"]), max_size=2)))
        word = draw(st.sampled_from([name, json.dumps(name, ensure_ascii=False)]))
        kinds = ["scalar", "list", "flow", "below", "nothing"]
        shape = draw(st.sampled_from(kinds if depth else kinds[:1]))
        head = indentation + word + ":"
        remark = draw(st.sampled_from(["", "", "  # why"]))
        if shape == "scalar":
            lines.append(f"{head} {draw(st.sampled_from(['1', 'yes', 'word', '1.10', json.dumps('a # b')]))}{remark}")
        elif shape == "nothing":
            lines.append(head + remark)
        elif shape == "flow":
            lines.append(f"{head} {draw(st.sampled_from(['{}', '[]', '{ x: 1 }', '[1,2]']))}{remark}")
        elif shape == "list":
            deeper = indentation + draw(st.sampled_from(["", "  "]))
            lines += [head + remark, f"{deeper}- one", f"{deeper}-   x: 1", f"{deeper}    y: 2"]
        else:
            inner = draw(yaml(indentation + draw(st.sampled_from(["  ", "    "])), depth - 1))
            lines += [head + remark, inner]
    lines.extend(draw(st.lists(st.sampled_from(["", "# end"]), max_size=2)))
    text = "\n".join(lines)
    return text if indentation else text.replace("\n", eol) + draw(st.sampled_from(["", eol]))


TREE: dict[str, Any] = {
    "provider": "ours",
    "env": {"URL": "https://x", "KEY": ""},
    "providers": {"ours": {"url": "x", "auth": {"n": 1}}},
}


def machine_in(folder: str) -> Machine:
    home = Path(folder) / "home"
    home.mkdir()
    return Machine(home, Store(str(home / "aibridge-state")))


def check(format_name: str, text: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        machine = machine_in(folder)
        file = machine.write(name, text)
        before = document_format(format_name).load(text)
        wanted = machine.client("one", name, TREE, format=format_name)
        if any(not isinstance(before.get(name, {}), dict | None) for name in ("env", "providers")) or not isinstance(
            (before.get("providers") or {}).get("ours", {}), dict | None
        ):
            with pytest.raises(FileProblem, match="expected an object"):
                machine.configure(wanted)
            assert file.read_bytes() == text.encode()
            return
        machine.configure(wanted)
        configured = file.read_bytes()
        assert machine.configure(wanted).plan.empty, "a second run has nothing to do"
        assert file.read_bytes() == configured
        machine.unconfigure("one")
        assert file.read_bytes() == text.encode(), "undo returns the bytes"

        machine.configure(wanted)
        edited = edit(format_name, file.read_bytes().decode(), [Set(("later",), "added")])
        file.write_bytes(edited.encode())
        machine.unconfigure("one")
        after = file.read_bytes().decode()
        assert document_format(format_name).load(after) == {**before, "later": "added"}, "the later edit stays"
        assert document_format(format_name).remarks(after) == document_format(format_name).remarks(text)


@settings(max_examples=50, deadline=None)
@given(jsonc())
def test_json_with_comments(text: str) -> None:
    """Any JSON with comments is configured, left alone the second time, taken back, and keeps later edits."""
    check("jsonc", text, "a.jsonc")


@settings(max_examples=80, deadline=None)
@given(toml())
def test_toml(text: str) -> None:
    """Any TOML is configured, left alone the second time, taken back, and keeps later edits."""
    check("toml", text, "a.toml")


@settings(max_examples=80, deadline=None)
@given(yaml())
def test_yaml(text: str) -> None:
    """Any YAML is configured, left alone the second time, taken back, and keeps later edits."""
    check("yaml", text, "a.yaml")
