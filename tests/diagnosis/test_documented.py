from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ID = r"(?:deployment|gateway|token|provider|client)\.[a-z][a-z-]*"


def test_every_check_is_documented() -> None:
    """CONTRIBUTING names the id of each check that the code has, and none that it has not."""
    code = "".join(path.read_text() for path in (ROOT / "aibridge_cli" / "diagnosis").glob("*.py"))
    used = set(re.findall(rf'(?:add|skip|_broken)\([^"]*"({ID})"', code)) | set(
        re.findall(rf'[Cc](?:heck|HECK)\w*(?:, \w+)* = "({ID})"', code)
    )
    text = (ROOT / "CONTRIBUTING.md").read_text().partition("## What `doctor` looks at")[2].partition("\n## ")[0]
    rows = "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))

    documented = set(re.findall(ID, rows)) - {"provider.openai", "provider.anthropic"}

    assert len(used) > 15
    assert used - documented == set()
    assert {name for name in documented if f'"{name}"' not in code} == set()
    assert 'f"provider.{wire}"' in code
