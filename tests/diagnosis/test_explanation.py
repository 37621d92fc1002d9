"""What is said of each key, from records and files alone."""

from __future__ import annotations

import pytest

from aibridge_cli.changes.snapshot import Snapshot
from aibridge_cli.changes.state import Claim, FileState, State, value_hash
from aibridge_cli.clients.rendered import RenderedEdit, RenderedWhole
from aibridge_cli.diagnosis.explanation import explain_claims, explain_wanted, reason
from aibridge_cli.documents.operations import ABSENT, KeyPath


def no_images(name: str) -> bytes:
    raise AssertionError(name)


def test_only_what_is_the_clients() -> None:
    """Files and keys of other clients are passed over; of lists and files that are gone that is said."""
    mine = (
        Claim("one", "set", ("url",), value_hash("x")),
        Claim("one", "item", ("list",), value_hash("ours")),
        Claim("two", "set", ("other",), value_hash("x")),
    )
    entry = FileState("~/a", "json", "", 0, "", None, claims=mine)
    other = entry._replace(path="~/b", claims=mine[2:])
    state = State(files={"/a": entry, "/b": other})

    found = list(explain_claims(state, "one", {"/a": b'{"url": "x", "list": ["theirs"]}'}, no_images, {}))
    gone = list(explain_claims(state, "one", {"/a": None}, no_images, {}))

    assert [(each.key, each.standing) for each in found] == [("url", "as we wrote it"), ("list", "gone")]
    assert [(each.standing, each.value) for each in gone] == [("gone", ABSENT), ("gone", ABSENT)]


def test_what_is_wanted() -> None:
    """A default says what the user has, an object of ours is told as one, and an opened container not at all."""
    whole = RenderedWhole(("own",), ((("url",), "x"),), ((("seen",), 0),))
    edit = RenderedEdit(("/a",), "json", defaults=((("stamp",), "s"), (("more",), 1)), wholes=(whole,))
    snapshot = Snapshot("/a", "/a", b'{"stamp": "theirs"}')

    found = list(explain_wanted((edit,), {"/a": snapshot}, {}))

    assert [(each.key, each.standing, each.value) for each in found] == [
        ("stamp", "was so before us", "theirs"),
        ("more", "not set yet", 1),
        ("own", "not set yet", {"seen": 0, "url": "x"}),
    ]
    opened = Claim("one", "set", ("env",), value_hash({}), before=True)
    state = State(files={"/a": FileState("/a", "json", "", 0, "", None, claims=(opened,))})
    assert list(explain_claims(state, "one", {"/a": b'{"env": {"ours": 1}}'}, no_images, {})) == []


@pytest.mark.parametrize(
    ("path", "why"),
    [(("env", "URL"), "address"), (("models", 0, "id"), "models"), (("models",), "models"), (("other",), "")],
)
def test_the_reason(path: KeyPath, why: str) -> None:
    """A key without a reason of its own has that of the nearest key around it."""
    assert reason({"env.URL": "address", "models": "models"}, path) == why
