from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DENIED = {"typer", "re", "typing", "json", "pathlib", "enum", "dataclasses", "subprocess", "urllib"}
REPORT = """
import sys
before = set(sys.modules)
from aibridge_cli.fast import main
code = main()
sys.stderr.write("\\n".join(sorted(set(sys.modules) - before)))
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["--version"], ["token"], ["token", "--url", "coder.example.com"], ["env"]])
@pytest.mark.parametrize("source", ["environment", "file"])
def test_imports(arguments: list[str], source: str, tmp_path: Path) -> None:
    """The commands that clients and shells wait for import nothing but modules of ours."""
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    if source == "environment":
        environment |= {"CODER_URL": "https://coder.example.com", "CODER_SESSION_TOKEN": "secret"}
    else:
        folder = tmp_path / ".config" / "coderv2"
        folder.mkdir(parents=True)
        (folder / "url").write_text("https://coder.example.com")
        (folder / "session").write_text("secret")
    done = subprocess.run(
        [sys.executable, "-I", "-c", REPORT, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules = {line for line in done.stderr.splitlines() if not line.startswith("warning: ")}
    assert "aibridge_cli.fast" in modules
    assert {name.partition(".")[0] for name in modules} == {"aibridge_cli", "__future__"}
    assert not DENIED & {name.partition(".")[0] for name in modules}
    assert arguments == ["--version"] or "secret" in done.stdout


def test_the_deployment_of_a_pack(tmp_path: Path) -> None:
    """Where only an organisation pack names the deployment, `token` reads its list and imports no more."""
    folder = tmp_path / ".config" / "aibridge" / "packs"
    folder.mkdir(parents=True)
    (folder / "installed").write_text("our\tour-1\thttps://coder.example.com\thash\n")
    done = subprocess.run(
        [sys.executable, "-I", "-c", REPORT, "token"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "CODER_SESSION_TOKEN": "secret"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "secret\n"), done.stderr
    assert {name.partition(".")[0] for name in done.stderr.splitlines()} == {"aibridge_cli", "__future__"}
