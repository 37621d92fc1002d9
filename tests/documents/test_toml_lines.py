from __future__ import annotations

import pytest

from aibridge_cli.documents import toml
from aibridge_cli.documents.operations import Delete, Set
from aibridge_cli.documents.toml_layout import survey
from aibridge_cli.documents.toml_lines import with_block
from aibridge_cli.errors import DocumentError


def test_no_line_goes_into_a_fence() -> None:
    """Whatever asks for it, the place itself refuses."""
    layout = survey("a = 1\n# >>> tool\nb = 1\n# <<< tool\n")

    assert with_block(layout, 1, "x = 1\n").startswith("a = 1\nx = 1\n# >>>")
    assert with_block(layout, 4, "x = 1").endswith("# <<< tool\nx = 1\n")
    for at in (2, 3):
        with pytest.raises(DocumentError) as refused:
            with_block(layout, at, "x = 1\n")
        assert refused.value.line == 2


def test_as_many_blank_lines_go_as_came() -> None:
    """Two blocks at the top take two blank lines with them, not the same one twice."""
    before = "\n\n"

    after = toml.splice(before, [Set(("a", "b", "x"), 1), Set(("a", "c", "x"), 1)])

    assert after == "[a.b]\nx = 1\n\n[a.c]\nx = 1\n\n\n\n"
    assert toml.splice(after, [Delete(("a",))]) == before


def test_mixed_line_ends_are_those_above() -> None:
    """New lines end as the line above them does, and no other line end changes."""
    assert toml.splice("a = 1\r\n\n[t]\nb = 1\n", [Set(("k",), 1), Set(("t", "k"), 1)]) == (
        "a = 1\r\nk = 1\r\n\n[t]\nb = 1\nk = 1\n"
    )
