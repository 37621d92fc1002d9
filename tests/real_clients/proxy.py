"""The proxy that all traffic of the real clients is sent to, except what is for loopback."""

from __future__ import annotations

from aibridge_cli.loopback.refusing_proxy import RefusingProxy

__all__ = ["RefusingProxy"]
