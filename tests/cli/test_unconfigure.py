"""Taking back after a run that did not end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.changes import transaction

if TYPE_CHECKING:
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")


def test_an_interrupted_run_is_taken_back_with_the_rest(
    home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an interrupted run configured, and is finished first, is taken back by the same command."""
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text("# mine\n")

    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_commit", interrupted)
        assert aibridge("configure", "codex", "--yes").code == 130

    ran = aibridge("unconfigure", "--yes")

    assert ran.code == 0
    assert "was finished" in ran.err
    assert (home / ".codex/config.toml").read_text() == "# mine\n"
    assert aibridge("unconfigure", "--yes").err == "nothing to take back\n"
