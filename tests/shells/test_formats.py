from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import SHELLS, shell_named
from aibridge_cli.shells.formats import Shell


@pytest.mark.parametrize(
    ("shell", "value", "line"),
    [
        ("sh", "plain", "export NAME='plain';"),
        ("bash", "it's $(id) `id` !x \\", "export NAME='it'\\''s $(id) `id` !x \\';"),
        ("zsh", "two\nlines", "export NAME='two\nlines';"),
        ("fish", "it's $(id) \\n", "set -gx NAME 'it\\'s $(id) \\\\n';"),
        ("fish", "\\'", "set -gx NAME '\\\\\\'';"),
        ("powershell", '$(id) `n "x"', "$env:NAME = '$(id) `n \"x\"';"),
        ("pwsh", "it's", "$env:NAME = 'it''s';"),
        ("pwsh", "\u2018a\u2019b\u201ac\u201b", "$env:NAME = '\u2018\u2018a\u2019\u2019b\u201a\u201ac\u201b\u201b';"),
    ],
)
def test_export(shell: str, value: str, line: str) -> None:
    """A value stands between single quotes, with what the shell reads inside them escaped."""
    assert shell_named(shell).export("NAME", value) == line


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("dash", "unset NAME;"),
        ("fish", "set -e NAME;"),
        ("powershell", "Remove-Item Env:NAME -ErrorAction SilentlyContinue;"),
    ],
)
def test_unset(shell: str, line: str) -> None:
    """Taking a variable away is no error where it is not set."""
    assert shell_named(shell).unset("NAME") == line


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_powershell_text(value: str) -> None:
    """PowerShell's rules read the value back. By its rules only: PowerShell itself was not run."""
    text = shell_named("powershell").export("NAME", value).removeprefix("$env:NAME = '")
    read = ""
    while text != "';":
        if text[0] in "'\u2018\u2019\u201a\u201b":
            assert text[1] == text[0], "the string would end here"
            text = text[1:]
        read += text[0]
        text = text[1:]
    assert read == value


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "A;id", "$(id)", "É", "A\n"])
@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_bad_name(shell: str, name: str) -> None:
    """What is no name of a variable is refused, for setting and for taking away."""
    with pytest.raises(UsageError, match="cannot be the name of a variable"):
        shell_named(shell).export(name, "x")
    with pytest.raises(UsageError, match="cannot be the name of a variable"):
        shell_named(shell).unset(name)


@pytest.mark.parametrize(("value", "reason"), [("a\0b", "NUL"), ("\ud800", "not text")])
@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_bad_value(shell: str, value: str, reason: str) -> None:
    """What no variable can hold is refused, and not repeated."""
    with pytest.raises(UsageError, match=reason) as caught:
        shell_named(shell).export("NAME", value)
    assert value not in caught.value.message


def test_base_class_is_no_format() -> None:
    """A family of shells must say how it sets and unsets."""
    with pytest.raises(NotImplementedError):
        Shell("none").export("NAME", "x")
    with pytest.raises(NotImplementedError):
        Shell("none").unset("NAME")
    with pytest.raises(NotImplementedError):
        Shell("none").copy("A", "B", "x")
