from __future__ import annotations

import io
import math
from typing import Any

import pytest
import yaml as pyyaml
from ruamel.yaml import YAML

from aibridge_cli.documents import yaml
from aibridge_cli.documents.operations import Unsettled
from aibridge_cli.documents.yaml_scalars import is_plain, written
from aibridge_cli.errors import DocumentError


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}),
        ("# only this\n", {}),
        ("---\n...\n", {}),
        ("~\n", None),
        ("a: [1, -2, 0x1f, 1.5, .inf, true, null, ~, word, '1', \"\\u00e5\"]\n", None),
        ("? [b]\n: 1\n2: x\n", {"? [b]": 1, "? 2": "x"}),
        ("a: &x {b: 1}\nc: *x\n*x : d\n", {"a": {"b": 1}, "c": {"b": 1}, "? *x": "d"}),
        ("a: &x {b: 1}\nc: {<<: *x}\n", {"a": {"b": 1}, "c": {"? <<": {"b": 1}}}),
        ("a: !!str 5\nb: !own 5\n", {"a": "5", "b": '!<!own> "5"'}),
        ("a: 1\na: 2\n", {"a": 2}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("- [a: 1]\n", [[{"a": 1}]]),
    ],
)
def test_the_data_of_a_text(text: str, data: Any) -> None:
    """A text means what both old and new YAML say; a key that is no word is told from those that are."""
    if text.startswith("a: ["):
        data = {"a": [1, -2, 31, 1.5, math.inf, True, None, None, "word", "1", "å"]}
    assert yaml.load(text) == data


@pytest.mark.parametrize(
    "word", ["yes", "Off", "n", "017", "0o17", "1_000", "12:30:45", "1e3", "2026-11-23", "=", "0b1"]
)
def test_a_word_on_which_readers_do_not_agree(word: str) -> None:
    """What is a value to some and a word to others is neither equal to the value nor to the word."""
    value = yaml.load(f"a: {word}\n")["a"]

    assert type(value) is Unsettled
    assert written(value) == word


@pytest.mark.parametrize(
    "value",
    [
        *(
            "word",
            "two words",
            "gpt-5.1",
            "a/b",
            "yes",
            "null",
            "1",
            "017",
            "1e3",
            "12:30",
            "2026-11-23",
            "=",
            "<<",
            "~",
        ),
        *(
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "- a",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "'",
            '"',
            "\\",
            "\n",
            "\t",
        ),
        *("https://x.example/v1", "a,b", "{}", "nan", ".inf", "\x7f", "\x85", "\u2028", "\ufeff", "\U0001f600", "\0"),
        *(0, -5, 10**20, 1.5, 1e30, 1e-7, math.inf, -math.inf, True, False, None),
    ],
)
def test_every_reader_reads_what_was_written(value: Any) -> None:
    """What is written means the same to readers of old and new YAML, on a line of its own and between brackets."""
    for text in (f"a: {written(value)}\n", f"a: [{written(value)}, 1]\n", f"a: {{{written(str(value))}: 1}}\n"):
        old, new = pyyaml.safe_load(text), YAML(typ="safe", pure=True).load(io.StringIO(text))
        assert old == new == yaml.load(text)
        read = old["a"][0] if isinstance(old["a"], list) else next(iter(old["a"])) if "{" in text[:4] else old["a"]
        assert read == (str(value) if text.startswith("a: {") else value)


def test_not_a_number() -> None:
    """A float that is no number can be written and read too."""
    assert math.isnan(yaml.load(f"a: {written(math.nan)}\n")["a"])


@pytest.mark.parametrize(("value", "message"), [(b"x", "of this sort"), ("\ud800", "not a character")])
def test_what_yaml_cannot_say(value: Any, message: str) -> None:
    """What has no common spelling is refused."""
    with pytest.raises(DocumentError, match=message):
        written(value)


def test_plain_words() -> None:
    """Only words that nobody could read otherwise go without quotes."""
    assert [word for word in ("gpt-5", "a b", "/x", "yes", "NaN", "5a", "a:", "") if is_plain(word)] == [
        "gpt-5",
        "a b",
        "/x",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\n", "2:1: this is not valid YAML: expected ',' or ']'"),
        ("a:\n\t- 1\n", "2:1: this is not valid YAML: found character"),
        ("a: 1\n b: 2\n", "2:3: this is not valid YAML: mapping values are not allowed"),
        ("a: 1\n---\nb: 2\n", "2:1: this file holds more than one document"),
        ("a: 1\rb: 2\n", "1:5: this line end is one that programs read differently"),
        ("# a\u2028b\n", "1:4: this line end is one that programs read differently"),
        ("a: \x01\n", "1:4: this character may not stand in YAML"),
        ("a: *x\n", "1:4: `*x` stands for nothing"),
        ("a: &x [*x]\n", "1:8: `*x` stands for nothing"),
        ("a: " + "[" * 101 + "]" * 101, "1:103: mappings or lists lie in one another"),
        ("a: !<tag:%zz> 1\n", "1:11: this is not valid YAML"),
    ],
)
def test_what_cannot_be_read(text: str, message: str) -> None:
    """What is not valid, or means different things to different readers, is named with its place."""
    with pytest.raises(DocumentError) as problem:
        yaml.load(text)

    assert f"{problem.value.line}:{problem.value.column}: {problem.value.message}".startswith(message)


def test_an_escape_that_stands_for_nothing() -> None:
    """An escape beyond the last character is no character."""
    for escape in ("U00110000", "Uffffffff"):
        with pytest.raises(DocumentError, match="stands for no character"):
            yaml.load(f'a: "\\{escape}"\n')


def test_aliases_that_grow_without_bounds() -> None:
    """A small file that means very much is refused instead of filling the memory."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(DocumentError, match="more than 100000 values"):
        yaml.load("\n".join(lines))
