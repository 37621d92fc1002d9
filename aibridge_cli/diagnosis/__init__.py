"""Why it does not work, and what will: checks and what they find."""

from __future__ import annotations
