"""`python -m aibridge_cli`."""

from __future__ import annotations

import sys

from aibridge_cli.fast import main

if __name__ == "__main__":
    sys.exit(main())
