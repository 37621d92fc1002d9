"""Make the completion scripts anew: `python -m aibridge_cli.cli.write_completions`."""

from __future__ import annotations

import os
import sys

from aibridge_cli.cli.command_tree import program
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.completions.packaged import FILES, scripts_folder
from aibridge_cli.completions.tree import Client, Script

ORIGIN = "python -m aibridge_cli.cli.write_completions"


def texts() -> dict[str, str]:
    """Return every script by the name of its file.

    Raises:
        ProfileError: A shipped profile is broken.
        FileProblem: A shipped profile cannot be read.
    """
    profiles, problems = Catalogue([shipped_folder()]).load_all()
    if problems:
        raise problems[0]
    clients = [Client(word, each.name) for each in profiles for word in (each.id, *each.aliases)]
    script = Script(program(), tuple(sorted(clients)), ORIGIN)
    return {name: make(script) for name, make in FILES.values()}


def main(folder: str) -> int:
    """Write the scripts into a folder."""
    for name, text in texts().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(scripts_folder()))
