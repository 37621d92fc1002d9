"""A URL or token together with where it was found."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.secret import Secret


class FoundURL:
    """The deployment, and who said so.

    Args:
        value: Its origin, as `aibridge_cli.deployment.urls.normalise` returns it.
        source: Where it was found, in words for the user, as in "`CODER_URL`".
    """

    __slots__ = ("source", "value")

    def __init__(self, value: str, source: str) -> None:
        self.value = value
        self.source = source


class FoundToken:
    """The token, and who had it.

    Args:
        value: The token.
        source: Where it was found, in words for the user.
        program: The absolute path of the Coder CLI when that printed it, else "".
        outlives_this_shell: Whether a helper started later, with an empty environment,
            finds it too; if not, it must be kept for the helper.
        expires: When it stops working, in seconds since 1970, or 0 when that is not known.
        signed_in: Whether it is from our own sign-in, whose record says more.
        notes: What was passed over before, one sentence without a full stop each, and
            never with a secret in it.
    """

    __slots__ = ("expires", "notes", "outlives_this_shell", "program", "signed_in", "source", "value")

    def __init__(
        self,
        value: Secret,
        source: str,
        *,
        program: str = "",
        outlives_this_shell: bool = True,
        expires: int = 0,
        signed_in: bool = False,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.value = value
        self.source = source
        self.program = program
        self.outlives_this_shell = outlives_this_shell
        self.expires = expires
        self.signed_in = signed_in
        self.notes = notes
