"""A client that moves its folder and leaves a link, and that writes its file anew: our records follow it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from aibridge_cli.loopback import Token
from tests.conftest import RunAibridge

MINE = {"anthropic": {"apiKey": "sk-ant-personal-0000000000"}, "openrouter": {"apiKey": "sk-or-personal-0000000000"}}


def moved(home: Path) -> Path:
    """Move the older folder to the newer name as the client does at its start; the file there."""
    (home / ".mux").rename(home / ".xum")
    (home / ".mux").symlink_to(home / ".xum")
    return home / ".xum" / "providers.jsonc"


def configured(aibridge: RunAibridge, home: Path) -> Path:
    """A home of before the move, with a file of the user's own, configured; that file."""
    file = home / ".mux" / "providers.jsonc"
    file.parent.mkdir()
    file.write_text(json.dumps(MINE))
    assert aibridge("configure", "mux", "--yes").code == 0
    return file


def test_the_folder_that_is_in_use_is_written(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """Before the move the older folder gets our keys, and the newer one is not made: that would move the client."""
    file = configured(aibridge, home)

    assert "apiKeyFile" in json.loads(file.read_bytes())["anthropic"]
    assert not (home / ".xum").exists()


def test_nothing_to_do_after_the_move(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """The file that was moved is as we wrote it: `check` finds nothing, and configuring again writes nothing."""
    configured(aibridge, home)
    file = moved(home)
    before = file.read_bytes()

    assert aibridge("check", "mux").code == 0
    assert aibridge("configure", "mux", "--yes").code == 0
    assert file.read_bytes() == before


def test_back_to_the_byte_after_the_move(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """What was there before comes back in the folder's new place, and the link stays."""
    original = json.dumps(MINE).encode()
    configured(aibridge, home)
    file = moved(home)

    assert aibridge("unconfigure", "mux", "--yes").code == 0
    assert file.read_bytes() == original
    assert os.readlink(home / ".mux") == str(home / ".xum")


def test_configured_again_and_back_after_the_move(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """A way that is chosen after the move is taken back too, with the user's own key in its place."""
    original = json.dumps(MINE).encode()
    configured(aibridge, home)
    file = moved(home)

    assert aibridge("configure", "mux", "--credential", "env", "--yes").code == 0
    assert "apiKeyFile" not in json.loads(file.read_bytes())["anthropic"]
    assert aibridge("unconfigure", "mux", "--yes").code == 0
    assert file.read_bytes() == original


def test_a_file_that_the_client_wrote_anew(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """After a save in its window, without remarks and in another layout, our keys alone are taken back."""
    configured(aibridge, home)
    file = moved(home)
    saved = json.loads(file.read_bytes()) | {"xai": {"apiKey": "added later"}}
    file.write_text("// Providers configuration\n" + json.dumps(saved, indent=2))

    assert aibridge("unconfigure", "mux", "--yes").code == 0
    text = file.read_text().removeprefix("// Providers configuration\n")
    assert json.loads(text) == MINE | {"xai": {"apiKey": "added later"}}


def test_doctor_tells_whose_key_and_address_count(aibridge: RunAibridge, home: Path, signed_in: Token) -> None:
    """The file goes before the variables, and a personal key that came back into it before our reference."""
    file = configured(aibridge, home)
    found = aibridge("doctor", "mux", "--json").data["data"]["findings"]
    assert [each for each in found if each["subject"] == "mux" and each["level"] == "problem"] == []

    document = json.loads(file.read_bytes())
    document["anthropic"]["apiKey"] = "sk-ant-personal-0000000000"
    file.write_text(json.dumps(document))
    said = [each["found"] for each in aibridge("doctor", "mux", "--json").data["data"]["findings"]]
    assert any("`x-api-key` carries a provider's key" in text for text in said), said
