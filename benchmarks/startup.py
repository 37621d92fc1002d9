"""Start-up of the commands people and clients wait for, as ratios to the interpreter's own.

    python benchmarks/startup.py                    # in a virtual environment of its own
    python benchmarks/startup.py --python .venv/bin/python

CPU time of the whole process, children included, as the system counts it; medians of
runs in random order, so that a busy machine harms all rows alike. Exit code 1 when a row
is past its budget times the margin.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
URL = "https://coder.example.com"
TOKEN = "ABCDEFGHIJ-0123456789012345678901"  # noqa: S105 - made up
BASE = "python -I -c pass"
CLIENT = "claude-code"
TOML_CLIENT = "codex"


@dataclass(frozen=True, slots=True)
class Row:
    """One command.

    Args:
        name: What the table calls it.
        command: The argument list.
        budget: The highest ratio to the base, or None where there is nothing to hold.
        environ: Variables beside `HOME` and `PATH`.
        exit_code: What it must end with.
        take_back: A command that is run after each measured one, untimed.
    """

    name: str
    command: Sequence[str]
    budget: float | None = None
    environ: dict[str, str] = field(default_factory=dict)
    exit_code: int = 0
    take_back: Sequence[str] = ()


def rows(python: str, program: str) -> list[Row]:
    """Return what is measured, with the budgets."""
    with open(program, "rb") as script:
        # the start script of older installers imports `re`, which costs more than we do
        hot = 2.0 if b"import re" in script.read() else 1.35
    variables = {"CODER_URL": URL, "CODER_SESSION_TOKEN": TOKEN}
    return [
        Row(BASE, [python, "-I", "-c", "pass"]),
        Row("python -c pass", [python, "-c", "pass"]),
        Row("python -I -S -c pass", [python, "-I", "-S", "-c", "pass"]),
        Row("--version", [program, "--version"], hot),
        Row("token (environment)", [program, "token"], hot, variables),
        Row("token (file)", [program, "token"], hot),
        Row("token --url (file)", [program, "token", "--url", URL], hot),
        Row("env", [program, "env"], max(hot, 1.5)),
        Row('eval "$(aibridge env)" in bash', ["bash", "-c", f'eval "$({program} env)"'], max(hot, 1.5)),
        Row("env CLIENT", [program, "env", CLIENT], 3.0),
        Row("--help", [program, "--help"], 7.5),
        Row("usage error", [program, "--no-such-flag"], 7.5, exit_code=2),
        Row("configure CLIENT --dry-run", [program, "configure", CLIENT, "--dry-run"], 8.0),
        Row(
            "configure CLIENT --yes",
            [program, "configure", CLIENT, "--yes"],
            10.0,
            take_back=[program, "unconfigure", CLIENT, "--yes"],
        ),
        Row("configure CLIENT (TOML) --dry-run", [program, "configure", TOML_CLIENT, "--dry-run"], 8.0),
        Row("clients", [program, "clients"], 10.5),
    ]


def spend(command: Sequence[str], environ: dict[str, str], errors: int) -> tuple[float, int]:
    """Run a command and return its CPU time in milliseconds and its exit code."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, errors, 2),
    ]
    pid = os.posix_spawnp(command[0], list(command), environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    return (usage.ru_utime + usage.ru_stime) * 1000, os.waitstatus_to_exitcode(status)


def measure(table: Sequence[Row], runs: int, home: str) -> tuple[dict[str, float], dict[str, str]]:
    """Return the median CPU time of each row in milliseconds, and why rows could not be measured."""
    usual = {"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    times: dict[str, list[float]] = {row.name: [] for row in table}
    failures: dict[str, str] = {}
    order = list(table)
    for number in range(runs + 2):  # two to warm the caches
        random.shuffle(order)
        for row in order:
            if row.name in failures:
                continue
            with tempfile.TemporaryFile() as errors:
                spent, code = spend(row.command, usual | row.environ, errors.fileno())
                if row.take_back and code == row.exit_code:
                    _, code = spend(row.take_back, usual | row.environ, errors.fileno())
                if code != row.exit_code:
                    errors.seek(0)
                    last = errors.read().decode(errors="replace").strip().splitlines() or [""]
                    failures[row.name] = f"exit code {code}: {last[-1]}"
            if number >= 2:
                times[row.name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items() if name not in failures}, failures


def report(table: Sequence[Row], runs: int, margin: float, home: str) -> bool:
    """Measure and print the table; return whether every row was measured and within its budget."""
    medians, failures = measure(table, runs, home)
    base = medians[BASE]
    print(f"{runs} runs, load {os.getloadavg()[0]:.2f}, ratios to `{BASE}`")
    print(f"{'command':34}{'CPU ms':>8}{'ratio':>8}{'budget':>8}")
    good = True
    for row in table:
        if row.name in failures:
            good = False
            print(f"{row.name:34}{'':24}  {failures[row.name]}")
            continue
        ratio = medians[row.name] / base
        late = row.budget is not None and ratio > row.budget * margin
        good = good and not late
        budget = "" if row.budget is None else f"{row.budget:.2f}"
        verdict = "  past its budget" if late else ""
        print(f"{row.name:34}{medians[row.name]:8.1f}{ratio:8.2f}{budget:>8}{verdict}")
    return good


def install(folder: str) -> str:
    """Make a virtual environment with this project's wheel in it and return its interpreter."""
    venv.create(folder, with_pip=True)
    python = os.path.join(folder, "bin", "python")
    pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
    subprocess.run([*pip, PROJECT], check=True)
    return python


def main() -> int:
    """Measure as the arguments say and return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--python", help="the interpreter of an environment that has aibridge")
    parser.add_argument("--runs", type=int, default=21, help="measured runs of each row")
    parser.add_argument("--margin", type=float, default=1.5, help="how far past a budget is too far")
    arguments = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="aibridge-benchmark-")
    try:
        python = arguments.python or install(os.path.join(scratch, "venv"))
        python = os.path.abspath(python)
        coder = os.path.join(scratch, "home", ".config", "coderv2")
        os.makedirs(coder)
        for name, text in (("url", URL), ("session", TOKEN)):
            with open(os.path.join(coder, name), "w", encoding="utf-8") as file:
                file.write(text)
        table = rows(python, os.path.join(os.path.dirname(python), "aibridge"))
        return 0 if report(table, arguments.runs, arguments.margin, os.path.join(scratch, "home")) else 1
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
