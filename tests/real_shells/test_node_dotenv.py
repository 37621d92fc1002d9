"""The library that Node.js programs read `.env` with takes what we write."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import shell_named
from tests.hostile import VALUES
from tests.real_clients.install import install

pytestmark = pytest.mark.real_shell
READ = "console.log(JSON.stringify(require('dotenv').parse(require('fs').readFileSync(process.argv[1]))))"


def test_values_arrive(tmp_path: Path) -> None:
    """Every value that is not refused arrives as it is."""
    taken, lines = {}, []
    for number, value in enumerate(VALUES.values()):
        try:
            lines.append(shell_named("dotenv").export(f"VALUE_{number}", value) + "\n")
        except UsageError:
            continue
        taken[f"VALUE_{number}"] = value
    assert len(taken) > len(VALUES) // 2
    (tmp_path / ".env").write_text("".join(lines))

    folder = install(os.path.dirname(os.path.abspath(__file__)))
    command = ["node", "-e", READ, str(tmp_path / ".env")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(done.stdout) == taken
