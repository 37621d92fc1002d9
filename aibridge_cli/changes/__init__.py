"""Plans, their application, the journal and undo."""

from __future__ import annotations
