"""A value that must not be shown, and the masking of texts that may hold one.

`Secret` is imported by `aibridge token`, so the module needs nothing but the builtins
until `mask` is called.
"""

from __future__ import annotations

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
