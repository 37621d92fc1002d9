"""What `aibridge shell status` shows of blocks that somebody changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import RunAibridge


def test_a_block_that_uninstall_left(home: Path, aibridge: RunAibridge) -> None:
    """A block that stayed because it was changed still runs us, and is shown until it is taken out or written anew."""
    file = home / ".zshrc"
    aibridge("shell", "install", "zsh", "--yes")
    ours = file.read_text()
    file.write_text(ours.replace("--quiet", "--quiet --anthropic-api-key"))
    aibridge("shell", "uninstall", "--yes")

    ran = aibridge("shell", "status")

    assert (ran.code, ran.out) == (0, "zsh  ~/.zshrc  left behind\n")
    assert ran.err == "note: the block in `~/.zshrc` is not as we wrote it, so only you can take it out\n"
    assert aibridge("shell", "status", "--json").data["data"]["files"] == [
        {"shell": "zsh", "path": str(file), "state": "left behind"}
    ]
    aibridge("shell", "install", "zsh", "--yes")
    assert file.read_text() == ours
    assert aibridge("shell", "status").out == "zsh  ~/.zshrc  in place\n"


def test_one_file_is_shown_once(home: Path, aibridge: RunAibridge) -> None:
    """A file that several shells read, or that a link leads to, is one; a login file of bash counts too."""
    aibridge("shell", "install", "bash", "--yes")
    block = (home / ".bashrc").read_text()
    (home / ".bash_profile").write_text(block)
    (home / ".profile").symlink_to(home / ".bash_profile")

    assert aibridge("shell", "status").out == "bash  ~/.bashrc  in place\nbash  ~/.bash_profile  left behind\n"


def test_other_peoples_files(home: Path, aibridge: RunAibridge) -> None:
    """Start-up files without our marks are nothing of ours, also where they cannot be read."""
    for content in (b"# mine\n", b"\xff"):
        (home / ".zshrc").write_bytes(content)
        assert "no start-up file has a block of ours" in aibridge("shell", "status").err
