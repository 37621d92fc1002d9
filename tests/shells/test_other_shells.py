from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import shell_named
from aibridge_cli.shells.formats import SET, UNSET, Deed

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@pytest.mark.parametrize(
    ("shell", "value", "line"),
    [
        ("tcsh", "it's !x", "setenv NAME it\\'s\\ \\!x;"),
        ("csh", "", "setenv NAME '';"),
        ("tcsh", "Zürich", "setenv NAME Zürich;"),
        ("elvish", "it's\n$x", "set-env NAME 'it''s\n$x';"),
        ("xonsh", "it's\n$x", '$NAME = "it\'s\\n$x";'),
        ("nu", 'a"b\\\x01', '"NAME": "a\\"b\\\\\\u0001"'),
        ("cmd", "a&b|c<d>e^f", 'set "NAME=a&b|c<d>e^f"'),
    ],
)
def test_export(shell: str, value: str, line: str) -> None:
    """Each shell's own way to write a value."""
    assert shell_named(shell).export("NAME", value) == line


@pytest.mark.parametrize(
    ("shell", "unset", "copy"),
    [
        ("tcsh", "unsetenv B;", "setenv B $A:q;"),
        ("elvish", "unset-env B;", "set-env B $E:A;"),
        ("xonsh", "${...}.pop('B', None);", "$B = $A;"),
        ("nu", '"B": null', '"B": "value of A"'),
        ("cmd", 'set "B="', 'set "B=value of A"'),
        ("sh", "unset B;", 'export B="$A";'),
        ("fish", "set -e B;", "set -gx B $A;"),
        ("pwsh", "Remove-Item Env:B -ErrorAction SilentlyContinue;", "$env:B = $env:A;"),
    ],
)
def test_unset_and_copy(shell: str, unset: str, copy: str) -> None:
    """A variable goes, or gets another one's value; that is shown only where the shell cannot copy."""
    form = shell_named(shell)
    assert (form.unset("B"), form.copy("A", "B", "value of A")) == (unset, copy)
    with pytest.raises(UsageError, match="cannot be the name"):
        form.copy("A", "B C", "x")
    with pytest.raises(UsageError, match="cannot be the name"):
        form.copy("A;", "B", "x")


@pytest.mark.parametrize(
    ("shell", "value", "reason"),
    [
        ("tcsh", "a\nb", "a line end, which tcsh cannot take"),
        ("tcsh", "a\tb", "a control character"),
        ("cmd", "100%", "a percent sign, which cmd cannot take"),
        ("cmd", 'a"b', "a quote"),
        ("cmd", "a!b", "an exclamation mark"),
        ("cmd", "a\nb", "a line end or control character"),
        ("cmd", "é", "a character that is not ASCII"),
        ("cmd", "", "no character"),
    ],
)
def test_refused(shell: str, value: str, reason: str) -> None:
    """What a shell cannot take is refused with the reason, and the value is not shown."""
    with pytest.raises(UsageError, match=reason) as caught:
        shell_named(shell).export("NAME", value)
    assert not value or f"`{value}`" not in caught.value.message


def test_cmd_cannot_keep_every_value() -> None:
    """An earlier value that cmd.exe has no way to write stops the command rather than be lost."""
    with pytest.raises(UsageError, match="the value of `B` has a percent sign"):
        shell_named("cmd").copy("A", "B", "100%")


@given(TEXT)
def test_literals(value: str) -> None:
    """Python reads xonsh's literal back, and JSON nushell's object."""
    line = shell_named("xonsh").export("NAME", value)
    assert ast.literal_eval(line.removeprefix("$NAME = ").removesuffix(";")) == value
    text = shell_named("nu").script([Deed(SET, "A", value), Deed(UNSET, "B")])
    assert json.loads(text) == {"A": value, "B": None}
