from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.credentials.coder_files import coder_folder, coder_origin, files_are_the_store
from aibridge_cli.errors import AibridgeError, CredentialRefused


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {}, "/home/me/.config/coderv2"),
        ("linux", {"XDG_CONFIG_HOME": "/x"}, "/x/coderv2"),
        ("linux", {"XDG_CONFIG_HOME": ""}, "/home/me/.config/coderv2"),
        ("linux", {"XDG_CONFIG_HOME": "/x", "CODER_CONFIG_DIR": "/y"}, "/y"),
        ("linux", {"CODER_CONFIG_DIR": "below"}, "/here/below"),
        ("macos", {}, "/home/me/Library/Application Support/coderv2"),
        ("macos", {"XDG_CONFIG_HOME": "/x"}, "/home/me/Library/Application Support/coderv2"),
        ("macos", {"CODER_CONFIG_DIR": "/y"}, "/y"),
        ("windows", {"APPDATA": "/roaming"}, "/roaming/coderv2"),
        ("windows", {}, "/home/me/AppData/Roaming/coderv2"),
    ],
)
def test_folder(make_facts: Any, platform: str, environ: dict[str, str], folder: str) -> None:
    """The folder is the one that the Coder CLI's own library would choose."""
    assert coder_folder(make_facts(platform=platform, environ=environ, home="/home/me", cwd="/here")) == folder


def test_no_home(make_facts: Any) -> None:
    """Without a home folder there is nowhere to look, and that is said."""
    with pytest.raises(AibridgeError) as caught:
        coder_folder(make_facts(home=""))
    assert (caught.value.message, caught.value.exit_code) == ("there is no home folder", 1)
    assert "HOME" in caught.value.hint


@pytest.mark.parametrize(
    ("platform", "environ", "answer"),
    [("linux", {}, True), ("macos", {}, False), ("windows", {}, False), ("macos", {"CODER_CONFIG_DIR": "/x"}, True)],
)
def test_store(make_facts: Any, platform: str, environ: dict[str, str], answer: bool) -> None:
    """The files are the store on Linux, and everywhere once a folder was named."""
    assert files_are_the_store(make_facts(platform=platform, environ=environ)) is answer


def test_origin(make_facts: Any, tmp_path: Path) -> None:
    """The origin is read from the `url` file; no file is no origin, and a broken one is named."""
    facts = make_facts(environ={"CODER_CONFIG_DIR": str(tmp_path)})
    assert coder_origin(facts) == ""
    (tmp_path / "url").write_text("http://coder.internal/")
    assert coder_origin(facts) == "http://coder.internal"
    with pytest.raises(CredentialRefused, match="without encryption"):
        coder_origin(facts, insecure_http=False)
    (tmp_path / "url").write_text("what is this")
    with pytest.raises(CredentialRefused, match=f"the URL in `{tmp_path}/url` has white space"):
        coder_origin(facts)
