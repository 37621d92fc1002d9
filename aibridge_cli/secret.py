"""A value that must not be shown, and the masking of texts that may hold one.

`Secret` is imported by `aibridge token`, so the module needs nothing but the builtins
until `mask` is called.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

MASK = "***"


class Secret:
    """A token or key that shows itself as `***` wherever it is printed.

    Args:
        value: The secret text. `reveal` is the only way to get it back.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret; call it only where the value leaves the program."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, specification: str) -> str:
        return format(MASK, specification)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def mask(text: str, secrets: tuple[Secret, ...] = ()) -> str:
    """Return the text with everything that is or looks like a secret shown as `***`.

    Meant for previews of people's own files, which hold their other keys as well.

    Args:
        text: One or more lines.
        secrets: Secrets that are known, wherever they stand.
    """
    import re

    for secret in secrets:
        if secret.reveal():
            text = text.replace(secret.reveal(), MASK)
    text = re.sub(
        r"""
          \bsk-[A-Za-z0-9_-]{8,}                                  # keys of model providers
        | \b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AKIA)[A-Za-z0-9_-]{10,}
        | \beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*     # JSON web tokens
        | \b[A-Za-z0-9]{10}-[A-Za-z0-9]{22}\b                     # Coder tokens
        """,
        MASK,
        text,
        flags=re.VERBOSE,
    )
    text = re.sub(r"(?i)(\b(?:Bearer|Basic)\s+)(?!\*)[^\s\"']+", rf"\g<1>{MASK}", text)
    text = re.sub(r"(://[^\s/@:\"']*:)[^\s/@\"']+@", rf"\g<1>{MASK}@", text)
    return re.sub(_MEMBER, _mask_member, text, flags=re.VERBOSE)


_MEMBER = r"""
    (?P<key> ["']? (?P<name> [A-Za-z0-9_.-]* ) ["']? \s* [:=] \s* )
    (?P<quote> ["'] ) (?P<value> (?: \\. | (?!(?P=quote)) [^\\\n] )+ ) (?P=quote)
"""


def _mask_member(match: re.Match[str]) -> str:
    name = match["name"].lower().replace("-", "_")
    words = ("key", "token", "secret", "password", "passwd", "authorization", "credential")
    harmless = ("helper", "env_key", "envkey", "instructions", "file", "path", "command", "ttl", "url", "keybind")
    value = match["value"]
    secret_name = any(word in name for word in words) and not any(word in name for word in harmless)
    if not secret_name or value.startswith(("{env:", "{file:", "${", "$")):
        return match[0]
    return f"{match['key']}{match['quote']}{MASK}{match['quote']}"
