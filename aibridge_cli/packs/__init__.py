"""Organisation packs: profiles, a default deployment and rules that an organisation hands out."""

from __future__ import annotations
