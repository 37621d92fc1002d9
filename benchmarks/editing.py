"""Time the edit of a large settings file against parsing it, interleaved, as a ratio of medians.

    python benchmarks/editing.py [--budget 3.0] [--rounds 41]

The edit is what pointing a tool at a gateway does: three variables in a nested object that is
there, one new member at the top, one member taken out; read, spliced, read again and compared.
Fails when the ratio is over the budget by more than the margin that a busy machine needs.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import Delete, Operation, Set

MARGIN = 1.2
SIZE = 500_000

OPERATIONS: list[Operation] = [
    Set(("env", "ANTHROPIC_BASE_URL"), "https://coder.example.com/api/v2/aibridge/anthropic"),
    Set(("env", "ANTHROPIC_AUTH_TOKEN"), ""),
    Set(("env", "VARIABLE_3"), "changed"),
    Set(("apiKeyHelper",), "/usr/local/bin/aibridge token --url https://coder.example.com"),
    Delete(("model",)),
]


def settings() -> str:
    """Return a settings file of about `SIZE` characters, as tools that keep much in one file write it."""
    data: dict[str, Any] = {
        "$schema": "https://json.schemastore.org/settings.json",
        "model": "large",
        "env": {f"VARIABLE_{number}": f"value {number}" for number in range(20)},
        "permissions": {"allow": [f"Bash(npm run task-{number}:*)" for number in range(1500)], "deny": []},
        "mcpServers": {
            f"server-{number}": {
                "command": "/usr/local/bin/serve",
                "args": ["--port", str(9000 + number), "--verbose"],
                "env": {"LEVEL": "info", "TOKEN_FILE": f"/home/me/.config/server-{number}/token"},
                "enabled": number % 3 == 0,
                "timeout": 30_000 + number,
            }
            for number in range(700)
        },
        "projects": {},
    }
    while len(text := json.dumps(data, indent=2, ensure_ascii=False)) < SIZE:
        for _ in range(20):
            data["projects"][f"/home/me/src/project-{len(data['projects'])}"] = {
                "allowedTools": [],
                "history": [
                    {"display": f"explain what step {step} does — “briefly”", "pasted": {}} for step in range(8)
                ],
                "lastCost": 0.25 * len(data["projects"]),
                "trusted": True,
            }
    return text + "\n"


def commented(text: str) -> str:
    """Return the same settings with a comment on every tenth line and a trailing comma."""
    lines = [line + (" // checked" if number % 10 == 0 else "") for number, line in enumerate(text.splitlines())]
    return "\n".join(lines[:-2]) + "\n  },\n}\n"


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> int:
    """Print the medians and the ratios; return 1 when the ratio is over the budget."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--budget", type=float, default=3.0, help="edit / json.loads (default: %(default)s)")
    options.add_argument("--rounds", type=int, default=41, help="interleaved runs of each (default: %(default)s)")
    chosen = options.parse_args()
    plain = settings()
    remarked = commented(plain)
    work: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(plain),
        "edit json": lambda: edit("json", plain, OPERATIONS),
        "edit jsonc": lambda: edit("jsonc", remarked, OPERATIONS),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(chosen.rounds):
        for name, run in work.items():
            gc.collect()
            times[name].append(seconds(run))
    base = median(times["json.loads"])
    for name, taken in times.items():
        print(f"{name:<12} {median(taken) * 1000:8.2f} ms {median(taken) / base:6.2f} x")
    ratio = median(times["edit json"]) / base
    print(f"budget {chosen.budget:.2f} x, margin {MARGIN - 1:.0%}, {len(plain)} characters, {chosen.rounds} rounds")
    return 0 if ratio <= chosen.budget * MARGIN else 1


if __name__ == "__main__":
    sys.exit(main())
