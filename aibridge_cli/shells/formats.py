"""How each family of shells sets and unsets a variable. Pure text.

Every value is quoted so that the shell takes it as it is: no expansion, no command, no
end of the line can come out of it. Each line ends with a semicolon, so that the lines
stay apart where the shell joins them, as in `eval $(…)` without quotes.
"""

from __future__ import annotations

from aibridge_cli.errors import UsageError

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME_CHARACTERS = _LETTERS | frozenset("0123456789")


class Shell:
    """One family of shells; its subclasses are the formats.

    Args:
        name: The shell, as the user calls it.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def export(self, name: str, value: str) -> str:
        """Return the line that sets and exports a variable.

        Raises:
            UsageError: It is no name of a variable, or no value that one can have.
        """
        check_name(name)
        check_value(name, value)
        return self._export(name, value)

    def unset(self, name: str) -> str:
        """Return the line that takes a variable away, whether it is set or not.

        Raises:
            UsageError: It is no name of a variable.
        """
        check_name(name)
        return self._unset(name)

    def _export(self, name: str, value: str) -> str:
        raise NotImplementedError

    def _unset(self, name: str) -> str:
        raise NotImplementedError


class PosixShell(Shell):
    """sh and its descendants: between single quotes nothing is special but the quote."""

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        return f"export {name}={quote_posix(value)};"

    def _unset(self, name: str) -> str:
        return f"unset {name};"


class FishShell(Shell):
    """fish: between single quotes a backslash escapes a quote and itself."""

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"set -gx {name} '{quoted}';"

    def _unset(self, name: str) -> str:
        return f"set -e {name};"


class PowerShell(Shell):
    """PowerShell: a quote is doubled, and four typographic quotes count as quotes too.

    Not run: there is no PowerShell where this was developed.
    Source: `about_Quoting_Rules`, and `IsSingleQuote` of PowerShell's tokenizer.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        for quote in "'\u2018\u2019\u201a\u201b":
            value = value.replace(quote, quote * 2)
        return f"$env:{name} = '{value}';"

    def _unset(self, name: str) -> str:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue;"


def quote_posix(value: str) -> str:
    """Return a text as one word of a POSIX shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def check_name(name: str) -> None:
    """Raise UsageError unless `name` can be the name of a variable in every shell."""
    if not name or name[0] not in _LETTERS or not set(name) <= _NAME_CHARACTERS:
        raise UsageError(f"{name!a} cannot be the name of a variable")


def check_value(name: str, value: str) -> None:
    """Raise UsageError unless `value` can be the value of a variable."""
    if "\0" in value:
        raise UsageError(f"the value of `{name}` has a NUL character in it")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageError(f"the value of `{name}` is not text") from None
