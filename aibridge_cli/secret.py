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
    lowered = text.lower()
    for marks, pattern, replacement in _SHAPES:
        # compiling a pattern costs more than looking whether it can match at all
        if any(mark in lowered for mark in marks):
            text = re.sub(pattern, replacement, text)
    if any(word in lowered for word in _SECRET_WORDS):
        text = re.sub(_MEMBER, _mask_member, text, flags=re.VERBOSE)
    if "headers" in lowered:
        text = re.sub(_HEADERS, lambda found: re.sub(_HEADER, rf"\1\2{MASK}\2", found[0]), text)
    return text


_SHAPES = (
    (("sk-",), r"\bsk-[A-Za-z0-9_-]{8,}", MASK),  # model providers
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), r"\b(?:gh[pousr]|github_pat)_\w{10,}", MASK),
    (("glpat-", "xox", "akia"), r"\b(?:glpat-|xox[a-z]-|AKIA)[A-Za-z0-9_-]{10,}", MASK),
    (("eyj",), r"\beyJ[\w-]+\.[\w-]+\.[\w-]*", MASK),  # JSON web tokens
    (("-",), r"\b[A-Za-z0-9]{10}-[A-Za-z0-9]{22}\b", MASK),  # Coder
    (("bearer ", "basic "), r"(?i)\b(Bearer|Basic)\s+(?!\*)[^\s\"']+", rf"\1 {MASK}"),
    (("@",), r"(://[^\s/@:\"']*:)[^\s/@\"']+@", rf"\1{MASK}@"),
    (("=",), r"(?i)([?&][\w.-]*(?:key|token|secret|password|sig|signature|auth|code)=)[^\s&#\"']+", rf"\1{MASK}"),
)
"""What secrets look like: marks, one of which is in any such text (in lower case), pattern, replacement."""

_LONG_WORDS = ("key", "token", "secret", "passw", "passphrase", "pwd", "authorization", "credential", "cookie")
_SHORT_WORDS = frozenset(("pass", "pgpass", "auth"))
_SECRET_WORDS = (*_LONG_WORDS, "pass", "auth")
_HARMLESS_WORDS = frozenset(
    ("helper", "instructions", "file", "path", "command", "ttl", "url", "keybind", "keybinds", "type", "mode", "method")
)
"""Words that say that a value is something about a secret, not the secret."""
_NAMES_A_VARIABLE = ("env", "var", "variable")
"""Last words of keys whose value is the name of a variable, as in `api_key_env`."""

_STRING = r"""
    (?: (?P<long> \"{3} | '{3} ) (?: \\. | (?!(?P=long)) [^\\] )+ (?P=long)
      | (?P<quote> ["'] ) (?P<value> (?: \\. | (?!(?P=quote)) [^\\\n] )+ ) (?P=quote) )
"""
_MEMBER = rf"""
    (?P<key> (?<![A-Za-z0-9_.-]) ["']? (?P<name> [A-Za-z0-9_.-]+ ) ["']? \s* [:=] \s* )
    (?: (?P<list> \[ (?: [^]["'] | "(?: \\. | [^"\\\n] )*" | '[^'\n]*' )* \] ) | {_STRING} )
"""
_HEADERS = r"(?i)headers[\"']?\s*[:=]\s*\{[^{}]*"
_HEADER = r"([:=]\s*)([\"'])(?!\{env:|\{file:|\$)(?:\\.|(?!\2)[^\\\n])+\2"
"""What a client sends with each request is mostly there for its secrets, whatever the headers are called."""


def _mask_member(match: re.Match[str]) -> str:
    if not _names_a_secret(match["name"]):
        if match["list"] is None:
            return match[0]
        import re

        inside = re.sub(_MEMBER, _mask_member, match["list"][1:-1], flags=re.VERBOSE)
        return f"{match['key']}[{inside}]"
    if match["list"] is not None:
        return f"{match['key']}[{MASK}]" if any(quote in match["list"] for quote in "\"'") else match[0]
    if match["long"] is not None:
        return f"{match['key']}{match['long']}{MASK}{match['long']}"
    if match["value"].startswith(("{env:", "{file:", "$")):
        return match[0]
    return f"{match['key']}{match['quote']}{MASK}{match['quote']}"


def _names_a_secret(name: str) -> bool:
    import re

    lowered = name.lower()
    if not any(word in lowered for word in _SECRET_WORDS):
        return False
    in_order = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    words = set(in_order)
    if words & _HARMLESS_WORDS or words in ({"env", "key"}, {"envkey"}):
        return False
    if in_order[-1:] and in_order[-1] in _NAMES_A_VARIABLE and name != name.upper():
        return False
    return bool(words & _SHORT_WORDS) or any(word in lowered for word in _LONG_WORDS)
