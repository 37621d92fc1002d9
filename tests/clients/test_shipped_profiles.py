"""What holds for every profile that we ship."""

from __future__ import annotations

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.consistency import check, touched

SHIPPED = Catalogue([shipped_folder()])


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_its_tables_fit_together(client: str) -> None:
    """What we ship is checked here, so that nobody waits for it at each start."""
    check(SHIPPED.load(client))


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_key_of_ours_is_explained(client: str) -> None:
    """`clients show` has a reason and an address for each key that is written or removed."""
    profile = SHIPPED.load(client)
    keys = set(touched(profile)) - {*profile.env, *profile.unset}
    assert {key for key in keys if "(https://" not in profile.documented.get(key, "")} == set()


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_client_that_can_be_configured_can_be_tried(client: str) -> None:
    """One with a file can be found, and has a request if it was run, unless its address stands in a list."""
    profile = SHIPPED.load(client)
    if profile.status != "supported":
        return
    assert profile.env or profile.edits
    if profile.edits:
        assert profile.detect.commands or profile.detect.vscode or profile.detect.files
        in_lists = any(edit.upserts for edit in profile.edits)
        assert profile.requests or in_lists or not profile.tested


@pytest.mark.parametrize("client", [each for each in SHIPPED.ids() if SHIPPED.load(each).status == "unsupported"])
def test_a_client_that_cannot_be_configured_says_what_works_instead(client: str) -> None:
    """The reason has two halves, why not and what instead, and reads on from the client's name."""
    profile = SHIPPED.load(client)
    assert "; " in profile.reason
    assert not profile.reason.endswith(".")
    assert profile.tested == ()


def test_all_profiles_load_and_no_alias_is_had_twice() -> None:
    """Every name means one client."""
    profiles, problems = SHIPPED.load_all()
    assert problems == []
    names = [name for profile in profiles for name in (profile.id, *profile.aliases)]
    assert len(names) == len(set(names))
