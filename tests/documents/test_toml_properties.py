from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aibridge_cli.documents import toml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set, apply_to_data, lookup, same
from aibridge_cli.errors import DocumentError
from tests.documents.drawing import Draw, Format, all_paths, inserts, operations

KEYS = ("a", "b", "c", "d-1", "/x.y", "", "é ü", 'q"u')

scalars = st.sampled_from(
    [
        *(
            "1",
            "-0",
            "1_000",
            "0xFF",
            "1.50",
            "1e3",
            "true",
            "false",
            "'lit'",
            '"a # b"',
            '"\\u00e5"',
            "1979-05-27",
            "''",
        ),
        *("1979-05-27 07:32:00Z", "07:32:00.5", '""', '"""two\nlines"""', "'''it's\n# no comment'''", '"""a\\\n  b"""'),
    ]
)
values: st.SearchStrategy[Any] = st.recursive(
    st.text(max_size=4) | st.integers(-9, 99) | st.booleans() | st.sampled_from([0.5, 1.0, 1e30]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=5,
)
FORM = Format(toml.load, KEYS, values)


def _quoted(draw: Draw, key: str) -> str:
    spellings = ['"' + key.replace('"', '\\"') + '"']
    if "'" not in key:
        spellings.append(f"'{key}'")
    if key and all(character.isascii() and (character.isalnum() or character in "-_") for character in key):
        spellings += [key] * 4
    return draw(st.sampled_from(spellings))


@st.composite
def raw_values(draw: Draw, depth: int = 2, one_line: bool = False) -> str:
    """The text of a value, in many styles."""
    shape = draw(st.sampled_from(["scalar", "scalar", "array", "inline"])) if depth else "scalar"
    if shape == "scalar":
        return draw(scalars)
    gap = draw(st.sampled_from(["", " ", "  "]))
    comma = draw(st.sampled_from([",", ", ", " , "]))
    if shape == "inline":
        keys = draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True))
        pairs = [f"{_quoted(draw, key)} = {draw(raw_values(depth - 1, one_line=True))}" for key in keys]
        return "{" + gap + comma.join(pairs) + (gap if pairs else "") + "}"
    items = [draw(raw_values(depth - 1)) for _ in range(draw(st.integers(0, 3)))]
    last = "," if draw(st.booleans()) and items else ""
    if one_line or draw(st.booleans()):
        return "[" + gap + comma.join(items) + last + (gap if items else "") + "]"
    note = draw(st.sampled_from(["", " # note", "  # [x], {y}"]))
    rows = [f"  {item}{',' if at < len(items) - 1 else last}{note}\n" for at, item in enumerate(items)]
    return "[\n" + draw(st.sampled_from(["", "  # above\n", "\n"])) + "".join(rows) + "]"


@st.composite
def sections(draw: Draw, path: tuple[str, ...], depth: int, element: bool = False) -> list[str]:
    """The lines of a table and of the tables below it."""
    indentation = draw(st.sampled_from(["", "", "", "  ", "\t"]))
    equals = draw(st.sampled_from([" = ", " = ", "=", "  =   "]))
    header: list[str] = []
    below: list[list[str]] = []
    pairs: list[str] = []
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=4, unique=True)):
        word = _quoted(draw, key)
        shape = draw(st.sampled_from(["value", "value", "dotted", "table", "elements"])) if depth else "value"
        if shape == "value":
            pairs.append(f"{indentation}{word}{equals}{draw(raw_values())}")
        elif shape == "dotted":
            words = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True))
            dot = draw(st.sampled_from([".", ".", " . "]))
            pairs += [f"{indentation}{word}{dot}{_quoted(draw, last)}{equals}{draw(raw_values(1))}" for last in words]
        elif shape == "table":
            below.append(draw(sections((*path, word), depth - 1)))
        else:
            count = draw(st.integers(1, 2))
            below.append([line for _ in range(count) for line in draw(sections((*path, word), depth - 1, True))])
    pairs = draw(st.permutations(pairs)) if len(pairs) < 5 else pairs
    if path and (pairs or element or not below or draw(st.booleans())):
        name = ".".join(path)
        header = [f"{indentation}[[{name}]]" if element else f"{indentation}[{name}]"]
    return header + pairs + [line for block in draw(st.permutations(below)) for line in block]


