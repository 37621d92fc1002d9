"""Objects of ours in a file that is a list itself, with the rest of the file left as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.errors import FileProblem

if TYPE_CHECKING:
    from tests.changes.conftest import Machine

GROUP = (RenderedUpsert((), {"vendor": "endpoint", "name": "Ours"}, {"url": "x"}),)
OURS = {"vendor": "endpoint", "name": "Ours", "url": "x"}


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\n",
        "[]",
        "[\n]\n",
        "// mine\n",
        '[\n\t{ "vendor": "a" }, // first\n\t// last\n\t{"name": "Ours"},\n]\n',
        '[{"vendor": "endpoint", "name": "Ours", "url": "old"}]\r\n',
    ],
)
def test_an_object_joins_the_list_and_leaves_it(machine: Machine, before: str) -> None:
    """Our object stands in the list once, remarks stay, a second run writes nothing, and undo gives the bytes back."""
    file = machine.write("a.json", before)
    client = machine.client("one", "a.json", format="jsonc", upserts=GROUP)

    machine.configure(client)

    after = file.read_bytes().decode()
    assert '"x"' in after
    assert all(remark in after for remark in ("// mine", "// first", "// last") if remark in before)
    assert machine.configure(client).plan.empty
    machine.unconfigure("one")
    assert file.read_bytes().decode() == before


def test_a_file_that_was_not_there_goes_again(machine: Machine) -> None:
    """Where there was no file, one with a list of our object is made, and undo takes it away."""
    client = machine.client("one", "a.json", upserts=GROUP)

    machine.configure(client)
    assert json.loads((machine.home / "a.json").read_text()) == [OURS]
    machine.unconfigure("one")

    assert not (machine.home / "a.json").exists()


def test_an_edit_in_between_is_kept(machine: Machine) -> None:
    """What somebody put beside our object since stays when ours goes."""
    file = machine.write("a.json", "[]")
    machine.configure(machine.client("one", "a.json", upserts=GROUP))

    file.write_text(json.dumps([*json.loads(file.read_text()), {"name": "theirs"}]))
    machine.unconfigure("one")

    assert json.loads(file.read_text()) == [{"name": "theirs"}]


@pytest.mark.parametrize("before", ["{}", '{"a": 1}', "{ /* mine */ }", '"text"'])
def test_what_is_not_a_list_is_left_alone(machine: Machine, before: str) -> None:
    """A file that holds something else than a list is refused, and not a byte of it changes."""
    file = machine.write("a.json", before)

    with pytest.raises(FileProblem, match="expected a list at the top"):
        machine.configure(machine.client("one", "a.json", format="jsonc", upserts=GROUP))

    assert file.read_text() == before
