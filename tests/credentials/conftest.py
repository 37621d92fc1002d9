from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest


class SignIn(Protocol):
    def __call__(self, url: str, session: str | None = None) -> None: ...


class FakeCoder(Protocol):
    def __call__(self, script: str) -> str: ...


@pytest.fixture
def coder_dir(tmp_path: Path) -> Path:
    """The Coder CLI's configuration folder of the home that `make_facts` names."""
    folder = tmp_path / "home" / ".config" / "coderv2"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def sign_in(coder_dir: Path) -> SignIn:
    """Write the files that `coder login` leaves: no newline at the end."""

    def write(url: str, session: str | None = None) -> None:
        (coder_dir / "url").write_text(url)
        if session is not None:
            (coder_dir / "session").write_text(session)

    return write


@pytest.fixture
def fake_coder(tmp_path: Path) -> FakeCoder:
    """A program `coder` in a folder of its own, from the body of a shell script."""

    def install(script: str) -> str:
        program = tmp_path / "bin" / "coder"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return str(program)

    return install
