"""The Coder deployment: base URLs and HTTP."""

from __future__ import annotations
