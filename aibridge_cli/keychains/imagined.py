"""A keychain that is forgotten with the program, for rehearsals."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from aibridge_cli.secret import Secret


class Imagined:
    """Entries in memory, by their attributes."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: dict[tuple[tuple[str, str], ...], Secret] = {}

    def read(self, attributes: Mapping[str, str]) -> Secret | None:
        """Return what the entry with these attributes holds, or None."""
        return self.entries.get(tuple(sorted(attributes.items())))

    def write(self, attributes: Mapping[str, str], label: str, secret: Secret) -> None:  # noqa: ARG002 - nobody sees it
        """Make the entry, or give it another secret."""
        self.entries[tuple(sorted(attributes.items()))] = secret

    def delete(self, attributes: Mapping[str, str]) -> None:
        """Delete the entry, if there is one."""
        self.entries.pop(tuple(sorted(attributes.items())), None)
