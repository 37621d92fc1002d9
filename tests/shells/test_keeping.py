from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aibridge_cli.shells.formats import COPY, SET, UNSET, Deed
from aibridge_cli.shells.keeping import RECORD, SAVED, fingerprint, restoring, setting

Environ = dict[str, str]
NAMES = st.sampled_from(["A", "B", "C"])
VALUES = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)


def carried_out(environ: Environ, deeds: list[Deed]) -> Environ:
    """What a shell's variables are after the deeds."""
    after = dict(environ)
    for deed in deeds:
        if deed.verb == SET:
            after[deed.name] = deed.value
        elif deed.verb == COPY:
            assert after[deed.source] == deed.value
            after[deed.name] = after[deed.source]
        else:
            after.pop(deed.name, None)
    return after


def ours(environ: Environ) -> Environ:
    return {name: value for name, value in environ.items() if name == RECORD or name.startswith(SAVED)}


def test_round_trip() -> None:
    """What was set comes back, what was not goes, and what was taken away is there again."""
    before = {"A": "mine", "C": "key", "OTHER": "x"}
    during = carried_out(before, setting(before, [Deed(UNSET, "C"), Deed(SET, "A", "ours"), Deed(SET, "B", "new")]))
    assert {name: during.get(name) for name in ("A", "B", "C")} == {"A": "ours", "B": "new", "C": None}

    deeds, changed = restoring(during)

    assert (carried_out(during, deeds), changed) == (before, [])


def test_a_second_time() -> None:
    """Another token or deployment keeps the first earlier value, not ours."""
    before = {"A": "mine"}
    during = carried_out(before, setting(before, [Deed(SET, "A", "one")]))
    during = carried_out(during, setting(during, [Deed(SET, "A", "two")]))

    assert carried_out(during, restoring(during)[0]) == before


def test_changed_since() -> None:
    """A value that somebody set after ours stays, and counts as the earlier one when we set ours again."""
    during = carried_out({}, setting({}, [Deed(SET, "A", "ours"), Deed(UNSET, "B")])) | {"A": "theirs", "B": "theirs"}

    deeds, changed = restoring(during)
    assert (carried_out(during, deeds), changed) == ({"A": "theirs", "B": "theirs"}, ["A"])

    again = carried_out(during, setting(during, [Deed(SET, "A", "ours")]))
    assert carried_out(again, restoring(again)[0]) == {"A": "theirs", "B": "theirs"}


def test_taken_away_by_somebody_else() -> None:
    """A variable of ours that was unset since stays unset, and a stale kept value does not come back later."""
    before = {"A": "mine"}
    during = carried_out(before, setting(before, [Deed(SET, "A", "ours")]))
    del during["A"]
    again = carried_out(during, setting(during, [Deed(SET, "A", "ours")]))

    deeds, changed = restoring(again)

    assert (carried_out(again, deeds), changed) == ({}, [])


def test_some_of_them() -> None:
    """Only the named variables are restored, and the record of the others stays."""
    before = {"A": "mine"}
    during = carried_out(before, setting(before, [Deed(SET, "A", "1"), Deed(SET, "B", "2")]))

    after = carried_out(during, restoring(during, ["A", "NEVER"])[0])

    assert after == {"A": "mine", "B": "2", RECORD: f"B:{fingerprint('2')}"}


def test_a_record_that_makes_no_sense() -> None:
    """What others wrote into our variable is passed over: no name in it can become a command."""
    during = {RECORD: "$(id):x,,A,B C:1,A;id:2", "A": "mine"}

    deeds, changed = restoring(during)

    assert ([(deed.verb, deed.name) for deed in deeds], changed) == ([(UNSET, RECORD)], [])


def test_nothing_of_ours() -> None:
    """A shell without our record has nothing to restore, and one without anything to do gets no record."""
    assert restoring({"A": "mine"}) == ([], [])
    assert [deed.name for deed in setting({}, [Deed(UNSET, "A")])] == ["A"]


@given(st.dictionaries(NAMES, VALUES), st.lists(st.tuples(NAMES, st.none() | VALUES), unique_by=lambda item: item[0]))
def test_any_variables(before: Environ, wanted: list[tuple[str, str | None]]) -> None:
    """Whatever was there and whatever we do, nothing of ours is left and everything is as it was."""
    deeds = [Deed(UNSET, name) if value is None else Deed(SET, name, value) for name, value in wanted]
    during = carried_out(before, setting(before, deeds))
    assert {name: during.get(name) for name, _ in wanted} == dict(wanted)

    after = carried_out(during, restoring(during)[0])

    assert (after, ours(after)) == (before, {})


def test_taken_away_and_never_there() -> None:
    """A variable that we took away, whose kept value somebody removed, stays away."""
    assert [deed.name for deed in restoring({RECORD: "A:-"})[0]] == [RECORD]
