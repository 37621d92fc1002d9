from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from aibridge_cli.documents import yaml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set, apply_to_data, lookup
from aibridge_cli.errors import DocumentError
from tests.documents.drawing import Draw, Format, all_paths, inserts, operations

KEYS = ("a", "b", "c", "d-1", "/x.y", "é ü", 'q"u', "yes", "1")

scalars = st.sampled_from(
    [
        *("1", "-7", "1.50", "true", "False", "null", "~", "plain", "two words", "a:b", "it's", "2026-11-23", "yes"),
        *("0x1F", "017", "'lit # no'", "''", '"a # b"', '"\\u00e5\\n"', "https://x.example/v1#frag", "1e3", "no"),
    ]
)
values: st.SearchStrategy[Any] = st.recursive(
    st.text(st.characters(codec="utf-8"), max_size=4)
    | st.sampled_from(
        ["yes", "null", "1", "~", "a: b", "- a", "#", "it's", "1e3", "2026-11-23", "two  words", "=", "a "]
    )
    | st.integers(-9, 99)
    | st.booleans()
    | st.sampled_from([0.5, 1.0, 1e30, 1e-7]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=5,
)
FORM = Format(yaml.load, KEYS, values)


def _word(draw: Draw, key: str) -> str:
    spellings = ['"' + key.replace('"', '\\"') + '"', f"'{key}'"]
    return draw(st.sampled_from([*spellings, *[key] * 4] if key not in {"yes", "1"} else spellings))


@st.composite
def flows(draw: Draw, depth: int, indentation: str) -> str:
    """The text of a value on one line, or between brackets on several."""
    shape = draw(st.sampled_from(["scalar", "list", "pairs"])) if depth else "scalar"
    if shape == "scalar":
        return draw(scalars)
    gap = draw(st.sampled_from(["", " "]))
    if shape == "list":
        parts = [draw(flows(depth - 1, indentation)) for _ in range(draw(st.integers(0, 3)))]
        opening, closing = "[]"
    else:
        keys = draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True))
        parts = [f"{_word(draw, key)}: {draw(flows(depth - 1, indentation))}" for key in keys]
        opening, closing = "{}"
    last = draw(st.sampled_from(["", ","])) if parts else ""
    if parts and draw(st.integers(0, 3)) == 0:
        note = draw(st.sampled_from(["", " # note", "  # [x], {y}"]))
        rows = [f"{indentation}  {part}{',' if at < len(parts) - 1 else last}{note}\n" for at, part in enumerate(parts)]
        return f"{opening}\n{''.join(rows)}{indentation}{closing}"
    return opening + gap + ", ".join(parts) + last + (gap if parts else "") + closing


@st.composite
def blocks(draw: Draw, indentation: str, depth: int, kind: str) -> list[str]:
    """The lines of a mapping or list, not empty."""
    lines: list[str] = []
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    for key in keys:
        above = st.sampled_from(["", "# note", f"{indentation}# above", "   "])
        lines += draw(st.lists(above, max_size=2)) if draw(st.integers(0, 2)) == 0 else []
        note = draw(st.sampled_from(["", "", "", " # same line", "   #"]))
        head = f"{indentation}- " if kind == "list" else f"{indentation}{_word(draw, key)}:"
        shape = draw(st.sampled_from(["flow", "flow", "list", "pairs", "literal", "nothing"])) if depth else "flow"
        gap = "" if kind == "list" else draw(st.sampled_from([" ", " ", "   "]))
        if shape == "flow":
            lines.append(f"{head}{gap}{draw(flows(2, indentation + '  '))}{note}")
        elif shape == "nothing":
            lines.append(f"{head.rstrip() if kind == 'list' else head}{note}")
        elif shape == "literal":
            sign = draw(st.sampled_from(["|", ">", "|-", "|+", ">-"]))
            rows = draw(st.lists(st.sampled_from(["text", "# no comment", "  more", ""]), min_size=1, max_size=3))
            lines.append(f"{head}{gap}{sign}{note}")
            lines += [f"{indentation}    {row}" if row else "" for row in ["start", *rows]]
        elif kind == "list":
            inner = draw(blocks(f"{indentation}  ", depth - 1, shape))
            assume(inner[0].startswith(f"{indentation}  ") and not inner[0].strip().startswith("#"))
            lines += [f"{head}{inner[0].lstrip(' ')}", *inner[1:]]
        else:
            deeper = indentation + draw(st.sampled_from(["", "  "] if shape == "list" else ["  ", "    "]))
            lines += [f"{head}{note}", *draw(blocks(deeper, depth - 1, shape))]
    return lines


