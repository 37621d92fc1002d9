"""Files of variables that programs read: dotenv, Docker, JSON, systemd, Terraform. Pure text.

Each format says what it cannot carry, and refuses that: what the programs that read it
would expand, cut or join never reaches them.
"""

from __future__ import annotations

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.formats import SET, Shell
from aibridge_cli.shells.json_text import object_text, quote_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.shells.formats import Deed

LINE_END = "a line end"
_DOUBLE_QUOTED_BY_SYSTEMD = '"\\`$'


class FileFormat(Shell):
    """A format in which a variable can be set and nothing else."""

    __slots__ = ()

    keeps = False
    start_line = "aibridge env --shell {name} --to FILE"

    def script(self, deeds: Iterable[Deed]) -> str:
        """Return the text that sets the variables; what would unset one is left out."""
        return super().script([deed for deed in deeds if deed.verb == SET])

    def _unset(self, name: str) -> str:
        raise UsageError(f"{self.name} has no way to take `{name}` away", hint="remove the file that was written")

    def refuse_any(self, name: str, value: str, refused: str, what: str) -> None:
        """Raise UsageError when one of the characters `refused` is in the value."""
        if any(character in refused for character in value):
            raise self.refuse(name, what)


class Json(FileFormat):
    """One JSON object of strings."""

    __slots__ = ()

    def script(self, deeds: Iterable[Deed]) -> str:
        """Return one object for all variables."""
        return object_text([self.line(deed) for deed in deeds if deed.verb == SET])

    def _export(self, name: str, value: str) -> str:
        return f"{quote_json(name)}: {quote_json(value)}"


class Dotenv(FileFormat):
    """`.env` as the libraries of Node.js, Python and Ruby and Docker Compose agree on it.

    Between single quotes all of them take everything but a quote and some backslashes as
    it is, but for Python's, which expands `${…}` there too. Between double quotes they
    agree on values without backslashes, dollar signs, backquotes and quotes.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        self.refuse_any(name, value, "\r", "a carriage return")
        if "${" in value:
            raise self.refuse(name, "`${`")
        if "\\\\" in value or "\\'" in value or value.endswith("\\"):
            raise self.refuse(name, "a backslash before a backslash or a quote")
        if "'" not in value:
            return f"{name}='{value}'"
        self.refuse_any(name, value, '"\\$`', "single quotes beside another quote, a backslash or a dollar sign")
        return f'{name}="{value}"'


class DockerEnvFile(FileFormat):
    """`docker run --env-file`: everything up to the line end is the value.

    Source: the rules in the documentation of `docker run`, and its reader, which takes a
    carriage return before the line end away.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        self.refuse_any(name, value, "\r\n", LINE_END)
        return f"{name}={value}"


class Systemd(FileFormat):
    """`EnvironmentFile=` of systemd: double quotes, in which a backslash escapes four characters.

    Source: systemd.exec(5). Control characters other than tab and line end make systemd
    pass the variable over.
    """

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        if any((character < " " and character not in "\t\n") or character == "\x7f" for character in value):
            raise self.refuse(name, "a control character")
        for character in _DOUBLE_QUOTED_BY_SYSTEMD[1] + _DOUBLE_QUOTED_BY_SYSTEMD.replace("\\", ""):
            value = value.replace(character, "\\" + character)
        return f'{name}="{value}"'


class TerraformVariables(FileFormat):
    """`terraform.tfvars`: an HCL string, with the marks of templates doubled."""

    __slots__ = ()

    def _export(self, name: str, value: str) -> str:
        return f"{name} = " + quote_json(value).replace("${", "$${").replace("%{", "%%{")
