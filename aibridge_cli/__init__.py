"""Point AI coding tools at a Coder deployment's AI Bridge, and take it back."""

from __future__ import annotations

__version__ = "0.1.0"
