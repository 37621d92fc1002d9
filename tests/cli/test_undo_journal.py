"""`aibridge undo` where lines of the journal cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.claude_settings import settings_file
from tests.cli.homes import STATE

if TYPE_CHECKING:
    from pathlib import Path

    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge


def test_a_run_that_is_passed_over(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """The last run that can be read may not be the last one, so what was passed over is told before and after."""
    file = settings_file(home)
    before = file.read_bytes()
    aibridge("configure", "claude-code", "--yes")
    aibridge("configure", "codex", "--yes")
    journal = home / STATE / "journal.jsonl"
    first, last = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first + last[:100])
    warning = f"warning: line 2 of `~/{STATE}/journal.jsonl` cannot be read; the run in it is passed over\n"

    assert warning in aibridge("undo", "--dry-run").err
    ran = aibridge("undo", "--yes")

    assert ran.code == 0
    assert warning in ran.err
    assert file.read_bytes() == before


def test_no_run_can_be_read(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A journal without a line that can be read is no sign that nothing was changed; there is another way back."""
    file = settings_file(home)
    before = file.read_bytes()
    aibridge("configure", "claude-code", "--yes")
    (home / STATE / "journal.jsonl").write_text("{\n")

    ran = aibridge("undo", "--yes")

    assert ran.code == 1
    assert f"error: line 1 of `~/{STATE}/journal.jsonl` cannot be read, and no run can\n" in ran.err
    assert "hint: `aibridge unconfigure` takes back what is left\n" in ran.err
    assert aibridge("unconfigure", "claude-code", "--yes").code == 0
    assert file.read_bytes() == before
