"""What several packs demand together."""

from __future__ import annotations

import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.packs.pack import Pack
from aibridge_cli.packs.rules import Rules

FREE = Pack("free", "1")
ONE = Pack("one", "1", allowed_clients=("a", "b"))
TWO = Pack("two", "1", allowed_clients=("b", "c"), require_secretless=True)


def test_without_packs_all_is_allowed() -> None:
    """No pack, and one without rules, demand nothing."""
    for rules in (Rules(), Rules((FREE,))):
        rules.check(["a", "b"])
        assert (rules.secretless, rules.refusing("a")) == ("", "")


def test_every_pack_must_allow() -> None:
    """A client that one of two packs does not allow is refused, and that pack is named."""
    rules = Rules((FREE, ONE, TWO))

    rules.check(["b"])
    assert (rules.refusing("a"), rules.refusing("c"), rules.refusing("b")) == ("two", "one", "")
    with pytest.raises(UsageError) as caught:
        rules.check(["b", "c"])
    assert (caught.value.message, caught.value.hint) == ("the pack `one` does not allow `c`", "it allows a, b")


def test_one_pack_is_enough_to_demand_secretless() -> None:
    """The pack that demands it is named."""
    assert Rules((ONE, TWO)).secretless == "two"
