"""The operating system's store for secrets, asked in bounded time and never with a prompt."""

from __future__ import annotations
