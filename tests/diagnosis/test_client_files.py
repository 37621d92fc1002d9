from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.diagnosis.client_files import ClientFiles, unfilled
from aibridge_cli.documents.operations import ABSENT
from aibridge_cli.errors import FileProblem
from tests.conftest import MakeFacts

PROFILE = """
name = "Quill"
summary = "s"
docs = "https://quill.example"
status = "supported"
speaks = ["openai"]
credential = ["helper"]
model = "optional"
paths.config = ["~/.quill"]
[[edit]]
file = "{config}/config.json"
format = "json"
set.base = "{gateway.openai}"
set.model = "openai/{model.openai}"
set.command = ["{helper.command}", "{helper.args}"]
"""


def files(text: str, home: Path, make_facts: MakeFacts) -> ClientFiles:
    folder = home / ".quill"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(text)
    return ClientFiles(load_profile(PROFILE, "quill.toml"), make_facts(home=str(home)), "helper")


def test_what_stands_in_the_places_of_the_profile(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Command, model and address are found, whatever else is in the file."""
    text = '{"base": "b", "model": "openai/gpt", "command": ["/bin/x", "token", "--url", "u"], "other": 1}'

    found = files(text, tmp_path, make_facts)

    assert found.helper() == (["/bin/x", "token", "--url", "u"], str(tmp_path / ".quill/config.json"))
    assert found.model("openai") == "gpt"
    assert found.model("anthropic") == ""
    assert found.literal_token() == ""
    assert found.at(("nowhere",)) is None


def test_nothing_stands_there(tmp_path: Path, make_facts: MakeFacts) -> None:
    """A file without our keys, and another way of naming the model, hold nothing."""
    found = files('{"model": "vendor/gpt"}', tmp_path, make_facts)

    assert found.helper() is None
    assert found.model("openai") == ""


@pytest.mark.parametrize(("content", "said"), [(b"\xff{}", "`:1:1: this is not UTF-8 text"), (b"{", "config.json`:1")])
def test_a_file_of_no_use(content: bytes, said: str, tmp_path: Path, make_facts: MakeFacts) -> None:
    """It is named."""
    found = files("", tmp_path, make_facts)
    (tmp_path / ".quill/config.json").write_bytes(content)

    with pytest.raises(FileProblem, match=said):
        found.helper()


@pytest.mark.parametrize(
    ("template", "value", "wanted"),
    [
        ("{token}", "abc", "abc"),
        ("Bearer {token}", "Bearer abc", "abc"),
        ("Bearer {token}", "abc", ""),
        ("{{{token}}}", "{abc}", "abc"),
        ("{token} and {token}", "a and a", ""),
        ("ab{token}ba", "aba", ""),
        ("none", "none", ""),
    ],
)
def test_what_stood_for_a_placeholder(template: str, value: str, wanted: str) -> None:
    """The literal pieces of a template must stand round it."""
    assert unfilled(template, "token", value) == wanted


def test_what_is_not_as_the_profile_sets_it(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Only what is the same for everybody is compared; a whole file that is gone has nothing altered."""
    profile = PROFILE + 'set.sockets = false\nset.inner.kinds = ["a"]\ndefault.theme = "dark"\n'
    folder = tmp_path / ".quill"
    folder.mkdir()
    facts = make_facts(home=str(tmp_path))

    def altered(text: str | None) -> list[tuple[object, object]]:
        if text is not None:
            (folder / "config.json").write_text(text)
        found = ClientFiles(load_profile(profile, "quill.toml"), facts, "helper").altered()
        return [(each.key, each.value) for each in found]

    assert altered(None) == []
    assert altered('{"sockets": false, "inner": {"kinds": ["a"]}, "base": "theirs"}') == []
    assert altered('{"sockets": 0, "inner": {}}') == [(("sockets",), 0), (("inner", "kinds"), ABSENT)]
