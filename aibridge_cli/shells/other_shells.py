"""Shells with a grammar of their own: csh, elvish, nushell, xonsh and cmd.exe. Pure text.

Imported when one of them is asked for, so that the usual shells do not pay for them.
"""

from __future__ import annotations

from aibridge_cli.shells.formats import Shell
from aibridge_cli.shells.json_text import object_text, quote_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.shells.formats import Deed

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-")
_HARMFUL_IN_CMD = {'"': "a quote", "%": "a percent sign", "!": "an exclamation mark"}


class CShell(Shell):
    """csh and tcsh: a backslash before each special character, alone.

    Quotes would not do: `eval` gets words, joined with one space each, and history is
    looked for inside quotes too. With each space escaped the words join to what they were.
    A line end cannot come through the backquotes at all.
    """

    __slots__ = ()

    start_line = 'eval "`aibridge env --shell {name}`"'

    def _export(self, name: str, value: str) -> str:
        for character in value:
            if character in "\n\r":
                raise self.refuse(name, "a line end")
            if character < " " or character == "\x7f":
                raise self.refuse(name, "a control character")
        quoted = "".join(
            [character if character in _PLAIN or character > "\x7f" else "\\" + character for character in value]
        )
        return f"setenv {name} {quoted};" if quoted else f"setenv {name} '';"

    def _unset(self, name: str) -> str:
        return f"unsetenv {name};"

    def _copy(self, source: str, target: str) -> str:
        return f"setenv {target} ${source}:q;"


class Elvish(Shell):
    """elvish: between single quotes nothing is special but the quote, which is doubled."""

    __slots__ = ()

    start_line = "eval (aibridge env --shell {name} | slurp)"

    def _export(self, name: str, value: str) -> str:
        return "set-env " + name + " '" + value.replace("'", "''") + "';"

    def _unset(self, name: str) -> str:
        return f"unset-env {name};"

    def _copy(self, source: str, target: str) -> str:
        return f"set-env {target} $E:{source};"


class Xonsh(Shell):
    """xonsh: Python string literals in ASCII, in which xonsh expands nothing."""

    __slots__ = ()

    start_line = "execx($(aibridge env --shell {name}))"

    def _export(self, name: str, value: str) -> str:
        return f"${name} = {value!a};"

    def _unset(self, name: str) -> str:
        return f"${{...}}.pop('{name}', None);"

    def _copy(self, source: str, target: str) -> str:
        return f"${target} = ${source};"


class Nushell(Shell):
    """nushell, which evaluates no text: an object for `load-env`; null takes a variable away."""

    __slots__ = ()

    copies = False
    start_line = "aibridge env --shell {name} | from json | load-env"

    def script(self, deeds: Iterable[Deed]) -> str:
        """Return one JSON object for all of it."""
        return object_text([self.line(deed) for deed in deeds])

    def _export(self, name: str, value: str) -> str:
        return f'"{name}": {quote_json(value)}'

    def _unset(self, name: str) -> str:
        return f'"{name}": null'


class Cmd(Shell):
    """cmd.exe, whether it runs the lines from a batch file or out of `for /f`.

    The two read `%` in different ways, and a quote or `!` may end what the quotes around
    the value hold together, so a value with one of them is refused.

    Not run: there is no Windows where this was developed. Source: the documented phases of
    cmd.exe's parser, `help set` and `help for`.
    """

    __slots__ = ()

    copies = False
    start_line = """for /f "delims=" %i in ('aibridge env --shell {name}') do @%i"""

    def _export(self, name: str, value: str) -> str:
        if not value:
            raise self.refuse(name, "no character")
        for character in value:
            if character in _HARMFUL_IN_CMD:
                raise self.refuse(name, _HARMFUL_IN_CMD[character])
            if character < " " or character == "\x7f":
                raise self.refuse(name, "a line end or control character")
            if character > "\x7f":
                raise self.refuse(name, "a character that is not ASCII")
        return f'set "{name}={value}"'

    def _unset(self, name: str) -> str:
        return f'set "{name}="'
