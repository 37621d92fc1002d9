from __future__ import annotations

import pytest

from aibridge_cli.documents import toml
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Delete, Operation, Put, Set
from aibridge_cli.errors import DocumentError

FENCED = """\
# >>> coder-managed by a workspace
model = "x"
list = [1]
[p.gateway]
name = "G"
inline = { a = 1 }
# <<< coder-managed

after = 1

[z]
"""


def test_a_key_goes_above_a_fence_that_opens_a_table() -> None:
    """Nothing top-level can follow such a fence, so a new top-level key goes above it, and comes out again."""
    after = "k = 1\n\n" + FENCED

    assert edit("toml", FENCED, [Set(("k",), 1)]) == after
    assert edit("toml", after, [Delete(("k",))]) == FENCED


def test_a_key_goes_below_a_fence_of_top_level_keys() -> None:
    """A fence that holds the top-level keys is passed, up to the comment of the first table."""
    before = "# >>> tool\nmodel = 1\n# <<< tool\n\n# about t\n[t]\n"
    after = "# >>> tool\nmodel = 1\n# <<< tool\n\nk = 1\n\n# about t\n[t]\n"

    assert edit("toml", before, [Set(("k",), 1)]) == after
    assert edit("toml", after, [Delete(("k",))]) == before


def test_a_key_goes_above_a_fence_at_the_end() -> None:
    """A fence with the first table of the file keeps what is in it."""
    before = "# mine\n\n# note\n# >>> tool\n[t]\n# <<< tool\n"

    assert edit("toml", before, [Set(("k",), 1)]) == "# mine\n\nk = 1\n\n# note\n# >>> tool\n[t]\n# <<< tool\n"


def test_a_key_goes_beside_the_keys_that_are_not_fenced() -> None:
    """Of a table's pairs those outside count; with none, the place below the header."""
    before = "[t]\na = 1\n# >>> tool\nb = 1\n# <<< tool\n[u]\n# >>> tool\nb.c = 1\n# <<< tool\nb.d = 1\n"
    after = "[t]\na = 1\nk = 1\n# >>> tool\nb = 1\n# <<< tool\n[u]\n# >>> tool\nb.c = 1\n# <<< tool\nb.d = 1\nb.k = 1\n"

    assert edit("toml", before, [Set(("t", "k"), 1), Set(("u", "b", "k"), 1)]) == after
    assert (
        edit("toml", "[t]\n# >>> n\na = 1\n# <<< n\n", [Set(("t", "k"), 1)]) == "[t]\nk = 1\n# >>> n\na = 1\n# <<< n\n"
    )


def test_a_table_goes_below_a_fence_and_what_belongs_to_it() -> None:
    """A relative inside is followed at a distance: keys below the fence stay in the fence's table."""
    after = FENCED.replace("after = 1\n", "after = 1\n\n[p.ours]\nname = 1\n")

    assert edit("toml", FENCED, [Set(("p", "ours", "name"), 1)]) == after
    assert edit("toml", after, [Delete(("p", "ours", "name"), prune=1)]) == FENCED


def test_two_fences_in_a_row_are_both_passed() -> None:
    """A place inside the next fence is not ours either."""
    text = "# >>> a\n[p.x]\n# <<< a\n# >>> b\nk = 1\n# <<< b\n"

    assert edit("toml", text, [Set(("p", "y", "n"), 1)]) == text + "\n[p.y]\nn = 1\n"


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (Set(("model",), "y"), 2),
        (Delete(("model",)), 2),
        (Put(("model",), 'model = "y"\n'), 2),
        (Append(("list",), 2), 3),
        (Delete(("list", 0)), 3),
        (Set(("p", "gateway", "key"), 1), 4),
        (Delete(("p",)), 4),
        (Set(("p", "gateway", "inline", "b"), 1), 6),
        (Delete(("p", "gateway", "inline", "a")), 6),
        (Put(("p", "gateway", "inline", "b"), "p.gateway.inline = { b = 1 }"), 6),
    ],
)
def test_what_is_inside_is_never_changed(operation: Operation, line: int) -> None:
    """A change inside stops with the fence's name, the line and what to do."""
    with pytest.raises(DocumentError) as refused:
        edit("toml", FENCED, [operation])

    error = refused.value
    assert error.message == (
        "this would change what another tool keeps between `# >>> coder-managed` and `# <<< coder-managed`"
    )
    assert (error.line, error.hint) == (
        line,
        "change it with the tool that writes `coder-managed`, or take its marks out",
    )


def test_dotted_keys_inside_are_not_joined() -> None:
    """A table that only fenced dotted keys spell out gets no key of ours."""
    with pytest.raises(DocumentError) as refused:
        edit("toml", "# >>> n\na.b = 1\n# <<< n\n", [Set(("a", "k"), 1)])

    assert refused.value.line == 2


def test_an_equal_value_inside_is_no_change() -> None:
    """Setting or putting what another tool has set already is fine."""
    assert toml.splice(FENCED, [Set(("model",), "x"), Put(("model",), FENCED), Put(("p",), FENCED)]) == FENCED


def test_a_fence_without_an_end_reaches_to_the_end() -> None:
    """Only what stands above is ours, and the hint asks for the missing mark."""
    text = "a = 1\n[t]\nx = 1\n\n# >>> tool\n[u]\ny = 1\n"

    assert edit("toml", text, [Set(("v", "k"), 1)]) == "a = 1\n[t]\nx = 1\n\n[v]\nk = 1\n\n# >>> tool\n[u]\ny = 1\n"
    with pytest.raises(DocumentError) as refused:
        edit("toml", text, [Set(("u", "y"), 2)])
    assert refused.value.message.endswith("between `# >>> tool` and the end that it should have")
    assert refused.value.hint == "put the line `# <<< tool` where that part ends"


def test_a_table_never_takes_keys_from_a_fence() -> None:
    """Where the only place left would give our table another tool's keys, the edit is refused."""
    text = "# >>> tool\na = 1\n"

    assert edit("toml", text, [Set(("k",), 1)]) == "k = 1\n\n" + text
    with pytest.raises(DocumentError, match="# >>> tool"):
        edit("toml", text, [Set(("t", "k"), 1)])


def test_marks_belong_together_by_name() -> None:
    """A foreign end, an end alone and a second beginning are comments like others."""
    text = "# <<< x\n# >>> conda initialize >>>\n# >>> y\na = 1\n# <<< y\nb = 1\n# <<< conda initialize <<<\nc = 1\n"

    assert edit("toml", text, [Set(("c",), 2)]) == text.replace("c = 1", "c = 2")
    for key in ("a", "b"):
        with pytest.raises(DocumentError, match="# >>> conda"):
            edit("toml", text, [Set((key,), 2)])
