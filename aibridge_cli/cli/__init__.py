"""What the user types: one file per command, which parses, calls and returns a result."""

from __future__ import annotations
