"""What the hook of `aibridge shell install --hook` costs before each prompt, when nothing has changed.

    python benchmarks/prompt.py

Wall time of one look in each shell, from the difference between a shell that looks many
times and one that looks as often at nothing. Exit code 1 when a look takes 5 ms or more.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from aibridge_cli.shells.start_up import HOOKED, hook

LOOKS = 500
RUNS = 7
MOST = 5.0
"""Milliseconds that a look may take."""
LOOPS = {
    "bash": "for ((i = 0; i < {looks}; i++)); do {what}; done",
    "zsh": "for ((i = 0; i < {looks}; i++)); do {what}; done",
    "fish": "for i in (seq {looks}); {what}; end",
}
OPTIONS = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}


def spent(shell: str, lines: str, what: str, looks: int) -> float:
    """Return the median wall time in milliseconds of a shell that does something many times."""
    script = f"{lines}\n{LOOPS[shell].replace('{looks}', str(looks)).replace('{what}', what)}"
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([shell, *OPTIONS[shell], "-c", script], check=True, stdin=subprocess.DEVNULL)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> int:
    """Measure, print a line for each shell and return the exit code."""
    good = True
    with tempfile.TemporaryDirectory(prefix="aibridge-benchmark-") as folder:
        watched = []
        for name in ("current", "url", "session", "sign-in", "kept"):
            watched.append(os.path.join(folder, name))
            with open(watched[-1], "w", encoding="utf-8") as file:
                file.write(f"{name}\n" * 8)
        for shell in HOOKED:
            if shutil.which(shell) is None:
                print(f"{shell:6} is not here")
                good = False
                continue
            lines = hook(shell, ["/bin/true"], watched)
            look = (spent(shell, lines, "_aibridge_hook", LOOKS) - spent(shell, lines, "true", LOOKS)) / LOOKS
            late = look >= MOST
            good = good and not late
            print(f"{shell:6} {look:6.3f} ms{'  past its budget' if late else ''}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
