"""Install the shells that npm has, once per machine, and print the folder they are in."""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))

from tests.real_clients.install import InstallationFailed, install  # noqa: E402 - found by the line before

if __name__ == "__main__":
    try:
        print(install(HERE))  # noqa: T201
    except InstallationFailed as failed:
        sys.exit(f"error: {failed}")