@st.composite
def texts(draw: Draw) -> str:
    """A TOML document with comments, blank lines, and every way of saying things."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    trivia = st.sampled_from(["", "", "", "# note", "#", "   # far", "  ", "# --- part ---"])
    lines: list[str] = []
    for line in draw(sections((), 2)):
        if draw(st.integers(0, 3)) == 0:
            lines += draw(st.lists(trivia, max_size=3))
        elif line.lstrip().startswith("[") and draw(st.integers(0, 3)):
            lines.append("")
        lines.append(line + draw(st.sampled_from(["", "", "", " # same line", "\t#"])))
    lines += draw(st.lists(trivia, max_size=2))
    text = "\n".join(lines).replace("\n", end)
    text += draw(st.sampled_from([end, end, "", end + end])) if text else ""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    return text


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(st.data())
def test_any_operation_does_what_it_means_or_is_refused(data: st.DataObject) -> None:
    """The interpreter reads from the result what the operation means, and a second time changes nothing."""
    text, source = data.draw(texts()), data.draw(texts())
    before = tomllib.loads(text)
    operation = data.draw(operations(FORM, before, source))
    put = lookup(tomllib.loads(source), operation.path) if isinstance(operation, Put) else None
    try:
        expected = apply_to_data(before, operation, put)
    except DocumentError:
        expected = None
    try:
        after = edit("toml", text, [operation])
    except DocumentError:
        # an item of an array of tables can only be a table, so anything else has no place there
        around = operation.path if isinstance(operation, Append) else operation.path[:-1]
        into_tables = isinstance(lookup(before, around), list) and "[[" in text
        assert expected is None or into_tables
        return

    assert same(tomllib.loads(after), expected)
    if isinstance(operation, Set):
        assert toml.splice(after, [operation]) == after
    if same(before, expected):
        assert after == text


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(st.data())
def test_what_was_added_comes_out_without_a_trace(data: st.DataObject) -> None:
    """Any new keys leave every line and comment as it was, and taking them out in any order gives the bytes back."""
    text = data.draw(texts())
    changes, back = data.draw(inserts(FORM, tomllib.loads(text), data.draw(st.integers(1, 4))))

    after = edit("toml", text, changes)
    restored = edit("toml", after, data.draw(st.permutations(back)))

    assert toml.remarks(after) == toml.remarks(text)
    assert restored == text


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(st.data())
def test_an_item_comes_out_without_a_trace(data: st.DataObject) -> None:
    """Appending to any list and taking the item out gives the bytes back."""
    text = data.draw(texts())
    content = tomllib.loads(text)
    lists = [path for path in all_paths(content) if isinstance(lookup(content, path), list)]
    assume(lists)
    path = data.draw(st.sampled_from(lists))

    after = edit("toml", text, [Append(path, {"k": data.draw(values)})])

    assert toml.remarks(after) == toml.remarks(text)
    assert edit("toml", after, [Delete((*path, -1))]) == text


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(st.data())
def test_later_edits_stay_when_ours_go(data: st.DataObject) -> None:
    """Edit, edit by the user, take back: what is left is the user's edit of the original, to the byte."""
    text = data.draw(texts())
    content = tomllib.loads(text)
    changes, back = data.draw(inserts(FORM, content, 2))
    leaves = [path for path in all_paths(content) if path and not isinstance(lookup(content, path), dict | list)]
    users: list[Operation] = [Set(("theirs",), 1)]
    if leaves:
        users = [Set(data.draw(st.sampled_from(leaves)), data.draw(values)), Set(("theirs", "t"), data.draw(values))]

    alone = edit("toml", text, users)
    both = edit("toml", edit("toml", text, changes), users)

    assert edit("toml", both, back) == alone


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(st.data())
def test_what_was_deleted_can_be_put_back(data: st.DataObject) -> None:
    """Delete adds no comment and moves none, and Put gives the data back."""
    text = data.draw(texts())
    content = tomllib.loads(text)
    paths = [path for path in all_paths(content) if path and isinstance(path[-1], str)]
    assume(paths)
    path = data.draw(st.sampled_from(paths))

    without = edit("toml", text, [Delete(path)])
    left = iter(toml.remarks(text))

    assert all(remark in left for remark in toml.remarks(without))
    assert same(tomllib.loads(edit("toml", without, [Put(path, text)])), content)
