"""What stands in the items of a client's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.diagnosis.client_files import ClientFiles
from aibridge_cli.documents.operations import ABSENT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeFacts

PROFILE = """
name = "Quill"
summary = "s"
docs = "https://quill.example"
status = "supported"
speaks = ["openai"]
credential = ["file"]
model = "optional"
paths.config = ["~/.quill"]
[[edit]]
file = "{config}/config.json"
format = "json"
secret = true
when = { credential = "file" }
[[edit.upsert]]
at = ["providers"]
match = { name = "coder" }
value = { base = "{gateway.openai}", key = "{token}" }
[[edit]]
file = "{config}/models.json"
format = "json"
[[edit.upsert]]
at = ["models"]
match = { id = "{model.openai}" }
value = { url = "{gateway.openai}" }
for_each = "models"
"""


def files(text: str, home: Path, make_facts: MakeFacts) -> ClientFiles:
    folder = home / ".quill"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(text)
    (folder / "models.json").write_text('{"models": [{"id": "gpt", "url": "u"}]}')
    return ClientFiles(load_profile(PROFILE, "quill.toml"), make_facts(home=str(home)), "file", ("gpt",))


def test_the_item_that_is_ours(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Address and token of it are found by their keys without its place in the list."""
    text = '{"providers": [{"name": "mine", "key": "no"}, {"name": "coder", "base": "b", "key": "t"}]}'

    found = files(text, tmp_path, make_facts)

    assert found.literal_token() == "t"
    base = found.at(("providers", "base"))
    assert base is not None
    assert (base.value, base.template, base.path) == ("b", "{gateway.openai}", str(tmp_path / ".quill/config.json"))


def test_an_item_that_is_gone(tmp_path: Path, make_facts: MakeFacts) -> None:
    """What it would hold is not there; of an item that is known by a model nothing is said."""
    found = files('{"providers": [{"name": "mine"}]}', tmp_path, make_facts)

    base = found.at(("providers", "base"))
    assert base is not None
    assert base.value is ABSENT
    assert found.at(("models", "url")) is None
