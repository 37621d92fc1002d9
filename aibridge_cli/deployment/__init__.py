"""The Coder deployment: base URLs, and its HTTP API through proxies, company certificates and sign-in pages."""

from __future__ import annotations
