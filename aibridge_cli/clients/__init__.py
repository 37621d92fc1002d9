"""Client profiles: the model, the strict loader, the catalogue, detection."""

from __future__ import annotations