@st.composite
def texts(draw: Draw, kind: str = "pairs") -> str:
    """A YAML document with comments, blank lines, and every way of saying things."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    trivia = st.sampled_from(["", "# note", "#", "   # far", "  "])
    lines = draw(st.lists(trivia, max_size=2))
    if draw(st.integers(0, 3)) == 0:
        lines.append(draw(st.sampled_from(["---", "--- # start"])))
    if draw(st.integers(0, 9)):
        lines += draw(blocks("", 2, kind))
    lines += draw(st.lists(trivia, max_size=2))
    if draw(st.integers(0, 9)) == 0:
        lines.append("...")
    text = "\n".join(lines).replace("\n", end) + (draw(st.sampled_from([end, end, "", end + end])) if lines else "")
    try:
        oldest(text), newest(text), yaml.load(text)
    except (pyyaml.YAMLError, YAMLError, DocumentError, ValueError):
        assume(False)
    return text


def oldest(text: str) -> Any:
    """What a reader of YAML 1.1 makes of it."""
    return pyyaml.safe_load(text) or {}


def newest(text: str) -> Any:
    """What a reader of YAML 1.2 makes of it."""
    return YAML(typ="safe", pure=True).load(io.StringIO(text)) or {}


READERS: tuple[Callable[[str], Any], ...] = (oldest, newest)


def attempt(text: str, *operations: Operation) -> str | None:
    """The edited text, or None where a literal takes in what is behind it: the end of the file, empty lines."""
    try:
        return edit("yaml", text, operations)
    except DocumentError as problem:
        refused = problem.message
    assert "safely" in refused
    texts = [text, *(operation.source for operation in operations if isinstance(operation, Put))]
    assert any("|" in each or ">" in each for each in texts)
    assert any("+" in each or not each.endswith("\n") for each in texts)
    return None


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=150, suppress_health_check=QUIET, deadline=None)
@given(st.data())
def test_any_operation_does_what_it_means_or_is_refused(data: st.DataObject) -> None:
    """Readers of the old and the new YAML both see what the operation means; a second time changes nothing."""
    text, source = data.draw(texts()), data.draw(texts())
    before = yaml.load(text)
    operation = data.draw(operations(FORM, before, source))
    put = lookup(yaml.load(source), operation.path) if isinstance(operation, Put) else None
    try:
        expected = apply_to_data(before, operation, put)
    except DocumentError:
        expected = None
    if expected is None:
        with pytest.raises(DocumentError):
            edit("yaml", text, [operation])
        return
    after = attempt(text, operation)
    if after is None:
        return

    assert yaml.load(after) == expected
    for read in READERS:
        if not isinstance(operation, Put):
            assert read(after) == apply_to_data(read(text), operation)
        else:
            assert read(after) == apply_to_data(read(text), operation, lookup(read(source), operation.path))
    if isinstance(operation, Set):
        assert yaml.splice(after, [operation]) == after


@settings(max_examples=150, suppress_health_check=QUIET, deadline=None)
@given(st.data())
def test_what_was_added_comes_out_without_a_trace(data: st.DataObject) -> None:
    """Any new keys leave every line and comment as it was, and taking them out in any order gives the bytes back."""
    text = data.draw(texts())
    changes, back = data.draw(inserts(FORM, yaml.load(text), data.draw(st.integers(1, 4))))

    after = attempt(text, *changes)
    if after is None:
        return
    restored = edit("yaml", after, data.draw(st.permutations(back)))

    assert yaml.remarks(after) == yaml.remarks(text)
    assert restored == text


@settings(max_examples=80, suppress_health_check=QUIET, deadline=None)
@given(st.data())
def test_an_item_comes_out_without_a_trace(data: st.DataObject) -> None:
    """Appending to any list and taking the item out gives the bytes back."""
    text = data.draw(texts(data.draw(st.sampled_from(["pairs", "list"]))))
    content = yaml.load(text)
    lists = [path for path in all_paths(content) if isinstance(lookup(content, path), list)]
    assume(lists)
    path = data.draw(st.sampled_from(lists))

    after = attempt(text, Append(path, data.draw(values)))
    if after is None:
        return

    assert yaml.remarks(after) == yaml.remarks(text)
    assert edit("yaml", after, [Delete((*path, -1))]) == text


@settings(max_examples=100, suppress_health_check=QUIET, deadline=None)
@given(st.data())
def test_later_edits_stay_when_ours_go(data: st.DataObject) -> None:
    """Edit, edit by the user, take back: what is left is the user's edit of the original, to the byte."""
    text = data.draw(texts())
    content = yaml.load(text)
    changes, back = data.draw(inserts(FORM, content, 2))
    leaves = [path for path in all_paths(content) if path and not isinstance(lookup(content, path), dict | list)]
    users: list[Operation] = [Set(("theirs",), 1)]
    if leaves:
        users.append(Set(data.draw(st.sampled_from(leaves)), data.draw(st.text(max_size=3) | st.integers())))
    alone, ours = attempt(text, *users), attempt(text, *changes)
    if alone is None or ours is None:
        return
    both = edit("yaml", ours, users)

    assert edit("yaml", both, back) == alone


@settings(max_examples=100, suppress_health_check=QUIET, deadline=None)
@given(st.data())
def test_what_was_deleted_can_be_put_back(data: st.DataObject) -> None:
    """Delete adds no comment and moves none, and Put gives the data back."""
    text = data.draw(texts())
    content = yaml.load(text)
    paths = [path for path in all_paths(content) if path and isinstance(path[-1], str)]
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    without = attempt(text, Delete(path))
    back = None if without is None else attempt(without, Put(path, text))
    if without is None or back is None:
        return
    left = iter(yaml.remarks(text))

    assert all(remark in left for remark in yaml.remarks(without))
    for read in READERS:
        assert read(back) == read(text)
