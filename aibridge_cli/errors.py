"""Everything that can go wrong for a user, each with its exit code and a hint.

::

    AibridgeError              1  something failed
    ├── UsageError             2  the command was called wrongly
    │   └── CredentialRefused  2  a URL or token that cannot be right
    ├── NotSignedIn            4  no token for this deployment
    │   └── TokenRejected      4  the deployment does not accept the token (any more)
    ├── NoHome             1  no home folder, so nowhere to keep anything
    ├── DocumentError          1  a text that cannot be read or edited (line and column)
    ├── FileProblem            1  a file or folder in the way (path, maybe line and column)
    │   └── ChangedMeanwhile   1  another program wrote the file while we did
    ├── ProfileError           1  a client profile that breaks the format
    └── GatewayError           1  the deployment did not answer as it should
        ├── NameTaken          1  there is a token of that name already
        └── TokenNotMade       1  the deployment makes no such token

Errors never print and are caught in one place only, `aibridge_cli.output.report`.
This module is imported by `aibridge token`, so it needs nothing but the builtins.
"""

from __future__ import annotations


class AibridgeError(Exception):
    """Base of all errors that are shown to the user as a message and a hint.

    Args:
        message: What happened and where, without a full stop.
        hint: What to do about it, or "" when there is nothing useful to say.
    """

    exit_code = 1
    code = "failed"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AibridgeError):
    """The command was called in a way that cannot work."""

    exit_code = 2
    code = "usage"


class CredentialRefused(UsageError):
    """A URL or token that cannot be right, found before anything was written."""

    code = "credential-refused"


class NotSignedIn(AibridgeError):
    """There is no token for the deployment."""

    exit_code = 4
    code = "not-signed-in"


class TokenRejected(NotSignedIn):
    """The deployment does not accept the token: expired, revoked, another deployment's, or never one."""

    code = "token-rejected"


class NoHome(AibridgeError):
    """There is no home folder, so that nothing of ours can be there either."""


class DocumentError(AibridgeError):
    """A text that is not valid in its format, or in which our keys have no place.

    Raised by the pure editors, which know no paths; `at` names the file.

    Args:
        message: What is wrong.
        line: 1-based line, or 0 when unknown.
        column: 1-based column in characters, or 0 when unknown.
        hint: What to do about it.
    """

    code = "document"

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column

    def at(self, path: str) -> FileProblem:
        """Return the same problem as one of the file at `path`."""
        return FileProblem(path, self.message, line=self.line, column=self.column, hint=self.hint)


class FileProblem(AibridgeError):
    """A file or folder that cannot be read, understood or written.

    Args:
        path: The file as the user knows it.
        message: What is wrong with it.
        line: 1-based line, or 0 when there is none to name.
        column: 1-based column, or 0.
        hint: What to do about it.
    """

    code = "file"

    def __init__(self, path: str, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        place = f"`{path}`" + (f":{line}" if line else "") + (f":{column}" if line and column else "")
        super().__init__(f"{place}: {message}", hint=hint)
        self.path = path
        self.line = line
        self.column = column


class ChangedMeanwhile(FileProblem):
    """A file that another program changed between our reading and our writing it."""

    code = "changed-meanwhile"


class ProfileError(AibridgeError):
    """A client profile that breaks the format.

    Args:
        file: The profile's file.
        where: The table or key inside it, as dotted words, or "".
        message: What is wrong there.
        hint: What would be right.

    A profile may be somebody else's, so what it says reaches no terminal as it is.
    """

    code = "profile"

    def __init__(self, file: str, where: str, message: str, *, hint: str = "") -> None:
        place = f"`{file}`: {where}: " if where else f"`{file}`: "
        super().__init__(_printable(place + message), hint=_printable(hint))
        self.file = file
        self.where = where


def _printable(text: str) -> str:
    """Return a text with its control characters and its like written out."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode() for each in text
    )


class GatewayError(AibridgeError):
    """The deployment could not be reached or did not answer as Coder does."""

    code = "gateway"


class NameTaken(GatewayError):
    """The user has an API token of that name already."""

    code = "name-taken"


class TokenNotMade(GatewayError):
    """The deployment makes no token of that name or lifetime; none was made."""

    code = "token-not-made"


def error_text(error: AibridgeError) -> str:
    """Return an error as it is shown to a person: the message, and the hint on a line of its own."""
    return f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else "")
