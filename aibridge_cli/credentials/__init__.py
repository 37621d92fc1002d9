"""Where URL and token come from."""

from __future__ import annotations
