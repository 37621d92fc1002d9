"""The program of ours for clients that can name a program and no arguments."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aibridge_cli.helper import helper_program
from tests.hostile import VALUES

WORDS = ("/opt/my tools/aibridge", "token", "--url", "https://coder.example.com")


def test_for_a_posix_shell() -> None:
    """It becomes the helper, so that its end and its output are the helper's."""
    assert helper_program(WORDS, "linux") == (
        "#!/bin/sh\nexec '/opt/my tools/aibridge' token --url https://coder.example.com\n"
    )


def test_for_windows() -> None:
    """It is a file of cmd.exe, quoted as that needs it, with its line ends."""
    words = ("C:\\my tools\\aibridge.exe", "token", "--url", "https://coder.example.com")

    assert helper_program(words, "windows") == (
        '@echo off\r\n"C:\\my tools\\aibridge.exe" token --url https://coder.example.com\r\n'
    )


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_argument_arrives(value: str, tmp_path: Path) -> None:
    """Run without arguments, it gives its own, whatever is in them."""
    program = tmp_path / "helper"
    program.write_bytes(helper_program(("/usr/bin/printf", "%s", value), "linux").encode())
    program.chmod(0o700)

    done = subprocess.run([program], capture_output=True, check=True, env={})

    assert done.stdout == value.encode()
