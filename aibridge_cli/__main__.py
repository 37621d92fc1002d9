"""`python -m aibridge_cli`."""

from __future__ import annotations

from aibridge_cli.fast import start

if __name__ == "__main__":
    start()
