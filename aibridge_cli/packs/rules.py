"""What installed packs demand of `aibridge configure`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aibridge_cli.errors import UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.folders import config_folder
from aibridge_cli.pack_index import installed_packs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.packs.pack import Pack


class Rules(NamedTuple):
    """The demands of all packs together; each must be met.

    Args:
        demanding: The packs.
    """

    demanding: tuple[Pack, ...] = ()

    @property
    def secretless(self) -> str:
        """Return the name of a pack that lets the token be written to no file, or ""."""
        return next((pack.name for pack in self.demanding if pack.require_secretless), "")

    def refusing(self, client: str) -> str:
        """Return the name of a pack that does not allow a client, or "".

        Args:
            client: Its id.
        """
        for pack in self.demanding:
            if pack.allowed_clients is not None and client not in pack.allowed_clients:
                return pack.name
        return ""

    def check(self, clients: Sequence[str]) -> None:
        """Make sure that all clients are allowed.

        Raises:
            UsageError: One is not; the error names the pack.
        """
        for client in clients:
            refusing = self.refusing(client)
            if refusing:
                allowed = next(pack.allowed_clients for pack in self.demanding if pack.name == refusing) or ()
                raise UsageError(
                    f"the pack `{refusing}` does not allow `{client}`", hint=f"it allows {', '.join(allowed)}"
                )


def rules(facts: Facts) -> Rules:
    """Return what the installed packs demand.

    Raises:
        AibridgeError: A pack cannot be read; going on would pass its rules over.
    """
    installed = installed_packs(config_folder(facts))
    if not installed:  # most users have none, and need not wait for what reads one
        return Rules()
    from aibridge_cli.packs.store import details

    return Rules(tuple(details(each).pack for each in installed))
