"""A client for the examples in help texts, taken from the profiles that are shipped."""

from __future__ import annotations

from aibridge_cli.clients.catalogue import listing, shipped_folder


def example_client() -> str:
    """Return the id of the first client that is shipped."""
    return min((name.removesuffix(".toml") for name in listing(shipped_folder()) if name.endswith(".toml")), default="")
