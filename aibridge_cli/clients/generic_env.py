"""What the generic variables do to each client, as one small table for `aibridge env`.

`client_profiles/generic-env.tsv` says for which commands on `PATH` a warning is due, so that
`aibridge env` need not read every profile. It is made from the profiles:
`python -m aibridge_cli.clients.generic_env`.
"""

from __future__ import annotations

import os

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from aibridge_cli.clients.profile import Profile

FILE = "generic-env.tsv"


def table(profiles: Iterable[Profile]) -> str:
    """Return the table's text: one line per client that the generic variables harm."""
    lines = ""
    for profile in profiles:
        generic = profile.generic_env
        if generic and generic.verdict in ("breaks", "leaks"):
            commands = ",".join(profile.detect.commands)
            lines += f"{profile.id}\t{generic.verdict}\t{commands}\t{generic.note}\n"
    return lines


def regenerate(folder: str) -> None:
    """Write the table of a folder of profiles into it.

    Raises:
        ProfileError: A profile breaks the format.
    """
    catalogue = Catalogue([folder])
    text = table(catalogue.load(client) for client in catalogue.ids())
    with open(os.path.join(folder, FILE), "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


if __name__ == "__main__":
    regenerate(shipped_folder())
