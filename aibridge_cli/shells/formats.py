"""How each family of shells sets, copies and unsets a variable. Pure text.

Every value is quoted so that the shell takes it as it is: no expansion, no command, no
end of the line can come out of it. Each line ends with a semicolon, so that the lines
stay apart where the shell joins them, as in `eval $(…)` without quotes. A value that a
shell has no way to take is refused, never changed.
"""

from __future__ import annotations

from aibridge_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SET = "set"
UNSET = "unset"
COPY = "copy"

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME_CHARACTERS = _LETTERS | frozenset("0123456789")


class Deed:
    """One thing that is done to the variables of a shell.

    Args:
        verb: `SET`, `UNSET` or `COPY`.
        name: The variable.
        value: What it is set to; for `COPY` what the source holds.
        source: For `COPY`, the variable whose value it gets.
        secret: Whether the value is one that no log may show.
    """

    __slots__ = ("name", "secret", "source", "value", "verb")

    def __init__(self, verb: str, name: str, value: str = "", *, source: str = "", secret: bool = False) -> None:
        self.verb = verb
        self.name = name
        self.value = value
        self.source = source
        self.secret = secret


class Shell:
    """One family of shells, or one kind of file; its subclasses are the formats.

    Args:
        name: The shell, as the user calls it.
    """

    __slots__ = ("name",)

    start_line = ""
    """What a user types, or writes into a start-up file, to have the shell take the variables."""
    keeps = True
    """Whether it is a running shell, in which a variable can be unset, and what stood before kept."""
    copies = True
    """Whether it has a way to copy a variable, so that the value need not be printed."""
    in_log = False
    """Whether a CI system reads it out of the job's log."""
    appends = False
    """Whether a file in this format is added to, because others write to it as well."""

    def __init__(self, name: str) -> None:
        self.name = name

    def script(self, deeds: Iterable[Deed]) -> str:
        """Return the text that does all of it, in order.

        Raises:
            UsageError: A name or a value is one that this format cannot carry.
        """
        return "".join([self.line(deed) + "\n" for deed in deeds])

    def line(self, deed: Deed) -> str:
        """Return the line that does one thing.

        Raises:
            UsageError: The name or the value is one that this format cannot carry.
        """
        if deed.verb == SET:
            return self.export(deed.name, deed.value)
        return self.unset(deed.name) if deed.verb == UNSET else self.copy(deed.source, deed.name, deed.value)

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

    def copy(self, source: str, target: str, value: str) -> str:
        """Return the line that exports `target` with the value of `source`.

        Args:
            source: A variable that is set.
            target: The variable to set.
            value: What `source` holds, for shells that cannot copy; the others do not show it.

        Raises:
            UsageError: One of them is no name of a variable, or the value cannot be carried.
        """
        check_name(source)
        check_name(target)
        if self.copies:
            return self._copy(source, target)
        check_value(source, value)
        return self._export(target, value)

    def refuse(self, name: str, what: str) -> UsageError:
        """Return the error for a value that this format cannot carry; the value is not shown."""
        return UsageError(
            f"the value of `{name}` has {what}, which {self.name} cannot take",
            hint="use another `--shell`, or set this variable by hand",
        )

    def _export(self, name: str, value: str) -> str:
        raise NotImplementedError

    def _unset(self, name: str) -> str:
        raise NotImplementedError

    def _copy(self, source: str, target: str) -> str:
        raise NotImplementedError


class PosixShell(Shell):
    """sh and its descendants: between single quotes nothing is special but the quote."""

    __slots__ = ()

    start_line = 'eval "$(aibridge env --shell {name})"'

    def _export(self, name: str, value: str) -> str:
        return f"export {name}={quote_posix(value)};"

    def _unset(self, name: str) -> str:
        return f"unset {name};"

    def _copy(self, source: str, target: str) -> str:
        return f'export {target}="${source}";'


class FishShell(Shell):
    """fish: between single quotes a backslash escapes a quote and itself."""

    __slots__ = ()

    start_line = "aibridge env --shell {name} | source"

    def _export(self, name: str, value: str) -> str:
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"set -gx {name} '{quoted}';"

    def _unset(self, name: str) -> str:
        return f"set -e {name};"

    def _copy(self, source: str, target: str) -> str:
        return f"set -gx {target} ${source};"


class PowerShell(Shell):
    """PowerShell: a quote is doubled, and four typographic quotes count as quotes too.

    Not run: there is no PowerShell where this was developed.
    Source: `about_Quoting_Rules`, and `IsSingleQuote` of PowerShell's tokenizer.
    """

    __slots__ = ()

    start_line = "aibridge env --shell {name} | Out-String | Invoke-Expression"

    def _export(self, name: str, value: str) -> str:
        for quote in "'\u2018\u2019\u201a\u201b":
            value = value.replace(quote, quote * 2)
        return f"$env:{name} = '{value}';"

    def _unset(self, name: str) -> str:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue;"

    def _copy(self, source: str, target: str) -> str:
        return f"$env:{target} = $env:{source};"


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
