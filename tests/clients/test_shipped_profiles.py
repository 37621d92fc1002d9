"""What holds for every profile that we ship."""

from __future__ import annotations

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.consistency import touched
from aibridge_cli.clients.trees import leaves

SHIPPED = Catalogue([shipped_folder()])


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_key_of_ours_is_explained(client: str) -> None:
    """`clients show` has a reason and an address for each key that is written or removed."""
    profile = SHIPPED.load(client)
    keys = set(touched(profile)) - {*profile.env, *profile.unset}
    assert {key for key in keys if "(https://" not in profile.documented.get(key, "")} == set()


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_client_that_can_be_configured_was_run(client: str) -> None:
    """The versions that a profile was tried with are told, and, where its file has an address, a request to try it."""
    profile = SHIPPED.load(client)
    addresses = [leaf for edit in profile.edits for _, leaf in leaves(edit.set) if "{gateway." in str(leaf)]
    assert profile.status != "supported" or (profile.tested and profile.detect.commands)
    assert profile.requests or not addresses


def test_all_profiles_load_and_no_alias_is_had_twice() -> None:
    """Every name means one client."""
    profiles, problems = SHIPPED.load_all()
    assert problems == []
    names = [name for profile in profiles for name in (profile.id, *profile.aliases)]
    assert len(names) == len(set(names))
