"""`aibridge completion SHELL`."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.completions.packaged import FILES, scripts_folder
from tests.conftest import RunAibridge


@pytest.mark.parametrize("shell", FILES)
def test_the_packaged_script_is_printed(shell: str, aibridge: RunAibridge) -> None:
    """Standard output is the file, byte for byte, and nothing is said."""
    ran = aibridge("completion", shell)

    assert ran.out == (Path(scripts_folder()) / FILES[shell][0]).read_text()
    assert (ran.code, ran.err) == (0, "")


def test_another_shell_is_refused(aibridge: RunAibridge) -> None:
    """A shell without a script is a usage error that names those that have one."""
    ran = aibridge("completion", "ksh")

    assert ran.code == 2
    assert "powershell" in ran.err


def test_an_installation_without_scripts_says_so(
    aibridge: RunAibridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that is gone is an error with what to do, not a traceback."""
    monkeypatch.setattr("aibridge_cli.completions.packaged.scripts_folder", lambda: str(tmp_path))

    ran = aibridge("completion", "bash")

    assert ran.code == 1
    assert ran.err.startswith("error: the completion script for bash is missing from this installation")
