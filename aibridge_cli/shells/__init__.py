"""Export formats, one per shell."""

from __future__ import annotations
