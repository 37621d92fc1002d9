"""Whatever a user's list looks like: configure twice is once, undo returns the bytes, later edits stay."""

from __future__ import annotations

import json
import tempfile

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.documents import jsonc
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Append, Item, lookup
from tests.changes.test_properties import SPACE, machine_in

GROUP = RenderedUpsert((), {"vendor": "endpoint", "name": "Ours"}, {"type": "t"})
MODELS = (Item((("vendor", "endpoint"), ("name", "Ours"))), "models")
UPSERTS = (GROUP, RenderedUpsert(MODELS, {"id": "m"}, {"url": "x"}), RenderedUpsert(MODELS, {"id": "n"}, {"url": "y"}))

WORDS = st.sampled_from(["Ours", "theirs", "m", "n", "é"]).map(lambda word: json.dumps(word, ensure_ascii=False))
SCALARS = st.one_of(WORDS, st.sampled_from(["1", "1.10", "true", "null", '"// no"']))


@st.composite
def object_text(draw: st.DrawFn, members: dict[str, st.SearchStrategy[str]]) -> str:
    names = draw(st.permutations([*members, "more"]))[: draw(st.integers(0, len(members) + 1))]
    texts = [
        f'{draw(SPACE)}"{name}"{draw(SPACE)}:{draw(SPACE)}{draw(members.get(name, SCALARS))}{draw(SPACE)}'
        for name in names
    ]
    return "{" + ",".join(texts) + draw(st.sampled_from(["", ","] if texts else [""])) + draw(SPACE) + "}"


@st.composite
def list_text(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    texts = [draw(SPACE) + text + draw(SPACE) for text in draw(st.lists(items, max_size=3))]
    return "[" + ",".join(texts) + draw(st.sampled_from(["", ","] if texts else [""])) + draw(SPACE) + "]"


MODEL = object_text({"id": WORDS, "url": WORDS})
A_GROUP = object_text({"vendor": st.just('"endpoint"'), "name": WORDS, "models": list_text(MODEL), "type": WORDS})
OUR_GROUP = list_text(MODEL).flatmap(
    lambda models: st.sampled_from(
        [
            f'{{"vendor": "endpoint", "name": "Ours", "models": {models}}}',
            f'{{ "key": "k",\n\t"name":"Ours" /* mine */, "models": {models}, "vendor":"endpoint" }}',
            '{"vendor": "endpoint", "name": "Ours"}',
            '{"vendor": "endpoint", "name": "Ours", "models": null, "type": "t"}',
        ]
    )
)
TEXTS = st.tuples(SPACE, list_text(st.one_of(A_GROUP, OUR_GROUP, SCALARS)), SPACE).map("".join)


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_a_list_of_groups(text: str) -> None:
    """Any list is configured, left alone the second time, taken back to the byte, and keeps a later item."""
    with tempfile.TemporaryDirectory() as folder:
        machine = machine_in(folder)
        file = machine.write("a.json", text)
        before = jsonc.load(text)
        wanted = machine.client("one", "a.json", upserts=UPSERTS)

        machine.configure(wanted)
        configured = file.read_bytes().decode()
        ours = lookup(jsonc.load(configured), MODELS)
        assert [item["url"] for id_ in "mn" for item in ours if item.get("id") == id_][:1] == ["x"]
        assert machine.configure(wanted).plan.empty, "a second run has nothing to do"
        assert file.read_bytes().decode() == configured
        machine.unconfigure("one")
        assert file.read_bytes() == text.encode(), "undo returns the bytes"

        machine.configure(wanted)
        file.write_bytes(edit("jsonc", file.read_bytes().decode(), [Append((), {"name": "later"})]).encode())
        machine.unconfigure("one")
        after = file.read_bytes().decode()
        assert jsonc.load(after) == [*before, {"name": "later"}], "the later item stays"


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.booleans())
def test_a_list_that_was_turned_round(text: str, secret: bool) -> None:
    """Where the user put the groups in another order, each is taken back where it stands now."""
    before = jsonc.load(text)
    # of two groups of one name the first counts, which another order makes the other one
    assume(sum(isinstance(each, dict) and GROUP.match.items() <= each.items() for each in before) < 2)
    with tempfile.TemporaryDirectory() as folder:
        machine = machine_in(folder)
        file = machine.write("a.json", text)
        machine.configure(machine.client("one", "a.json", upserts=UPSERTS, secret=secret))
        theirs = jsonc.load(file.read_text())

        file.write_text(json.dumps([*reversed(theirs), {"name": "later"}]))
        machine.unconfigure("one")

        left = jsonc.load(file.read_text())
        assert left == [*reversed(before), {"name": "later"}]
