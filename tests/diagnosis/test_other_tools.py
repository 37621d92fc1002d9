"""Other tools' way of setting a client up, found in its files."""

from __future__ import annotations

from aibridge_cli.clients.other_tools import OtherTool
from aibridge_cli.diagnosis.other_tools import other_tool_findings, traces
from tests.diagnosis.layered import Files, facts_of, quill

FILE = "/home/ada/.quill/settings.toml"
PLACES = (("providers", "theirs"), ("providers", "older"))
FEATHERS = OtherTool(
    "the feather shop", ("{config}/settings.toml",), "toml", ("use",), ("theirs", "older"), PLACES, "switch it off"
)
QUILL = quill()._replace(other_tools=(FEATHERS,))
IN_USE = 'use = "theirs"\n[providers.theirs]\nurl = "x"\n'
FENCED = f"# >>> feathers >>>\n{IN_USE}# <<< feathers <<<\n"


def test_what_another_tool_chose_can_be_taken_over() -> None:
    """Where the key can be edited, configuring is the fix, and `--fix` may do it."""
    (found,) = other_tool_findings(QUILL, facts_of(), Files({FILE: IN_USE}))
    assert (found.check, found.level, found.fixable) == ("client.other-tool", "problem", True)
    assert found.found == f"the feather shop set it up: `use` is `theirs` in `{FILE}`"
    assert found.fix == "`aibridge configure quill` takes it over"


def test_what_another_tool_keeps_is_its_own_to_change() -> None:
    """Between another tool's marks configuring would be refused, so what comes before it is said."""
    (found,) = other_tool_findings(QUILL, facts_of(), Files({FILE: FENCED}))
    assert not found.fixable
    assert found.fix == (
        "switch it off; change it with the tool that writes `feathers`, or take its marks out; "
        "then `aibridge configure quill`"
    )
    (unnamed,) = traces(QUILL._replace(other_tools=(FEATHERS._replace(note=""),)), facts_of(), Files({FILE: FENCED}))
    assert unnamed.fix("quill").startswith("change it with the tool")


def test_what_another_tool_left_behind() -> None:
    """What does nothing any more is a note for each place, to be taken out where it is free."""
    text = 'use = "ours"\n[providers.theirs]\nurl = "x"\n[providers.older]\n'
    found = other_tool_findings(QUILL, facts_of(), Files({FILE: text}))
    assert [(each.level, each.fix) for each in found] == [
        ("note", f"take `providers.theirs` out of `{FILE}`, or leave it"),
        ("note", f"take `providers.older` out of `{FILE}`, or leave it"),
    ]
    assert found[0].found == "`providers.theirs`, which the feather shop wrote, is left there and does nothing"


def test_what_another_tool_left_behind_between_its_marks() -> None:
    """There nobody is told to edit by hand what would be written again."""
    fenced = '# >>> feathers >>>\n[providers.theirs]\nurl = "x"\n# <<< feathers <<<\n'
    (found,) = other_tool_findings(QUILL, facts_of(), Files({FILE: fenced}))
    assert (found.level, found.fix) == ("note", "leave it, or switch it off")


def test_nothing_of_another_tool() -> None:
    """No file, one that cannot be read, and one that says something else are all nothing."""
    for text in (None, "use = ", "use = 5\n", 'use = "mine"\n', b"\xff"):
        files = Files({} if text is None else {FILE: text})
        assert other_tool_findings(QUILL, facts_of(), files) == ()
    nowhere = QUILL._replace(other_tools=(FEATHERS._replace(file=("$QUILL_SETTINGS",)),))
    assert other_tool_findings(nowhere, facts_of(), Files({FILE: IN_USE})) == ()
